import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { type BusinessDate, yearStart } from '../../kernel/business-date.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import type { ClosedDay } from './contract.ts';
import type { Inputs } from './inputs.ts';

/** What a stretch says besides its days. */
export const STRETCH_FACTS =
  'assets_fen, home_outlet, has_loan, cum_before, year_cum, runner_up_outlet, home_fen, runner_up_fen, home_held';

/** The day's home outlet: where most assets are; else where they last were; else, if there never were any, where there is business. */
const HOME =
  'coalesce(s.home_outlet, case when b.home_held then b.home_outlet else coalesce(s.fallback_outlet, b.home_outlet) end)';
const HELD = '(s.home_outlet is not null or coalesce(b.home_held, false))';
const DIFFERS = `(b.assets_fen, b.home_outlet, b.has_loan, b.runner_up_outlet, b.home_fen, b.runner_up_fen, b.home_held)
  is distinct from (s.assets_fen, ${HOME}, s.has_loan, s.runner_up_outlet, s.home_fen, s.runner_up_fen, ${HELD})`;

/** Loads a CSV file by COPY, in the transaction; resolves to the number of rows. */
export async function copyFile(tx: Tx, target: string, path: string): Promise<number> {
  const copy = tx.client.query(copyFrom(`copy ${target} from stdin (format csv)`));
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), copy);
  return copy.rowCount;
}

const POSITION_STAGE =
  'closing.stage_position (business_date, customer_id, outlet_id, product_code, balance_fen, matures_on, since)';
const TOTAL_COLUMNS = 'customer_id, assets_fen, has_loan, runner_up_outlet, home_fen, runner_up_fen, home_outlet';
const TOTAL_STAGE = `closing.stage_total (business_date, ${TOTAL_COLUMNS}, fallback_outlet)`;

/** Loads the first closed day of a bank at the speed of COPY: nothing stands that it could meet. */
export async function loadFirstPositions(tx: Tx, path: string): Promise<void> {
  await copyFile(tx, 'closing.position_rows (customer_id, outlet_id, product_code, balance_fen, matures_on, since)', path);
}

export async function loadFirstTotals(tx: Tx, path: string): Promise<void> {
  await copyFile(tx, `closing.balance_rows (from_date, ${TOTAL_COLUMNS}, home_held, cum_before, year_cum)`, path);
}

/** Empties the staging of a day: on a quiet day it stays empty, which says that nobody changed. */
export async function emptyStage(tx: Tx): Promise<void> {
  await tx.client.query("set local work_mem = '128MB'");
  const { rows } = await tx.client.query<{ filled: boolean }>(
    'select exists (select 1 from closing.stage_total) or exists (select 1 from closing.stage_position) as filled',
  );
  if (rows[0]?.filled === true) await tx.client.query('truncate closing.stage_total, closing.stage_position');
}

/** Moves the timelines of the customers whose totals a CSV file tells. */
export async function applyTotals(tx: Tx, day: BusinessDate, path: string): Promise<void> {
  const staged = await copyFile(tx, TOTAL_STAGE, path);
  const { rowCount: ended } = await tx.client.query(
    `insert into closing.segment (customer_id, from_date, to_date, ${STRETCH_FACTS})
     select b.customer_id, b.from_date, $1::date, ${STRETCH_FACTS.split(', ').map((column) => `b.${column}`)}
       from closing.stage_total s join closing.balance b using (customer_id)
      where s.business_date = $1 and ${DIFFERS}`,
    [day],
  );
  await tx.client.query(
    `update closing.balance b
        set from_date = $1, assets_fen = s.assets_fen, home_outlet = ${HOME}, has_loan = s.has_loan,
            cum_before = b.cum_before + b.assets_fen * ($1::date - b.from_date),
            year_cum = case when b.from_date >= $2::date then b.year_cum
                            else b.cum_before + b.assets_fen * ($2::date - b.from_date) end,
            runner_up_outlet = s.runner_up_outlet, home_fen = s.home_fen, runner_up_fen = s.runner_up_fen, home_held = ${HELD}
       from closing.stage_total s
      where s.business_date = $1 and b.customer_id = s.customer_id and ${DIFFERS}`,
    [day, yearStart(day)],
  );
  if (ended === staged) return;
  await tx.client.query(
    `insert into closing.balance (customer_id, from_date, ${STRETCH_FACTS})
     select s.customer_id, s.business_date, s.assets_fen, coalesce(s.home_outlet, s.fallback_outlet), s.has_loan, 0, 0,
            s.runner_up_outlet, s.home_fen, s.runner_up_fen, s.home_outlet is not null
       from closing.stage_total s
      where s.business_date = $1 and not exists (select 1 from closing.balance b where b.customer_id = s.customer_id)`,
    [day],
  );
}

