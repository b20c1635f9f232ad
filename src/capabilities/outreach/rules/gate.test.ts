import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addDays, businessDate } from '../../../kernel/business-date.ts';
import { seededRandom } from '../../../kernel/random.ts';
import { OUTREACH_CHANNELS, OUTREACH_PURPOSES, REFUSALS, type Reachable, refusals, type Wish } from './gate.ts';
import { type Policy, parsePolicy } from './policy.ts';

const shipped = parsePolicy(readFileSync(new URL('../../../../outreach/standard.yaml', import.meta.url), 'utf8'));
const POLICY: Policy = 'ok' in shipped ? shipped.ok : expect.fail(JSON.stringify(shipped.problems));

const NOON = new Date('2026-07-01T04:00:00Z');
const TODAY = businessDate('2026-07-01');
const OPEN: Reachable = {
  ...{ closed: false, restricted: false, noMarketing: false, stoppedSince: null, hasNumber: true, complaintSince: null },
  consent: { phone: true, sms: true, wecom: true },
  birthDate: businessDate('1980-03-05'),
  ...{ riskLevel: 3, riskExpiresOn: businessDate('2027-01-01'), reached: [] },
};
const SELL: Wish = { channel: 'sms', purpose: 'marketing', productRisk: 3 };
const SERVE: Wish = { channel: 'sms', purpose: 'service', productRisk: null };
const codes = (customer: Partial<Reachable>, wish: Partial<Wish> = {}, now = NOON) =>
  refusals(POLICY, { ...OPEN, ...customer }, { ...SELL, ...wish }, now).map(({ because }) => because);
const serving = (customer: Partial<Reachable>, now = NOON) =>
  refusals(POLICY, { ...OPEN, ...customer }, SERVE, now).map((one) => one.because);
const on = (...days: number[]) => days.map((ago) => ({ on: addDays(TODAY, -ago), purpose: 'marketing' as const }));

