import { join } from 'node:path';
import type { BusinessDate } from '../../kernel/business-date.ts';
import { type Duck, sqlText } from '../../platform/duck.ts';
import type { Folders } from './archive.ts';
import { KEY } from './engine.ts';

/** CSV files of one day on their way into the staging tables. */
export interface Staged {
  readonly totals: string;
  readonly positions: string;
}

const csv = (path: string) => `${sqlText(path)} (format csv, header false)`;
/** A position that stands: a service has no balance and stands as long as it is sent; any other at zero is closed. */
const STANDS = "(balance_fen <> 0 or category = 'service')";

/** `holding`: positions by surviving number, of the customers that `change` touches. */
async function makeHoldings(duck: Duck, state: string, change: string): Promise<void> {
  await duck.run(`create or replace table touched as
    select distinct coalesce(m.into_id, c.customer_id) as customer_id from ${change} c left join merged m using (customer_id)`);
  await duck.run(`create or replace table holding as
    select coalesce(m.into_id, s.customer_id) as customer_id, s.outlet_id, s.product_code, s.balance_fen, s.matures_on, s.since, p.category
      from ${state} s left join merged m on m.customer_id = s.customer_id join product p on p.product_code = s.product_code
     where coalesce(m.into_id, s.customer_id) in (select customer_id from touched)`);
}

/**
 * Totals of each touched customer: assets are all but loans, credit cards and services; home is the outlet with most assets, ties
 * by id [S3]; the runner-up comes next; fallback is the smallest outlet with any business. A credit card is no loan.
 */
function totalsSql(day: BusinessDate): string {
  return `
    with outlet as (
      select customer_id, outlet_id, bool_or(category = 'loan' and balance_fen <> 0) as has_loan, bool_or(${STANDS}) as stands,
             coalesce(sum(balance_fen) filter (where category not in ('loan', 'credit-card', 'service')), 0)::bigint as assets
        from holding group by customer_id, outlet_id),
    ranked as (
      select customer_id, sum(assets)::bigint as assets, bool_or(has_loan) as has_loan, min(outlet_id) filter (where stands) as fallback,
             min({less: -assets, outlet: outlet_id}, 2) filter (where assets > 0) as best
        from outlet group by customer_id)
    select date ${sqlText(day)}, t.customer_id, coalesce(assets, 0), best[1].outlet, fallback, coalesce(has_loan, false),
           best[2].outlet, coalesce(-best[1].less, 0), coalesce(-best[2].less, 0)
      from touched t left join ranked r using (customer_id) order by t.customer_id`;
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
    select date ${sqlText(day)}, ${KEY}, ${standing('balance_fen')}, ${standing('matures_on')}, ${standing('since')}
      from every order by ${KEY}`;
}

function standing(column: string): string {
  return `case when ${STANDS} then ${column} end`;
}

/** Writes what a day's `change` (already applied to `state`) makes of customers and positions. */
export async function stageDay(duck: Duck, folders: Folders, day: BusinessDate, state: string, change: string): Promise<Staged> {
  const staged = { totals: join(folders.scratch, 'totals.csv'), positions: join(folders.scratch, 'positions.csv') };
  await makeHoldings(duck, state, change);
  await duck.run(`copy (${totalsSql(day)}) to ${csv(staged.totals)}`);
  await duck.run(`copy (${positionsSql(day, change)}) to ${csv(staged.positions)}`);
  await duck.run('drop table holding');
  return staged;
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
