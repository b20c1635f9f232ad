import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileAnswer } from '../http/route.ts';
import { type Column, type Table, writeTable } from './index.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Writes a workbook whole into a folder of its own, which goes when the download ends. */
export async function workbook(
  fileName: string,
  columns: readonly Column[],
  batches: Table['batches'],
): Promise<{ file: FileAnswer; rows: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'guanhu-export-'));
  const path = join(folder, 'export.xlsx');
  const gone = () => rm(folder, { recursive: true, force: true });
  try {
    const rows = await writeTable(path, { name: '导出', columns, batches });
    const stream = createReadStream(path);
    stream.on('close', () => void gone());
    return { file: { fileName, contentType: XLSX, stream }, rows };
  } catch (error) {
    await gone();
    throw error;
  }
}
