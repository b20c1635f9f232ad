import { describe, expect, it } from 'vitest';
import { canonicalJson, digestOf } from './digest.ts';
import { seededRandom } from './random.ts';

describe('digests', () => {
  it('do not depend on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: 2n, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"d":"2"}]}');
    expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
  });
});

describe('seeded chance', () => {
  const draw = (seed: string, n: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: n }, () => random.next());
  };

  it('gives the same numbers for the same seed and others for another', () => {
    expect(draw('7', 20)).toEqual(draw('7', 20));
    expect(draw('7', 20)).not.toEqual(draw('8', 20));
  });

  it('is even over its range', () => {
    const counts = new Array<number>(10).fill(0);
    for (const value of draw('even', 100_000)) counts[Math.floor(value * 10)] = (counts[Math.floor(value * 10)] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('keeps whole numbers inside both ends', () => {
    const random = seededRandom('ends');
    const seen = new Set(Array.from({ length: 200 }, () => random.int(3, 5)));
    expect([...seen].sort()).toEqual([3, 4, 5]);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
