import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';
import { makeInput, TIGHT } from './factory.ts';
import { lintScheme } from './lint.ts';
import { parseScheme } from './parse-scheme.ts';
import { checkStaffing, type Demand } from './staffing.ts';

const fullCoverage = readFileSync(new URL('../../../../schemes/full-coverage.yaml', import.meta.url), 'utf8');
const outletTeam = readFileSync(new URL('../../../../schemes/outlet-team.yaml', import.meta.url), 'utf8');

function lint(text: string) {
  const parsed = parseScheme(text);
  if (!('ok' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return lintScheme(parsed.ok, parsed.placeOf);
}

/** The line of the first place where the text stands, 1-based. */
function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

describe('lintScheme', () => {
  it('finds nothing wrong with the presets', () => {
    expect(lint(fullCoverage)).toEqual([]);
    expect(lint(outletTeam).filter((finding) => finding.severity !== 'info')).toEqual([]);
  });

  it.each([
    ['a gap', 'gap', fullCoverage.replace('to: 6000000', 'to: 5000000'), 'to: 5000000'],
    ['an overlap', 'overlap', fullCoverage.replace('to: 200000', 'to: 300000'), 'to: 300000'],
    [
      'no band for the richest',
      'gap',
      fullCoverage.replace('    from: 6000000', '    to: 9000000\n    from: 6000000'),
      'to: 9000000',
    ],
    ['bands out of order', 'order', fullCoverage.replace('from: 10000 ', 'from: 70000 '), 'from: 70000'],
    ['a band twice', 'band-twice', fullCoverage.replace('band: mass', 'band: wealth'), 'band: wealth\n    title: {zh: 长尾'],
    ['an impossible limit', 'limit-order', fullCoverage.replace('at_most: 500', 'at_most: 300'), '{initial: 400, at_most: 300}'],
    ['an empty limit', 'limit-empty', fullCoverage.replace('{initial: 300}', '{}'), 'limit: {}'],
    [
      'shares that do not add up',
      'shares',
      outletTeam.replace('share: 60', 'share: 50'),
      'share: 40}, {group: team-member, share: 50',
    ],
    ['half the shares', 'shares', outletTeam.replace(', share: 60', ''), 'share: 40}, {group: team-member}'],
    ['an unknown group', 'group-unknown', outletTeam.replace('except: team-lead', 'except: nobody'), 'except: nobody'],
    ['a group without people', 'group-people', outletTeam.replace(/ {4}any_of.*\n/, ''), 'group: team-member'],
    [
      'an entry without people',
      'staff-entry',
      fullCoverage.replace('staff: [{role: loan-manager}]', 'staff: [{}]'),
      'staff: [{}]',
    ],
    [
      'loan customers whom no seat takes',
      'no-rule',
      fullCoverage.replace('{has_loan: true}', '{has_loan: false}'),
      '- seat: lead\n        staff: [{role: loan-manager}]',
    ],
    [
      'a seat that is never reached',
      'seat-unreachable',
      fullCoverage.replace('        when: {has_loan: true}\n', ''),
      '- seat: lead\n        staff: [{role: lobby-manager}]',
    ],
    [
      'one portfolio with two limits',
      'portfolio-limits',
      fullCoverage
        .replace('limit: {initial: 300}', 'limit: {initial: 300}\n        portfolio: wealth/wealth-manager')
        .replaceAll('wealth/wealth-manager', 'teller')
        .replace('limit: {initial: 400, at_most: 500}', 'limit: {initial: 400, at_most: 500}\n        portfolio: teller'),
      '- seat: lead\n        staff: [{role: lobby-manager}]',
    ],
  ])('finds %s with its line', (_name, code, text, place) => {
    const finding = lint(text).find((one) => one.code === code);
    expect(finding?.line).toBe(lineOf(text, place));
    expect(finding?.text.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(finding?.text.en).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('wants crossing seats of one kind in order', () => {
    const crossing = fullCoverage.replace('when: {has_loan: true}', 'when: {home_outlet: [O1, O2]}');
    expect(lint(crossing).map((finding) => finding.code)).toContain('seats-cross');
  });
});

describe('checkStaffing', () => {
  it('names roles that nobody holds, and staff above their pool', () => {
    const input = makeInput(TIGHT, { seed: 3, customers: 40, staffMax: 3, seated: 0, averages: 1000 });
    const staff = input.staff.map((person) => {
      if (person.role === 'loan-manager') return { ...person, role: 'teller' };
      return person.role === 'wealth-manager' ? { ...person, unit: 0 } : person;
    });
    const { findings } = checkStaffing({ ...input, staff, demand: [] }, (unit) => input.units[unit]?.id ?? '');
    expect(findings.map((finding) => [finding.severity, finding.code, finding.path])).toContainEqual([
      'error',
      'role-empty',
      'bands.2.seats.0',
    ]);
    expect(findings.map((finding) => finding.code)).toContain('staff-above-pool');
  });

  it('counts the same shortage as a run finds', () => {
    for (let seed = 0; seed < 60; seed++) {
      const input = makeInput(TIGHT, { seed, customers: 90, staffMax: 2, seated: 0, averages: 1000 });
      const { customers } = input;
      const demand = Array.from(
        { length: customers.count },
        (_n, c): Demand => ({
          unit: customers.unit[c] ?? -1,
          band: customers.band[c] ?? -1,
          hasLoan: customers.hasLoan[c] === 1,
          customers: 1,
        }),
      ).filter((row) => row.unit >= 0);
      const run = allocate(input);
      const { pools } = checkStaffing({ ...input, demand }, String);
      const short = (list: readonly { unit: number; seatNo: number; band: number; staffNeeded: number }[]) =>
        list
          .filter((pool) => pool.staffNeeded > 0)
          .map((pool) => `${pool.band} ${pool.seatNo} ${pool.unit} ${pool.staffNeeded}`)
          .sort();
      expect(short(pools.map((pool) => ({ ...pool, seatNo: pool.plan.seatNo, band: pool.plan.band })))).toEqual(short(run.pools));
    }
  });
});
