import fc from 'fast-check';
import { expect, it } from 'vitest';
import { businessDate } from '../../../kernel/business-date.ts';
import { type Looks, medianOf, unusualLooks } from './unusual.ts';

const looks = (actor: string, more: Partial<Looks> = {}): Looks => ({
  actor,
  role: 'wealth-manager',
  looks: 0,
  customers: 0,
  outside: 0,
  night: 0,
  exported: 0,
  leftOn: null,
  ...more,
});
const kindsOf = (everybody: readonly Looks[]) =>
  unusualLooks(everybody).map(({ actor, reasons }) => [actor, ...reasons.map(({ kind }) => kind)]);

it('names who looked at many more customers of others than their peers did, in the same role only', () => {
  const peers = ['A', 'B', 'C'].map((actor) => looks(actor, { outside: 10 }));
  expect(kindsOf([...peers, looks('X', { outside: 31 })])).toEqual([['X', 'outside']]);
  expect(kindsOf([...peers, looks('X', { outside: 30 })])).toEqual([]);
  // A remote manager is measured by remote managers.
  expect(kindsOf([...peers.map((one) => ({ ...one, role: 'remote-manager' })), looks('X', { outside: 20 })])).toEqual([
    ['X', 'outside'],
  ]);
  expect(kindsOf([...peers, looks('X', { outside: 19 })])).toEqual([]);
});

it('names who looked by night, and who took much along before leaving', () => {
  expect(kindsOf([looks('N', { night: 5 }), looks('M', { night: 4 })])).toEqual([['N', 'night']]);
  const leftOn = businessDate('2026-07-10');
  expect(
    kindsOf([
      looks('L', { customers: 20, leftOn }),
      looks('E', { exported: 100, leftOn }),
      looks('S', { customers: 19, exported: 99, leftOn }),
    ]),
  ).toEqual([
    ['E', 'leaving'],
    ['L', 'leaving'],
  ]);
});

const anybody = fc.record({
  role: fc.constantFrom('wealth-manager', 'teller'),
  looks: fc.nat(500),
  customers: fc.nat(200),
  outside: fc.nat(200),
  night: fc.nat(20),
  exported: fc.nat(1000),
  leftOn: fc.constantFrom(null, businessDate('2026-07-10')),
});
const crowd = fc
  .array(anybody, { maxLength: 12 })
  .map((all) => all.map((one, n): Looks => ({ ...one, actor: `S${String(n).padStart(2, '0')}` })));

it('does not depend on the order of people, and tells of one who only looks more', () => {
  fc.assert(
    fc.property(crowd, (all) => {
      const found = unusualLooks(all);
      expect(unusualLooks(all.toReversed())).toEqual(found);
      const [first] = found;
      if (first === undefined) return;
      const more = all.map((one) =>
        one.actor === first.actor ? { ...one, outside: one.outside + 50, night: one.night + 1 } : one,
      );
      expect(unusualLooks(more).map(({ actor }) => actor)).toContain(first.actor);
    }),
  );
});

it('takes the lower middle', () => {
  expect([medianOf([]), medianOf([7]), medianOf([1, 9]), medianOf([5, 1, 3])]).toEqual([0, 7, 1, 3]);
});
