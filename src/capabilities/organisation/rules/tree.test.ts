import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misfits, numberTree, type TreeUnit } from './tree.ts';

const unit = (id: string, level: string, parentId: string | null = null): TreeUnit => ({ id, level, parentId });
const HQ = unit('0', 'head-office');

describe('misfits', () => {
  test('a branch may hold outlets directly', () => {
    expect(
      misfits([
        HQ,
        unit('1', 'branch', '0'),
        unit('11', 'outlet', '1'),
        unit('12', 'sub-branch', '1'),
        unit('121', 'outlet', '12'),
      ]),
    ).toEqual([]);
  });
  test('levels nest', () => {
    expect(misfits([HQ, unit('1', 'outlet', '0')])).toEqual([{ id: '1', fault: 'unit-level' }]);
    expect(misfits([HQ, unit('1', 'branch', '0'), unit('2', 'branch', '1')])).toEqual([{ id: '2', fault: 'unit-level' }]);
  });
  test('there is one head office', () => {
    expect(misfits([HQ, unit('9', 'head-office')])).toEqual([{ id: '9', fault: 'unit-root-twice' }]);
    expect(misfits([HQ, unit('9', 'branch')])).toEqual([{ id: '9', fault: 'unit-root-twice' }]);
    expect(misfits([unit('9', 'branch', '8'), unit('8', 'branch', '7')])).toContainEqual({ id: '', fault: 'unit-root-missing' });
  });
  test('a cycle names those in it, not those below', () => {
    const units = [HQ, unit('1', 'branch', '2'), unit('2', 'branch', '1'), unit('11', 'outlet', '1')];
    expect(misfits(units)).toEqual([
      { id: '1', fault: 'unit-cycle' },
      { id: '2', fault: 'unit-cycle' },
    ]);
    expect(misfits([HQ, unit('5', 'branch', '5')])).toEqual([{ id: '5', fault: 'unit-cycle' }]);
  });
});

test('a subtree is a range of numbers, whatever the order of the units', () => {
  const tree = fc
    .array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 30 })
    .map((pairs) => [
      HQ,
      ...Array.from({ length: 6 }, (_, b) => unit(`b${b}`, 'branch', '0')),
      ...pairs.map(([branch], n) => unit(`s${n}`, 'sub-branch', `b${branch}`)),
      ...pairs.map(([, at], n) => unit(`o${n}`, 'outlet', at % 2 === 0 ? `b${at}` : `s${n}`)),
    ]);
  fc.assert(
    fc.property(tree, fc.infiniteStream(fc.nat()), (units, noise) => {
      const weights = units.map(() => noise.next().value ?? 0);
      const shuffled = units
        .map((u, i) => ({ u, w: weights[i] ?? 0 }))
        .sort((a, b) => a.w - b.w)
        .map(({ u }) => u);
      const numbered = numberTree(shuffled);
      expect(numbered).toEqual(numberTree(units));
      const byId = new Map(numbered.map((n) => [n.id, n]));
      for (const a of units) {
        const under = new Set<string>();
        for (const c of units) {
          let at: TreeUnit | undefined = c;
          while (at !== undefined && at.id !== a.id) at = units.find((u) => u.id === at?.parentId);
          if (at !== undefined) under.add(c.id);
        }
        const range = byId.get(a.id);
        const inRange = numbered.filter((n) => range !== undefined && n.unitNo >= range.unitNo && n.unitNo <= range.lastNo);
        expect(new Set(inRange.map((n) => n.id))).toEqual(under);
      }
    }),
    { numRuns: 30 },
  );
});
