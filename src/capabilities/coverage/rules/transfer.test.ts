import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate } from './allocate.ts';
import type { AllocationInput, AllocationResult } from './allocation-types.ts';
import { makeInput, PAIRED, PLAIN, TIGHT } from './factory.ts';
import { limitOf } from './pools.ts';
import { bandsAscending, type SeatSlot, seatRoles } from './scheme.ts';
import { checkRelease, checkTaker, mayDo, placesFor, type TransferGround } from './transfer.ts';

const SCHEMES = { TIGHT, PAIRED, PLAIN };
const SEATS = ['lead', 'joint'] as const;

/** A bank after an allocation, and the ground of a transfer of one of its customers. */
function always(
  check: (input: AllocationInput, result: AllocationResult, groundOf: (c: number, seat: SeatSlot) => TransferGround) => void,
) {
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
      (name, bank) => {
        const input = makeInput(SCHEMES[name], bank);
        const result = allocate(input);
        const holder = (seat: SeatSlot, c: number) => input.staff[result.seats[seat].staff[c] ?? -1]?.id ?? null;
        check(input, result, (c, seat) => ({
          scheme: input.scheme,
          units: input.units,
          staff: input.staff,
          customer: {
            band: input.customers.band[c] ?? -1,
            outletId: input.units[input.customers.unit[c] ?? -1]?.id ?? null,
            hasLoan: input.customers.hasLoan[c] === 1,
            seats: { lead: holder('lead', c), joint: holder('joint', c) },
          },
          seat,
        }));
      },
    ),
    { numRuns: 120 },
  );
}

/** The same customer before anybody had the seat. */
const vacated = (ground: TransferGround): TransferGround => ({
  ...ground,
  customer: { ...ground.customer, seats: { ...ground.customer.seats, [ground.seat]: null } },
});

