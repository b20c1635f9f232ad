import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { mendWorkbook } from '../../src/capabilities/feed/reading/index.ts';
import { expectRead, expectRefused, filePath, readContent, readPath, rowsIn, runDuck } from './support.ts';

const TABLE = [
  ['客户号', '网点', '产品代码', '余额', '到期日'],
  ['C1', 'O1', 'D1', '1,234.50', '2027-01-31'],
  ['C2', 'O1', 'D1', '-0.00', '20270131'],
  ['C3', 'O2', 'D2', '１２．３４', '2027/1/3'],
];
const EXPECTED = [
  { line: '2', customer_id: 'C1', outlet_id: 'O1', product_code: 'D1', balance_fen: '123450', matures_on: '2027-01-31' },
  { line: '3', customer_id: 'C2', outlet_id: 'O1', product_code: 'D1', balance_fen: '0', matures_on: '2027-01-31' },
  { line: '4', customer_id: 'C3', outlet_id: 'O2', product_code: 'D2', balance_fen: '1234', matures_on: '2027-01-03' },
];
const csv = (separator: string, end = '\n') => TABLE.map((row) => row.map((cell) => `"${cell}"`).join(separator) + end).join('');

describe('one table in every format', () => {
  it.each([
    ['comma', csv(',')],
    ['tab', csv('\t')],
    ['bar', csv('|')],
    ['carriage returns', csv(',', '\r\n')],
    ['old Mac line ends', csv(',', '\r')],
    ['a byte order mark', `\uFEFF${csv(',')}`],
    ['GB18030', iconv.encode(csv(','), 'gb18030')],
    ['gzip', gzipSync(csv(','))],
    ['gzip of GB18030', gzipSync(iconv.encode(csv(','), 'gb18030'))],
    ['no line end at the end', csv(',').trimEnd()],
    ['blank lines at the end', `${csv(',')}\n\n\n`],
    ['a separator after the last cell', csv(',').replaceAll('"\n', '",\n').replace('",\n', '"\n')],
  ])('%s', async (_name, content) => {
    const outcome = expectRead(await readContent('positions', content));
    expect(await rowsIn(outcome)).toEqual(EXPECTED);
    expect(outcome).toMatchObject({
      rows: 3,
      rejected: 0,
      businessDate: '2026-06-30',
      revision: 1,
      delta: false,
      missingColumns: ['account_id'],
    });
    expect(outcome.totals).toEqual({ rows: 3, balanceFen: 124684n });
  });

  it('XLSX, the sheet named after the feed, numbers and dates as Excel keeps them', async () => {
    const rows = [
      TABLE[0] ?? [],
      ['C1', 'O1', 'D1', 1234.5, new Date(Date.UTC(2027, 0, 31))],
      [],
      ['C3', 'O2', 'D2', 0.1 + 0.2, '2027/1/3'],
    ];
    const other = { name: '说明', rows: [['不是数据']] };
    const data = await writeXlsx({
      sheets: [
        other,
        {
          name: '持仓',
          rows,
          columns: TABLE[0]?.map((header, i) => (i === 4 ? { key: header, numFmt: 'yyyy-mm-dd' } : { key: header })) ?? [],
        },
      ],
    });
    const outcome = expectRead(await readContent('positions', data));
    const [first, , third] = EXPECTED;
    expect(await rowsIn(outcome)).toEqual([first, { ...third, line: '4', balance_fen: '30' }]);
  });

  it('Parquet', async () => {
    const path = filePath('positions-2026-06-30.parquet');
    await runDuck(`COPY (SELECT * FROM (VALUES ('C1', 'O1', 'D1', 1234.50::DECIMAL(18,2), DATE '2027-01-31'), ('C2', 'O1', 'D1', 0.00, DATE '2027-01-31'),
      ('C3', 'O2', 'D2', 12.34, DATE '2027-01-03')) AS t("客户号", outlet_id, product_code, "余额", matures_on)) TO '${path}' (FORMAT parquet)`);
    const outcome = expectRead(await readPath('positions', path, { fileName: 'positions-2026-06-30.parquet' }));
    expect(await rowsIn(outcome)).toEqual(EXPECTED);
  });
});

