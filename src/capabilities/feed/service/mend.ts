import { mkdir } from 'node:fs/promises';
import { refuse } from '../../../kernel/refusal.ts';
import { dropWork, rejectsPath, workPath } from '../archive.ts';
import { mendWorkbook } from '../reading/index.ts';
import { needImport } from './accept.ts';
import type { Desk } from './desk.ts';

/** Writes the rejects of an import as a workbook to mend and send again. Returns how many rows there are. Refuses when there are none. */
export async function writeMendWorkbook(desk: Desk, importId: string, out: string): Promise<number> {
  const record = await needImport(desk, importId);
  if (record.rejected === 0) refuse('no-rejects', '这次导入没有错误行。', 'This import has no bad rows.');
  const workDir = workPath(desk.platform, `${importId}-mend`);
  await mkdir(workDir, { recursive: true, mode: 0o700 });
  try {
    const source = { rejectsPath: rejectsPath(desk.platform, importId), headers: record.headers, sheet: record.feed, workDir };
    await mendWorkbook(source, out);
  } finally {
    await dropWork(desk.platform, `${importId}-mend`);
  }
  return record.rejected;
}
