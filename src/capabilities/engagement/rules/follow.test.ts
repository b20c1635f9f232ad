import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import { averagesFrom } from './average.ts';
import { type Catalogue, parseCatalogue } from './catalogue.ts';
import type { Channel, Outcome } from './contact.ts';
import type { ContactFact, Facts, StretchFact } from './facts.ts';
import { followUpsOn, type Want } from './follow.ts';
import { type Kept, reconcile } from './reconcile.ts';

const shipped = readCatalogue(readFileSync(new URL('../../../../follow-ups/standard.yaml', import.meta.url), 'utf8'));
const START = businessDate('2026-01-01');
const day = (n: number): BusinessDate => addDays(START, n);

function readCatalogue(text: string): Catalogue {
  const parsed = parseCatalogue(text);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.ok;
}

const YUAN = 100;
const nobody: Facts = {
  customerId: 'C1',
  seats: [{ seat: 'lead', staffId: 'W1', role: 'wealth-manager', since: businessDate('2025-01-01') }],
  stretches: [{ from: businessDate('2025-01-01'), assetsFen: 300_000 * YUAN }],
  ladder: { measure: 'calendar-year', limitsFen: [10_000, 50_000, 200_000, 6_000_000].map((yuan) => yuan * YUAN) },
  below: null,
  positions: [],
  birthDate: null,
  family: [],
  riskExpiresOn: null,
  contacts: [],
  tasks: [],
  profile: { registeredOn: businessDate('2025-12-01'), addressOn: null },
};

let contacts = 0;
function contact(on: BusinessDate, more: Partial<ContactFact> = {}): ContactFact {
  contacts += 1;
  const plain = { channel: 'phone', outcome: 'reached', role: 'wealth-manager', nextOn: null } as const;
  return { contactId: `c${contacts}`, on, ...plain, ...more };
}

/** Causes of one rule on a day. */
function causes(rule: string, facts: Facts, on: BusinessDate): string[] {
  return followUpsOn(shipped, facts, on)
    .wants.filter((want) => want.rule === rule)
    .map((want) => want.cause);
}

