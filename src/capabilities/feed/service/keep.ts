import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Platform } from '../../../platform/context.ts';
import { point } from '../../../platform/crash.ts';
import { contentPath, holdsIdentity, rejectsPath, settle, settleSealed, workPath } from '../archive.ts';
import { sqlName, sqlText } from '../duck.ts';
import type { ReadFile } from '../reading/outcome.ts';
import type { EngineImport } from '../reads.ts';
import { storedName } from '../shapes.ts';
import type { FeedTaker } from '../taker.ts';
import { BAD_WORDS } from '../words.ts';
import { columnOfHeader } from './problems.ts';

/** Archives the good rows. They have their name before the import is accepted, so that accepting is one commit. */
export async function keepContent(
  platform: Platform,
  { importId, feed }: Pick<EngineImport, 'importId' | 'feed'>,
  duck: DuckDBConnection,
  read: ReadFile,
  without: boolean,
): Promise<void> {
  const draft = join(workPath(platform, importId), 'content');
  if (without)
    await duck.run(
      `COPY (SELECT * EXCLUDE (line) FROM content WHERE line NOT IN (SELECT line FROM bad_all)) TO ${sqlText(draft)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  else await copyFile(read.rowsPath, draft);
  point('feed.content.half');
  if (holdsIdentity(feed)) await settleSealed(platform, importId, draft, contentPath(platform, importId));
  else await settle(draft, contentPath(platform, importId));
}

/** Archives the rejects of a file that was refused while it was read. */
export async function keepRefused(platform: Platform, importId: string, found: string): Promise<void> {
  await settleSealed(platform, importId, found, rejectsPath(platform, importId));
}

/** Archives all rejects: those of reading and those that don't agree with what the bank has sent before. */
export async function keepRejects(
  platform: Platform,
  importId: string,
  taker: FeedTaker,
  duck: DuckDBConnection,
  read: ReadFile,
): Promise<void> {
  const draft = join(workPath(platform, importId), 'rejects');
  const words = Object.entries(BAD_WORDS).map(
    ([code, { reason, remedy }]) => `(${[code, reason.zh, reason.en, remedy.zh, remedy.en].map(sqlText).join(', ')})`,
  );
  const headers = Object.entries(namesOf(taker, read)).map(([name, header]) => `(${sqlText(name)}, ${sqlText(header)})`);
  const found = `SELECT b.line, coalesce(h.header, b.col) AS "column", b.txt AS "text", b.code, w.reason_zh, w.reason_en, w.remedy_zh, w.remedy_en,
      ${rawSql(taker, read)} AS raw
    FROM bad_all b LEFT JOIN content c ON c.line = b.line
    LEFT JOIN (VALUES ${headers.join(', ')}) h (name, header) ON h.name = b.col
    JOIN (VALUES ${words.join(', ')}) w (code, reason_zh, reason_en, remedy_zh, remedy_en) ON w.code = b.code`;
  const before =
    read.rejectsPath === undefined ? '' : `SELECT * FROM read_parquet(${sqlText(read.rejectsPath)}) UNION ALL BY NAME `;
  await duck.run(
    `COPY (SELECT * FROM (${before}${found}) ORDER BY line) TO ${sqlText(draft)} (FORMAT parquet, COMPRESSION zstd)`,
  );
  await settleSealed(platform, importId, draft, rejectsPath(platform, importId));
}

/** Column names to headers as sent. */
function namesOf(taker: FeedTaker, read: ReadFile): Record<string, string> {
  const pairs = read.headers.flatMap((header) => {
    const column = columnOfHeader(taker.shape, header);
    return column === undefined ? [] : [[storedName(column), header] as const];
  });
  return Object.fromEntries([['', ''], ...pairs]);
}

/** The row's cells under the headers as sent, from their typed values; columns that the feed does not know stay empty. */
function rawSql(taker: FeedTaker, read: ReadFile): string {
  const cells = read.headers.map((header) => {
    const column = columnOfHeader(taker.shape, header);
    if (column === undefined) return "''";
    const name = `c.${sqlName(storedName(column))}`;
    if (column.kind === 'amount') return `coalesce((${name}::DECIMAL(38, 2) / 100)::DECIMAL(38, 2)::VARCHAR, '')`;
    if (column.kind === 'share') return `coalesce((${name}::DECIMAL(18, 4) / 10000)::DECIMAL(18, 4)::VARCHAR, '')`;
    return `coalesce(${name}::VARCHAR, '')`;
  });
  return `to_json([${cells.join(', ')}])::VARCHAR`;
}
