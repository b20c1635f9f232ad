import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../kernel/random.ts';
import { CATEGORIES, customerValue, parseRates, type Rates } from './value.ts';

const rates: Rates = { title: { zh: '试', en: 'try' }, rates: { fund: 60, loan: 150, metal: -5 } };

describe('what a customer is worth', () => {
  it('is balance times rate, down to the fen, and the sum of what is shown', () => {
    expect(customerValue(rates, new Map([['fund', 1_000_000_00]]))).toEqual({
      lines: [{ category: 'fund', balanceFen: 1_000_000_00, basisPoints: 60, yearFen: 6_000_00 }],
      yearFen: 6_000_00,
    });
    expect(customerValue(rates, new Map([['fund', 166]])).yearFen).toBe(0);
    expect(customerValue(rates, new Map([['fund', 167]])).yearFen).toBe(1);
    expect(customerValue(rates, new Map([['metal', 1]])).yearFen).toBe(-1);
    expect(customerValue(rates, new Map([['bond', 5_000_00]])).lines).toEqual([]);
    expect(customerValue(rates, new Map([['loan', -5_000_00]])).lines).toEqual([]);
  });

  it('agrees with sums of exact fractions, however large the balances', () => {
    const random = seededRandom('value');
    for (let n = 0; n < 500; n++) {
      const balances = new Map(CATEGORIES.map((category) => [category, Math.floor(random.next() * 9e15)]));
      const { lines, yearFen } = customerValue(rates, balances);
      for (const { balanceFen, basisPoints, yearFen: year } of lines) {
        const short = BigInt(balanceFen) * BigInt(basisPoints) - BigInt(year) * 10_000n;
        expect(short >= 0n && short < 10_000n).toBe(true);
      }
      expect(yearFen).toBe(lines.reduce((sum, line) => sum + line.yearFen, 0));
    }
  });

  it('reads the rates that ship, and says where others are wrong', () => {
    const shipped = parseRates(readFileSync(new URL('../../../../value/standard.yaml', import.meta.url), 'utf8'));
    expect('ok' in shipped).toBe(true);
    const wrong = parseRates('title: { zh: 试, en: try }\nrates:\n  fond: 3\n');
    expect(wrong).toMatchObject({ problems: [{ line: 3 }] });
  });
});
