import type { FeedShape } from '../contract.ts';
import { sqlName, sqlText } from '../duck.ts';
import { storedName } from '../shapes.ts';
import { NOTHING_KNOWN, type TextFacts } from './bytes.ts';
import type { Header } from './header.ts';
import { type CellRules, STORED_TYPE, valueSql } from './kinds.ts';

/** A file ready for SQL: its rows as a relation whose cells are `h0`, `h1`, … in the file's order, all text. */
export interface Source {
  readonly header: Header;
  /** SELECT of the cells; with `line`, `fault`, `fault_index`, `fault_text`, `raw` in front when `stored`. */
  readonly sql: string;
  /** Whether lines and faults are columns. Otherwise row n stands on line n + 1 and no row is malformed. */
  readonly stored: boolean;
  readonly facts: TextFacts;
}

function cellColumns(header: Header): string {
  return header.headers.map((_, index) => `'h${index}': 'VARCHAR'`).join(', ');
}

// Named, or the first quoted line break decides. With CR LF DuckDB 1.5 skips every row when it is named: left to it then.
const LF = `new_line = '\\n', `;

/** Rows of an even CSV, read by DuckDB itself: strict, so that one malformed row is an error, not a guess. */
export function directCsv(path: string, separator: string, header: Header, facts: TextFacts, carriage: boolean): Source {
  const quote = facts.quotes ? `quote = '"', escape = '"'` : `quote = '', escape = ''`;
  const options = `header = false, skip = 1, auto_detect = false, strict_mode = true, delim = ${sqlText(separator)}, ${quote}, ${carriage ? '' : LF}max_line_size = 65536`;
  const sql = `SELECT * FROM read_csv(${sqlText(path)}, columns = {${cellColumns(header)}}, ${options})`;
  return { header, sql, stored: false, facts };
}

const NORMALISED = `'line': 'BIGINT', 'fault': 'VARCHAR', 'fault_index': 'INTEGER', 'fault_text': 'VARCHAR', 'raw': 'VARCHAR'`;

/** Rows that were written by `openNormalised`. */
export function normalisedCsv(path: string, header: Header, facts: TextFacts): Source {
  const options = `header = false, auto_detect = false, delim = ',', quote = '"', escape = '"', ${LF}max_line_size = 2000000`;
  const sql = `SELECT * FROM read_csv(${sqlText(path)}, columns = {${NORMALISED}, ${cellColumns(header)}}, ${options})`;
  return { header, sql, stored: true, facts };
}

/** Rows of a Parquet file: row n counts as line n + 1, as if there were a header line. */
export function parquetSource(path: string, header: Header): Source {
  const cells = header.headers.map((name, index) => `CAST(${sqlName(name)} AS VARCHAR) AS h${index}`).join(', ');
  const none = 'NULL::VARCHAR AS fault, NULL::INTEGER AS fault_index, NULL::VARCHAR AS fault_text, NULL::VARCHAR AS raw';
  const sql = `SELECT file_row_number + 2 AS line, ${none}, ${cells} FROM read_parquet(${sqlText(path)}, file_row_number = true)`;
  return { header, sql, stored: true, facts: NOTHING_KNOWN };
}

/** The text of a known cell without spaces around it; NULL when nothing is left. */
export function cellText(index: number, facts: TextFacts): string {
  return facts.spaces || facts.tabs || facts.wide ? `nullif(trim(h${index}, ' \t\u00a0\u3000'), '')` : `h${index}`;
}

/** SELECT of the source with `t0`, `t1`, … the trimmed texts of the known columns. */
export function textSql(source: Source): string {
  const texts = source.header.known.map((entry, at) => `${cellText(entry.index, source.facts)} AS t${at}`);
  return `SELECT *, ${texts.join(', ')} FROM (${source.sql})`;
}

/** SQL that is true for a row with any fault, over the columns `t…` and `v…`. */
export function badSql(source: Source): string {
  const conditions = source.header.known.map((entry, at) =>
    entry.column.required ? `v${at} IS NULL` : `(t${at} IS NOT NULL AND v${at} IS NULL)`,
  );
  return [...(source.stored ? ['fault IS NOT NULL'] : []), ...conditions].join(' OR ');
}

/** SELECT of the texts with `v0`, `v1`, … their typed values. */
export function valuesSql(source: Source, rules: CellRules): string {
  const values = source.header.known.map((entry, at) => `${valueSql(`t${at}`, entry.column, rules)} AS v${at}`);
  return `SELECT *, ${values.join(', ')} FROM (${textSql(source)})`;
}

/** SELECT of every column of the shape under its stored name, and `_bad`. */
export function typedSql(source: Source, shape: FeedShape, rules: CellRules): string {
  const columns = shape.columns.map((column) => {
    const at = source.header.known.findIndex((entry) => entry.column === column);
    const value = at < 0 ? `CAST(NULL AS ${STORED_TYPE[column.kind]})` : `v${at}`;
    return `${value} AS ${sqlName(storedName(column))}`;
  });
  const line = source.stored ? ['line'] : [];
  return `SELECT ${[...line, ...columns].join(', ')}, CASE WHEN ${badSql(source)} THEN true END AS _bad FROM (${valuesSql(source, rules)})`;
}
