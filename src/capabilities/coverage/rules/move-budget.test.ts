import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';
import { type AllocationInput, type AllocationResult, type PoolOutcome, REASONS } from './allocation-types.ts';
import { makeInput, outlet, PAIRED, PLAIN, TIGHT } from './factory.ts';
import { parseScheme } from './parse-scheme.ts';

const parsed = parseScheme(readFileSync(new URL('../../../../schemes/outlet-team.yaml', import.meta.url), 'utf8'));
if (!('ok' in parsed)) throw new Error('outlet-team');
const SCHEMES = { TIGHT, PAIRED, PLAIN, outletTeam: parsed.ok };
const SEATS = ['lead', 'joint'] as const;

/** Runs a property over banks in which most customers have somebody, some of them somebody who left or has no such seat. */
function always(check: (input: AllocationInput, budget: number, scheme: string) => void): void {
  fc.assert(
    fc.property(
      fc.constantFrom<keyof typeof SCHEMES>('TIGHT', 'PAIRED', 'PLAIN', 'outletTeam'),
      fc.record({
        seed: fc.nat(1_000_000),
        customers: fc.integer({ min: 0, max: 150 }),
        staffMax: fc.integer({ min: 1, max: 4 }),
        seated: fc.constantFrom(0.5, 0.9, 1),
        averages: fc.constantFrom(3, 1_000_000),
      }),
      fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constant(1000)),
      (name, bank, budget) => check(makeInput(SCHEMES[name], bank), budget, name),
    ),
    { numRuns: 150 },
  );
}

/** Seats whose customer goes from one manager to another. */
function changes(input: AllocationInput, result: AllocationResult): number {
  const changed = (seat: (typeof SEATS)[number]) =>
    result.seats[seat].staff.filter((staff, c) => {
      const before = input.customers.current[seat][c] ?? -1;
      return before >= 0 && staff >= 0 && before !== staff;
    }).length;
  return changed('lead') + changed('joint');
}

function reasons(result: AllocationResult, seat: (typeof SEATS)[number]): string[] {
  return Array.from(result.seats[seat].reason, (code) => REASONS[code] ?? '');
}

function widths(pool: PoolOutcome): { counts: number; assets: number } {
  const width = (of: (person: PoolOutcome['people'][number]) => number) => {
    const values = pool.people.map((person) => of(person) / (person.share * pool.people.length));
    return Math.max(...values) - Math.min(...values);
  };
  return { counts: width((person) => person.countAfter), assets: width((person) => person.assetsAfterFen) };
}

function after(input: AllocationInput, result: AllocationResult): AllocationInput {
  const current = { lead: result.seats.lead.staff, joint: result.seats.joint.staff };
  return { ...input, customers: { ...input.customers, current } };
}

describe('a move budget', () => {
  it('of N moves at most N; only who has to goes beyond it, and is counted apart', () => {
    always((input, moveBudget) => {
      const forced = allocate(input).totals.moved;
      const result = allocate({ ...input, moveBudget });
      const changed = changes(input, result);
      expect(result.totals.moved).toBeLessThanOrEqual(moveBudget);
      expect(result.totals.moved + result.totals.replaced).toBe(changed);
      expect(changed).toBeLessThanOrEqual(Math.max(moveBudget, forced));
      const chosen = SEATS.flatMap((seat) => reasons(result, seat)).filter((reason) => reason === 'moved-budget').length;
      if (forced >= moveBudget) expect([chosen, changed]).toEqual([0, forced]);
    });
  });

  it('widens no spread, of head-counts or of assets, against the same run without it', () => {
    always((input, moveBudget) => {
      const without = allocate(input);
      const result = allocate({ ...input, moveBudget });
      result.pools.forEach((pool, no) => {
        const before = without.pools[no];
        if (!before || pool.people.length < 2) return;
        expect(widths(pool).counts).toBeLessThanOrEqual(widths(before).counts + 1e-9);
        expect(widths(pool).assets).toBeLessThanOrEqual(widths(before).assets * (1 + 1e-9) + 1e-6);
      });
    });
  });

  it('breaks no limit, covers whom the run covers without it, and names nobody twice', () => {
    always((input, moveBudget) => {
      const without = allocate(input);
      const result = allocate({ ...input, moveBudget });
      for (const seat of SEATS) {
        const covered = ({ seats }: AllocationResult) => Array.from(seats[seat].staff, (staff) => staff >= 0);
        expect(covered(result)).toEqual(covered(without));
        const stayed = input.customers.current[seat].map((before, c) => Number(before === result.seats[seat].staff[c]));
        reasons(result, seat).forEach((reason, c) => {
          if (reason === 'kept') expect(stayed[c]).toBe(1);
          if (reason.startsWith('moved')) expect(stayed[c]).toBe(0);
        });
      }
      result.seats.lead.staff.forEach((lead, c) => {
        if (lead >= 0) expect(result.seats.joint.staff[c]).not.toBe(lead);
      });
      for (const pool of result.pools) {
        const here = result.seats[pool.seat].pool.filter((no, c) => no === pool.no && result.seats[pool.seat].staff[c] !== -1);
        expect([pool.kept + pool.moved + pool.fresh, pool.people.reduce((sum, person) => sum + person.here, 0)]).toEqual([
          here.length,
          here.length,
        ]);
        for (const person of pool.people) expect(person.countAfter).toBeLessThanOrEqual(person.limitAtMost ?? Infinity);
      }
    });
  });

  it('is for one run: without another nobody moves after it, and with another only where this one was spent', () => {
    always((input, moveBudget) => {
      const first = allocate({ ...input, moveBudget });
      const next = after(input, first);
      const again = allocate(next);
      expect([again.totals.moved, again.totals.fresh]).toEqual([0, 0]);
      // An exchange takes two: with one left there may be some that could not be afforded.
      if (first.totals.moved > moveBudget - 2) return;
      const repeated = allocate({ ...next, moveBudget });
      expect([repeated.totals.moved, repeated.totals.replaced]).toEqual([0, 0]);
      for (const seat of SEATS) expect(repeated.seats[seat].staff).toEqual(first.seats[seat].staff);
    });
  });
});

