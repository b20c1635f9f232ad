import { createReadStream, existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { refuse } from '../../../kernel/refusal.ts';
import { openSealed } from '../../../platform/sealed-file.ts';
import { dropWork, rejectsPath, workPath } from '../archive.ts';
import { mendWorkbook } from '../reading/index.ts';
import { needImport } from './accept.ts';
import type { Desk } from './desk.ts';

/** Writes the rejects of an import as a workbook to mend and send again. Returns how many rows there are. Refuses when there are none. */
export async function writeMendWorkbook(desk: Desk, importId: string, out: string): Promise<number> {
  const record = await needImport(desk, importId);
  if (record.rejected === 0) refuse('no-rejects', '这次导入没有错误行。', 'This import has no bad rows.');
  if (!existsSync(rejectsPath(desk.platform, importId)))
    refuse(
      'rejects-gone',
      '错误行已满保存期并清除：请重新报送原文件。',
      'The bad rows were removed after their time: send the file again.',
    );
  const workDir = workPath(desk.platform, `${importId}-mend`);
  await mkdir(workDir, { recursive: true, mode: 0o700 });
  try {
    const opened = join(workDir, 'rejects.parquet');
    await openSealed(desk.platform.secrets, rejectsPath(desk.platform, importId), opened);
    const source = { rejectsPath: opened, headers: record.headers, sheet: record.feed, workDir };
    await mendWorkbook(source, out);
  } finally {
    await dropWork(desk.platform, `${importId}-mend`);
  }
  return record.rejected;
}

/** The same as a download; its file is gone when it has been read. */
export async function mendDownload(desk: Desk, importId: string): Promise<{ fileName: string; stream: Readable }> {
  const scratch = `${importId}-download`;
  await mkdir(workPath(desk.platform, scratch), { recursive: true, mode: 0o700 });
  const path = join(workPath(desk.platform, scratch), 'mend.xlsx');
  const { fileName } = await needImport(desk, importId);
  await writeMendWorkbook(desk, importId, path);
  const stream = createReadStream(path);
  // An open file can be read to its end after its name is gone.
  stream.once('open', () => void dropWork(desk.platform, scratch));
  return { fileName: `${fileName.replace(/(\.(csv|tsv|txt|parquet|xlsx))?(\.gz)?$/i, '')}.xlsx`, stream };
}
