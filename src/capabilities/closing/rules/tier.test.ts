import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fen, fen } from '../../../kernel/money.ts';
import { DEFAULT_TIERS, tierOf, tierSql } from './tier.ts';

const yuan = (amount: number): Fen => fen(amount * 100);

describe('the analysis ladder', () => {
  test('is closed below and open above [S4]', () => {
    const limits = [5_000, 50_000, 1_000_000, 8_000_000].map(yuan);
    expect(limits.map((limit) => [tierOf(fen(limit - 1)), tierOf(limit)])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  test('takes debts and nothing as ordinary', () => {
    expect([tierOf(fen(-1)), tierOf(fen(0))]).toEqual([0, 0]);
  });

  test('never falls when assets rise', () => {
    const assets = fc.integer({ min: -1e9, max: 1e12 });
    fc.assert(fc.property(assets, assets, (a, b) => tierOf(fen(Math.min(a, b))) <= tierOf(fen(Math.max(a, b)))));
  });

  test('must rise', () => {
    const [first, second] = DEFAULT_TIERS;
    if (first === undefined || second === undefined) throw new Error('two rungs expected');
    expect(() => tierOf(fen(0), [second, first])).toThrow(RangeError);
    expect(() => tierSql('assets_fen', [])).toThrow(RangeError);
  });

  test('is worded the same for the database', () => {
    expect(tierSql('a')).toBe(
      '(case when a >= 800000000 then 4 when a >= 100000000 then 3 when a >= 5000000 then 2 when a >= 500000 then 1 else 0 end)',
    );
  });
});
