import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeXlsxStream } from 'hucre/xlsx';
import { z } from 'zod';
import { rowsOf, sqlText, withDuck } from '../duck.ts';

const FORMULA_START = /^[=+\-@\t\r\0＝＋－＠]/;

const NUMBER = /^[+-]?\d[\d,]*(\.\d+)?$/;

/**
 * A text cell that no spreadsheet takes for a formula (SECURITY 40): an apostrophe in front, which reading takes off again.
 * Numbers stay as they are.
 */
export function escapeCell(text: string): string {
  return FORMULA_START.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

const rejectRow = z.object({ line: z.coerce.number(), raw: z.string(), reason: z.string(), remedy: z.string() });
const cells = z.array(z.string().nullable());

export interface MendSource {
  /** The rejects Parquet of a reading. */
  readonly rejectsPath: string;
  /** The file's headers as sent. */
  readonly headers: readonly string[];
  /** The sheet's name: the feed's. */
  readonly sheet: string;
  readonly workDir: string;
}

/** Headers that the workbook adds; when it comes back they are unknown columns and left out. */
export const MEND_HEADERS = ['原行号', '原因', '办法'] as const;
const ROWS_MAX = 200_000;

/**
 * Writes a workbook of just the rejected rows, each once, in the file's own columns plus the line, the reasons and what to
 * do. Mended, it can be sent as it is.
 */
export async function mendWorkbook(source: MendSource, out: string): Promise<void> {
  const rows = await withDuck(source.workDir, (duck) =>
    rowsOf(
      duck,
      `SELECT line, any_value(raw) AS raw,
         string_agg(coalesce("column" || '：', '') || reason_zh, ' ' ORDER BY code) AS reason,
         string_agg(DISTINCT remedy_zh, ' ') AS remedy
       FROM read_parquet(${sqlText(source.rejectsPath)}) GROUP BY line ORDER BY line LIMIT ${ROWS_MAX}`,
    ),
  );
  const body = rows.map((row) => {
    const { line, raw, reason, remedy } = rejectRow.parse(row);
    const sent = cells.parse(JSON.parse(raw)).map((cell) => escapeCell(cell ?? ''));
    const fitted = source.headers.map((_, index) => sent[index] ?? '');
    // Cells beyond the header stand at the end, to be put where they belong.
    return [...fitted, line, reason, remedy, ...sent.slice(source.headers.length)];
  });
  const table = [[...source.headers.map(escapeCell), ...MEND_HEADERS], ...body];
  const stream = writeXlsxStream(table, { name: source.sheet, freezePane: { rows: 1 } });
  await pipeline(Readable.fromWeb(stream), createWriteStream(out, { mode: 0o600 }));
}
