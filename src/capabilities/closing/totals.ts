import { join } from 'node:path';
import type { BusinessDate } from '../../kernel/business-date.ts';
import { type Duck, sqlText } from '../../platform/duck.ts';
import type { Folders } from './archive.ts';
import { KEY } from './engine.ts';

const csv = (path: string) => `${sqlText(path)} (format csv, header false)`;
/** A position that stands: a service has no balance and stands as long as it is sent; any other at zero is closed. */
const STANDS = "(balance_fen <> 0 or category = 'service')";

const HOLDING =
  'select coalesce(m.into_id, s.customer_id) as customer_id, s.outlet_id, s.product_code, s.balance_fen, s.matures_on, s.since, p.category';
const NAMED = 's left join merged m on m.customer_id = s.customer_id join product p on p.product_code = s.product_code';

/** Makes `touched` and `holding`: the surviving numbers that `change` touches, and their positions in `state`. */
export async function makeHoldings(duck: Duck, state: string, change: string): Promise<void> {
  await duck.run(`create or replace table touched as
    select distinct coalesce(m.into_id, c.customer_id) as customer_id from ${change} c left join merged m using (customer_id)`);
  await duck.run(`create or replace table holding as ${HOLDING} from ${state} ${NAMED}
    where coalesce(m.into_id, s.customer_id) in (select customer_id from touched)`);
}

/** The same when everything in `state` is new. */
export async function makeFirstHoldings(duck: Duck): Promise<void> {
  await duck.run(`create or replace table holding as ${HOLDING} from state ${NAMED}`);
  await duck.run('create or replace table touched as select distinct customer_id from holding');
}

/**
 * Totals of each touched customer: assets are all but loans, credit cards and services; home is the outlet with most assets, ties
 * by id [S3]; the runner-up comes next; fallback is the smallest outlet with any business. A credit card is no loan.
 */
function totalsSql(select: string): string {
  return `
    with valued as (
      select customer_id, outlet_id, category = 'loan' and balance_fen <> 0 as is_loan, ${STANDS} as stands,
             case when category in ('loan', 'credit-card', 'service') then 0 else balance_fen end as asset_fen
        from holding),
    -- Most customers are at one outlet, where sums by customer say everything; only the others are added up by outlet.
    whole as (
      select customer_id, sum(asset_fen)::bigint as assets, bool_or(is_loan) as has_loan, min(outlet_id) filter (where stands) as fallback,
             min(outlet_id) as outlet_id, min(outlet_id) <> max(outlet_id) as several
        from valued group by customer_id),
    outlet as (
      select customer_id, outlet_id, sum(asset_fen)::bigint as assets
        from valued where customer_id in (select customer_id from whole where several) group by customer_id, outlet_id),
    placed as (
      select *, row_number() over (partition by customer_id order by assets desc, outlet_id) as place from outlet where assets > 0),
    best as (
      select customer_id, ${best('outlet_id', 1)} as first, ${best('assets', 1)} as first_fen,
             ${best('outlet_id', 2)} as second, ${best('assets', 2)} as second_fen from placed group by customer_id),
    total as (
      select w.customer_id, w.assets, w.has_loan, w.fallback, b.second, b.second_fen,
             case when several then b.first when w.assets > 0 then w.outlet_id end as first,
             case when several then b.first_fen when w.assets > 0 then w.assets end as first_fen
        from whole w left join best b using (customer_id))
    ${select} from touched t left join total using (customer_id) order by t.customer_id`;
}

function best(column: string, place: number): string {
  return `max(${column}) filter (where place = ${place})`;
}

/** Changed positions by surviving number; those of merged customers are added up over all their numbers. */
function positionsSql(day: BusinessDate, change: string): string {
  const grouped = '(select customer_id from merged union select into_id from merged)';
  return `
    with named as (
      select distinct coalesce(m.into_id, c.customer_id) as customer_id, c.outlet_id, c.product_code
        from ${change} c left join merged m using (customer_id) where c.customer_id in ${grouped}),
    added as (
      select ${KEY}, sum(balance_fen)::bigint as balance_fen, min(matures_on) as matures_on, min(since) as since, any_value(category) as category
        from holding where customer_id in (select customer_id from named) group by ${KEY}),
    every as (
      select ${KEY}, balance_fen, matures_on, since, category from named left join added using (${KEY})
      union all
      select ${KEY}, balance_fen, matures_on, since, category from ${change} left join product using (product_code)
       where customer_id not in ${grouped})
    select date ${sqlText(day)} as business_date, ${KEY}, ${standing('balance_fen')}, ${standing('matures_on')}, ${standing('since')}
      from every`;
}

function standing(column: string): string {
  return `case when ${STANDS} then ${column} end as ${column}`;
}

const TOTAL = 'coalesce(assets, 0), coalesce(has_loan, false), second, coalesce(first_fen, 0), coalesce(second_fen, 0)';

/** Writes the totals of the customers in `holding` as they are on the day; in the order of TOTAL_COLUMNS or of a first stretch. */
export async function stageTotals(duck: Duck, folders: Folders, day: BusinessDate, fresh: boolean): Promise<string> {
  const path = join(folders.scratch, 'totals.csv');
  const head = `select date ${sqlText(day)}, t.customer_id, ${TOTAL}`;
  const select = fresh ? `${head}, coalesce(first, fallback), first is not null, 0, 0` : `${head}, first, fallback`;
  await duck.run(`copy (${totalsSql(select)}) to ${csv(path)}`);
  return path;
}

/** Writes the positions that `change` makes of those in `holding`. */
export async function stageChangedPositions(
  duck: Duck,
  folders: Folders,
  day: BusinessDate,
  change: string,
  fresh: boolean,
): Promise<string> {
  const path = join(folders.scratch, 'positions.csv');
  const rows = positionsSql(day, change);
  await duck.run(
    `copy (${fresh ? `select * exclude (business_date) from (${rows}) where balance_fen is not null` : rows}) to ${csv(path)}`,
  );
  return path;
}

/** Writes the positions of `state`, by surviving number, as if all had come on the day. */
export async function stagePositions(duck: Duck, folders: Folders, day: BusinessDate, state: string): Promise<string> {
  const path = join(folders.scratch, 'positions.csv');
  await makeHoldings(duck, state, state);
  await duck.run(`copy (
    select date ${sqlText(day)}, ${KEY}, balance_fen, matures_on, since from (
      select ${KEY}, sum(balance_fen)::bigint as balance_fen, min(matures_on) as matures_on, min(since) as since, any_value(category) as category
        from holding group by ${KEY}) where ${STANDS} order by ${KEY}) to ${csv(path)}`);
  await duck.run('drop table holding');
  return path;
}
