import type { BusinessDate } from '../../kernel/business-date.ts';
import { sqlText } from '../../platform/duck.ts';

interface HistoryFile {
  readonly day: BusinessDate;
  readonly importId: string;
  readonly delta: boolean;
  readonly path: string;
}

const FOREVER = "date '9999-12-31'";
const KEY = 'customer_id, outlet_id, product_code';

/**
 * Makes `history`: what each file says of each key, and the days [since, until) for which that holds: until the next file that names
 * the key, or the next full file, whichever comes first; and whether something else was true before and after. No day is closed and
 * nothing is carried: the archive alone speaks.
 */
export function historySql(files: readonly HistoryFile[]): string {
  const said = files.map(
    (file) => `
    select date ${sqlText(file.day)} as since, ${KEY}, sum(balance_fen)::hugeint as fen
      from read_parquet(${sqlText(file.path)})
     where customer_id not in (select customer_id from held where import_id = ${sqlText(file.importId)})
     group by ${KEY}`,
  );
  const full = files.filter((file) => !file.delta).map((file) => `(date ${sqlText(file.day)})`);
  const nothing =
    'select null::date as since, null as customer_id, null as outlet_id, null as product_code, null::hugeint as fen where false';
  return `
    create table history as
    with full_days as (select day from (values ${[...full, `(${FOREVER})`].join(', ')}) t (day)),
    said as (${said.length > 0 ? said.join(' union all ') : nothing}),
    next_full as (select s.since, min(f.day) as full_day from (select distinct since from said) s join full_days f on f.day > s.since group by s.since),
    named as (
      select *, lead(since, 1, ${FOREVER}) over same_key as next_said, lag(fen) over same_key as fen_before, lag(full_day) over same_key as full_before
        from said join next_full using (since)
      window same_key as (partition by ${KEY} order by since))
    select coalesce(m.into_id, n.customer_id) as customer_id, n.outlet_id, n.product_code, n.fen, n.since, least(n.next_said, n.full_day) as until,
           n.fen is distinct from n.fen_before or n.full_before < n.since as begins, n.full_day < n.next_said as ends, p.category,
           p.category not in ('loan', 'credit-card', 'service') as is_asset, (n.fen <> 0 or p.category = 'service') as stands
      from named n join product p using (product_code) left join merged m on m.customer_id = n.customer_id`;
}

/** What a stretch says besides its days. */
const SAYS = 'assets, home, has_loan, runner_up, home_fen, runner_up_fen, home_held';
const BEFORE = '(partition by customer_id order by turn)';

/**
 * Every stretch of every customer, from `history`, as `verify.stretch` wants them: [from, to) of the days on which all is the same. Home is
 * the outlet where most assets are; for those who have none, where most were on the last day that there were any; for those who never
 * had, the smallest outlet of the last day with any business.
 */
export const STRETCHES_SQL = `
  with turns as (
    select customer_id, since as turn from history where begins union select customer_id, until from history where ends),
  outlets as (
    select t.customer_id, t.turn, h.outlet_id, coalesce(sum(h.fen) filter (where h.is_asset), 0) as assets, bool_or(h.stands) as stands,
           bool_or(h.category = 'loan' and h.fen <> 0) as has_loan
      from turns t left join history h on h.customer_id = t.customer_id and h.since <= t.turn and h.until > t.turn
     group by t.customer_id, t.turn, h.outlet_id),
  places as (select *, row_number() over (partition by customer_id, turn order by assets desc, outlet_id) as place from outlets),
  days as (
    select customer_id, turn, sum(assets) as assets, coalesce(bool_or(has_loan), false) as has_loan, min(outlet_id) filter (where stands) as business,
           max(outlet_id) filter (where place = 1 and assets > 0) as richest, coalesce(max(assets) filter (where place = 1 and assets > 0), 0) as home_fen,
           max(outlet_id) filter (where place = 2 and assets > 0) as runner_up, coalesce(max(assets) filter (where place = 2 and assets > 0), 0) as runner_up_fen
      from places group by customer_id, turn),
  homes as (
    select *, last_value(richest ignore nulls) over ${BEFORE} as held, last_value(business ignore nulls) over ${BEFORE} as busy from days),
  told as (select *, coalesce(held, busy) as home, held is not null as home_held from homes),
  changes as (
    select *, row_number() over ${BEFORE} = 1 or row(${SAYS}) is distinct from lag(row(${SAYS})) over ${BEFORE} as changed from told),
  stretches as (
    select *, lead(turn) over ${BEFORE} as until, lag(turn) over ${BEFORE} as begun, lag(assets) over ${BEFORE} as was from changes where changed),
  sums as (select *, coalesce(sum(was * (turn - begun)) over ${BEFORE}, 0) as cum from stretches),
  -- Balance-days up to a year's end: those of the stretch that reaches over it, which is the one before the year's first.
  years as (
    select *, first_value(cum - coalesce(was * (turn - date_trunc('year', turn)::date), 0))
                over (partition by customer_id, year(turn) order by turn) as year_cum from sums)
  select customer_id, turn, until, assets::bigint, home, has_loan, cum::bigint, year_cum::bigint, runner_up, home_fen::bigint, runner_up_fen::bigint, home_held
    from years`;

/** Positions that stand at the end of all files, by surviving number. */
export const POSITIONS_SQL = `
  select ${KEY}, sum(fen)::bigint
    from history where until = ${FOREVER} group by ${KEY}, category
  having sum(fen) <> 0 or category = 'service'`;
