import { type CopyCell, copyRows } from '../../platform/db/copy.ts';
import type { Tx } from '../../platform/db/transaction.ts';

/** Columns of the staging table after import_id, in the order in which rows must come. */
const COLUMNS = ['line', 'code', 'name', 'category', 'risk_rating', 'term_days'] as const;

/** Writes products and removes those that are gone. */
export async function saveProducts(
  tx: Tx,
  importId: string,
  rows: AsyncIterable<readonly (readonly CopyCell[])[]>,
  gone: readonly string[],
): Promise<void> {
  await copyRows(tx, 'products.stage_product', ['import_id', ...COLUMNS], rows);
  await tx.client.query(
    `insert into products.product (code, name, category, risk_rating, term_days)
     select code, name, category, risk_rating, term_days from products.stage_product where import_id = $1
     on conflict (code) do update set name = excluded.name, category = excluded.category, risk_rating = excluded.risk_rating,
       term_days = excluded.term_days`,
    [importId],
  );
  await tx.client.query('delete from products.stage_product where import_id = $1', [importId]);
  await tx.client.query('delete from products.product where code = any($1)', [gone]);
}
