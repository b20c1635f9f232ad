import { expect, test } from 'vitest';
import { cellsOf, rowsOfSheet, templateBytes } from './batch-sheet.ts';

const HEADER = ['客户号', '席位', '调给', '原因', '说明', '生效日'];

test('reads rows in both languages, with their lines in the sheet', () => {
  const { rows, problems } = rowsOfSheet([
    HEADER,
    ['C1', '主管户', 'W1', '均衡户数', '户数相差大', new Date('2026-02-01T00:00:00Z')],
    ['', '', '', '', '', ''],
    [10086, 'joint', '解除管户', 'other', '客户不再需要', null],
    ['C3', '', 'release', 'Correction', 'wrong', '2026-03-01'],
  ]);
  expect(problems).toEqual([]);
  expect(rows).toEqual([
    { line: 2, customerId: 'C1', seat: 'lead', toStaff: 'W1', reason: 'balance', words: '户数相差大', on: '2026-02-01' },
    { line: 4, customerId: '10086', seat: 'joint', toStaff: null, reason: 'other', words: '客户不再需要' },
    { line: 5, customerId: 'C3', seat: 'lead', toStaff: null, reason: 'correction', words: 'wrong', on: '2026-03-01' },
  ]);
});

test('tells every fault by line and column, and an empty taker is no release', () => {
  const { rows, problems } = rowsOfSheet([HEADER, ['', '第三席', '', '随便', '', '下周'], ['C2', '', '员工 1', '其他', 'x', '']]);
  expect(rows).toEqual([]);
  expect(problems.map(({ line, column }) => `${line} ${column}`)).toEqual([
    ...['2 客户号', '2 席位', '2 调给', '2 原因', '2 说明', '2 生效日'],
    '3 调给',
  ]);
});

test('says which columns are missing, that there are no rows, and that there are too many', () => {
  expect(rowsOfSheet([['客户号', '原因']]).problems.map(({ column }) => column)).toEqual(['调给', '说明']);
  expect(rowsOfSheet([HEADER]).problems).toMatchObject([{ line: 2 }]);
  const many = Array.from({ length: 501 }, (_, i) => [`C${i}`, '', 'W1', '其他', 'x', '']);
  expect(rowsOfSheet([HEADER, ...many]).problems).toMatchObject([{ line: 502, words: { en: expect.stringContaining('500') } }]);
});

test('reads its own template, and text files in UTF-8 and GB 18030', async () => {
  const template = await cellsOf(new File([new Uint8Array(await templateBytes())], '模板.xlsx'));
  expect(rowsOfSheet(template)).toMatchObject({
    problems: [],
    rows: [{ customerId: '10000001', toStaff: 'W0001', reason: 'balance' }],
  });
  const utf8 = await cellsOf(new File(['\uFEFF客户号,调给,原因,说明\nC1,W1,其他,x\n'], 'a.csv'));
  expect(rowsOfSheet(utf8)).toMatchObject({ problems: [], rows: [{ line: 2, customerId: 'C1' }] });
  // 客户号,调给,原因,说明 and a row with 其他, as Excel saves them in China.
  const gb = Uint8Array.from(
    'bfcdbba7bac52cb5f7b8f82cd4add2f22ccbb5c3f70a43312c57312cc6e4cbfb2c780a'.match(/../g) ?? [],
    (byte) => Number.parseInt(byte, 16),
  );
  expect(rowsOfSheet(await cellsOf(new File([gb], 'b.csv')))).toMatchObject({ problems: [], rows: [{ reason: 'other' }] });
});
