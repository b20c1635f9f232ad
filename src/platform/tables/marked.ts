import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { strToU8, Zip, ZipDeflate } from 'fflate';
import { parseYuan, yuanText } from '../../kernel/money.ts';
import { type Column, type Mark, sheetCell, type Table } from './index.ts';
import { SHEET, type Shell, shellOf } from './shell.ts';

/** A workbook on disk, for as long as nobody drops it. */
export interface Marked {
  readonly path: string;
  readonly rows: number;
  /** SHA-256 of the file. */
  readonly digest: string;
  readonly drop: () => Promise<void>;
}

/** A workbook with a watermark, laid out for paper, written with flat memory; gives up, undefined, when there are more than `most` rows. */
export async function markedWorkbook(table: Table, mark: Mark, most: number): Promise<Marked | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'guanhu-export-'));
  const drop = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'export.xlsx');
    const shell = await shellOf(table, mark);
    const count = { rows: 0 };
    const hash = createHash('sha256');
    async function* hashed(): AsyncGenerator<Uint8Array> {
      for await (const chunk of zipped(shell, sheetText(shell, table, count, most), mark.at)) {
        hash.update(chunk);
        yield chunk;
      }
    }
    await pipeline(Readable.from(hashed()), createWriteStream(path, { mode: 0o600 }));
    if (count.rows <= most) return { path, rows: count.rows, digest: hash.digest('hex'), drop };
    await drop();
    return undefined;
  } catch (error) {
    await drop();
    throw error;
  }
}

/** The parts of the package, one after the other, as the sheet comes. */
async function* zipped({ parts }: Shell, sheet: AsyncIterable<string>, at: Date): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = [];
  const zip = new Zip((fault, chunk) => {
    if (fault !== null) throw fault;
    made.push(chunk);
  });
  const open = (name: string) => {
    const part = new ZipDeflate(name);
    part.mtime = at;
    zip.add(part);
    return part;
  };
  for (const [name, bytes] of Object.entries(parts)) open(name).push(bytes, true);
  const part = open(SHEET);
  for await (const text of sheet) {
    part.push(strToU8(text));
    yield* made.splice(0);
  }
  part.push(new Uint8Array(), true);
  zip.end();
  yield* made.splice(0);
}

/** The sheet: rows as they are read, then what they add up to. Stops when there are more than `most`. */
async function* sheetText(shell: Shell, table: Table, count: { rows: number }, most: number): AsyncGenerator<string> {
  const { columns, print } = table;
  const sums = columns.map(() => 0n);
  yield shell.before;
  for await (const batch of table.batches) {
    const from = shell.first + count.rows;
    count.rows += batch.length;
    if (count.rows > most) return;
    for (const row of batch)
      columns.forEach(({ total, type }, i) => {
        if (total) sums[i] = (sums[i] ?? 0n) + amountOf(row[i] ?? null, type);
      });
    yield batch
      .map((row, n) =>
        rowText(
          from + n,
          columns.map(({ type }, i) => sheetCell(row[i] ?? null, type)),
          shell.body,
        ),
      )
      .join('');
  }
  if (print !== undefined && columns.some(({ total }) => total)) {
    const cells = columns.map(({ type, total }, i) => {
      if (i === 0) return '合计';
      const sum = sums[i] ?? 0n;
      return total ? sheetCell(type === 'yuan' ? yuanText(sum) : String(sum), type) : '';
    });
    yield rowText(shell.first + count.rows, cells, shell.totals);
  }
  yield shell.after;
}

/** What a cell adds to a sum: fen of an amount, or a whole number. */
function amountOf(cell: string | null, type: Column['type']): bigint {
  if (cell === null || cell === '') return 0n;
  return type === 'yuan' ? BigInt(parseYuan(cell) ?? 0) : BigInt(cell);
}

function rowText(number: number, cells: readonly (string | number)[], styles: readonly string[]): string {
  const made = cells.map((cell, i) => {
    const at = `r="${columnName(i)}${number}" s="${styles[i] ?? '0'}"`;
    if (typeof cell === 'number') return `<c ${at}><v>${cell}</v></c>`;
    return cell === '' ? `<c ${at}/>` : `<c ${at} t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`;
  });
  return `<row r="${number}">${made.join('')}</row>`;
}

function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${columnName(Math.floor(index / 26) - 1)}${letter}`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML can't hold them.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function xmlText(text: string): string {
  return text.replace(NOT_XML, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
