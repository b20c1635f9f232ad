import type { DuckDBConnection, JS } from '@duckdb/node-api';

/** Rows of a query in batches, as JavaScript values; memory holds one batch. Dates must be cast to text in the query. */
export async function* batchesOf(duck: DuckDBConnection, sql: string): AsyncGenerator<JS[][]> {
  const result = await duck.stream(sql);
  for await (const rows of result.yieldRowsJs()) yield rows;
}

export function textCell(value: JS | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  throw new TypeError(`a text was expected, not ${typeof value}`);
}

export function numberCell(value: JS | undefined): number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  throw new TypeError(`a number was expected, not ${typeof value}`);
}

export function flagCell(value: JS | undefined): boolean | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  throw new TypeError(`a flag was expected, not ${typeof value}`);
}
