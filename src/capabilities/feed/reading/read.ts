import { lstatSync, realpathSync, renameSync, rmSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { yuanText } from '../../../kernel/money.ts';
import type { FeedProblem } from '../contract.ts';
import { rowsOf, sqlText } from '../duck.ts';
import { SHAPES, storedName } from '../shapes.ts';
import { runWithProgress, withReader } from './engine.ts';
import { type CellRules, PRIVATE_USE } from './kinds.ts';
import { LIMITS } from './limits.ts';
import type { ReadOutcome } from './outcome.ts';
import { type OnProgress, type Prepared, prepare } from './prepare.ts';
import { FileRefused, refuseFile } from './refused-file.ts';
import { findTwins, firstProblems, writeRejects } from './rejects.ts';
import type { ReadRequest } from './request.ts';
import { type Source, typedSql } from './source.ts';
import { sizeText } from './unpack.ts';
import { type FileCode, problem } from './words.ts';

const PARQUET = '(FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1)';

/** Reads one file in this process. What the file is refused for comes back as the outcome; anything else throws. */
export async function readHere(request: ReadRequest, onProgress: OnProgress): Promise<ReadOutcome> {
  try {
    const before = regularFile(request);
    const prepared = await prepare({ ...request, path: realpathSync(request.path) }, before.size, onProgress);
    const outcome = await withReader(request.folder, prepared.input, request.memoryMb, (duck) =>
      readRows(duck, request, prepared, onProgress),
    );
    const after = lstatSync(request.path);
    if (after.size !== before.size || after.mtimeMs !== before.mtimeMs || after.ino !== before.ino)
      refuseFile('file-changed', request.fileName);
    return outcome;
  } catch (error) {
    if (error instanceof FileRefused) {
      const problems = error.problems.slice(0, LIMITS.problemsShown);
      return { outcome: 'refused', problems, ...(error.rows === undefined ? {} : { rows: error.rows }) };
    }
    if (error instanceof Error && error.message.startsWith('Out of Memory')) {
      return { outcome: 'refused', problems: [problem('reader-memory', request.fileName)] };
    }
    throw error;
  } finally {
    for (const name of ['input', 'unpacked', 'utf8', 'normalised', 'spill'])
      rmSync(join(request.folder, name), { force: true, recursive: true });
  }
}

function regularFile({ path, fileName }: ReadRequest): Stats {
  let stat: Stats;
  try {
    stat = lstatSync(path);
  } catch {
    refuseFile('file-unreadable', fileName);
  }
  if (!stat.isFile()) refuseFile('file-unreadable', fileName);
  if (stat.size > LIMITS.fileBytes) refuseFile('file-too-large', fileName, {}, { limit: sizeText(LIMITS.fileBytes) });
  return stat;
}

/** A reading that has become a Parquet of typed rows, with what it adds up to. */
interface Typed {
  readonly source: Source;
  readonly rules: CellRules;
  readonly path: string;
  readonly rows: number;
  readonly bad: number;
  readonly balanceFen?: bigint;
  /** Rows whose amount can't be read. */
  readonly amountless: number;
}

async function readRows(
  duck: DuckDBConnection,
  request: ReadRequest,
  prepared: Prepared,
  onProgress: OnProgress,
): Promise<ReadOutcome> {
  const typed = await readTyped(duck, request, prepared, onProgress);
  const { header } = typed.source;
  onProgress({ phase: 'checking', share: 0 });
  if (typed.rows === 0 && !request.delta) refuseCounted('file-no-rows', request, typed);
  const notes = checkControl(request, typed);
  const twins = await findTwins(duck, SHAPES[request.feed], numbered(typed, '*'));
  const rejected = typed.bad + twins;
  const tolerated = rejected * 10_000 <= request.tolerateBp * typed.rows;
  const rejectsPath = join(request.folder, 'rejects.parquet');
  let problems: FeedProblem[] = [];
  if (rejected > 0) {
    await writeRejects(
      duck,
      typed.source,
      SHAPES[request.feed],
      typed.rules,
      rejectsPath,
      tolerated ? rejected : LIMITS.rejectedRowsKept,
    );
    problems = await firstProblems(duck, rejectsPath, request.fileName);
  }
  const rejects = { rejected, headers: [...header.headers], ...(rejected > 0 ? { rejectsPath } : {}) };
  const { sha256, bytes } = prepared;
  if (!tolerated) return { outcome: 'refused', sha256, problems, rows: typed.rows, ...rejects };
  const rows =
    rejected === 0 ? { path: typed.path, sql: numbered(typed, '* EXCLUDE (_bad)') } : await goodRows(duck, request, typed);
  notes.push(...(await otherNotes(duck, request, prepared, typed.source, rows.sql)));
  return {
    outcome: 'read',
    sha256,
    bytes,
    ...(request.businessDate ? { businessDate: request.businessDate } : {}),
    revision: request.revision,
    delta: request.delta,
    rowsPath: rows.path,
    rowsSql: rows.sql,
    rows: typed.rows - rejected,
    ...rejects,
    problems,
    notes,
    unknownColumns: [...header.unknown],
    missingColumns: [...header.missing],
    presentColumns: header.known.map((entry) => entry.column.name),
    totals: await goodTotals(duck, rows.path, typed, rejected),
  };
}

/** SELECT over a typed Parquet with `line` in front, counted where it is not stored. */
function numbered(typed: Typed, columns: string): string {
  if (typed.source.stored) return `SELECT ${columns} FROM read_parquet(${sqlText(typed.path)})`;
  const counted = columns.replace('EXCLUDE (', 'EXCLUDE (file_row_number, ');
  const list = counted === '*' ? '* EXCLUDE (file_row_number)' : counted;
  return `SELECT file_row_number + 2 AS line, ${list} FROM read_parquet(${sqlText(typed.path)}, file_row_number = true)`;
}

async function readTyped(
  duck: DuckDBConnection,
  request: ReadRequest,
  prepared: Prepared,
  onProgress: OnProgress,
): Promise<Typed> {
  const direct = prepared.direct ? await readDirect(duck, request, prepared, prepared.direct, onProgress) : undefined;
  if (direct) return direct;
  if (!prepared.careful) refuseFile('parquet-broken', request.fileName);
  const source = await prepared.careful();
  return writeTyped(duck, request, source, onProgress);
}

/** The fast way. Undefined when the file turns out to need the careful one: a malformed row, or a quoted line break. */
async function readDirect(
  duck: DuckDBConnection,
  request: ReadRequest,
  prepared: Prepared,
  makeSource: NonNullable<Prepared['direct']>,
  onProgress: OnProgress,
): Promise<Typed | undefined> {
  const source = await makeSource(duck);
  try {
    const typed = await writeTyped(duck, request, source, onProgress);
    return prepared.directRows === undefined || prepared.directRows === typed.rows ? typed : undefined;
  } catch (error) {
    if (error instanceof Error && !error.message.startsWith('Out of Memory')) return undefined;
    throw error;
  }
}

async function writeTyped(duck: DuckDBConnection, request: ReadRequest, source: Source, onProgress: OnProgress): Promise<Typed> {
  const shape = SHAPES[request.feed];
  const rules: CellRules = { facts: source.facts, newest: request.businessDateMax };
  const path = join(request.folder, 'typed.parquet');
  const sql = `COPY (${typedSql(source, shape, rules)}) TO ${sqlText(path)} ${PARQUET}`;
  await runWithProgress(duck, sql, (share) => onProgress({ phase: 'reading', share }));
  const amount = shape.columns.find((column) => column.kind === 'amount');
  const sums = amount
    ? `, sum(CAST(${storedName(amount)} AS HUGEINT)) AS balance, count(*) FILTER (${storedName(amount)} IS NULL) AS amountless`
    : '';
  const [row] = await rowsOf(duck, `SELECT count(*) AS rows, count(_bad) AS bad${sums} FROM read_parquet(${sqlText(path)})`);
  const base = {
    source,
    rules,
    path,
    rows: Number(row?.rows ?? 0),
    bad: Number(row?.bad ?? 0),
    amountless: Number(row?.amountless ?? 0),
  };
  return amount ? { ...base, balanceFen: BigInt(String(row?.balance ?? '0')) } : base;
}

/** Refuses a file whose rows have been counted. */
function refuseCounted(code: FileCode, { fileName }: ReadRequest, { rows }: Typed, facts = {}): never {
  throw new FileRefused([problem(code, fileName, {}, facts)], rows);
}

/** Holds the file against its control totals, over all its rows. Returns what could not be checked. */
function checkControl(request: ReadRequest, typed: Typed): FeedProblem[] {
  const { control, fileName } = request;
  if (control?.rows !== undefined && control.rows !== typed.rows) {
    refuseCounted('control-rows', request, typed, { expected: control.rows, found: typed.rows });
  }
  if (control?.balanceFen === undefined || typed.balanceFen === undefined) return [];
  if (typed.amountless > 0) return [problem('control-balance-unchecked', fileName)];
  if (control.balanceFen !== typed.balanceFen) {
    const facts = { expected: yuanText(control.balanceFen), found: yuanText(typed.balanceFen) };
    refuseCounted('control-balance', request, typed, facts);
  }
  return [];
}

/** Writes the rows that remain when the bad ones are left out, with their lines. */
async function goodRows(duck: DuckDBConnection, request: ReadRequest, typed: Typed): Promise<{ path: string; sql: string }> {
  const path = join(request.folder, 'good.parquet');
  const good = `SELECT * EXCLUDE (_bad) FROM (${numbered(typed, '*')}) WHERE _bad IS NULL AND line NOT IN (SELECT line FROM twins)`;
  await duck.run(`COPY (${good}) TO ${sqlText(path)} ${PARQUET}`);
  renameSync(path, typed.path);
  return { path: typed.path, sql: `SELECT * FROM read_parquet(${sqlText(typed.path)})` };
}

async function goodTotals(
  duck: DuckDBConnection,
  path: string,
  typed: Typed,
  rejected: number,
): Promise<{ rows: number; balanceFen?: bigint }> {
  const rows = typed.rows - rejected;
  if (typed.balanceFen === undefined) return { rows };
  if (rejected === 0) return { rows, balanceFen: typed.balanceFen };
  const [row] = await rowsOf(duck, `SELECT sum(CAST(balance_fen AS HUGEINT)) AS balance FROM read_parquet(${sqlText(path)})`);
  return { rows, balanceFen: BigInt(String(row?.balance ?? '0')) };
}

/** What a person should know: formulas' values, private-use characters. */
async function otherNotes(
  duck: DuckDBConnection,
  request: ReadRequest,
  prepared: Prepared,
  source: Source,
  rowsSql: string,
): Promise<FeedProblem[]> {
  const notes = prepared.formulas.map((place) => problem('formula-value', request.fileName, place));
  if (!source.facts.oddities) return notes;
  for (const { column, header } of source.header.known.filter((entry) => entry.column.kind === 'text')) {
    const found = await rowsOf(
      duck,
      `SELECT line, left(${column.name}, ${LIMITS.textShown}) AS text FROM (${rowsSql}) WHERE regexp_matches(${column.name}, ${sqlText(PRIVATE_USE)}) LIMIT 20`,
    );
    notes.push(
      ...found.map((row) =>
        problem('private-use', request.fileName, { line: Number(row.line), column: header, text: String(row.text) }),
      ),
    );
  }
  return notes;
}
