import { mkdirSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { z } from 'zod';

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export interface DuckOptions {
  /** As DuckDB writes it: `1GB`. Tables and sorts beyond it spill into `scratch`. */
  readonly memoryLimit: string;
  readonly scratch: string;
  /** Folders that may be read and written; nothing else can. */
  readonly folders: readonly string[];
}

/** An in-memory DuckDB of one's own: two threads, nothing fetched or installed, no files but those of its folders. */
export interface Duck {
  readonly connection: DuckDBConnection;
  readonly run: (sql: string) => Promise<void>;
  /** Rows of a small answer. Bigints arrive as bigint, dates as `YYYY-MM-DD` only when the query casts them to text. */
  readonly rows: <T>(schema: z.ZodType<T>, sql: string) => Promise<T[]>;
  /** The only row of an answer; throws when there is not exactly one. */
  readonly one: <T>(schema: z.ZodType<T>, sql: string) => Promise<T>;
  readonly close: () => void;
}

export async function openDuck(options: DuckOptions): Promise<Duck> {
  for (const folder of [options.scratch, ...options.folders]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: options.memoryLimit,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const run = async (sql: string) => void (await connection.run(sql));
  const rows = async <T>(schema: z.ZodType<T>, sql: string): Promise<T[]> => {
    const reader = await connection.runAndReadAll(sql);
    return schema.array().parse(reader.getRowObjectsJS());
  };
  const one = async <T>(schema: z.ZodType<T>, sql: string): Promise<T> => {
    const [first, ...more] = await rows(schema, sql);
    if (first === undefined || more.length > 0) throw new Error('one row expected');
    return first;
  };
  await run(`set temp_directory = ${sqlText(options.scratch)}`);
  await run(`set allowed_directories = [${[options.scratch, ...options.folders].map(sqlText).join(', ')}]`);
  await run('set enable_external_access = false');
  await run('set lock_configuration = true');
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  return { connection, run, rows, one, close };
}
