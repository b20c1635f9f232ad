import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Tx } from './transaction.ts';

export type CopyCell = string | number | bigint | boolean | Buffer | null;

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function cellText(cell: CopyCell): string {
  if (cell === null) return '\\N';
  if (typeof cell === 'string') return SPECIAL.test(cell) ? cell.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c] ?? c) : cell;
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  if (Buffer.isBuffer(cell)) return `\\\\x${cell.toString('hex')}`;
  return String(cell);
}

/** Text of batches of rows in PostgreSQL's COPY format; one string a batch keeps memory flat. */
async function* copyText(batches: AsyncIterable<readonly (readonly CopyCell[])[]>): AsyncGenerator<string> {
  for await (const rows of batches) {
    let text = '';
    for (const row of rows) text += `${row.map(cellText).join('\t')}\n`;
    if (text !== '') yield text;
  }
}

/** Loads rows by COPY, in the transaction; the table and its columns are names of ours, never of a file. */
export async function copyRows(
  tx: Tx,
  table: string,
  columns: readonly string[],
  batches: AsyncIterable<readonly (readonly CopyCell[])[]>,
): Promise<void> {
  const target = tx.client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`));
  await pipeline(Readable.from(copyText(batches)), target);
}
