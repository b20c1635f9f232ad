import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';
import { allocationDigest } from './allocation-digest.ts';
import { type AllocationInput, type AllocationResult, REASONS } from './allocation-types.ts';
import { type Bank, makeInput, PAIRED, PLAIN, shuffled, TIGHT } from './factory.ts';
import { parseScheme } from './parse-scheme.ts';
import { ancestors, limitOf, planSeats, seatTakes } from './pools.ts';
import type { Scheme } from './scheme.ts';

const outletTeam = preset('outlet-team');
const SCHEMES = { TIGHT, PAIRED, PLAIN, outletTeam };
const SEATS = ['lead', 'joint'] as const;

function preset(name: string): Scheme {
  const parsed = parseScheme(readFileSync(new URL(`../../../../schemes/${name}.yaml`, import.meta.url), 'utf8'));
  if (!('ok' in parsed)) throw new Error(name);
  return parsed.ok;
}

const bank: fc.Arbitrary<Bank> = fc.record({
  seed: fc.nat(1_000_000),
  customers: fc.integer({ min: 0, max: 120 }),
  staffMax: fc.integer({ min: 0, max: 3 }),
  seated: fc.constantFrom(0, 0.3, 0.7, 1),
  averages: fc.constantFrom(3, 40, 1_000_000),
});
const anyScheme = fc.constantFrom<keyof typeof SCHEMES>('TIGHT', 'PAIRED', 'PLAIN', 'outletTeam');

/** Runs a property over banks and schemes; `only` picks one scheme. */
function always(
  check: (input: AllocationInput, result: AllocationResult, scheme: string) => void,
  only?: keyof typeof SCHEMES,
): void {
  fc.assert(
    fc.property(only ? fc.constant(only) : anyScheme, bank, (name, made) => {
      const input = makeInput(SCHEMES[name], made);
      check(input, allocate(input), name);
    }),
    { numRuns: 120 },
  );
}

function seatedAs(input: AllocationInput, result: AllocationResult): AllocationInput {
  const current = { lead: result.seats.lead.staff, joint: result.seats.joint.staff };
  return { ...input, customers: { ...input.customers, current } };
}

function reasonOf(result: AllocationResult, seat: 'lead' | 'joint', c: number): string {
  return REASONS[result.seats[seat].reason[c] ?? 0] ?? '';
}

