import type { DuckDBConnection } from '@duckdb/node-api';
import { unscoped } from '../../../platform/db/transaction.ts';
import { contentPath } from '../archive.ts';
import type { ImportEffect } from '../contract.ts';
import { rowsOf, sqlText } from '../duck.ts';
import { type AcceptedImport, acceptedImports } from '../reads.ts';
import type { Rows } from '../taker.ts';
import type { Desk } from './desk.ts';

/** Files that make up the balances before a day: the last full one and the deltas after it, each day's highest revision. */
export function chainBefore(accepted: readonly AcceptedImport[], day: string): AcceptedImport[] {
  const standing = new Map<string, AcceptedImport>();
  for (const found of accepted) {
    if (found.businessDate === null || found.businessDate >= day) continue;
    const other = standing.get(found.businessDate);
    if (other === undefined || other.revision <= found.revision) standing.set(found.businessDate, found);
  }
  const days = [...standing.values()].sort((a, b) => ((a.businessDate ?? '') < (b.businessDate ?? '') ? -1 : 1));
  const full = days.findLastIndex((found) => !found.delta);
  return days.slice(Math.max(full, 0));
}

const KEYS = 'customer_id, outlet_id, product_code';

/** What a positions file changes against the balances that stand before its day: positions, customers, sums by category. */
export async function positionsEffect(desk: Desk, rows: Rows, delta: boolean): Promise<Partial<ImportEffect>> {
  const { duck } = rows;
  const accepted = await unscoped(desk.platform.worker, (tx) => acceptedImports(tx, 'positions'));
  const chain = chainBefore(accepted, rows.businessDate ?? '');
  await makeBefore(desk, duck, chain);
  await duck.run(`CREATE TABLE file_rows AS SELECT ${KEYS}, sum(balance_fen) AS fen FROM next GROUP BY ${KEYS}`);
  await duck.run(
    delta
      ? `CREATE TABLE then_rows AS SELECT * FROM file_rows UNION ALL SELECT * FROM before_rows b
           WHERE NOT EXISTS (FROM file_rows f WHERE f.customer_id = b.customer_id AND f.outlet_id = b.outlet_id AND f.product_code = b.product_code)`
      : 'CREATE VIEW then_rows AS FROM file_rows',
  );
  const [counts] = await rowsOf(
    duck,
    `SELECT count(*) FILTER (b.fen IS NULL AND t.fen <> 0) AS added, count(*) FILTER (b.fen <> t.fen AND t.fen <> 0) AS changed,
            count(*) FILTER (b.fen = t.fen) AS same, count(*) FILTER (b.fen IS NOT NULL AND coalesce(t.fen, 0) = 0) AS closed,
            count(DISTINCT customer_id) FILTER (b.fen IS NOT NULL) AS before, count(DISTINCT customer_id) FILTER (coalesce(t.fen, 0) <> 0) AS later
       FROM before_rows b FULL JOIN then_rows t USING (${KEYS})`,
  );
  const categories = await rowsOf(
    duck,
    `SELECT p.category, coalesce(sum(b.fen), 0)::VARCHAR AS before, coalesce(sum(t.fen), 0)::VARCHAR AS later
       FROM before_rows b FULL JOIN then_rows t USING (${KEYS}) JOIN standing_products p ON p.code = product_code GROUP BY 1 ORDER BY 1`,
  );
  return {
    added: Number(counts?.added),
    changed: Number(counts?.changed),
    same: Number(counts?.same),
    closed: Number(counts?.closed),
    customersBefore: Number(counts?.before),
    customersAfter: Number(counts?.later),
    comparedWith: chain.at(-1)?.businessDate ?? null,
    categories: categories.map((row) => ({
      category: String(row.category),
      beforeFen: String(row.before),
      afterFen: String(row.later),
    })),
  };
}

async function makeBefore(desk: Desk, duck: DuckDBConnection, chain: readonly AcceptedImport[]): Promise<void> {
  const parts = chain.map(
    (found, n) =>
      `SELECT ${n} AS n, ${KEYS}, sum(balance_fen) AS fen FROM read_parquet(${sqlText(contentPath(desk.platform, found.importId))}) GROUP BY ${KEYS}`,
  );
  const union =
    parts.length === 0
      ? `SELECT 0 AS n, '' AS customer_id, '' AS outlet_id, '' AS product_code, 0::HUGEINT AS fen WHERE false`
      : parts.join(' UNION ALL ');
  await duck.run(
    `CREATE TABLE before_rows AS SELECT * FROM (SELECT ${KEYS}, max_by(fen, n) AS fen FROM (${union}) GROUP BY ${KEYS}) WHERE fen <> 0`,
  );
}
