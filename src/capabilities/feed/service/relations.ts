import type { DuckDBConnection } from '@duckdb/node-api';
import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { readableContent } from '../archive.ts';
import type { FeedName } from '../contract.ts';
import { sqlName, sqlText } from '../duck.ts';
import { type AcceptedImport, acceptedImports, heldPairs } from '../reads.ts';
import { storedName } from '../shapes.ts';
import { differs, nextSql, type Source, sameKey, standingSql } from '../standing.ts';
import { type FeedTaker, standingName } from '../taker.ts';
import type { Desk } from './desk.ts';

/** Imports of a feed as DuckDB reads them, for the work on one import. */
function toSources(platform: Platform, feed: FeedName, accepted: readonly AcceptedImport[], workOf: string): Promise<Source[]> {
  return Promise.all(
    accepted.map(async ({ importId, carried }) => ({
      importId,
      carried,
      path: await readableContent(platform, feed, importId, workOf),
    })),
  );
}

/**
 * Makes `standing_<feed>`: of all upsert feeds, and of the others where the import's taker looks at them. `without` = as if that
 * import had never been sent; then of every feed, since each may name what goes.
 */
export async function makeStanding(
  desk: Desk,
  tx: Tx,
  duck: DuckDBConnection,
  { of, workOf, without }: { readonly of: FeedTaker; readonly workOf: string; readonly without?: string },
): Promise<void> {
  for (const taker of Object.values(desk.takers)) {
    if (taker.kind !== 'upsert' && without === undefined && !of.looksAt?.includes(taker.shape.feed)) continue;
    const accepted = await acceptedImports(tx, taker.shape.feed);
    const standing = accepted.filter((found) => found.importId !== without);
    const sources = await toSources(desk.platform, taker.shape.feed, standing, workOf);
    const sql = taker.kind === 'upsert' ? standingSql(taker.shape, sources) : everyRowSql(taker, sources);
    await duck.run(`CREATE VIEW ${standingName(taker.shape.feed)} AS ${sql}`);
  }
  await makeHeld(tx, duck);
}

/** Rows of all imports of a feed side by side: who names whom. */
function everyRowSql(taker: FeedTaker, sources: readonly Source[]): string {
  const columns = taker.references.map((reference) => sqlName(reference.column)).join(', ');
  if (sources.length === 0)
    return `SELECT ${taker.references.map((r) => `NULL::VARCHAR AS ${sqlName(r.column)}`).join(', ')}, NULL::VARCHAR AS import_id WHERE false`;
  const list = sources.map((source) => sqlText(source.path)).join(', ');
  return `SELECT ${columns}, parse_filename(filename, true) AS import_id FROM read_parquet([${list}], filename = true)`;
}

async function makeHeld(tx: Tx, duck: DuckDBConnection): Promise<void> {
  await duck.run('CREATE TABLE held_before (import_id VARCHAR, customer_id VARCHAR)');
  const pairs = await heldPairs(tx);
  if (pairs.length === 0) return;
  const values = pairs.map((pair) => `(${sqlText(pair.importId)}, ${sqlText(pair.customerId)})`);
  await duck.run(`INSERT INTO held_before VALUES ${values.join(', ')}`);
}

/** Makes `next`, `gone` and `after` for an import whose good rows are the view `content`. */
export async function makeNext(
  desk: Desk,
  tx: Tx,
  taker: FeedTaker,
  duck: DuckDBConnection,
  { workOf, carried }: { readonly workOf: string; readonly carried: ReadonlySet<string> },
): Promise<void> {
  const { shape } = taker;
  await makeGone(taker, duck);
  if (taker.kind !== 'upsert') {
    await duck.run('CREATE TABLE bad_line (line BIGINT)');
    await duck.run(`CREATE VIEW next AS SELECT * FROM content WHERE line NOT IN (SELECT line FROM bad_line)`);
    return;
  }
  const keys = shape.key.map(sqlName).join(', ');
  // Keys first: with a small file only their rows are looked up in what stands.
  await duck.run(`CREATE TABLE sent AS SELECT ${keys} FROM content`);
  const sources = await toSources(desk.platform, shape.feed, await acceptedImports(tx, shape.feed), workOf);
  await duck.run(`CREATE TABLE next AS ${nextSql(shape, carried, 'content', standingSql(shape, sources, 'sent'))}`);
  await makeAfter(taker, duck);
}

async function makeGone(taker: FeedTaker, duck: DuckDBConnection): Promise<void> {
  await duck.run(`CREATE TABLE gone (${taker.shape.key.map((key) => `${sqlName(key)} VARCHAR`).join(', ')})`);
}

async function makeAfter(taker: FeedTaker, duck: DuckDBConnection): Promise<void> {
  const { shape } = taker;
  const columns = shape.columns.map((column) => sqlName(storedName(column))).join(', ');
  await duck.run(
    `CREATE VIEW "after" AS SELECT ${columns} FROM next UNION ALL SELECT ${columns} FROM ${standingName(shape.feed)} s
       WHERE NOT EXISTS (FROM next n WHERE ${sameKey(shape, 'n', 's')}) AND NOT EXISTS (FROM gone g WHERE ${sameKey(shape, 'g', 's')})`,
  );
}

/** Makes `next` (rows that get an earlier value back), `gone` and `after` for an upsert import that is taken back. */
export async function makeUndone(desk: Desk, tx: Tx, taker: FeedTaker, duck: DuckDBConnection, importId: string): Promise<void> {
  const { shape } = taker;
  const accepted = await toSources(desk.platform, shape.feed, await acceptedImports(tx, shape.feed), importId);
  const keys = shape.key.map(sqlName).join(', ');
  await makeGone(taker, duck);
  await duck.run(
    `CREATE TABLE sent AS SELECT DISTINCT ${keys} FROM read_parquet(${sqlText(await readableContent(desk.platform, shape.feed, importId, importId))})`,
  );
  await duck.run(`CREATE TABLE was AS ${standingSql(shape, accepted, 'sent')}`);
  const rest = accepted.filter((source) => source.importId !== importId);
  await duck.run(`CREATE TABLE is_then AS ${standingSql(shape, rest, 'sent')}`);
  await duck.run(
    `CREATE TABLE next AS SELECT 0::BIGINT AS line, t.*, false AS added FROM is_then t JOIN was w ON ${sameKey(shape, 't', 'w')}
      WHERE ${differs(shape, shape.columns, 't', 'w')}`,
  );
  await duck.run(
    `INSERT INTO gone SELECT ${keys} FROM was w WHERE NOT EXISTS (FROM is_then t WHERE ${sameKey(shape, 't', 'w')})`,
  );
  // What stands is already made without the import: its own keys are right, the rest of the file's feed unchanged.
  await makeAfter(taker, duck);
}

/** The relation in which what a reference names must be. */
export function targetOf(taker: FeedTaker, feed: FeedName): string {
  return taker.shape.feed === feed ? '"after"' : standingName(feed);
}
