import { point } from '../../../platform/crash.ts';
import { type CopyCell, copyRows } from '../../../platform/db/copy.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import {
  type Applying,
  batchesOf,
  type FeedTaker,
  numberCell,
  type Rows,
  reportBad,
  SHAPES,
  textCell,
} from '../../feed/index.ts';
import { placeStaged } from './attribution.ts';

const COLUMNS = ['work', 'customer_id', 'sale_id', 'product_code', 'amount_fen', 'on_date', 'staff_id'];

async function checkSales({ duck }: Rows): Promise<readonly never[]> {
  await reportBad(
    duck,
    `SELECT n.line, 'staff_id', n.staff_id, 'staff-gone' FROM next n JOIN standing_staff s ON s.id = n.staff_id WHERE s.left_on < n."on"`,
  );
  await reportBad(duck, `SELECT line, 'amount', (amount_fen / 100)::VARCHAR, 'sale-negative' FROM next WHERE amount_fen < 0`);
  return [];
}

/** Takes the rows of a sales file: new ones are attributed as of their day; one that differs from what stands replaces it. */
async function takeSales(work: Applying): Promise<void> {
  const { tx, importId, now } = work;
  await copyRows(tx, 'ledgers.stage_sale', COLUMNS, stagedRows(work));
  // The same once more is no news, nor is what was reversed here with good reason.
  await tx.client.query(
    `delete from ledgers.stage_sale t using ledgers.sale s where t.work = $1 and s.customer_id = t.customer_id and s.sale_id = t.sale_id
        and s.state in ('stands', 'reversed') and (s.product_code, s.amount_fen, s.on_date, s.staff_id) = (t.product_code, t.amount_fen, t.on_date, t.staff_id)`,
    [importId],
  );
  await replaceStanding(tx, importId, now);
  await placeStaged(tx, { work: importId, source: 'feed', by: 'feed', words: '', now });
}

async function* stagedRows({ duck, importId }: Applying): AsyncGenerator<CopyCell[][]> {
  const source = batchesOf(duck, 'SELECT customer_id, id, product_code, amount_fen, "on"::VARCHAR, staff_id FROM next');
  for await (const rows of source) {
    yield rows.map(([customer, id, product, amount, on, staff]) => [
      importId,
      ...[customer, id, product].map(textCell),
      numberCell(amount),
      ...[on, staff].map(textCell),
    ]);
    point('feed.staged');
  }
}

/** What stood under a number of the file does so no longer, also when it was another customer's. */
async function replaceStanding(tx: Tx, importId: string, now: Date): Promise<void> {
  const { rows } = await tx.client.query<{ customer_id: string; sale_id: string }>(
    `select customer_id, sale_id from ledgers.sale where state = 'stands' and sale_id in (select sale_id from ledgers.stage_sale where work = $1)`,
    [importId],
  );
  await tx.client.query(
    `update ledgers.sale set state = 'replaced', ended_by = $3, ended_at = $4
      where state = 'stands' and customer_id = any($1) and sale_id = any($2)`,
    [rows.map((row) => row.customer_id), rows.map((row) => row.sale_id), importId, now],
  );
}

/** Takes a sales file back: its rows count no more, and what they had replaced stands again. */
async function giveBackSales({ tx, importId, now }: Applying): Promise<void> {
  const { rows } = await tx.client.query<{ customer_id: string; sale_id: string }>(
    `update ledgers.sale set state = 'undone', ended_by = $1, ended_at = $2 where import_id = $1 and state in ('stands', 'replaced')
     returning customer_id, sale_id`,
    [importId, now],
  );
  await tx.client.query(
    `update ledgers.sale s set state = 'stands', ended_by = null, ended_at = null
      where s.state = 'replaced' and s.ended_by = $1 and s.sale_id = any($2)
        and not exists (select from ledgers.sale o where o.customer_id = s.customer_id and o.sale_id = s.sale_id and o.state = 'stands')`,
    [importId, rows.map((row) => row.sale_id)],
  );
}

/** Sales as the bank's own systems know them [S0]. */
export function salesTaker(): FeedTaker {
  return {
    shape: SHAPES.sales,
    kind: 'event',
    references: [
      { column: 'customer_id', feed: 'customers', code: 'unknown-customer' },
      { column: 'staff_id', feed: 'staff', code: 'unknown-staff' },
      { column: 'product_code', feed: 'products', code: 'unknown-product' },
    ],
    check: checkSales,
    apply: takeSales,
    undo: giveBackSales,
  };
}
