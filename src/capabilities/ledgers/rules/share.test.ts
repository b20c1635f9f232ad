import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fen } from '../../../kernel/money.ts';
import { amountsOf, PARTS, sharesUnfit, WHOLE } from './share.ts';

const people = { seller: 'S1', referrer: null, claimer: null, coverer: 'S2' };

it('adds up to the amount to the fen, and nobody is off by more than the fen of the others', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: WHOLE }), { minLength: 3, maxLength: 3 }).map((list) => {
    const [a = 0, b = 0, c = 0] = list.toSorted((x, y) => x - y);
    return { seller: a, referrer: b - a, claimer: c - b, coverer: WHOLE - c };
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_000_000_000_000_000 }), cuts, (amount, shares) => {
      const parts = amountsOf(fen(amount), shares);
      expect(PARTS.reduce((sum, part) => sum + BigInt(parts[part]), 0n)).toBe(BigInt(amount));
      for (const part of PARTS) {
        const off = BigInt(parts[part]) * BigInt(WHOLE) - BigInt(amount) * BigInt(shares[part]);
        expect(off > -BigInt(WHOLE) && off < 4n * BigInt(WHOLE)).toBe(true);
        if (shares[part] === 0) expect(parts[part]).toBe(0);
      }
    }),
  );
});

it('gives the fen that is left to the largest share', () => {
  expect(amountsOf(fen(100), { seller: 3333, referrer: 3333, claimer: 3334, coverer: 0 })).toEqual({
    ...{ seller: 33, referrer: 33, claimer: 34, coverer: 0 },
  });
  expect(amountsOf(fen(1), { seller: 5000, referrer: 0, claimer: 0, coverer: 5000 })).toMatchObject({ seller: 1, coverer: 0 });
});

it('refuses shares that are not all of it, and a share for nobody', () => {
  expect(sharesUnfit({ seller: 5000, referrer: 0, claimer: 0, coverer: 5000 }, people)).toBeUndefined();
  expect(sharesUnfit({ seller: 5000, referrer: 0, claimer: 0, coverer: 4999 }, people)).toBe('sum');
  expect(sharesUnfit({ seller: 5000.5, referrer: 0, claimer: 0, coverer: 4999.5 }, people)).toBe('sum');
  expect(sharesUnfit({ seller: 0, referrer: 10_000, claimer: 0, coverer: 0 }, people)).toBe('referrer');
});
