import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';
import type { AllocationInput } from './allocation-types.ts';
import { makeInput, outlet, PAIRED, PLAIN, shuffled, TIGHT } from './factory.ts';
import {
  HANDOVERS_AT_MOST,
  type Leaving,
  mayDoHandover,
  type SplitGround,
  type SplitItem,
  splitPortfolio,
  takersOf,
} from './handover.ts';
import type { Place } from './transfer.ts';

const SCHEMES = { TIGHT, PAIRED, PLAIN };
const keyOf = ({ staffId, portfolio }: Place) => `${staffId} ${portfolio}`;

/** A bank after an allocation, and the split of the portfolio of whoever has most customers. */
function groundOf(input: AllocationInput, owner: string, households: number): SplitGround {
  const result = allocate(input);
  const holder = (seat: 'lead' | 'joint', c: number) => input.staff[result.seats[seat].staff[c] ?? -1]?.id ?? null;
  const loads = new Map<string, number>();
  for (const pool of result.pools)
    for (const person of pool.people) loads.set(`${input.staff[person.staff]?.id} ${pool.portfolio}`, person.countAfter);
  const customers = input.customers.ids.flatMap((customerId, c): Leaving[] =>
    (['lead', 'joint'] as const).flatMap((seat) =>
      holder(seat, c) === owner
        ? [
            {
              ...{ customerId, seat, band: input.customers.band[c] ?? -1, hasLoan: input.customers.hasLoan[c] === 1 },
              outletId: input.units[input.customers.unit[c] ?? -1]?.id ?? null,
              other: holder(seat === 'lead' ? 'joint' : 'lead', c),
              assetsFen: input.customers.averageFen[c] ?? 0,
              household: households > 0 ? `H${Number(customerId.slice(1)) % households}` : null,
              handovers: Number(customerId.slice(1)) % 4,
            },
          ]
        : [],
    ),
  );
  const { scheme, units, staff } = input;
  return { scheme, units, staff, owner, customers, moveOften: true, loadOf: (place) => loads.get(keyOf(place)) ?? 0 };
}

function always(check: (ground: SplitGround, items: SplitItem[], input: AllocationInput) => void, moveOften = true) {
  fc.assert(
    fc.property(
      fc.constantFrom<keyof typeof SCHEMES>('TIGHT', 'PAIRED', 'PLAIN'),
      fc.record({
        seed: fc.nat(1_000_000),
        customers: fc.integer({ min: 1, max: 60 }),
        staffMax: fc.integer({ min: 1, max: 4 }),
        seated: fc.constant(0),
        averages: fc.constant(1_000_000),
      }),
      fc.constantFrom(0, 7),
      (name, bank, households) => {
        const input = makeInput(SCHEMES[name], bank);
        const busiest = allocate(input)
          .pools.flatMap((pool) => pool.people)
          .sort((a, b) => b.countAfter - a.countAfter)[0];
        const owner = input.staff[busiest?.staff ?? -1]?.id;
        if (owner === undefined) return;
        const ground = { ...groundOf(input, owner, households), moveOften };
        check(ground, splitPortfolio(ground), input);
      },
    ),
    { numRuns: 150 },
  );
}

/** Customers in each place after the split. */
function loadsAfter(ground: SplitGround, items: readonly SplitItem[]): Map<string, { place: Place; customers: number }> {
  const loads = new Map<string, { place: Place; customers: number }>();
  for (const { place } of items) {
    if (place === undefined) continue;
    const load = loads.get(keyOf(place)) ?? { place, customers: ground.loadOf(place) };
    loads.set(keyOf(place), { place, customers: load.customers + 1 });
  }
  return loads;
}

