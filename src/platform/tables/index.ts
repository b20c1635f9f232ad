import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { writeXlsxStream } from 'hucre/xlsx';
import { refuse } from '../../kernel/refusal.ts';
import { openDuck, sqlText } from '../duck.ts';
import { csvCell, escapeCell } from './escape.ts';

export interface Column {
  readonly name: string;
  /** `yuan` is an amount as text with two decimals: a number in a sheet. */
  readonly type: 'text' | 'integer' | 'date' | 'yuan';
  /** On paper: its width in characters, and whether its sum stands below. */
  readonly width?: number;
  readonly total?: true;
}

/** How a table hangs on a wall: what it is called, of whom and when, on what paper, and who signs it. */
export interface Print {
  readonly title: string;
  readonly under: string;
  readonly paper: 'a4' | 'a3';
  readonly signatures: readonly string[];
}

/** Who fetched a file, when, under which number: on every printed page and in the file's properties. */
export interface Mark {
  readonly person: string;
  readonly at: Date;
  readonly id: string;
  /** The line as people read it. */
  readonly line: string;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly print?: Print;
  /** Cells as text; null = empty. */
  readonly batches: AsyncIterable<readonly (readonly (string | null)[])[]>;
}

/** Most rows that a sheet can hold, less the header. */
const SHEET_ROWS = 1_048_575;

/**
 * Writes a table as .csv, .xlsx or .parquet by the file's name, with flat memory: to a name beside it first, then renamed, so that
 * a file that is there is whole. Returns the number of rows. Refuses other endings, and more rows than a sheet holds.
 */
export async function writeTable(path: string, table: Table): Promise<number> {
  const file = resolve(path);
  const kind = extname(file).toLowerCase();
  if (kind !== '.csv' && kind !== '.xlsx' && kind !== '.parquet') {
    refuse(
      'export-ending',
      `文件名须以 .csv、.xlsx 或 .parquet 结尾：${path}`,
      `The file must end in .csv, .xlsx or .parquet: ${path}`,
    );
  }
  const folder = await mkdtemp(join(dirname(file), '.guanhu-export-')).catch(() =>
    refuse('export-folder', `无法写入文件夹 ${dirname(file)}。`, `Cannot write into the folder ${dirname(file)}.`),
  );
  try {
    const draft = join(folder, basename(file));
    const rows =
      kind === '.csv'
        ? await writeCsv(draft, table)
        : kind === '.xlsx'
          ? await writeXlsx(draft, table)
          : await writeParquet(folder, draft, table);
    await rename(draft, file);
    return rows;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeCsv(path: string, table: Table): Promise<number> {
  let rows = 0;
  async function* text(): AsyncGenerator<string> {
    yield `${table.columns.map((column) => column.name).join(',')}\n`;
    for await (const batch of table.batches) {
      rows += batch.length;
      yield batch.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
    }
  }
  await pipeline(Readable.from(text()), createWriteStream(path, { mode: 0o600 }));
  return rows;
}

async function writeXlsx(path: string, table: Table): Promise<number> {
  let rows = 0;
  async function* cells(): AsyncGenerator<(string | number)[]> {
    yield table.columns.map((column) => column.name);
    for await (const batch of table.batches) {
      rows += batch.length;
      if (rows > SHEET_ROWS) refuseLong();
      for (const row of batch) yield row.map((cell, i) => sheetCell(cell, table.columns[i]?.type));
    }
  }
  const stream = writeXlsxStream(cells(), { name: table.name, freezePane: { rows: 1 } });
  await pipeline(Readable.fromWeb(stream), createWriteStream(path, { mode: 0o600 }));
  return rows;
}

function refuseLong(): never {
  return refuse(
    'export-too-long',
    `超过一个 Excel 工作表的行数上限（${SHEET_ROWS}）：请改用 .csv 或 .parquet。`,
    `More rows than a sheet holds (${SHEET_ROWS}): use .csv or .parquet.`,
  );
}

/** Whole numbers stay numbers while a spreadsheet can hold them exactly. */
export function sheetCell(cell: string | null, type: Column['type'] | undefined): string | number {
  if (cell === null) return '';
  if (type === 'integer' && Number.isSafeInteger(Number(cell))) return Number(cell);
  if (type === 'yuan') return Number(cell);
  return escapeCell(cell);
}

const DUCK_TYPES = { text: 'VARCHAR', integer: 'BIGINT', date: 'DATE', yuan: 'DECIMAL(18, 2)' } as const;

async function writeParquet(folder: string, path: string, table: Table): Promise<number> {
  const plain = join(folder, 'rows.csv');
  let rows = 0;
  async function* text(): AsyncGenerator<string> {
    for await (const batch of table.batches) {
      rows += batch.length;
      yield batch.map((row) => `${row.map(plainCell).join(',')}\n`).join('');
    }
  }
  await pipeline(Readable.from(text()), createWriteStream(plain, { mode: 0o600 }));
  const duck = await openDuck({ memoryLimit: '512MB', scratch: join(folder, 'scratch'), folders: [folder] });
  try {
    const columns = table.columns.map((column) => `${sqlText(column.name)}: ${sqlText(DUCK_TYPES[column.type])}`).join(', ');
    const source = `read_csv(${sqlText(plain)}, columns = {${columns}}, header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '')`;
    await duck.run(`copy (select * from ${source}) to ${sqlText(path)} (format parquet)`);
  } finally {
    duck.close();
  }
  return rows;
}

/** Parquet is no spreadsheet: texts stay as they are. */
function plainCell(text: string | null): string {
  if (text === null) return '';
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
