import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { FeedProblem, FeedShape } from '../contract.ts';
import { rowsOf, sqlName, sqlText } from '../duck.ts';
import type { CellRules } from './kinds.ts';
import { codeSql } from './kinds.ts';
import { LIMITS } from './limits.ts';
import { badSql, type Source, valuesSql } from './source.ts';
import { ROW_CODES, type RowCode, wordsOf } from './words.ts';

/** English and Chinese texts that a choice takes, each stored value once. */
function choicesText(choices: Readonly<Record<string, string>>): string {
  const byStored = new Map<string, string[]>();
  for (const [text, stored] of Object.entries(choices)) byStored.set(stored, [...(byStored.get(stored) ?? []), text]);
  return [...byStored.values()].map((texts) => texts.slice(0, 2).join('/')).join(', ');
}

/** The table `words`: reason and remedy of each code; of choices, for each column, with what it takes. */
async function makeWords(duck: DuckDBConnection, source: Source, rules: CellRules): Promise<void> {
  const values: string[] = [];
  const add = (code: RowCode, index: string, facts: Readonly<Record<string, string>>) => {
    const { reason, remedy } = wordsOf(code, facts);
    values.push(`(${[code, reason.zh, reason.en, remedy.zh, remedy.en].map(sqlText).join(', ')}, ${index})`);
  };
  for (const code of ROW_CODES) if (code !== 'choice-unknown') add(code, 'NULL', { max: rules.newest });
  for (const { index, column } of source.header.known) {
    if (column.choices) add('choice-unknown', String(index), { choices: choicesText(column.choices) });
  }
  await duck.run(
    'CREATE TEMP TABLE words (code VARCHAR, reason_zh VARCHAR, reason_en VARCHAR, remedy_zh VARCHAR, remedy_en VARCHAR, idx INTEGER)',
  );
  await duck.run(`INSERT INTO words VALUES ${values.join(', ')}`);
}

/** SELECT of a row's faults as a list of (index of the header, text, code). */
function faultsSql(source: Source, shape: FeedShape): string {
  const faults = source.header.known.map(({ index, column }, at) => {
    const blank = column.required ? `WHEN t${at} IS NULL THEN 'required-blank'` : `WHEN t${at} IS NULL THEN NULL`;
    return `{'idx': ${index}, 'txt': t${at}, 'code': CASE ${blank} WHEN v${at} IS NULL THEN ${codeSql(`t${at}`, column)} END}`;
  });
  const keys = source.header.known.flatMap((entry, at) => (shape.key.includes(entry.column.name) ? [{ ...entry, at }] : []));
  const keyText = keys.map(({ at }) => `t${at}`).join(` || ' · ' || `);
  faults.push(`{'idx': ${keys[0]?.index ?? 'NULL'}, 'txt': ${keyText}, 'code': CASE WHEN twin THEN 'duplicate-key' END}`);
  const built = `[{'idx': fault_index, 'txt': fault_text, 'code': fault}]`;
  return source.stored ? `CASE WHEN fault IS NOT NULL THEN ${built} ELSE [${faults.join(', ')}] END` : `[${faults.join(', ')}]`;
}

/**
 * Writes one row per problem: line, column, text, code, the words, and the raw cells. Only bad rows are looked at a second
 * time; `twins` is the table of lines that repeat an earlier key. At most `rowsMax` bad rows.
 */
export async function writeRejects(
  duck: DuckDBConnection,
  source: Source,
  shape: FeedShape,
  rules: CellRules,
  out: string,
  rowsMax: number,
): Promise<void> {
  await makeWords(duck, source, rules);
  const cells = source.header.headers.map((_, index) => `h${index}`).join(', ');
  const raw = source.stored ? `coalesce(raw, to_json([${cells}]))` : `to_json([${cells}])`;
  const numbered = source.stored ? source : { ...source, sql: `SELECT row_number() OVER () + 1 AS line, * FROM (${source.sql})` };
  const bad = `SELECT *, line IN (SELECT line FROM twins) AS twin FROM (${valuesSql(numbered, rules)}) WHERE ${badSql(source)} OR line IN (SELECT line FROM twins) LIMIT ${rowsMax}`;
  const names = source.header.headers.map((header, index) => `(${index}, ${sqlText(header)})`).join(', ');
  await duck.run(
    `COPY (
       SELECT line, name AS "column", left(coalesce(fault.txt, ''), ${LIMITS.textShown}) AS "text", fault.code AS code,
              reason_zh, reason_en, remedy_zh, remedy_en, raw
       FROM (SELECT line, CAST(${raw} AS VARCHAR) AS raw, unnest(${faultsSql(source, shape)}) AS fault FROM (${bad})) f
       LEFT JOIN (VALUES ${names}) AS n(idx, name) ON n.idx = fault.idx
       JOIN words w ON w.code = fault.code AND (w.idx IS NULL OR w.idx = fault.idx)
       ORDER BY line, fault.idx
     ) TO ${sqlText(out)} (FORMAT parquet)`,
  );
}

/** Makes the table `twins`: lines whose key stands on an earlier line already. Returns how many. */
export async function findTwins(duck: DuckDBConnection, shape: FeedShape, rowsSql: string): Promise<number> {
  await duck.run('CREATE TEMP TABLE twins (line BIGINT)');
  // Several rows of one position add up (FEEDS).
  if (shape.feed === 'positions') return 0;
  const keys = shape.key.map(sqlName).join(', ');
  const good = `SELECT line, ${keys} FROM (${rowsSql}) WHERE _bad IS NULL`;
  await duck.run(`CREATE TEMP TABLE shared AS SELECT ${keys} FROM (${good}) GROUP BY ALL HAVING count(*) > 1`);
  await duck.run(
    `INSERT INTO twins SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY ${keys} ORDER BY line) AS nth
       FROM (${good}) WHERE (${keys}) IN (SELECT (${keys}) FROM shared)) WHERE nth > 1`,
  );
  const [row] = await rowsOf(duck, 'SELECT count(*) AS n FROM twins');
  return Number(row?.n ?? 0);
}

const stored = z.object({
  line: z.coerce.number(),
  column: z.string().nullable(),
  text: z.string(),
  code: z.string(),
  reason_zh: z.string(),
  reason_en: z.string(),
  remedy_zh: z.string(),
  remedy_en: z.string(),
});

/** The first problems of a rejects file, in the order of the file. */
export async function firstProblems(duck: DuckDBConnection, rejectsPath: string, file: string): Promise<FeedProblem[]> {
  const rows = await rowsOf(
    duck,
    `SELECT * EXCLUDE (raw) FROM read_parquet(${sqlText(rejectsPath)}) LIMIT ${LIMITS.problemsShown}`,
  );
  return rows.map((row) => {
    const found = stored.parse(row);
    return {
      code: found.code,
      file,
      line: found.line,
      ...(found.column === null ? {} : { column: found.column }),
      text: found.text,
      reason: { zh: found.reason_zh, en: found.reason_en },
      remedy: { zh: found.remedy_zh, en: found.remedy_en },
    };
  });
}
