import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { businessDate, parseBusinessDate } from '../../../kernel/business-date.ts';
import { parseYuan } from '../../../kernel/money.ts';
import type { FeedName } from '../contract.ts';
import { rowsOf, withDuck } from '../duck.ts';
import type { ReadOutcome } from './outcome.ts';
import { readHere } from './read.ts';

const folder = mkdtempSync(join(tmpdir(), 'guanhu-reading-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(feed: FeedName, text: string): Promise<{ outcome: ReadOutcome; rows: Record<string, unknown>[] }> {
  const own = mkdtempSync(join(folder, 'r-'));
  const path = join(own, 'sent.csv');
  writeFileSync(path, text);
  const work = join(own, 'work');
  mkdirSync(work);
  const about = {
    fileName: 'sent.csv',
    revision: 1,
    delta: true,
    tolerateBp: 10_000,
    businessDateMax: businessDate('2199-12-31'),
    memoryMb: 200,
  };
  const outcome = await readHere({ path, feed, folder: work, ...about }, () => {});
  const rows =
    outcome.outcome === 'read'
      ? await withDuck(join(own, 'duck'), (duck) => rowsOf(duck, `SELECT * FROM (${outcome.rowsSql}) ORDER BY line`))
      : [];
  return { outcome, rows };
}

/** What must not depend on the way in which a file is read. */
function essence({ outcome, rows }: Awaited<ReturnType<typeof read>>) {
  const problems = outcome.problems.map(({ code, line, column, text }) => ({ code, line, column, text }));
  return { outcome: outcome.outcome, problems, rows, rejected: outcome.rejected };
}

const cell = fc.constantFrom(
  '',
  'C1',
  'C2',
  '"a,b"',
  '"x""y"',
  'ab"c',
  ' C1 ',
  'C 1',
  '1.5',
  '1e3',
  '-0',
  '１２',
  'Ａ',
  '中',
  '"two\nlines"',
  "'",
  '"',
  '""',
  '\t',
  '#N/A',
  '1E+12',
);
const row = fc.oneof(
  { weight: 12, arbitrary: fc.array(cell, { minLength: 4, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(cell, { minLength: 1, maxLength: 6 }) },
);

describe('two ways of reading', () => {
  it('find the same rows and the same problems on the same lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\r\n'), async (rows, end) => {
        const text = ['customer_id,outlet_id,product_code,balance', ...rows.map((cells) => cells.join(','))].join(end) + end;
        // A line of blanks means nothing, but sends the file the careful way.
        const direct = essence(await read('positions', text));
        expect(direct).toEqual(essence(await read('positions', `${text} ${end}`)));
      }),
      { numRuns: 60 },
    );
  });
});

const amountChars = fc.constantFrom(...'0123456789０１９.．,，+-－eE x');
const amount = fc.oneof(
  fc.string({ unit: amountChars, maxLength: 12 }),
  fc.integer().map(String),
  fc
    .bigInt({ min: -(10n ** 19n), max: 10n ** 19n })
    .map((fen) => `${fen / 100n}.${String(fen < 0n ? -fen % 100n : fen % 100n).padStart(2, '0')}`),
  fc
    .tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }))
    .map(([a, b, c]) => `${a},${String(b).padStart(3, '0')}.${c}`),
);

describe('the SQL of cells', () => {
  it('reads amounts exactly as the kernel does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 200, maxLength: 400 }), async (amounts) => {
        const body = amounts.map((text) => `C,O,D,"${text}"\n`).join('');
        const { rows } = await read('positions', `customer_id,outlet_id,product_code,balance\n${body}`);
        const expected = amounts.flatMap((text, i) => {
          const fen = parseYuan(text);
          return fen === undefined ? [] : [[String(i + 2), String(fen)]];
        });
        expect(rows.map((found) => [found.line, found.balance_fen])).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('reads dates exactly as the kernel does', async () => {
    const number = (max: number, width: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(width, '0'));
    const date = fc
      .tuple(
        number(2300, 4),
        fc.constantFrom('-', '/', ''),
        fc.oneof(number(13, 2), number(13, 1)),
        fc.oneof(number(32, 2), number(32, 1)),
      )
      .map(([year, between, month, day]) => [year, month, day].join(between));
    await fc.assert(
      fc.asyncProperty(fc.array(date, { minLength: 200, maxLength: 400 }), async (dates) => {
        const body = dates.map((text, i) => `C${i},王,${text}\n`).join('');
        const { rows } = await read('customers', `id,name,risk_expires_on\n${body}`);
        const expected = dates.flatMap((text, i) => {
          const day = parseBusinessDate(text);
          return day === undefined ? [] : [[String(i + 2), day]];
        });
        expect(rows.map((found) => [found.line, found.risk_expires_on])).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });
});
