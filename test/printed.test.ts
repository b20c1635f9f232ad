import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { projectFile } from '../src/platform/files.ts';
import { bytesOfZip } from './support/bytes-of-zip.ts';
import { temporaryFolder } from './support/folder.ts';

const folder = temporaryFolder('printed');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(rows: number, heapMb: number): { readonly path: string; readonly peakMb: number } {
  const path = join(folder, `${rows}.xlsx`);
  const program = projectFile('test/support/print-table.ts');
  const args = [`--max-old-space-size=${heapMb}`, '--import', 'tsx', program, path, String(rows)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: projectFile('.') });
  expect([status, status === 0 ? '' : stderr]).toEqual([0, '']);
  const told = z.object({ rows: z.number(), peakMb: z.number() }).parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  expect(told.rows).toBe(rows);
  return { path, peakMb: told.peakMb };
}

it('hangs on a wall: title, headings on every page, totals to the fen, places to sign, and who fetched it', async () => {
  const { path } = write(2_345, 512);
  const bytes = readFileSync(path);
  const { sheets } = await readXlsx(bytes);
  const rows = sheets[0]?.rows ?? [];
  expect(rows[0]?.[0]).toBe('产品销售台账');
  expect(rows[1]?.[0]).toBe('单位：陆家嘴网点');
  expect(rows[2]).toEqual(['日期', '客户号', '姓名', '备注', '金额（元）', '笔数']);
  expect(rows[3]).toEqual(['2026-06-30', 'C0', '客户<0>&“”', "'=1+1", 0.01, 0]);
  expect(rows[2347]?.slice(1, 5)).toEqual(['C2344', '客户<2344>&“”', "'=1+1", 2344.01]);
  // 0.01 + 1.01 + … + 2344.01
  expect([rows[2348]?.[0], rows[2348]?.[4]]).toEqual(['合计', 2_748_363.45]);
  expect(rows.length).toBe(2349);
  const text = bytesOfZip(bytes);
  for (const part of [
    '<pageSetup paperSize="8" orientation="landscape"',
    '$1:$3</definedName>',
    '制表：',
    '复核：',
    '负责人：',
    '王小明 S1 &amp;&amp; 2026-07-01',
    '<mergeCell ref="A1:F1"/>',
  ])
    expect(text).toContain(part);
}, 60_000);

it('takes a hundred thousand rows in the memory that ten thousand take', () => {
  const few = write(10_000, 40).peakMb;
  // A row is some 300 bytes of text: held all at once they would be 30 MB more.
  expect(write(100_000, 40).peakMb - few).toBeLessThan(25);
}, 120_000);
