import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/support/folder.ts';
import { convert } from './convert.ts';

const root = temporaryFolder('early-warning');
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('goes on to the next year where the months begin again, and spreads a year over its quarters', async () => {
  const [churn, uci, out] = [join(root, 'bankchurners'), join(root, 'uci-bank-marketing'), join(root, 'out')];
  for (const folder of [churn, uci, out]) mkdirSync(folder);
  writeFileSync(
    join(churn, 'BankChurners.csv'),
    'CLIENTNUM,Attrition_Flag,Total_Amt_Chng_Q4_Q1,Total_Trans_Amt\n7,Attrited Customer,0.4,2520\n8,Existing Customer,1,1200\n',
  );
  const calls = [
    ['nov', 30, 10, 'yes'],
    ['oct', 1, 0, 'no'],
    ['jan', 31, 5, 'no'],
  ];
  writeFileSync(
    join(uci, 'bank-full.csv'),
    `"day";"month";"duration";"campaign";"previous";"y"\n${calls.map(([month, day, duration, y]) => `${day};"${month}";${duration};1;0;"${y}"`).join('\n')}\n`,
  );
  await convert(root, out);
  const rows = (name: string) => readFileSync(join(out, name), 'utf8').trim().split('\n').slice(1);
  expect(rows('contacts.csv').map((line) => line.split(',').slice(4, 6))).toEqual([
    ['2008-11-30', 'reached'],
    ['2008-10-01', 'no-answer'],
    ['2009-01-31', 'declined'],
  ]);
  // 2520 / (2 + 0.8) = 900 in the first quarter, 360 in the last.
  const of = (id: string, name: string) => rows(name).find((line) => line.startsWith(id));
  expect(of('B7', 'positions-2010-01-01.csv')).toBe('B7,O,ACTIVITY,300.0');
  expect(of('B7', 'positions-2010-12-01.delta.csv')).toBe('B7,O,ACTIVITY,120.0');
  expect(of('B8', 'positions-2010-06-01.delta.csv')).toBe('B8,O,ACTIVITY,100.0');
  expect(rows('left.csv').sort()).toEqual(['B7,true', 'B8,false']);
});