describe('follow-up rules', () => {
  it('bring up what matures from two weeks ahead until somebody has talked with the customer', () => {
    const on = businessDate('2026-06-30');
    const facts: Facts = {
      ...nobody,
      positions: ['O1', 'O2'].map((outletId) => ({ outletId, productCode: 'W9', balanceFen: 60_000 * YUAN, maturesOn: on })),
    };
    expect(causes('maturity', facts, businessDate('2026-06-15'))).toEqual([]);
    const [want] = followUpsOn(shipped, facts, businessDate('2026-06-16')).wants.filter(({ rule }) => rule === 'maturity');
    expect(want).toMatchObject({ cause: 'W9/2026-06-30', due: on, stakeFen: 120_000 * YUAN, staffId: 'W1' });
    expect(causes('maturity', facts, businessDate('2026-07-08'))).toEqual([]);
    const talked = { ...facts, contacts: [contact(businessDate('2026-06-20'))] };
    expect(causes('maturity', talked, businessDate('2026-06-21'))).toEqual([]);
    const texted = { ...facts, contacts: [contact(businessDate('2026-06-20'), { channel: 'sms', outcome: 'sent' })] };
    expect(causes('maturity', texted, businessDate('2026-06-21'))).toHaveLength(1);
  });

  it('keep the birthday of 29 February on the 28th of other years', () => {
    const facts = { ...nobody, birthDate: businessDate('1980-02-29') };
    expect(causes('birthday', facts, businessDate('2026-02-27'))).toEqual(['2026']);
    const [want] = followUpsOn(shipped, facts, businessDate('2026-02-27')).wants.filter(({ rule }) => rule === 'birthday');
    expect(want?.due).toBe('2026-02-28');
  });

  it('ask an advisor for a talk each half-year and a meeting each year, and take a call for the first only', () => {
    const seats = [{ ...nobody.seats[0], seat: 'joint', staffId: 'A1', role: 'wealth-advisor' }] as const;
    const facts: Facts = { ...nobody, seats: [{ ...seats[0], since: businessDate('2025-01-01') }] };
    const late = businessDate('2026-12-20');
    expect(causes('advisor-contact', facts, late)).toEqual(['2026H2']);
    expect(causes('advisor-meeting', facts, late)).toEqual(['2026']);
    const called = { ...facts, contacts: [contact(businessDate('2026-07-02'), { role: 'wealth-advisor' })] };
    expect(causes('advisor-contact', called, late)).toEqual([]);
    expect(causes('advisor-meeting', called, late)).toEqual(['2026']);
    const byOthers = { ...facts, contacts: [contact(businessDate('2026-07-02'))] };
    expect(causes('advisor-contact', byOthers, late)).toEqual(['2026H2']);
  });

  it('see a fall as one until somebody has talked, and let it go when the money is back', () => {
    const stretches = [
      nobody.stretches[0],
      { from: day(10), assetsFen: 200_000 * YUAN },
      { from: day(14), assetsFen: 90_000 * YUAN },
    ];
    const facts = { ...nobody, stretches: stretches.flatMap((one) => one ?? []) };
    expect(causes('falling-fast', facts, day(9))).toEqual([]);
    expect(causes('falling-fast', facts, day(12))).toEqual([day(10)]);
    expect(causes('falling-fast', facts, day(20))).toEqual([day(10)]);
    const talked = { ...facts, contacts: [contact(day(12))] };
    expect(causes('falling-fast', talked, day(20))).toEqual([day(14)]);
    const back = { ...facts, stretches: [...facts.stretches, { from: day(16), assetsFen: 290_000 * YUAN }] };
    expect(causes('falling-fast', back, day(20))).toEqual([]);
  });

  it('say when the next band is within reach, by the average and not by the balance', () => {
    const stretches = [{ from: businessDate('2026-01-01'), assetsFen: 190_000 * YUAN }];
    expect(causes('near-upgrade', { ...nobody, stretches }, day(40))).toEqual([`${200_000 * YUAN}/2026Q1`]);
    expect(causes('near-upgrade', { ...nobody, stretches: [{ from: day(35), assetsFen: 190_000 * YUAN }] }, day(40))).toEqual([]);
  });

  it('count attempts only since the last talk', () => {
    const failed = (n: number) => contact(day(n), { outcome: 'no-answer' });
    expect(causes('unreachable', { ...nobody, contacts: [failed(1), failed(2), failed(3)] }, day(4))).toEqual(['never']);
    expect(causes('unreachable', { ...nobody, contacts: [failed(1), failed(2), contact(day(3)), failed(4)] }, day(5))).toEqual(
      [],
    );
  });

  it('find whom nobody has talked with, whoever had them, and only talks count', () => {
    const seats = nobody.seats.map((seat) => ({ ...seat, since: START }));
    expect(causes('untouched', { ...nobody, seats }, day(89))).toEqual([]);
    expect(causes('untouched', { ...nobody, seats }, day(90))).toEqual([START]);
    const texted = { ...nobody, seats, contacts: [contact(day(60), { channel: 'sms', outcome: 'sent' })] };
    expect(causes('untouched', texted, day(90))).toEqual([START]);
    const talked = { ...nobody, seats, contacts: [contact(day(60), { role: 'lobby-manager' })] };
    expect(causes('untouched', talked, day(149))).toEqual([]);
    expect(causes('untouched', talked, day(150))).toEqual([day(60)]);
  });

  it('hold nobody to account for whom nobody covers', () => {
    expect(followUpsOn(shipped, { ...nobody, seats: [] }, day(30))).toEqual({ wants: [], wakeOn: null });
  });
});

/** What happens to a customer on a day. */
type Happening = (facts: Facts, on: BusinessDate) => Facts;
const CHANNEL_OUTCOMES: readonly (readonly [Channel, Outcome])[] = [
  ['phone', 'reached'],
  ['phone', 'no-answer'],
  ['phone', 'complaint'],
  ['meeting', 'reached'],
  ['sms', 'sent'],
];
const ROLES = ['wealth-manager', 'wealth-advisor', 'lobby-manager', 'remote-manager'];
const yuanArb = fc.oneof(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 150_000, max: 9_000_000 }));
const happening: fc.Arbitrary<Happening> = fc.oneof(
  yuanArb.map(
    (yuan): Happening =>
      (facts, on) => ({ ...facts, stretches: [...facts.stretches, stretch(on, yuan)] }),
  ),
  fc.record({ what: fc.constantFrom(...CHANNEL_OUTCOMES), role: fc.constantFrom(...ROLES), next: fc.option(fc.nat(40)) }).map(
    ({ what: [channel, outcome], role, next }): Happening =>
      (facts, on) => ({
        ...facts,
        contacts: [...facts.contacts, contact(on, { channel, outcome, role, nextOn: next === null ? null : addDays(on, next) })],
      }),
  ),
  fc.record({ days: fc.nat(20), words: fc.constantFrom('请回访', '核实投诉') }).map(
    ({ days, words }): Happening =>
      (facts, on) => ({
        ...facts,
        tasks: [...facts.tasks, { taskId: `t${facts.tasks.length}`, on, due: addDays(on, days), words }],
      }),
  ),
  fc.record({ role: fc.constantFrom(...ROLES), n: fc.nat(3) }).map(
    ({ role, n }): Happening =>
      (facts, on) => ({ ...facts, seats: n === 0 ? [] : [{ seat: 'lead', staffId: `${role}${n}`, role, since: on }] }),
  ),
  fc.record({ days: fc.nat(200), yuan: yuanArb }).map(
    ({ days, yuan }): Happening =>
      (facts, on) => ({
        ...facts,
        positions: [{ outletId: 'O1', productCode: 'T1', balanceFen: yuan * YUAN, maturesOn: addDays(on, days) }],
      }),
  ),
  fc.nat(400).map(
    (days): Happening =>
      (facts, on) => ({ ...facts, riskExpiresOn: addDays(on, days) }),
  ),
  fc.nat(90).map(
    (days): Happening =>
      (facts, on) => ({
        ...facts,
        below: days === 0 ? null : { since: on, fallsOn: addDays(on, days) },
      }),
  ),
  fc.boolean().map(
    (registered): Happening =>
      (facts, on) => ({
        ...facts,
        profile: { registeredOn: registered ? on : null, addressOn: registered ? on : null },
      }),
  ),
);
const stretch = (from: BusinessDate, yuan: number): StretchFact => ({ from, assetsFen: yuan * YUAN });
const born = fc.integer({ min: 0, max: 20_000 }).map((n) => addDays(businessDate('1950-01-01'), n));
const history = fc.record({
  birthDate: fc.option(born),
  family: fc.array(born, { maxLength: 2 }),
  measure: fc.constantFrom('calendar-year' as const, 'rolling-365' as const),
  events: fc.array(fc.record({ after: fc.nat(60), happening }), { maxLength: 14 }),
  length: fc.integer({ min: 60, max: 420 }),
});

