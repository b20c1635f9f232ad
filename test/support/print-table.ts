// Writes a table for paper of as many rows as it is told, from rows that are made as they are asked for. Run on a small heap by printed.test.ts.
import { copyFile } from 'node:fs/promises';
import type { Table } from '../../src/platform/tables/index.ts';
import { markedWorkbook } from '../../src/platform/tables/marked.ts';

const [, , path = '', wanted = '0'] = process.argv;
const ROWS = Number(wanted);
const PAGE = 1_000;

async function* batches(): Table['batches'] {
  for (let from = 0; from < ROWS; from += PAGE)
    yield Array.from({ length: Math.min(PAGE, ROWS - from) }, (_, i) => [
      ...['2026-06-30', `C${from + i}`, `客户<${from + i}>&“”`, '=1+1', `${from + i}.01`, String(i % 7)],
    ]);
}

const file = await markedWorkbook(
  {
    name: '销售台账',
    columns: [
      { name: '日期', type: 'date' },
      ...(['客户号', '姓名', '备注'] as const).map((name) => ({ name, type: 'text' as const })),
      { name: '金额（元）', type: 'yuan', total: true },
      { name: '笔数', type: 'integer', total: true },
    ],
    print: { title: '产品销售台账', under: '单位：陆家嘴网点', paper: 'a3', signatures: ['制表', '复核', '负责人'] },
    batches: batches(),
  },
  { person: '王小明 S1', at: new Date('2026-07-01T04:00:00Z'), id: 'E1', line: '王小明 S1 & 2026-07-01' },
  1_000_000,
);
if (file === undefined) throw new Error('too many rows');
await copyFile(file.path, path);
await file.drop();
console.log(JSON.stringify({ rows: file.rows, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
