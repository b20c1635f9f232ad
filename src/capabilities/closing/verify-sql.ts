import { addDays, type BusinessDate, yearStart } from '../../kernel/business-date.ts';
import { sqlText } from '../../platform/duck.ts';
import { ROLLING_DAYS } from './rules/measure.ts';

interface HistoryFile {
  readonly day: BusinessDate;
  readonly importId: string;
  readonly delta: boolean;
  readonly path: string;
}

const FOREVER = "date '9999-12-31'";

/**
 * Makes `history`: what each file says of each key, and the days [since, until) for which that holds: until the next file that names
 * the key, or the next full file, whichever comes first. No day is closed and nothing is carried: the archive alone speaks.
 */
export function historySql(files: readonly HistoryFile[]): string {
  const said = files.map(
    (file) => `
    select date ${sqlText(file.day)} as since, customer_id, outlet_id, product_code, sum(balance_fen)::hugeint as fen
      from read_parquet(${sqlText(file.path)})
     where customer_id not in (select customer_id from held where import_id = ${sqlText(file.importId)})
     group by customer_id, outlet_id, product_code`,
  );
  const full = files.filter((file) => !file.delta).map((file) => `(date ${sqlText(file.day)})`);
  const nothing =
    'select null::date as since, null as customer_id, null as outlet_id, null as product_code, null::hugeint as fen where false';
  return `
    create table history as
    with full_days as (select day from (values ${[...full, `(${FOREVER})`].join(', ')}) t (day)),
    said as (${said.length > 0 ? said.join(' union all ') : nothing}),
    next_full as (select s.since, min(f.day) as day from (select distinct since from said) s join full_days f on f.day > s.since group by s.since),
    named as (
      select coalesce(m.into_id, s.customer_id) as customer_id, s.customer_id as number, s.outlet_id, s.product_code, s.fen, s.since,
             lead(s.since, 1, ${FOREVER}) over (partition by s.customer_id, s.outlet_id, s.product_code order by s.since) as next_said
        from said s left join merged m using (customer_id))
    select n.customer_id, n.number, n.outlet_id, n.product_code, n.fen, n.since, least(n.next_said, f.day) as until, p.category,
           p.category not in ('loan', 'credit-card', 'service') as is_asset, (n.fen <> 0 or p.category = 'service') as stands
      from named n join next_full f using (since) join product p using (product_code)`;
}

/** Days of a stretch [since, until) that lie in [from, to]. */
function overlap(from: BusinessDate, to: BusinessDate): string {
  return `greatest(0, date_diff('day', greatest(since, date '${from}'), least(until, date '${addDays(to, 1)}')))`;
}

/**
 * Every customer on a day, from `history`: sums of balance × days for both measures, and the home outlet: where most assets are; for
 * those who have none, where most were on the last day that there were any; for those who never had, the smallest outlet of the last
 * day with any business.
 */
export function standingSql(day: BusinessDate, tier: string): string {
  return `
    with past as (select * from history where since <= date '${day}'),
    sums as (
      select customer_id,
             coalesce(sum(fen) filter (where is_asset and until > date '${day}'), 0)::bigint as assets,
             coalesce(bool_or(category = 'loan' and fen <> 0) filter (where until > date '${day}'), false) as has_loan,
             coalesce(sum(fen * ${overlap(yearStart(day), day)}) filter (where is_asset), 0)::bigint as year_days,
             coalesce(sum(fen * ${overlap(addDays(day, 1 - ROLLING_DAYS), day)}) filter (where is_asset), 0)::bigint as rolling_days
        from past group by customer_id),
    now as (select customer_id from past where until > date '${day}' and is_asset group by customer_id, outlet_id having sum(fen) > 0),
    -- Only who has no outlet with assets on the day needs the past, where outlets change on days on which a balance does.
    turns as (select distinct customer_id, date '${day}' as turn from past
              union select customer_id, since from past where customer_id not in (select customer_id from now)
              union select customer_id, until from past where until <= date '${day}' and customer_id not in (select customer_id from now)),
    outlets as (
      select t.customer_id, t.turn, p.outlet_id, coalesce(sum(p.fen) filter (where p.is_asset), 0) as assets, bool_or(p.stands) as stands
        from turns t join past p on p.customer_id = t.customer_id and p.since <= t.turn and p.until > t.turn
       group by t.customer_id, t.turn, p.outlet_id),
    rich as (
      select customer_id, outlet_id, row_number() over (partition by customer_id order by turn desc, assets desc, outlet_id) as n
        from outlets where assets > 0),
    poor as (
      select customer_id, outlet_id, row_number() over (partition by customer_id order by turn desc, outlet_id) as n
        from outlets where stands)
    select date '${day}', s.customer_id, s.assets, coalesce(r.outlet_id, p.outlet_id), s.has_loan, s.year_days, s.rolling_days, ${tier}
      from sums s left join rich r on r.customer_id = s.customer_id and r.n = 1
      left join poor p on p.customer_id = s.customer_id and p.n = 1`;
}

/** Positions that stand at the end of all files, by surviving number. */
export const POSITIONS_SQL = `
  select customer_id, outlet_id, product_code, sum(fen)::bigint
    from history where until = ${FOREVER} group by customer_id, outlet_id, product_code, category
  having sum(fen) <> 0 or category = 'service'`;
