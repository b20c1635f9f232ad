import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { sqlText } from '../duck.ts';

/**
 * A DuckDB that may read `input` and its own `workDir`, and nothing else: no network, no extensions, no other file, and no way
 * to switch that back on (RELIABILITY §4). Rows keep the file's order.
 */
export async function withReader<T>(
  workDir: string,
  input: string,
  memoryMb: number,
  work: (duck: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryMb}MB`,
    threads: '2',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const duck = await instance.connect();
  try {
    await duck.run(`SET temp_directory = ${sqlText(join(workDir, 'spill'))}`);
    await duck.run(`SET allowed_directories = [${sqlText(workDir)}]`);
    await duck.run(`SET allowed_paths = [${sqlText(input)}]`);
    await duck.run('SET enable_external_access = false');
    await duck.run('SET enable_progress_bar = true');
    await duck.run('SET enable_progress_bar_print = false');
    await duck.run('SET lock_configuration = true');
    return await work(duck);
  } finally {
    duck.closeSync();
    instance.closeSync();
  }
}

/** Runs one statement and reports its progress, 0 to 1, twice a second. */
export async function runWithProgress(duck: DuckDBConnection, sql: string, onShare: (share: number) => void): Promise<void> {
  const timer = setInterval(() => {
    const { percentage } = duck.progress;
    if (percentage >= 0) onShare(Math.min(1, percentage / 100));
  }, 500);
  try {
    await duck.run(sql);
  } finally {
    clearInterval(timer);
  }
}
