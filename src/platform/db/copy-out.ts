import { to as copyTo } from 'pg-copy-streams';
import type { Tx } from './transaction.ts';

const ESCAPED: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' };

function cell(text: string): string | null {
  if (text === '\\N') return null;
  return text.includes('\\') ? text.replace(/\\[\\tnr]/g, (mark) => ESCAPED[mark] ?? mark) : text;
}

/** Rows of a query by COPY, in batches: memory holds one batch, hundreds of thousands of rows pass in a second. Cells are text. */
export async function* copyOut(tx: Tx, query: string): AsyncGenerator<(string | null)[][]> {
  let rest = '';
  for await (const chunk of chunksOf(tx, query)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.map((line) => line.split('\t').map(cell));
  }
}

async function* chunksOf(tx: Tx, query: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const stream: AsyncIterable<Buffer> = tx.client.query(copyTo(`copy (${query}) to stdout`));
  for await (const chunk of stream) yield decoder.decode(chunk, { stream: true });
}
