import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../kernel/random.ts';
import { allocate } from './allocate.ts';
import type { AllocationInput, AllocationResult } from './allocation-types.ts';
import { makeInput, outlet, PLAIN, TIGHT } from './factory.ts';
import { planSeats } from './pools.ts';
import type { Scheme } from './scheme.ts';

const made = fc.record({
  seed: fc.nat(1_000_000),
  customers: fc.integer({ min: 0, max: 150 }),
  staffMax: fc.integer({ min: 1, max: 4 }),
  seated: fc.constantFrom(0, 0.5, 1),
  averages: fc.constantFrom(3, 1_000_000),
});

function counts(result: AllocationResult): number[] {
  return result.pools[0]?.people.map((person) => person.countAfter) ?? [];
}

const limited = (initial: number, at_most?: number): Scheme => ({
  ...PLAIN,
  bands: PLAIN.bands.map((band) => ({
    ...band,
    seats: [
      {
        seat: 'lead',
        staff: [{ role: 'teller' }],
        pool: 'outlet',
        limit: at_most === undefined ? { initial } : { initial, at_most },
      },
    ],
  })),
});

describe('head-counts', () => {
  it('of a fresh run lie within one of the exact share', () => {
    fc.assert(
      fc.property(made, (bank) => {
        const result = allocate(makeInput(PLAIN, { ...bank, seated: 0 }));
        for (const pool of result.pools) {
          for (const person of pool.people) expect(Math.abs(person.countAfter - pool.covered * person.share)).toBeLessThan(1);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('give a part-timer part of the customers and part of the limit', () => {
    const people = [
      { id: 'A', role: 'teller' },
      { id: 'B', role: 'teller', shareBp: 5000 },
    ];
    expect(counts(allocate(outlet(PLAIN, people, Array(30).fill(7))))).toEqual([20, 10]);
    const short = allocate(outlet(limited(10, 12), people, Array(30).fill(7)));
    expect(counts(short)).toEqual([12, 6]);
    expect(short.pools[0]).toMatchObject({ covered: 18, uncovered: 12, staffNeeded: 1, usedOverInitial: true });
  });

  it('fill to the initial number, and beyond only as far as somebody would stay uncovered, evenly', () => {
    const people = ['A', 'B', 'C'].map((id) => ({ id, role: 'teller' }));
    const full = allocate(outlet(limited(4, 6), people, Array(12).fill(7)));
    expect([counts(full), full.pools[0]?.usedOverInitial]).toEqual([[4, 4, 4], false]);
    const over = allocate(outlet(limited(4, 6), people, Array(15).fill(7)));
    expect([counts(over), over.pools[0]?.usedOverInitial]).toEqual([[5, 5, 5], true]);
    // A double share draws towards more, but not past the initial number while a colleague has room below it.
    const double = [{ id: 'A', role: 'teller', shareBp: 20_000 }, ...people.slice(1, 2)];
    expect(counts(allocate(outlet(limited(4, 6), double, Array(8).fill(7))))).toEqual([4, 4]);
    const onlyInitial = allocate(outlet(limited(4), people, Array(15).fill(7)));
    expect([counts(onlyInitial), onlyInitial.totals.uncovered, onlyInitial.totals.staffNeeded]).toEqual([[4, 4, 4], 3, 1]);
  });

  it('split 40 to 60 between the lead and the other members, over both bands together [S0]', () => {
    const scheme: Scheme = {
      ...PLAIN,
      groups: [
        { group: 'team-lead', title: { zh: '牵头人', en: 'Lead' }, first_of: ['marketing-supervisor', 'wealth-manager'] },
        {
          group: 'member',
          title: { zh: '成员', en: 'Member' },
          any_of: ['marketing-supervisor', 'wealth-manager'],
          except: 'team-lead',
        },
      ],
      bands: PLAIN.bands.map((band) => ({
        ...band,
        seats: [
          {
            seat: 'lead',
            staff: [
              { group: 'team-lead', share: 40 },
              { group: 'member', share: 60 },
            ],
            pool: 'outlet',
          },
        ],
      })),
    };
    const people = ['M1', 'W1', 'W2', 'W3'].map((id) => ({
      id,
      role: id.startsWith('M') ? 'marketing-supervisor' : 'wealth-manager',
    }));
    expect(counts(allocate(outlet(scheme, people, Array(100).fill(9))))).toEqual([40, 20, 20, 20]);
    // Without a supervisor the first wealth manager leads; alone, the lead has everybody.
    expect(counts(allocate(outlet(scheme, people.slice(1), Array(100).fill(9))))).toEqual([40, 30, 30]);
    expect(counts(allocate(outlet(scheme, people.slice(0, 1), Array(100).fill(9))))).toEqual([100]);
  });
});

describe('assets', () => {
  it('of the fullest lie close to the mean', () => {
    const random = seededRandom('assets');
    const people = ['A', 'B', 'C', 'D'].map((id) => ({ id, role: 'teller' }));
    const yuan = Array.from({ length: 400 }, () => Math.floor(200_000 / (1 - random.next() * 0.97)));
    const totals = allocate(outlet(PLAIN, people, yuan)).pools[0]?.people.map((person) => person.assetsAfterFen) ?? [];
    const mean = totals.reduce((sum, fen) => sum + fen, 0) / totals.length;
    expect(Math.max(...totals) / mean).toBeLessThan(1.0001);
  });
});

describe('a night', () => {
  it('decides only the given customers; all others stay and count against the limits', () => {
    fc.assert(
      fc.property(made, fc.nat(), (bank, seed) => {
        const whole = makeInput(TIGHT, { ...bank, seated: 0 });
        const day = allocate(whole);
        const random = seededRandom(`night ${seed}`);
        const changed = Array.from({ length: whole.customers.count }, (_n, c) => c).filter(() => random.next() < 0.2);
        const night = allocate(someOf(whole, day, changed));
        for (const pool of night.pools) {
          for (const person of pool.people) {
            expect(person.countAfter).toBeLessThanOrEqual(person.limitAtMost ?? Infinity);
            expect(person.countAfter).toBeGreaterThanOrEqual(person.here);
          }
        }
        // Nothing has really changed, so whoever sat well stays.
        expect(night.totals.moved).toBe(0);
        changed.forEach((c, at) => {
          if ((day.seats.lead.staff[c] ?? -1) >= 0) expect(night.seats.lead.staff[at]).toBe(day.seats.lead.staff[c]);
        });
      }),
      { numRuns: 100 },
    );
  });
});

/** The input of a night after `day`: only these customers, everybody else as base loads. */
function someOf(whole: AllocationInput, day: AllocationResult, rows: readonly number[]): AllocationInput {
  const { customers } = whole;
  const chosen = new Set(rows);
  const loads = new Map<string, { staff: number; portfolio: string; customers: number; assetsFen: number }>();
  for (const seat of ['lead', 'joint'] as const) {
    day.seats[seat].staff.forEach((staff, c) => {
      if (staff < 0 || chosen.has(c)) return;
      const portfolio = day.pools[day.seats[seat].pool[c] ?? -1]?.portfolio ?? '';
      const load = loads.get(`${staff} ${portfolio}`) ?? { staff, portfolio, customers: 0, assetsFen: 0 };
      load.customers++;
      load.assetsFen += customers.averageFen[c] ?? 0;
      loads.set(`${staff} ${portfolio}`, load);
    });
  }
  expect(planSeats(whole.scheme).map((plan) => plan.portfolio)).toEqual(
    expect.arrayContaining([...loads.values()].map((load) => load.portfolio)),
  );
  return {
    ...whole,
    baseLoads: [...loads.values()],
    customers: {
      count: rows.length,
      ids: rows.map((c) => customers.ids[c] ?? ''),
      averageFen: Float64Array.from(rows, (c) => customers.averageFen[c] ?? 0),
      band: Int8Array.from(rows, (c) => customers.band[c] ?? -1),
      unit: Int32Array.from(rows, (c) => customers.unit[c] ?? -1),
      hasLoan: Uint8Array.from(rows, (c) => customers.hasLoan[c] ?? 0),
      current: {
        lead: Int32Array.from(rows, (c) => day.seats.lead.staff[c] ?? -1),
        joint: Int32Array.from(rows, (c) => day.seats.joint.staff[c] ?? -1),
      },
    },
  };
}