describe('incremental evaluation', () => {
  it('equals the full one on every day of any history, and makes nothing twice', () => {
    fc.assert(
      fc.property(history, ({ birthDate, family, measure, events, length }) => {
        let facts: Facts = {
          ...nobody,
          birthDate,
          family: family.map((date, n) => ({ memberId: `m${n}`, birthDate: date })),
          ladder: { measure, limitsFen: nobody.ladder?.limitsFen ?? [] },
        };
        const due = new Map<BusinessDate, Happening[]>();
        let at = 0;
        for (const event of events) {
          at += event.after;
          due.set(day(at), [...(due.get(day(at)) ?? []), event.happening]);
        }
        let wakeOn: BusinessDate | null = START;
        let woken: Kept[] = [];
        let full: Kept[] = [];
        for (let n = 0; n < length; n++) {
          const today = day(n);
          for (const happens of due.get(today) ?? []) facts = happens(facts, today);
          const called = followUpsOn(shipped, facts, today);
          full = carryOut(full, called.wants, facts, today);
          if (due.has(today) || (wakeOn !== null && wakeOn <= today)) {
            woken = carryOut(woken, called.wants, facts, today);
            wakeOn = called.wakeOn;
          }
          expect(woken).toEqual(full);
          expect(reconcile(full, called.wants, facts, today)).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function carryOut(kept: readonly Kept[], wants: readonly Want[], facts: Facts, today: BusinessDate): Kept[] {
  const rows = new Map(kept.map((row) => [`${row.rule} ${row.cause}`, row]));
  for (const change of reconcile(kept, wants, facts, today)) {
    if (change.kind === 'close') {
      const row = rows.get(`${change.rule} ${change.cause}`);
      if (row !== undefined) rows.set(`${change.rule} ${change.cause}`, { ...row, state: change.ending });
    } else rows.set(`${change.want.rule} ${change.want.cause}`, { ...change.want, state: 'open' });
  }
  return [...rows.values()];
}

describe('averagesFrom', () => {
  it('equals the sum of days', () => {
    const changes = fc.array(fc.record({ after: fc.integer({ min: 1, max: 90 }), fen: fc.nat(1_000_000_000) }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        changes,
        fc.nat(40),
        fc.constantFrom('calendar-year' as const, 'rolling-365' as const),
        (list, later, measure) => {
          let at = -300;
          const stretches = list.map(({ after, fen }) => {
            at += after;
            return { from: day(at), assetsFen: fen };
          });
          const on = day(at + later);
          const first = measure === 'calendar-year' ? `${on.slice(0, 4)}-01-01` : addDays(on, -364);
          let sum = 0;
          let days = 0;
          for (let d = on; d >= first; d = addDays(d, -1)) {
            sum += stretches.findLast(({ from }) => from <= d)?.assetsFen ?? 0;
            days += 1;
          }
          const last = stretches.at(-1)?.from ?? on;
          const averages = averagesFrom(stretches, last, later + 1, measure);
          expect(averages.at(-1)).toBe(Math.floor(sum / days));
        },
      ),
    );
  });
});
