import { copyFileSync, constants as fsConstants, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { SHAPES } from '../shapes.ts';
import { isEvenCrLf, NOTHING_KNOWN, type Scan, scanBytes } from './bytes.ts';
import { normaliseCsv } from './careful-csv.ts';
import { confirmGb18030, toUtf8 } from './encoding.ts';
import { type Header, mapHeader, readCsvHeader, type Separator } from './header.ts';
import type { ReadProgress } from './outcome.ts';
import { readParquetHeader } from './parquet.ts';
import { refuseFile } from './refused-file.ts';
import type { ReadRequest } from './request.ts';
import { firstBytes, sniff } from './sniff.ts';
import { directCsv, normalisedCsv, parquetSource, type Source } from './source.ts';
import { unpackGzip } from './unpack.ts';
import { normaliseWorkbook } from './workbook.ts';

export type OnProgress = (progress: ReadProgress) => void;

/** The file's digest and the ways in which its rows can be read, the fastest first. */
export interface Prepared {
  readonly sha256: string;
  readonly bytes: number;
  /** The path that DuckDB must be allowed to read. */
  readonly input: string;
  /** The source by SQL alone; undefined when it needs the careful one. */
  readonly direct?: (duck: DuckDBConnection) => Promise<Source>;
  /** Rows that `direct` must yield: a line each. Another number means quoted line breaks, or rows that DuckDB has dropped. */
  readonly directRows?: number;
  /** The source by way of a normalised copy, with physical lines and malformed rows; undefined for Parquet. */
  readonly careful?: () => Promise<Source>;
  /** Cells whose value is a formula's. */
  readonly formulas: readonly { line: number; column: string; text: string }[];
}

/** DuckDB takes `*`, `?` and `[` in a path for a pattern: such files are read from a copy under our own name. */
function plainPath(request: ReadRequest): string {
  if (!/[*?[\]{}]/.test(request.path)) return request.path;
  const copy = join(request.folder, 'input');
  copyFileSync(request.path, copy, fsConstants.COPYFILE_FICLONE);
  return copy;
}

/** Looks at the file's bytes, unpacks and decodes it as needed, and says how its rows can be read. */
export async function prepare(request: ReadRequest, size: number, onProgress: OnProgress): Promise<Prepared> {
  const { fileName: file } = request;
  const path = plainPath(request);
  const share = (phase: ReadProgress['phase'], of: number) => (done: number) =>
    onProgress({ phase, share: Math.min(1, done / Math.max(1, of)) });
  const type = sniff(path, file);
  if (type === 'gzip') {
    const text = join(request.folder, 'unpacked');
    const packed = await unpackGzip(path, text, file, share('unpacking', size));
    if (firstBytes(text, 1).length === 0) refuseFile('file-empty', file);
    const inside = sniff(text, file);
    if (inside !== 'text') refuseFile('archive-nested', file);
    return {
      ...prepareText(
        request,
        text,
        scanBytes(text, () => {}),
      ),
      ...packed,
    };
  }
  const scan = scanBytes(path, share('scanning', size));
  if (type === 'text') return prepareText(request, path, scan);
  const { sha256, bytes } = scan;
  if (type === 'zip') return prepareWorkbook(request, path, scan);
  const shape = SHAPES[request.feed];
  const direct = async (duck: DuckDBConnection) => parquetSource(path, await readParquetHeader(duck, path, shape, file));
  return { sha256, bytes, input: path, direct, formulas: [] };
}

/** Reads a workbook's sheet into the normalised form at once: there is no second way. */
async function prepareWorkbook(request: ReadRequest, path: string, scan: Scan): Promise<Prepared> {
  const out = join(request.folder, 'normalised');
  const sheet = await normaliseWorkbook(path, out, SHAPES[request.feed], request.fileName);
  const careful = async () => normalisedCsv(out, sheet.header, NOTHING_KNOWN);
  return { sha256: scan.sha256, bytes: scan.bytes, input: out, careful, formulas: sheet.formulas };
}

function prepareText(request: ReadRequest, path: string, raw: Scan): Prepared {
  const { fileName: file } = request;
  let [text, scan] = [path, raw];
  if (!raw.utf8) {
    confirmGb18030(path, file);
    text = join(request.folder, 'utf8');
    toUtf8(path, text, file);
    scan = scanBytes(text, () => {});
  }
  const { separator, record } = readCsvHeader(text, SHAPES[request.feed], file);
  const header = mapHeader(SHAPES[request.feed], record.cells, file);
  const careful = async () => {
    const out = join(request.folder, 'normalised');
    rmSync(out, { force: true });
    normaliseCsv(text, out, separator, header.headers.length, file);
    return normalisedCsv(out, header, scan.facts);
  };
  const base = { sha256: raw.sha256, bytes: raw.bytes, input: text, careful, formulas: [] };
  return { ...base, ...directText(text, separator, header, scan, record.breaks) };
}

/** The direct reading of a text whose lines and rows agree. */
function directText(text: string, separator: Separator, header: Header, scan: Scan, headerBreaks: number): Partial<Prepared> {
  if (headerBreaks !== 1 || (scan.uneven && !isEvenCrLf(text))) return {};
  const facts = separator === '\t' ? { ...scan.facts, tabs: scan.facts.quotes } : scan.facts;
  const direct = async () => directCsv(text, separator, header, facts, scan.uneven);
  return { direct, directRows: scan.lines - 1 };
}
