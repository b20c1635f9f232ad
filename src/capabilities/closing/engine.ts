import { type Duck, openDuck, sqlText } from '../../platform/duck.ts';
import { usableMemory } from '../../platform/memory.ts';
import type { Folders } from './archive.ts';

/** Positions keyed by customer number as sent, outlet and product. */
export const KEY = 'customer_id, outlet_id, product_code';
export const KEY_TYPES = 'customer_id varchar, outlet_id varchar, product_code varchar';
const POSITION = `${KEY_TYPES}, balance_fen bigint, matures_on date, since date`;
const MB = 2 ** 20;

/** A DuckDB with the facts of the other rooms: `merged` (number → survivor) and `product` (code → category). */
export async function openEngine(
  folders: Folders,
  merged: ReadonlyMap<string, string>,
  products: ReadonlyMap<string, string>,
): Promise<Duck> {
  const { content, changes, state, scratch } = folders;
  // An eighth of the machine: the positions of a city stay in memory, those of a small machine spill into the scratch folder.
  const memory = Math.round(Math.min(4096, Math.max(1024, usableMemory() / MB / 8)));
  const duck = await openDuck({ memoryLimit: `${memory}MB`, scratch, folders: [content, changes, state] });
  await duck.run('create table merged (customer_id varchar, into_id varchar)');
  await duck.run('create table product (product_code varchar, category varchar)');
  await fillTable(duck, 'merged', merged);
  await fillTable(duck, 'product', products);
  return duck;
}

/** Appends rows of texts to a table. */
export async function fillTable(duck: Duck, table: string, rows: Iterable<readonly string[]>): Promise<void> {
  const appender = await duck.connection.createAppender(table);
  for (const row of rows) {
    for (const cell of row) appender.appendVarchar(cell);
    appender.endRow();
  }
  appender.closeSync();
}

/** An empty table of positions. */
export async function emptyPositions(duck: Duck, table: string): Promise<void> {
  await duck.run(`create or replace table ${table} (${POSITION})`);
}

/** `read_parquet([…])` over files that are there. */
export function parquet(paths: readonly string[]): string {
  return `read_parquet([${paths.map(sqlText).join(', ')}])`;
}