/** Customers of each person in each portfolio, counted from the outcomes alone. */
function counted(result: AllocationResult): Map<string, number> {
  const counts = new Map<string, number>();
  for (const seat of SEATS) {
    result.seats[seat].staff.forEach((staff, c) => {
      if (staff < 0) return;
      const key = `${result.pools[result.seats[seat].pool[c] ?? -1]?.portfolio} ${staff}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    });
  }
  return counts;
}

/** The largest number of customers that can be covered when each bars one person: augmenting paths over single places. */
function mostCovered(barred: readonly number[], people: readonly { staff: number; limitAtMost: number | undefined }[]): number {
  const places = people.flatMap((person) => Array<number>(person.limitAtMost ?? barred.length).fill(person.staff));
  const holder = places.map(() => -1);
  const seat = (customer: number, tried: Set<number>): boolean =>
    places.some((staff, place) => {
      if (staff === barred[customer] || tried.has(place)) return false;
      tried.add(place);
      if ((holder[place] ?? -1) >= 0 && !seat(holder[place] ?? -1, tried)) return false;
      holder[place] = customer;
      return true;
    });
  return barred.filter((_staff, customer) => seat(customer, new Set())).length;
}

describe('cover', () => {
  it('never breaks a limit', () => {
    always((input, result) => {
      for (const plan of planSeats(input.scheme)) {
        const limit = plan.seat.limit?.at_most ?? plan.seat.limit?.initial ?? Infinity;
        input.staff.forEach((person, staff) => {
          expect(counted(result).get(`${plan.portfolio} ${staff}`) ?? 0).toBeLessThanOrEqual(limitOf(limit, person.shareBp));
        });
      }
    }, 'TIGHT');
    always((_input, result) => {
      const counts = counted(result);
      for (const pool of result.pools) {
        for (const person of pool.people) {
          expect(person.countAfter).toBe(counts.get(`${pool.portfolio} ${person.staff}`) ?? 0);
          expect(person.countAfter).toBeLessThanOrEqual(person.limitAtMost ?? Infinity);
        }
      }
    });
  });

  it('leaves nobody uncovered while an eligible seat has room', () => {
    always((input, result) => {
      const at = ancestors(input.units);
      const { customers } = input;
      for (const plan of planSeats(input.scheme)) {
        for (let c = 0; c < customers.count; c++) {
          const home = customers.unit[c] ?? -1;
          if (customers.band[c] !== plan.band || home < 0 || (result.seats[plan.slot].staff[c] ?? -1) >= 0) continue;
          if (!seatTakes(plan.seat, customers.hasLoan[c] === 1, input.units[home]?.id ?? '')) continue;
          const pool = result.pools.find(
            (one) => one.seatNo === plan.seatNo && one.band === plan.band && one.unit === at[plan.seat.pool][home],
          );
          const lead = plan.slot === 'joint' ? result.seats.lead.staff[c] : -1;
          const free = pool?.people.filter((person) => person.countAfter < (person.limitAtMost ?? Infinity)) ?? [];
          expect(free.filter((person) => person.staff !== lead)).toEqual([]);
          if (free.length > 0) expect(reasonOf(result, plan.slot, c)).toBe('uncovered-same-person');
        }
      }
    });
  });

  it('covers the richer first: within a pool no uncovered customer is richer than a covered one', () => {
    always((input, result, scheme) => {
      // Where a lead bars a joint seat, a richer customer may find only that place left.
      if (scheme === 'PAIRED') return;
      for (const pool of result.pools) {
        let poorest = Infinity;
        let richestOut = -Infinity;
        result.seats[pool.seat].pool.forEach((no, c) => {
          if (no !== pool.no) return;
          const average = input.customers.averageFen[c] ?? 0;
          if ((result.seats[pool.seat].staff[c] ?? -1) >= 0) poorest = Math.min(poorest, average);
          else richestOut = Math.max(richestOut, average);
        });
        if (pool.customers > pool.passedOn) expect(richestOut).toBeLessThanOrEqual(poorest);
      }
    });
  });

  it('covers a poorer joint customer before a richer one only where the richer would have only the own lead', () => {
    always((input, result) => {
      for (const pool of result.pools.filter((one) => one.seat === 'joint')) {
        const here = Array.from(result.order).filter((c) => result.seats.joint.pool[c] === pool.no);
        const barred = (list: readonly number[]) => list.map((c) => result.seats.lead.staff[c] ?? -1);
        const covered = here.filter((c) => (result.seats.joint.staff[c] ?? -1) >= 0);
        for (const out of here.filter((c) => (result.seats.joint.staff[c] ?? -1) < 0)) {
          const richer = covered.filter((c) => (input.customers.averageFen[c] ?? 0) >= (input.customers.averageFen[out] ?? 0));
          expect(mostCovered(barred([...richer, out]), pool.people)).toBe(richer.length);
        }
      }
    }, 'PAIRED');
  });

  it('covers as many joint customers as any assignment could, though nobody may have both seats', () => {
    always((_input, result) => {
      for (const pool of result.pools.filter((one) => one.seat === 'joint')) {
        const leads = [...result.seats.joint.pool.keys()]
          .filter((c) => result.seats.joint.pool[c] === pool.no)
          .map((c) => result.seats.lead.staff[c] ?? -1);
        expect(pool.covered).toBe(mostCovered(leads, pool.people));
      }
    }, 'PAIRED');
  });

  it('tells how many people are missing', () => {
    always((_input, result) => {
      for (const pool of result.pools) {
        expect(pool.covered + pool.uncovered + pool.passedOn).toBe(pool.customers);
        expect(pool.staffNeeded > 0).toBe(pool.uncovered > 0);
        if (pool.portfolio === 'wealth/wealth-manager') expect(pool.staffNeeded).toBe(Math.ceil(pool.uncovered / 5));
      }
    }, 'TIGHT');
  });
});

describe('keep', () => {
  it('keeps as many as the limits allow', () => {
    always((input, result) => {
      for (const pool of result.pools.filter((one) => one.portfolio === 'wealth/wealth-manager')) {
        for (const person of pool.people) {
          const covered = Array.from(result.order).filter(
            (c) => result.seats.lead.pool[c] === pool.no && (result.seats.lead.staff[c] ?? -1) >= 0,
          );
          const sat = covered.filter((c) => input.customers.current.lead[c] === person.staff);
          const kept = sat.filter((c) => result.seats.lead.staff[c] === person.staff);
          expect(kept.length).toBe(Math.min(sat.length, person.limitAtMost ?? Infinity));
        }
      }
    }, 'TIGHT');
  });

  it('moves no one in a second run', () => {
    always((input, result) => {
      const again = allocate(seatedAs(input, result));
      expect(again.totals.moved).toBe(0);
      expect(again.totals.fresh).toBe(0);
      for (const seat of SEATS) expect(again.seats[seat].staff).toEqual(result.seats[seat].staff);
    });
  });

  it('says kept, new or moved as it was', () => {
    always((input, result) => {
      for (const seat of SEATS) {
        result.seats[seat].staff.forEach((staff, c) => {
          const before = input.customers.current[seat][c] ?? -1;
          const kind = reasonOf(result, seat, c).split('-')[0];
          if (staff >= 0) expect(kind).toBe(before < 0 ? 'new' : before === staff ? 'kept' : 'moved');
          else expect(['none', 'uncovered', 'released']).toContain(kind);
          if (kind === 'released') expect(before).toBeGreaterThanOrEqual(0);
        });
      }
    });
  });

  it('never names one person twice on a customer', () => {
    always((_input, result) => {
      result.seats.lead.staff.forEach((lead, c) => {
        if (lead >= 0) expect(result.seats.joint.staff[c]).not.toBe(lead);
        expect(result.seats.joint.runnerUp[c] === -1 || result.seats.joint.runnerUp[c] !== result.seats.joint.staff[c]).toBe(
          true,
        );
      });
    }, 'PAIRED');
  });
});

describe('same input, same result', () => {
  it('in any order of customers, staff and units', () => {
    fc.assert(
      fc.property(anyScheme, bank, fc.nat(), (name, made, seed) => {
        const input = makeInput(SCHEMES[name], made);
        const other = shuffled(input, seed);
        expect(allocationDigest(other, allocate(other))).toBe(allocationDigest(input, allocate(input)));
        const budget = { ...input, moveBudget: 5 };
        const otherBudget = { ...other, moveBudget: 5 };
        expect(allocationDigest(otherBudget, allocate(otherBudget))).toBe(allocationDigest(budget, allocate(budget)));
      }),
      { numRuns: 100 },
    );
  });

  it('and another digest when one outcome differs', () => {
    const input = makeInput(PLAIN, { seed: 1, customers: 20, staffMax: 3, seated: 0, averages: 1000 });
    const result = allocate(input);
    const digest = allocationDigest(input, result);
    result.seats.lead.reason[3] = (result.seats.lead.reason[3] ?? 0) + 1;
    expect(allocationDigest(input, result)).not.toBe(digest);
  });
});
