import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Platform } from '../../../platform/context.ts';
import type { Metric } from '../rules/metric.ts';

/** What somebody did of a metric on a day. */
export interface Done {
  readonly staffId: string;
  readonly on: string;
  readonly figure: number;
}

const TALKED =
  "outcome in ('reached', 'declined', 'complaint') and reversed_at is null and staff_id = any($1) and on_date between $2 and $3";

/** Each part of a sale in fen, for whom it counts. */
const SOLD = (['staff_id', 'referrer', 'claimer', 'coverer'] as const)
  .map((who) => {
    const part = who === 'staff_id' ? 'seller' : who;
    return `select s.${who} as staff_id, s.on_date, s.${part}_fen as fen, s.product_code from ledgers.sale s
      where s.state = 'stands' and s.${part}_fen > 0 and s.${who} = any($1) and s.on_date between $2 and $3`;
  })
  .join(' union all ');

const sold = (category?: string) =>
  category === undefined
    ? `select staff_id, on_date, sum(fen)::bigint as figure from (${SOLD}) s group by 1, 2`
    : `select staff_id, on_date, sum(fen)::bigint as figure from (${SOLD}) s join products.product p on p.code = s.product_code
        where p.category = '${category}' group by 1, 2`;

/**
 * Changes of the assets of those whom somebody leads now, by the day on which they changed. What a customer began with counts when they
 * came after the bank's first closed day: it is new.
 */
const GROWN = `with had as (
    select customer_id, staff_id from coverage.by_staff where staff_id = any($1) and seat = 'lead'),
  stretch as (
    select h.staff_id, s.customer_id, s.from_date, s.assets_fen from closing.segment s join had h on h.customer_id = s.customer_id where s.to_date >= $2
    union all select h.staff_id, b.customer_id, b.from_date, b.assets_fen from closing.balance b join had h on h.customer_id = b.customer_id),
  step as (
    select staff_id, from_date, assets_fen - coalesce(lag(assets_fen) over (partition by customer_id order by from_date), 0) as fen,
           lag(from_date) over (partition by customer_id order by from_date) is null as first from stretch)
  select staff_id, from_date as on_date, sum(fen)::bigint as figure from step
   where from_date between $2 and $3 and (not first or from_date > (select min(business_date) from closing.day)) group by 1, 2`;

const QUERIES: Readonly<Record<Metric, string>> = {
  assets: GROWN,
  sales: sold(),
  'sales-time-deposit': sold('time-deposit'),
  'sales-wealth': sold('wealth'),
  'sales-fund': sold('fund'),
  'sales-insurance': sold('insurance'),
  talks: `select staff_id, on_date, count(*)::int as figure from engagement.contact where channel in ('phone', 'wecom', 'visit', 'meeting') and ${TALKED} group by 1, 2`,
  meetings: `select staff_id, on_date, count(*)::int as figure from engagement.contact where channel in ('visit', 'meeting') and ${TALKED} group by 1, 2`,
};

/**
 * What people did of a metric, by day. Asked past row security, which shows a head no balances of customers: it tells of nobody but the
 * people, and those were found in one's scope.
 */
export async function doneBy(
  platform: Platform,
  metric: Metric,
  staffIds: readonly string[],
  from: BusinessDate,
  to: BusinessDate,
): Promise<Done[]> {
  if (staffIds.length === 0 || to < from) return [];
  const { rows } = await platform.worker.query<{ staff_id: string; on_date: string; figure: number }>(QUERIES[metric], [
    staffIds,
    from,
    to,
  ]);
  return rows.map((row) => ({ staffId: row.staff_id, on: row.on_date, figure: row.figure }));
}

/** The sum for each person. */
export function sums(done: readonly Done[]): ReadonlyMap<string, number> {
  const total = new Map<string, number>();
  for (const { staffId, figure } of done) total.set(staffId, (total.get(staffId) ?? 0) + figure);
  return total;
}
