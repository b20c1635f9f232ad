import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averageFen, FEN_MAX, fen, parseYuan, yuanText } from './money.ts';

describe('amounts', () => {
  it.each([
    ['1,234.5', 123450],
    ['-0.00', 0],
    ['１２．３４', 1234],
    ['+7', 700],
    [' 0.05 ', 5],
  ])('reads %s', (text, expected) => expect(parseYuan(text)).toBe(expected));

  it.each([
    '',
    '1e4',
    'NaN',
    '0.005',
    '1,23,4',
    '12.',
    '.5',
    '1 000',
    '92233720368547758.08',
    '一百',
  ])('does not read "%s"', (text) => expect(parseYuan(text)).toBeUndefined());

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -FEN_MAX, max: FEN_MAX }), (value) => {
        expect(parseYuan(yuanText(fen(value)))).toBe(value);
      }),
    );
  });

  it('refuses fractions of a fen', () => expect(() => fen(0.5)).toThrow(RangeError));
});

describe('averages', () => {
  it('are at a limit exactly when balance-days are at limit × days', () => {
    const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
    fc.assert(
      fc.property(
        cents,
        fc.integer({ min: 1, max: 366 }),
        fc.integer({ min: -(10 ** 12), max: 10 ** 12 }),
        (balanceDays, days, limit) => {
          expect(averageFen(balanceDays, days) >= limit).toBe(balanceDays >= BigInt(limit) * BigInt(days));
        },
      ),
    );
  });
});