describe('what is kept, told and let through', () => {
  it('keeps rare characters, formula-like names and quoted line breaks exactly', async () => {
    const names = ['𠮷田', '䶮', '阿卜杜·热合曼', '=HYPERLINK("x")', '+cmd', '＝1', '王\n明', '"双引号"', '-'];
    const text = `客户号,姓名\n${names.map((name, i) => `C${i},"${name.replaceAll('"', '""')}"`).join('\n')}\n`;
    for (const content of [text, iconv.encode(text, 'gb18030')]) {
      const rows = await rowsIn(expectRead(await readContent('customers', content)));
      expect(rows.map((row) => row.name)).toEqual(names);
    }
  });

  it('flags private-use characters and keeps them', async () => {
    const outcome = expectRead(await readContent('customers', 'id,name\nC1,王\uE000\n'));
    expect(outcome.notes).toMatchObject([{ code: 'private-use', line: 2, column: 'name', text: '王\uE000' }]);
  });

  it('names unknown columns, dangerous names included, and what is absent', async () => {
    const outcome = expectRead(await readContent('products', '产品代码,产品名称,__proto__,类别,constructor\nD1,活期,1,活期,2\n'));
    expect(outcome.unknownColumns).toEqual(['__proto__', 'constructor']);
    expect(outcome.presentColumns).toEqual(['code', 'name', 'category']);
    expect(outcome.missingColumns).toEqual(['risk_rating', 'term_days']);
    expect(await rowsIn(outcome)).toEqual([{ line: '2', code: 'D1', name: '活期', category: 'demand-deposit' }]);
  });

  it('adds up several rows of one position instead of rejecting them', async () => {
    const outcome = expectRead(
      await readContent('positions', 'customer_id,outlet_id,product_code,balance\nC1,O1,D1,1\nC1,O1,D1,2\n'),
    );
    expect(outcome.totals).toEqual({ rows: 2, balanceFen: 300n });
  });

  it('takes an empty delta: a day without changes', async () => {
    const outcome = expectRead(
      await readContent('positions', '客户号,网点,产品代码,余额\n', { fileName: 'positions-2026-06-30.delta.csv' }),
    );
    expect(outcome).toMatchObject({ rows: 0, delta: true, totals: { rows: 0, balanceFen: 0n } });
  });

  it('lets bad rows through up to the tolerance and no further', async () => {
    const rows = Array.from({ length: 999 }, (_, i) => `C${i},O1,D1,1\n`).join('');
    const content = `客户号,网点,产品代码,余额\n${rows}C999,O1,D1,x\n`;
    const outcome = expectRead(await readContent('positions', content, { tolerateBp: 10 }));
    expect(outcome).toMatchObject({ rows: 999, rejected: 1, problems: [{ code: 'amount-text', line: 1001 }] });
    expect((await rowsIn(outcome)).at(-1)).toMatchObject({ line: '1000', customer_id: 'C998' });
    expectRefused(await readContent('positions', content, { tolerateBp: 9 }), [{ code: 'amount-text' }]);
  });

  it('holds a file against its control totals, by all its rows', async () => {
    const content = '客户号,网点,产品代码,余额\nC1,O1,D1,1.10\nC2,O1,D1,2.20\n';
    expectRead(await readContent('positions', content, { control: { rows: 2, balanceFen: 330n } }));
    const tolerated = await readContent('positions', `${content}C3,O1,D1,x\n`, {
      control: { rows: 3, balanceFen: 330n },
      tolerateBp: 5000,
    });
    expect(expectRead(tolerated).notes).toMatchObject([{ code: 'control-balance-unchecked' }]);
  });
});

describe('the workbook of bad rows', () => {
  it('comes back mended', async () => {
    const bad = 'id,name,opened_on,备注\nC1,王,2026-02-30,"=1+1"\nC2,李,,\nC 3,赵,2026-03-01,-5\n';
    const refused = await readContent('customers', bad);
    expectRefused(refused, [
      { code: 'date-impossible', line: 2 },
      { code: 'id-space', line: 4 },
    ]);
    const out = filePath('customers.xlsx');
    const { rejectsPath = '', headers = [] } = refused;
    await mendWorkbook({ rejectsPath, headers, sheet: 'customers', workDir: join(out, '..', 'w') }, out);
    const sheet = (await readXlsx(readFileSync(out))).sheets[0];
    expect(sheet?.rows.map((row) => row[3])).toEqual(['备注', "'=1+1", '-5']);
    const again = await readPath('customers', out, { fileName: 'customers.xlsx' });
    expectRefused(again, [
      { code: 'date-impossible', line: 2, text: '2026-02-30' },
      { code: 'id-space', line: 3, text: 'C 3' },
    ]);
    expect(again.headers).toEqual(['id', 'name', 'opened_on', '备注', '原行号', '原因', '办法']);
  });
});
