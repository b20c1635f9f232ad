import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waterfill } from './waterfill.ts';

const vessel = fc
  .record({
    floor: fc.integer({ min: 0, max: 20 }),
    room: fc.integer({ min: 0, max: 30 }),
    weight: fc.bigInt({ min: 1n, max: 5n }),
  })
  .map(({ floor, room, weight }) => ({ floor, cap: floor + room, weight }));

/** The level found by bisection: the plain meaning of the rule, in floating point. */
function exactCounts(vessels: readonly { floor: number; cap: number; weight: bigint }[], total: number): number[] {
  const at = (level: number) => vessels.map((v) => Math.min(v.cap, Math.max(v.floor, level * Number(v.weight))));
  let [low, high] = [0, 1000];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (at(middle).reduce((sum, n) => sum + n, 0) < total) low = middle;
    else high = middle;
  }
  return at(high);
}

describe('waterfill', () => {
  it('gives everyone the whole part of the exact share between floor and cap, and the sum is the total', () => {
    fc.assert(
      fc.property(
        fc.array(vessel, { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (vessels, part) => {
          const floors = vessels.reduce((sum, v) => sum + v.floor, 0);
          const caps = vessels.reduce((sum, v) => sum + v.cap, 0);
          const total = floors + Math.round((caps - floors) * part);
          const spread = waterfill(vessels, total);
          const exact = exactCounts(vessels, total);
          expect(spread.counts.reduce((sum, n) => sum + n, 0) + spread.extras).toBe(total);
          expect(spread.extras).toBeLessThanOrEqual(spread.open.filter(Boolean).length);
          spread.counts.forEach((count, i) => {
            expect(count).toBeLessThanOrEqual((exact[i] ?? 0) + 1e-6);
            expect(count).toBeGreaterThan((exact[i] ?? 0) - 1 - 1e-6);
            if (spread.open[i]) expect(count + 1).toBeLessThanOrEqual(vessels[i]?.cap ?? 0);
            else expect(count).toBeCloseTo(exact[i] ?? 0, 6);
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('refuses what cannot be spread', () => {
    expect(() => waterfill([{ floor: 0, cap: 2, weight: 1n }], 3)).toThrow(RangeError);
    expect(() => waterfill([{ floor: 2, cap: 5, weight: 1n }], 1)).toThrow(RangeError);
  });
});
