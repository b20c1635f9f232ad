import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseScheme } from '../../src/capabilities/coverage/rules/parse-scheme.ts';
import { businessDate, daysFromTo } from '../../src/kernel/business-date.ts';
import { fen, parseYuan } from '../../src/kernel/money.ts';
import { bookingOrder } from './chain.ts';
import { type Conversion, convertBerka } from './convert.ts';
import { birthOf, type Transaction } from './read.ts';
import { recomputeBalanceDays } from './recompute.ts';

/** Made by hand in the source's format; account 1 has a second, non-owning client and sits in another district than its owner. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'district.asc': ['A1;A2;A3', '1;"Hl.m. Praha";"Prague"', '2;"Benesov";"central Bohemia"'],
  'account.asc': [
    '"account_id";"district_id";"frequency";"date"',
    '1;2;"POPLATEK MESICNE";930101',
    '2;1;"POPLATEK MESICNE";930103',
  ],
  'disp.asc': ['"disp_id";"client_id";"account_id";"type"', '1;1;1;"OWNER"', '2;2;1;"DISPONENT"', '3;3;2;"OWNER"'],
  'client.asc': ['"client_id";"birth_number";"district_id"', '1;"450204";1', '2;"500101";1', '3;"706213";2'],
  'loan.asc': ['"loan_id";"account_id";"date";"amount";"duration";"payments";"status"', '9;2;930104;96396;12;8033.00;"B"'],
  'trans_1993.asc': [
    '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";"account"',
    '1;1;930101;"PRIJEM";"VKLAD";700.00;700.00;"";;',
    '5;2;930103;"PRIJEM";"VKLAD";100.00;100.00;"";;',
    '2;2;930104;"VYBER";"VYBER";150.00;-49.90;"";;',
    '6;1;930105;"VYDAJ";"VYBER";50.00;850.00;" ";;',
    '7;1;930105;"PRIJEM";"VKLAD";200.00;900.00;"UROK";;',
    '8;2;940331;"PRIJEM";"VKLAD";1.00;-48.90;"";;',
  ],
};
const CUT_LINE = '9;2;940331;"PRIJE';

const data = mkdtempSync(join(tmpdir(), 'guanhu-berka-'));
const dir = join(data, 'feeds');
let conversion: Conversion;

beforeAll(async () => {
  for (const [name, lines] of Object.entries(FILES)) {
    writeFileSync(join(data, name), `${lines.join('\r\n')}\r\n${name.startsWith('trans') ? CUT_LINE : ''}`);
  }
  conversion = await convertBerka({ data, dir });
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

const linesOf = (name: string) => readFileSync(join(dir, name), 'utf8').trimEnd().split('\n').slice(1);

/** Balance-days by customer from the written feeds, each file's balances standing until the next. */
function balanceDaysOfFeeds(from: string, to: string): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  const sums = new Map<string, bigint>();
  for (const day of daysFromTo(businessDate(from), businessDate(to))) {
    const file = readdirSync(dir).find((name) => name.startsWith(`positions-${day}`) && name.endsWith('.csv'));
    for (const [customer = '', , product, balance = ''] of (file ? linesOf(file) : []).map((line) => line.split(','))) {
      if (product === 'DEMAND') balances.set(customer, BigInt(parseYuan(balance) ?? Number.NaN));
    }
    for (const [customer, balance] of balances) sums.set(customer, (sums.get(customer) ?? 0n) + balance);
  }
  return sums;
}

const transaction = (id: number, amount: number, balanceAfter: number): Transaction => {
  return { id, account: 1, date: businessDate('1994-02-28'), amount: fen(amount), balanceAfter: fen(balanceAfter) };
};

describe('the Berka converter', () => {
  it('rejects the cut last line with its number and takes the rest', () => {
    expect(conversion.rejectedLines).toEqual([
      { file: 'trans_1993.asc', line: 8, text: CUT_LINE, reason: 'the file ends in the middle of this line' },
    ]);
    expect(conversion).toMatchObject({ transactions: 5, leftOut: 1, customers: 2, accounts: 2, days: 4, loans: 1 });
  });

  it('writes the first day in full and the others as deltas, in the outlet of the account', () => {
    expect(readdirSync(dir).filter((name) => /^positions.*csv$/.test(name))).toEqual([
      'positions-1993-01-01.csv',
      'positions-1993-01-03.delta.csv',
      'positions-1993-01-04.delta.csv',
      'positions-1993-01-05.delta.csv',
    ]);
    expect(linesOf('positions-1993-01-01.csv')).toEqual(['1,D02,DEMAND,700.00,1']);
    expect(linesOf('positions-1993-01-04.delta.csv')).toEqual(['3,D01,DEMAND,-49.90,2', '3,D01,LOAN,96396.00,2']);
    expect(readFileSync(join(dir, 'positions-1993-01-04.delta.csv.ctl'), 'utf8')).toBe('rows=2\nbalance=96346.10\n');
    expect(linesOf('positions-1993-01-05.delta.csv')).toEqual(['1,D02,DEMAND,850.00,1']);
  });

  it('has owners as customers, with birth date and gender', () => {
    expect(linesOf('customers.csv')).toEqual([
      '1,客户1,1945-02-04,male,Hl.m. Praha,1993-01-01',
      '3,客户3,1970-12-13,female,Benesov,1993-01-03',
    ]);
    expect(birthOf('706213')).toEqual({ date: '1970-12-13', gender: 'female' });
  });

  it('has the balance-days that a recomputation by another way and a hand calculation give', () => {
    const byHand = new Map([
      ['1', 4n * 70_000n + 6n * 85_000n],
      ['3', 10_000n - 7n * 4990n],
    ]);
    expect(balanceDaysOfFeeds('1993-01-01', '1993-01-10')).toEqual(byHand);
    expect(recomputeBalanceDays(data, businessDate('1993-01-01'), businessDate('1993-01-10'))).toEqual(byHand);
  });

  it('finds the booking order from the balances where rounding makes the sum of the movements point elsewhere', () => {
    // The movements add up to 545.20, where transaction 1 ends; the last published balance is 545.10.
    const day = [
      transaction(1, -1500, 54_520),
      transaction(2, 3020, 56_030),
      transaction(3, -10, 56_020),
      transaction(4, 3020, 53_020),
      transaction(5, -10, 54_510),
    ];
    expect(bookingOrder(fen(50_000), day).map(({ id }) => id)).toEqual([4, 2, 3, 1, 5]);
    expect(() => bookingOrder(fen(0), day)).toThrow(/do not chain/);
  });

  it('has a scheme that the product accepts', () => {
    expect(parseScheme(readFileSync(new URL('berka.yaml', import.meta.url), 'utf8'))).toMatchObject({ ok: { scheme: 'berka' } });
  });
});