describe('who may take a seat', () => {
  it('is everybody to whom an allocation gives it, while there is room', () =>
    always((input, _result, groundOf) => {
      for (let c = 0; c < input.customers.count; c++) {
        for (const seat of SEATS) {
          const ground = groundOf(c, seat);
          const has = ground.customer.seats[seat];
          if (has === null) continue;
          expect(checkTaker(vacated(ground), has, () => 0)).toMatchObject({ staffId: has });
          expect(checkTaker(ground, has, () => 0)).toMatchObject({ code: 'same-manager' });
        }
      }
    }));

  it('is nobody of another unit, role or seat, nobody who has left, and nobody at the limit', () =>
    always((input, _result, groundOf) => {
      for (let c = 0; c < Math.min(10, input.customers.count); c++) {
        for (const seat of SEATS) {
          const ground = vacated(groundOf(c, seat));
          const other = ground.customer.seats[seat === 'lead' ? 'joint' : 'lead'];
          const band = bandsAscending(input.scheme)[ground.customer.band];
          for (const person of input.staff) {
            const taken = checkTaker(ground, person.id, () => 0);
            if (!('staffId' in taken)) continue;
            const fits = (band?.seats ?? []).filter(
              (one) => one.seat === seat && seatRoles(input.scheme, one).includes(person.role),
            );
            expect(fits.length).toBeGreaterThan(0);
            expect([person.active, person.id === other]).toEqual([true, false]);
            expect(
              fits.some((one) => limitOf(one.limit?.at_most ?? one.limit?.initial ?? Infinity, person.shareBp) === taken.atMost),
            ).toBe(true);
            const chain = (unit: number): number[] => (unit < 0 ? [] : [unit, ...chain(input.units[unit]?.parent ?? -1)]);
            const level = fits.map((one) => one.pool);
            const home = chain(input.customers.unit[c] ?? -1).filter((unit) =>
              level.includes(input.units[unit]?.level as 'outlet'),
            );
            expect(chain(person.unit).some((unit) => home.includes(unit))).toBe(true);
            if (taken.atMost < Infinity)
              expect(checkTaker(ground, person.id, () => taken.atMost)).toMatchObject({ code: 'portfolio-full' });
            expect(checkTaker(ground, person.id, () => Math.min(taken.atMost, 1_000_000) - 1)).toEqual(taken);
          }
        }
      }
    }));

  const ground: TransferGround = {
    scheme: TIGHT,
    units: [
      { id: 'B', level: 'branch', parent: -1 },
      { id: 'S', level: 'sub-branch', parent: 0 },
      { id: 'O1', level: 'outlet', parent: 1 },
      { id: 'O2', level: 'outlet', parent: 1 },
    ],
    staff: [
      { id: 'W1', role: 'wealth-manager', unit: 2, shareBp: 10_000, active: true },
      { id: 'W2', role: 'wealth-manager', unit: 2, shareBp: 5_000, active: true },
      { id: 'GONE', role: 'wealth-manager', unit: 2, shareBp: 10_000, active: false },
      { id: 'T', role: 'teller', unit: 2, shareBp: 10_000, active: true },
      { id: 'FAR', role: 'wealth-manager', unit: 3, shareBp: 10_000, active: true },
    ],
    customer: { band: 1, outletId: 'O1', hasLoan: false, seats: { lead: 'W1', joint: null } },
    seat: 'lead',
  };

  it('is told for each refusal what stands against it, and nobody elsewhere is told from nobody', () => {
    const code = (staffId: string, load = 0) => {
      const answer = checkTaker(ground, staffId, () => load);
      return 'code' in answer ? answer.code : `${answer.portfolio} ${answer.atMost}`;
    };
    expect(['W1', 'W2', 'GONE', 'T', 'FAR', 'NOBODY'].map((id) => code(id))).toEqual([
      'same-manager',
      'wealth/wealth-manager 2',
      'left',
      'wrong-role',
      'not-in-pool',
      'not-in-pool',
    ]);
    expect(checkTaker(ground, 'FAR', () => 0)).toEqual(checkTaker(ground, 'NOBODY', () => 0));
    expect([code('W2', 1), code('W2', 2)]).toEqual(['wealth/wealth-manager 2', 'portfolio-full']);
    const customer = { ...ground.customer, seats: { lead: null, joint: 'W2' } };
    expect(checkTaker({ ...ground, customer }, 'W2', () => 0)).toMatchObject({ code: 'has-other-seat' });
    expect(checkTaker({ ...ground, seat: 'joint' }, 'W2', () => 0)).toMatchObject({ code: 'no-such-seat' });
    expect(checkTaker({ ...ground, customer: { ...customer, outletId: null } }, 'W2', () => 0)).toMatchObject({
      code: 'no-home-outlet',
    });
    expect(placesFor(ground).map((place) => place.staffId)).toEqual(['W1', 'W2']);
  });

  it('may be nobody, but not where every customer must be covered', () => {
    expect(checkRelease(ground)).toMatchObject({ code: 'must-be-covered' });
    expect(checkRelease({ ...ground, customer: { ...ground.customer, band: 0 } })).toBeUndefined();
    expect(checkRelease({ ...ground, seat: 'joint' })).toMatchObject({ code: 'nobody-there' });
  });
});

describe('what one may do with a transfer', () => {
  const people = ['A', 'B', 'C', 'D'];
  it('never lets anybody decide on what they asked for or on their own portfolio, and nobody on what is decided', () => {
    const person = fc.constantFrom(...people);
    fc.assert(
      fc.property(
        fc.record({
          state: fc.constantFrom('requested', 'scheduled', 'approved', 'rejected', 'withdrawn', 'failed', 'claimed'),
          requestedBy: person,
          fromStaff: fc.option(person),
          toStaff: fc.option(person),
          batchId: fc.constantFrom(null, 'batch'),
        }),
        // A deputy acts as themselves and as whom they stand in for: neither may be involved.
        fc.record({
          others: fc.uniqueArray(person, { maxLength: 2 }),
          staffId: person,
          decides: fc.boolean(),
          seesUnit: fc.boolean(),
        }),
        (transfer, { others, ...who }) => {
          const asker = { ...who, identities: [who.staffId, ...others] };
          const may = mayDo(transfer, asker);
          const involved = [transfer.requestedBy, transfer.fromStaff, transfer.toStaff];
          const free = asker.identities.every((id) => !involved.includes(id));
          const open = transfer.state === 'requested' && transfer.batchId === null;
          expect(may.includes('approve')).toBe(open && free && asker.decides && asker.seesUnit);
          expect(may.includes('reject')).toBe(may.includes('approve'));
          const mine = asker.staffId === transfer.requestedBy;
          expect(may.includes('withdraw')).toBe((open || transfer.state === 'scheduled') && mine);
        },
      ),
    );
  });
});
