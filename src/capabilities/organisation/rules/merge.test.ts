import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heirsOf, type MergingUnit, mergeFaults } from './merge.ts';

const outlet = (id: string, mergedInto: string | null = null, closedOn: string | null = null): MergingUnit => ({
  ...{ id, level: 'outlet', closedOn, mergedInto },
});

describe('units that merge', () => {
  it('stand in for each other from their day on, through all that follow', () => {
    const units = [outlet('A', 'B', '2026-03-01'), outlet('B', 'C', '2026-06-01'), outlet('C'), outlet('D', null, '2026-01-01')];
    expect(mergeFaults(units)).toEqual([]);
    expect([...heirsOf(units, '2026-02-28')]).toEqual([]);
    expect([...heirsOf(units, '2026-03-01')]).toEqual([['A', 'B']]);
    expect([...heirsOf(units, '2026-06-01')]).toEqual([
      ['A', 'C'],
      ['B', 'C'],
    ]);
  });

  it('need a day, are outlets, and do not end in themselves', () => {
    const branch = { ...outlet('X'), level: 'branch' };
    expect(mergeFaults([outlet('A', 'B'), outlet('B')])).toEqual([{ id: 'A', fault: 'unit-merge-undated' }]);
    expect(mergeFaults([outlet('A', 'X', '2026-01-01'), branch])).toEqual([{ id: 'A', fault: 'unit-merge-level' }]);
    expect(mergeFaults([outlet('A', 'B', '2026-01-01'), outlet('B', 'A', '2026-01-01')]).map(({ fault }) => fault)).toEqual([
      'unit-merge-cycle',
      'unit-merge-cycle',
    ]);
    expect(mergeFaults([outlet('A', 'A', '2026-01-01')])).toEqual([{ id: 'A', fault: 'unit-merge-cycle' }]);
  });

  it('lead to a unit that is open or has no successor, whatever the mergers', () =>
    fc.assert(
      fc.property(fc.array(fc.record({ to: fc.option(fc.nat(9)), day: fc.option(fc.nat(8)) }), { maxLength: 10 }), (rows) => {
        const units = rows.map(({ to, day }, i) =>
          outlet(String(i), to === null ? null : String(to), day === null ? null : `2026-01-0${day + 1}`),
        );
        const heirs = heirsOf(units, '2026-01-05');
        for (const heir of heirs.values()) {
          expect(heirs.has(heir)).toBe(false);
          expect(units.some(({ id }) => id === heir)).toBe(true);
        }
      }),
    ));
});