describe('the gate', () => {
  it('lets pass whom nothing speaks against', () => expect(codes({})).toEqual([]));

  it.each([
    ['closed', { closed: true }, true],
    ['restricted', { restricted: true }, true],
    ['do-not-contact', { stoppedSince: TODAY }, true],
    ['no-number', { hasNumber: false }, true],
    ['consent-withdrawn', { noMarketing: true }, false],
    ['no-consent', { consent: { phone: true, sms: false, wecom: true } }, false],
    ['no-consent', { consent: { phone: true, sms: null, wecom: true } }, false],
    ['complaint-open', { complaintSince: TODAY }, false],
    ['minor', { birthDate: businessDate('2008-07-02') }, false],
  ] as const)('refuses for %s; whether it refuses to serve as well: %#', (because, customer, servesNot) => {
    expect(codes(customer)).toEqual([because]);
    expect(serving(customer)).toEqual(servesNot ? [because] : []);
  });

  it('needs no number for WeCom', () => expect(codes({ hasNumber: false }, { channel: 'wecom' })).toEqual([]));

  it('never lets a product pass that is riskier than the customer, or that nobody can judge', () => {
    for (let product = 1; product <= 5; product++)
      for (let level = 1; level <= 5; level++)
        expect(codes({ riskLevel: level }, { productRisk: product })).toEqual(product > level ? ['suitability'] : []);
    expect(codes({ riskLevel: null })).toEqual(['no-risk-level']);
    expect(codes({ riskExpiresOn: addDays(TODAY, -1) })).toEqual(['risk-expired']);
    expect(codes({ riskExpiresOn: TODAY })).toEqual([]);
    expect(codes({ riskLevel: null }, { productRisk: null })).toEqual([]);
  });

  it('offers the old less than the risk that they could bear', () => {
    const born = (age: number) => ({ birthDate: businessDate(`${2026 - age}-07-01`), riskLevel: 5 });
    expect(codes(born(64), { productRisk: 4 })).toEqual([]);
    expect(codes(born(65), { productRisk: 4 })).toEqual(['over-age']);
    expect(codes(born(65), { productRisk: 3 })).toEqual([]);
    expect(codes(born(80), { productRisk: 2 })).toEqual(['over-age']);
    expect(codes({ ...born(65), birthDate: businessDate('1961-07-02') }, { productRisk: 4 })).toEqual([]);
  });

  it('counts what the whole bank did, to sell and in all', () => {
    expect(codes({ reached: on(6) })).toEqual([]);
    expect(codes({ reached: on(6, 3) })).toEqual(['too-often']);
    expect(codes({ reached: on(7, 8, 9) })).toEqual([]);
    expect(codes({ reached: on(7, 8, 9, 29) })).toEqual(['too-often']);
    expect(codes({ reached: on(7, 8, 9, 30) })).toEqual([]);
    const served = [0, 0].map((ago) => ({ on: addDays(TODAY, -ago), purpose: 'service' as const }));
    expect(serving({ reached: served })).toEqual(['too-often']);
    expect(serving({ reached: on(6, 3) })).toEqual([]);
  });

  it('leaves customers alone at night, by Beijing’s clock', () => {
    const at = (time: string) => codes({}, {}, new Date(`2026-07-01T${time}:00+08:00`));
    expect(at('07:59')).toEqual(['quiet-hours']);
    expect(at('08:00')).toEqual([]);
    expect(at('20:59')).toEqual([]);
    expect(at('21:00')).toEqual(['quiet-hours']);
  });

  it('goes by what the bank has set, and lets it set nothing that the law does', () => {
    const own: Policy = {
      ...POLICY,
      quiet: { from_hour: 20, to_hour: 9 },
      caps: { marketing: [{ days: 14, most: 1 }], any: [{ days: 7, most: 3 }] },
      elderly: [
        { age: 70, up_to: 'R2' },
        { age: 60, up_to: 'R4' },
      ],
    };
    const found = (customer: Partial<Reachable>, wish: Partial<Wish> = {}, now = NOON) =>
      refusals(own, { ...OPEN, ...customer }, { ...SELL, ...wish }, now).map(({ because }) => because);
    expect(found({}, {}, new Date('2026-07-01T12:30:00Z'))).toEqual(['quiet-hours']);
    expect(found({}, {}, new Date('2026-07-01T00:30:00Z'))).toEqual(['quiet-hours']);
    expect([found({ reached: on(13) }), found({ reached: on(14) })]).toEqual([['too-often'], []]);
    const old = { birthDate: businessDate('1950-01-01'), riskLevel: 5 };
    expect([found(old, { productRisk: 3 }), found(old, { productRisk: 2 })]).toEqual([['over-age'], []]);
    expect(found({ birthDate: businessDate('1965-01-01'), riskLevel: 5 }, { productRisk: 5 })).toEqual(['over-age']);
    const faults = (text: string) => {
      const read = parsePolicy(text);
      return 'ok' in read ? [] : read.problems.map(({ line, path }) => [line, path]);
    };
    const text = readFileSync(new URL('../../../../outreach/standard.yaml', import.meta.url), 'utf8');
    expect(faults(text.replace('adult_age: 18', 'adult_age: 12'))).toEqual([[15, 'adult_age']]);
    expect(faults(text.replace('from_hour: 21', 'from_hour: 3'))).toEqual([[7, 'quiet.from_hour']]);
    expect(faults(`${text}suitability: off\n`)).toHaveLength(1);
  });

  it('says every reason at once, and adding one never takes another away', () => {
    const random = seededRandom('gate');
    const maybe = <T>(value: T, other: T) => (random.next() < 0.3 ? value : other);
    for (let n = 0; n < 2000; n++) {
      const customer: Reachable = {
        ...{ closed: maybe(true, false), restricted: maybe(true, false), noMarketing: maybe(true, false) },
        ...{ stoppedSince: maybe(TODAY, null), hasNumber: maybe(false, true), complaintSince: maybe(TODAY, null) },
        consent: { phone: maybe(false, true), sms: maybe<boolean | null>(null, true), wecom: maybe(false, true) },
        birthDate: maybe(businessDate('2015-01-01'), businessDate('1950-01-01')),
        riskLevel: maybe<number | null>(null, 1 + Math.floor(random.next() * 5)),
        riskExpiresOn: maybe(addDays(TODAY, -10), null),
        reached: on(...Array.from({ length: Math.floor(random.next() * 4) }, () => Math.floor(random.next() * 31))),
      };
      const wish = {
        channel: OUTREACH_CHANNELS[n % 3] ?? 'sms',
        purpose: OUTREACH_PURPOSES[n % 2] ?? 'service',
        productRisk: n % 2 === 0 ? 1 + Math.floor(random.next() * 5) : null,
      };
      const found = refusals(POLICY, customer, wish, NOON).map(({ because }) => because);
      expect(new Set(found).size).toBe(found.length);
      expect(REFUSALS).toEqual(expect.arrayContaining(found));
      const stopped = refusals(POLICY, { ...customer, stoppedSince: TODAY }, wish, NOON).map(({ because }) => because);
      expect(stopped).toEqual(expect.arrayContaining(found));
      if (wish.productRisk !== null && customer.riskLevel !== null && wish.productRisk > customer.riskLevel)
        expect(found.includes('suitability') || found.includes('risk-expired')).toBe(true);
      if (customer.reached.filter((one) => one.on === TODAY).length >= (POLICY.caps.any[0]?.most ?? 0))
        expect(found).toContain('too-often');
    }
  });
});
