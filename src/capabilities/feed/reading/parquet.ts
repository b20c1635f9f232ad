import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import type { ColumnKind, FeedProblem, FeedShape } from '../contract.ts';
import { rowsOf, sqlText } from '../duck.ts';
import { type Header, mapHeader } from './header.ts';
import { FileRefused, refuseFile } from './refused-file.ts';
import { problem } from './words.ts';

const WHOLE = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT'];

/** Types that a kind may have: never a float for money or identifiers, whose digits it loses. */
const TYPES: Readonly<Record<ColumnKind, readonly string[]>> = {
  id: ['VARCHAR', ...WHOLE],
  text: ['VARCHAR', ...WHOLE],
  choice: ['VARCHAR'],
  date: ['DATE', 'VARCHAR'],
  moment: ['DATE', 'TIMESTAMP', 'VARCHAR'],
  amount: ['VARCHAR', 'DECIMAL', ...WHOLE],
  integer: ['VARCHAR', ...WHOLE],
  coordinate: ['VARCHAR', 'DOUBLE', 'FLOAT', 'DECIMAL'],
  share: ['VARCHAR', 'DECIMAL', ...WHOLE],
  flag: ['VARCHAR', 'BOOLEAN', ...WHOLE],
};

const WANTED: Readonly<Record<ColumnKind, string>> = {
  id: 'VARCHAR',
  text: 'VARCHAR',
  choice: 'VARCHAR',
  date: 'DATE',
  moment: 'TIMESTAMP',
  amount: 'DECIMAL(18,2)',
  integer: 'INTEGER',
  coordinate: 'DOUBLE',
  share: 'DECIMAL(8,4)',
  flag: 'BOOLEAN',
};

function fits(kind: ColumnKind, type: string): boolean {
  const decimal = /^DECIMAL\(\d+,(\d+)\)$/.exec(type);
  if (decimal) return TYPES[kind].includes('DECIMAL') && (kind !== 'amount' || Number(decimal[1]) <= 2);
  return TYPES[kind].includes(type);
}

const described = z.object({ column_name: z.string(), column_type: z.string() });

/** Reads a Parquet file's columns. Refuses wrong types, naming each column with the type that it should have. */
export async function readParquetHeader(duck: DuckDBConnection, path: string, shape: FeedShape, file: string): Promise<Header> {
  const rows = await rowsOf(duck, `DESCRIBE SELECT * FROM read_parquet(${sqlText(path)})`).catch(() =>
    refuseFile('parquet-broken', file),
  );
  const columns = rows.map((row) => described.parse(row));
  const header = mapHeader(
    shape,
    columns.map((column) => column.column_name),
    file,
  );
  const problems: FeedProblem[] = header.known.flatMap(({ header: name, index, column }) => {
    const type = columns[index]?.column_type ?? '';
    if (fits(column.kind, type)) return [];
    return [problem('parquet-type', file, { column: name, text: type }, { type, wanted: WANTED[column.kind] })];
  });
  if (problems.length > 0) throw new FileRefused(problems);
  return header;
}
