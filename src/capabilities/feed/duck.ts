import { mkdirSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const MEMORY = '600MB';

/** Runs work on a DuckDB of its own that spills into `workDir`; nothing is fetched, installed or kept. */
export async function withDuck<T>(workDir: string, work: (duck: DuckDBConnection) => Promise<T>): Promise<T> {
  mkdirSync(workDir, { recursive: true, mode: 0o700 });
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: MEMORY,
    threads: '2',
    temp_directory: workDir,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
  });
  const duck = await instance.connect();
  try {
    return await work(duck);
  } finally {
    duck.closeSync();
    instance.closeSync();
  }
}

/** All rows of a query as JSON objects: bigints and dates as text. For small answers. */
export async function rowsOf(duck: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  const reader = await duck.runAndReadAll(sql);
  return reader.getRowObjectsJson();
}

/** The one number of a query. */
export async function numberOf(duck: DuckDBConnection, sql: string): Promise<number> {
  const [row] = await rowsOf(duck, sql);
  const [value] = Object.values(row ?? {});
  return Number(value ?? 0);
}
