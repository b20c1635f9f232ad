import type { FeedColumn, FeedProblem, FeedShape } from '../contract.ts';
import { type CsvRecord, readRecord } from './csv.ts';
import { LIMITS } from './limits.ts';
import { FileRefused, refuseFile } from './refused-file.ts';
import { firstBytes } from './sniff.ts';
import { problem } from './words.ts';

/** How the file's columns answer to the shape's. */
export interface Header {
  /** Every header as it stands in the file, in order. */
  readonly headers: readonly string[];
  /** The columns that the shape knows, with their position in the file. */
  readonly known: readonly KnownColumn[];
  readonly unknown: readonly string[];
  /** Optional columns of the shape that the file lacks. */
  readonly missing: readonly string[];
}

export interface KnownColumn {
  readonly index: number;
  readonly header: string;
  readonly column: FeedColumn;
}

const SEPARATORS = [',', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** A header for comparing: no byte order mark, no spaces around, no trailing `*`, small letters. */
function plain(header: string): string {
  return header
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/\s*[*＊]$/, '')
    .toLowerCase();
}

function columnFor(shape: FeedShape, header: string): FeedColumn | undefined {
  const text = plain(header);
  return shape.columns.find((column) => column.name === text || column.zh.includes(text));
}

/** Maps the file's headers to the shape's columns. Refuses blank, repeated and missing ones, naming all of them. */
export function mapHeader(shape: FeedShape, headers: readonly string[], file: string): Header {
  if (headers.length > LIMITS.columns)
    refuseFile('header-too-many', file, { line: 1 }, { count: headers.length, limit: LIMITS.columns });
  refuseSecrets(headers, file);
  const known = headers.flatMap((header, index) => {
    const column = columnFor(shape, header);
    return column ? [{ index, header, column }] : [];
  });
  const required = shape.columns.filter((column) => column.required);
  if (known.length === 0) {
    const example = required.map((column) => column.zh[0] ?? column.name).join(', ');
    refuseFile('header-missing', file, { line: 1, text: headers.join(',').slice(0, LIMITS.textShown) }, { example });
  }
  const problems = [...repeated(headers, known, file), ...lacking(required, known, file)];
  if (problems.length > 0) throw new FileRefused(problems);
  const present = new Set(known.map((entry) => entry.column.name));
  return {
    headers,
    known,
    unknown: headers.filter((_, index) => !known.some((entry) => entry.index === index)),
    missing: shape.columns.filter((column) => !present.has(column.name)).map((column) => column.name),
  };
}

/** What proves who a customer is (C3 of JR/T 0171) is never taken, whatever feed it hides in. */
const SECRETS =
  /密码|口令|pin码|磁道|磁条|验证码|安全码|卡片?有效期|指纹|人脸|面部|虹膜|声纹|掌纹|生物(特征|识别)|密钥|^(cvn|cvv|cvc)2?$|^pin$|password|passwd|track_?(data|1|2|3)|fingerprint|face_?(image|template|feature)|iris|voice_?print|biometric/;

function refuseSecrets(headers: readonly string[], file: string): void {
  const found = headers.filter((header) => SECRETS.test(plain(header).normalize('NFKC').replaceAll(/\s/g, '')));
  if (found.length === 0) return;
  throw new FileRefused(found.map((header) => problem('header-secret', file, { line: 1, column: header }, { header })));
}

function repeated(headers: readonly string[], known: readonly KnownColumn[], file: string): FeedProblem[] {
  const problems: FeedProblem[] = [];
  const seen = new Map<string, number>();
  for (const [index, header] of headers.entries()) {
    const text = plain(header);
    const place = { line: 1, column: header };
    if (text === '') {
      problems.push(problem('header-blank', file, { line: 1 }, { first: index + 1 }));
      continue;
    }
    const first = seen.get(text);
    if (first !== undefined) problems.push(problem('header-duplicate', file, place, { first: first + 1, second: index + 1 }));
    seen.set(text, first ?? index);
  }
  for (const [at, entry] of known.entries()) {
    const other = known.slice(0, at).find((earlier) => earlier.column === entry.column);
    if (!other || plain(other.header) === plain(entry.header)) continue;
    const facts = { first: other.index + 1, a: other.header, second: entry.index + 1, b: entry.header };
    problems.push(problem('header-both-languages', file, { line: 1, column: entry.header }, facts));
  }
  return problems;
}

function lacking(required: readonly FeedColumn[], known: readonly KnownColumn[], file: string): FeedProblem[] {
  return required
    .filter((column) => !known.some((entry) => entry.column === column))
    .map((column) =>
      problem('header-column-missing', file, { line: 1, column: column.name }, { zh: column.zh[0] ?? '', name: column.name }),
    );
}

/** The header record of a CSV in UTF-8 and the separator under which the shape knows the most columns. */
export function readCsvHeader(path: string, shape: FeedShape, file: string): { separator: Separator; record: CsvRecord } {
  const head = firstBytes(path, LIMITS.headerBytes);
  const text = new TextDecoder('utf-8').decode(head, { stream: true });
  const whole = head.length < LIMITS.headerBytes;
  const readings = SEPARATORS.flatMap((separator) => {
    const record = readRecord(text, 0, separator, whole);
    return record && !record.broken
      ? [{ separator, record, score: record.cells.filter((cell) => columnFor(shape, cell)).length }]
      : [];
  });
  const best = readings.sort((a, b) => b.score - a.score || b.record.cells.length - a.record.cells.length)[0];
  if (!best) refuseFile('header-too-long', file, { line: 1 }, { limit: '256 KB' });
  if (best.record.cells.length === 1) {
    const found = /[;；，、]/.exec(text.slice(0, 2000))?.[0] ?? '';
    if (best.score > 0 || found !== '')
      refuseFile('separator-unknown', file, { line: 1, text: text.slice(0, LIMITS.textShown) }, { found });
  }
  return best;
}
