import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metresBetween, spotOf } from '../../../kernel/place.ts';
import { minutesToGo, roundLength, STOPS_MAX, shortestRound } from './round.ts';

const spot = fc.record({ x: fc.integer({ min: 0, max: 20_000 }), y: fc.integer({ min: 0, max: 20_000 }) });
const distances = (places: readonly { readonly x: number; readonly y: number }[]) =>
  places.map((a) => places.map((b) => Math.round(Math.hypot(a.x - b.x, a.y - b.y))));

function* orders(rest: readonly number[]): Generator<number[]> {
  if (rest.length === 0) yield [];
  for (const first of rest) for (const tail of orders(rest.filter((one) => one !== first))) yield [first, ...tail];
}

describe('the shortest round', () => {
  it('stops once at each place and is as short as the best of all orders', () => {
    fc.assert(
      fc.property(fc.array(spot, { minLength: 1, maxLength: 7 }), (places) => {
        const metres = distances(places);
        const found = shortestRound(metres);
        const stops = places.slice(1).map((_, n) => n + 1);
        expect([...found.order].sort((a, b) => a - b)).toEqual(stops);
        expect(roundLength(metres, found.order)).toBe(found.metres);
        expect(found.metres).toBe(Math.min(...[...orders(stops)].map((order) => roundLength(metres, order))));
      }),
      { numRuns: 100 },
    );
  });

  it('never goes further than any order of twelve stops, and refuses thirteen', () => {
    fc.assert(
      fc.property(fc.array(spot, { minLength: STOPS_MAX + 1, maxLength: STOPS_MAX + 1 }), (places) => {
        const metres = distances(places);
        const stops = places.slice(1).map((_, n) => n + 1);
        expect(shortestRound(metres).metres).toBeLessThanOrEqual(roundLength(metres, stops));
      }),
      { numRuns: 10 },
    );
    expect(() => shortestRound(distances(Array.from({ length: STOPS_MAX + 2 }, (_, x) => ({ x, y: 0 }))))).toThrow(RangeError);
  });

  it('reckons detours, a city’s pace and the bell', () => {
    expect(minutesToGo(0)).toBe(5);
    expect(minutesToGo(5000)).toBe(33);
  });
});

describe('places', () => {
  const bund = { longitude: 121.4903, latitude: 31.2397 };
  const hongqiao = { longitude: 121.3201, latitude: 31.1943 };

  it('lie as far apart as the great circle says, to a hundred metres', () => {
    expect(metresBetween(bund, hongqiao)).toBe(17_000);
    expect(metresBetween(hongqiao, bund)).toBe(17_000);
    expect(spotOf(bund, hongqiao)).toEqual({ east: -16_200, north: -5000 });
  });

  it('are never told finer than a hundred metres', () => {
    const degrees = fc.double({ min: -0.2, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(degrees, degrees, (east, north) => {
        const told = spotOf(bund, { longitude: bund.longitude + east, latitude: bund.latitude + north });
        expect([told.east % 100, told.north % 100].map(Math.abs)).toEqual([0, 0]);
      }),
    );
  });
});