const samePosition = 'p.customer_id = s.customer_id and p.outlet_id = s.outlet_id and p.product_code = s.product_code';

/** Takes over the positions that a CSV file tells. */
export async function applyPositions(tx: Tx, day: BusinessDate, path: string): Promise<void> {
  const staged = await copyFile(tx, POSITION_STAGE, path);
  await tx.client.query(
    `delete from closing.position p using closing.stage_position s
      where s.business_date = $1 and s.balance_fen is null and ${samePosition}`,
    [day],
  );
  const { rowCount: moved } = await tx.client.query(
    `update closing.position p set balance_fen = s.balance_fen, matures_on = s.matures_on, since = s.since
       from closing.stage_position s
      where s.business_date = $1 and s.balance_fen is not null and ${samePosition}`,
    [day],
  );
  if (moved === staged) return;
  await tx.client.query(
    `insert into closing.position (customer_id, outlet_id, product_code, balance_fen, matures_on, since)
     select s.customer_id, s.outlet_id, s.product_code, s.balance_fen, s.matures_on, s.since from closing.stage_position s
      where s.business_date = $1 and s.balance_fen is not null and not exists (select from closing.position p where ${samePosition})`,
    [day],
  );
}

/** Names the customers whose past is written anew, from a CSV file of their numbers. */
export async function nameRestated(tx: Tx, path: string): Promise<number> {
  await tx.client.query('truncate closing.stage_customer');
  await copyFile(tx, 'closing.stage_customer (customer_id)', path);
  const { rows } = await tx.client.query<{ n: number }>('select count(*) as n from closing.stage_customer');
  return rows[0]?.n ?? 0;
}

/** Takes the timelines of the named customers back to what they were at the end of the day before `from`. */
export async function truncateTimelines(tx: Tx, from: BusinessDate): Promise<void> {
  await tx.client.query("set local work_mem = '128MB'");
  await tx.client.query(
    `delete from closing.segment g using closing.stage_customer c where g.customer_id = c.customer_id and g.from_date >= $1`,
    [from],
  );
  // Timelines have no gaps, so at most one stretch is left that reaches `from`: it is the one that was open then.
  const columns = ['from_date', ...STRETCH_FACTS.split(', ')].map((column) => `${column} = g.${column}`);
  await tx.client.query(
    `update closing.balance b set ${columns.join(', ')} from closing.segment g
      where g.customer_id = b.customer_id and g.to_date >= $1
        and b.customer_id in (select customer_id from closing.stage_customer)`,
    [from],
  );
  await tx.client.query(
    `delete from closing.segment g using closing.stage_customer c where g.customer_id = c.customer_id and g.to_date >= $1`,
    [from],
  );
  await tx.client.query(
    `delete from closing.balance b using closing.stage_customer c where b.customer_id = c.customer_id and b.from_date >= $1`,
    [from],
  );
}

/** Writes the positions of the named customers anew, from a CSV file of all that they hold. */
export async function replacePositions(tx: Tx, day: BusinessDate, path: string): Promise<void> {
  await tx.client.query('delete from closing.position p using closing.stage_customer c where p.customer_id = c.customer_id');
  await tx.client.query('truncate closing.stage_position');
  await applyPositions(tx, day, path);
  await tx.client.query('truncate closing.stage_position');
}

/** Keeps a closed day's record; one that is there is replaced (a restatement). */
export async function recordDay(tx: Tx, day: ClosedDay, closedAt: Date): Promise<void> {
  const values = {
    import_id: day.importId,
    closed_at: closedAt,
    input_digest: day.inputDigest,
    chain: day.chain,
    digest: day.digest,
    customers: day.customers,
    positions: day.positions,
    changed_customers: day.changedCustomers,
    changed_positions: day.changedPositions,
    totals: JSON.stringify(day.totals),
  };
  await tx.db
    .insertInto('closing.day')
    .values({ business_date: day.day, ...values })
    .onConflict((on) => on.column('business_date').doUpdateSet(values))
    .execute();
}

/** Forgets days that no file reaches any more. */
export async function forgetDays(tx: Tx, before: BusinessDate | null): Promise<void> {
  await tx.client.query('delete from closing.day where $1::date is null or business_date < $1::date', [before]);
}

/** Keeps what merges and products the closed days were worked out with. */
export async function recordFacts(tx: Tx, inputs: Inputs): Promise<void> {
  await tx.client.query('delete from closing.merged');
  await tx.client.query('insert into closing.merged (customer_id, into_id) select * from unnest($1::text[], $2::text[])', [
    [...inputs.merged.keys()],
    [...inputs.merged.values()],
  ]);
  await tx.client.query('delete from closing.product');
  await tx.client.query('insert into closing.product (code, category) select * from unnest($1::text[], $2::text[])', [
    [...inputs.products.keys()],
    [...inputs.products.values()],
  ]);
}