describe('the split of a portfolio', () => {
  it('places everybody once, within every limit, with people whom the seat allows', () =>
    always((ground, items) => {
      expect(items.map(({ customer }) => customer.customerId).sort()).toEqual(ground.customers.map((c) => c.customerId).sort());
      for (const { place, customers } of loadsAfter(ground, items).values()) expect(customers).toBeLessThanOrEqual(place.atMost);
      const takers = takersOf(ground);
      for (const { customer, place } of items) {
        if (place === undefined) continue;
        expect(takers(customer)).toContainEqual(place);
        expect([ground.owner, customer.other]).not.toContain(place.staffId);
      }
    }));

  it('leaves nobody without a manager while somebody has room', () =>
    always((ground, items) => {
      const loads = loadsAfter(ground, items);
      const takers = takersOf(ground);
      for (const { customer } of items.filter(({ place }) => place === undefined))
        for (const place of takers(customer))
          expect(loads.get(keyOf(place))?.customers ?? ground.loadOf(place)).toBeGreaterThanOrEqual(place.atMost);
    }));

  it('keeps a household together, or nobody could have taken it whole when its turn came', () =>
    always((ground, items) => {
      const placed = new Map<string, number>();
      const loadOf = (place: Place) => placed.get(keyOf(place)) ?? ground.loadOf(place);
      const takers = takersOf(ground);
      const households = new Map<string, SplitItem[]>();
      for (const item of items) {
        const key = item.customer.household ?? item.customer.customerId;
        households.set(key, [...(households.get(key) ?? []), item]);
      }
      for (const group of households.values()) {
        const able = (group[0] === undefined ? [] : takers(group[0].customer)).filter(({ staffId }) => {
          const places = group.flatMap(({ customer }) => takers(customer).find((one) => one.staffId === staffId) ?? []);
          const same = (place: Place) => places.filter((one) => keyOf(one) === keyOf(place)).length;
          return places.length === group.length && places.every((place) => loadOf(place) + same(place) <= place.atMost);
        });
        const people = new Set(group.map(({ place }) => place?.staffId));
        if (able.length > 0) expect(people.size).toBe(1);
        for (const { place } of group) if (place !== undefined) placed.set(keyOf(place), loadOf(place) + 1);
      }
    }));

  it('is the same whatever the order of the input', () =>
    always((ground, items, input) => {
      const mixed = shuffled(input, 7);
      const again = splitPortfolio({
        ...ground,
        units: mixed.units,
        staff: mixed.staff,
        customers: ground.customers.toReversed(),
      });
      expect(again).toEqual(items);
    }));

  it('moves those who changed hands too often last, and only with a reason', () => {
    always((_ground, items) => {
      const often = items.map((item) => item.often);
      expect(items.map(({ customer }) => customer.handovers >= HANDOVERS_AT_MOST)).toEqual(often);
      if (items.every(({ customer }) => customer.household === null))
        expect(often).toEqual([...often].sort((a, b) => Number(a) - Number(b)));
    });
    always((_ground, items) => {
      for (const { place } of items.filter(({ often }) => often)) expect(place).toBeUndefined();
    }, false);
  });

  it('evens out heads, then assets, by each person’s share', () => {
    const yuan = [90, 80, 70, 60, 50, 40, 30, 20, 10];
    const input = outlet(
      PLAIN,
      ['A', 'B', 'C', 'X'].map((id) => ({ id, role: 'teller' })),
      yuan,
    );
    const customers = yuan.map(
      (y, i): Leaving => ({
        ...{ customerId: `C${1000 + i}`, seat: 'lead', band: 0, outletId: 'O', hasLoan: false, other: null },
        ...{ assetsFen: y * 100, household: null, handovers: 0 },
      }),
    );
    const ground = { ...input, owner: 'X', customers, moveOften: false, loadOf: () => 0 };
    const of = (items: SplitItem[], id: string) => items.filter(({ place }) => place?.staffId === id);
    const even = splitPortfolio(ground);
    expect(['A', 'B', 'C'].map((id) => of(even, id).length)).toEqual([3, 3, 3]);
    const assets = ['A', 'B', 'C'].map((id) => of(even, id).reduce((sum, { customer }) => sum + customer.assetsFen, 0));
    expect(Math.max(...assets) - Math.min(...assets)).toBeLessThanOrEqual(2_000);
    // Somebody with fewer customers gets more of them, but not the richest for that.
    const fewer = splitPortfolio({ ...ground, loadOf: ({ staffId }) => (staffId === 'C' ? 0 : 3) });
    expect(['A', 'B', 'C'].map((id) => of(fewer, id).length)).toEqual([2, 2, 5]);
    const got = ['A', 'B', 'C'].map((id) => of(fewer, id).reduce((sum, { customer }) => sum + customer.assetsFen, 0));
    expect(Math.max(...got) - Math.min(...got)).toBeLessThanOrEqual(6_000);
    const half = splitPortfolio({ ...ground, staff: ground.staff.map((p) => (p.id === 'A' ? { ...p, shareBp: 2_500 } : p)) });
    expect(['A', 'B', 'C'].map((id) => of(half, id).length)).toEqual([1, 4, 4]);
    const named = splitPortfolio({ ...ground, successors: ['B'] });
    expect(['A', 'B', 'C'].map((id) => of(named, id).length)).toEqual([0, 9, 0]);
    const busy = splitPortfolio({ ...ground, loadOf: ({ staffId }) => (staffId === 'A' ? 6 : 0) });
    expect(['A', 'B', 'C'].map((id) => of(busy, id).length)).toEqual([0, 5, 4]);
  });
});

describe('what a person may do with a handover', () => {
  const split = {
    ...{ state: 'split', kind: 'leaving', staffId: 'X', onDate: '2026-06-30', backOn: null, left: false },
    ...{ startedBy: 'H', splitBy: 'H', giverSignedBy: null, successors: ['A', 'B'], signed: ['A'] },
  };
  const may = (who: string, heads: boolean, change: Partial<Parameters<typeof mayDoHandover>[0]> = {}, today = '2026-06-15') =>
    mayDoHandover({ ...split, ...change }, { staffId: who, identities: [who], heads, today });
  it('is to sign for oneself once, and for the owner only when they are gone', () => {
    expect([may('X', false), may('A', false), may('B', false), may('C', false)]).toEqual([['sign'], [], ['sign'], []]);
    expect(may('H', true)).toEqual(['split', 'withdraw']);
    expect(may('H', true, { left: true })).toEqual(['split', 'withdraw', 'sign-for']);
    expect(may('H', true, { kind: 'absence' }, '2026-06-30')).toContain('sign-for');
    expect(may('X', true)).toEqual(['sign']);
  });
  it('is to approve when all have signed, for a head who has no part in it', () => {
    const signed = { giverSignedBy: 'X', signed: ['A', 'B'] };
    expect(may('K', true, { giverSignedBy: 'X' })).not.toContain('approve');
    expect(may('K', true, signed)).toEqual(['split', 'withdraw', 'approve']);
    for (const who of ['H', 'A', 'X']) expect(may(who, true, signed)).not.toContain('approve');
    expect(may('K', false, signed)).toEqual([]);
    expect(may('K', true, { ...signed, giverSignedBy: 'K' })).not.toContain('approve');
  });
  it('is nothing when it is done, but to give back after an absence', () => {
    for (const state of ['done', 'withdrawn', 'returned']) expect(may('H', true, { state })).toEqual([]);
    const away = { state: 'done', kind: 'absence', backOn: '2026-09-01' };
    expect([may('H', true, away, '2026-08-31'), may('H', true, away, '2026-09-01')]).toEqual([[], ['return']]);
    expect(may('X', true, away, '2026-09-01')).toEqual([]);
  });
});