describe('a budget is spent', () => {
  const pair = ['A', 'B'].map((id) => ({ id, role: 'teller' }));
  const people = (result: AllocationResult) => result.pools[0]?.people ?? [];
  const counts = (result: AllocationResult) => people(result).map((person) => person.countAfter);

  it('on head-counts', () => {
    const input = outlet(PLAIN, pair, Array(20).fill(5));
    input.customers.current.lead.fill(0);
    expect(counts(allocate(input))).toEqual([20, 0]);
    expect(counts(allocate({ ...input, moveBudget: 4 }))).toEqual([16, 4]);
    expect(counts(allocate({ ...input, moveBudget: 400 }))).toEqual([10, 10]);
  });

  it('on both together, so that the rich do not go first and leave the others behind', () => {
    const input = outlet(PLAIN, pair, [...Array(10).fill(1000), ...Array(90).fill(1)]);
    input.customers.current.lead.fill(0);
    const result = allocate({ ...input, moveBudget: 400 });
    expect([counts(result), people(result).map((person) => person.assetsAfterFen / 100)]).toEqual([
      [50, 50],
      [5045, 5045],
    ]);
  });

  it('on assets where head-counts are even, by exchanges of two', () => {
    // A has the ten rich ones, B the ten poor ones.
    const input = outlet(PLAIN, pair, [...Array(10).fill(900), ...Array(10).fill(100)]);
    input.customers.current.lead.forEach((_nobody, c) => {
      input.customers.current.lead[c] = c < 10 ? 0 : 1;
    });
    const spent = (moveBudget: number) => {
      const result = allocate({ ...input, moveBudget });
      return [result.totals.moved, counts(result), people(result).map((person) => person.assetsAfterFen / 100)];
    };
    // One alone would leave 9 to 11.
    expect(spent(1)).toEqual([0, [10, 10], [9000, 1000]]);
    expect(spent(5)).toEqual([4, [10, 10], [7400, 2600]]);
    expect(spent(100)).toEqual([10, [10, 10], [5000, 5000]]);
  });

  it('first on those who have to go; what they leave of it evens out', () => {
    const input = outlet(PLAIN, [...pair, { id: 'C', role: 'lobby-manager' }], Array(20).fill(5));
    // Four sit with somebody who has no such seat; the others with A.
    input.customers.current.lead.forEach((_nobody, c) => {
      input.customers.current.lead[c] = c < 4 ? 2 : 0;
    });
    const totals = (moveBudget?: number) => {
      const result = allocate(moveBudget === undefined ? input : { ...input, moveBudget });
      return [result.totals.moved, result.totals.replaced, counts(result)];
    };
    expect(totals()).toEqual([4, 0, [16, 4]]);
    expect(totals(0)).toEqual([0, 4, [16, 4]]);
    expect(totals(3)).toEqual([3, 1, [16, 4]]);
    expect(totals(7)).toEqual([7, 0, [13, 7]]);
  });

  it('not on assets that are as good as even', () => {
    const input = outlet(PLAIN, pair, [...Array(10).fill(1000), ...Array(10).fill(995)]);
    input.customers.current.lead.forEach((_nobody, c) => {
      input.customers.current.lead[c] = c < 10 ? 0 : 1;
    });
    expect(allocate({ ...input, moveBudget: 100 }).totals.moved).toBe(0);
  });
});
