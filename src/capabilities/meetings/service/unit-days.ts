import { addDays, type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { lastClosedDay, standingAtSql } from '../../closing/index.ts';

/** A meeting looks back a week: the day before it is what the week is compared with. */
const LOOK_BACK = 7;
/** What is older is kept a quarter, for who asks again. */
const KEEP_DAYS = 92;

/** Keeps the figures of each unit for the closed days of the last week that have none yet. Restated days keep what was shown then. */
export async function keepUnitDays(platform: Platform): Promise<void> {
  await unscoped(platform.worker, async (tx) => {
    await tx.client.query('lock table meetings.unit_day in share row exclusive mode');
    const last = await lastClosedDay(tx);
    if (last === undefined) return;
    for (const day of await missingDays(tx, last)) await keepDay(tx, day, last);
    await tx.db.deleteFrom('meetings.unit_day').where('day', '<', addDays(last, -KEEP_DAYS)).execute();
  });
}

async function missingDays(tx: Tx, last: BusinessDate): Promise<BusinessDate[]> {
  const { rows } = await tx.client.query<{ day: string }>(
    `select d.business_date as day from closing.day d where d.business_date >= $1
        and not exists (select 1 from meetings.unit_day u where u.day = d.business_date) order by 1`,
    [addDays(last, -LOOK_BACK)],
  );
  return rows.map(({ day }) => businessDate(day));
}

/** A customer counts at the outlet that was home that day; openings and moves of band count where the customer is at home now. */
async function keepDay(tx: Tx, day: BusinessDate, last: BusinessDate): Promise<void> {
  await tx.client.query(
    `with stood as (
       select u.unit_no, count(*) as customers, sum(x.assets_fen) as assets from ${standingAtSql(day, 'calendar-year', last)} x
         join organisation.org_unit u on u.id = x.home_outlet group by u.unit_no),
     opened as (
       select s.unit_no, count(*) as opened from customers.customer c join coverage.standing s on s.customer_id = c.customer_id
        where c.opened_on = $1 group by s.unit_no),
     moved as (
       select s.unit_no, count(*) filter (where coalesce(n.band, s.band) > h.band) as rose, count(*) filter (where coalesce(n.band, s.band) < h.band) as fell
         from coverage.band_history h join coverage.standing s on s.customer_id = h.customer_id
         left join coverage.band_history n on n.customer_id = h.customer_id and n.since = h.until
        where h.until = $1 group by s.unit_no)
     insert into meetings.unit_day (unit_id, day, unit_no, customers, assets_fen, opened, rose, fell)
     select u.id, $1, u.unit_no, coalesce(sum(a.customers), 0), coalesce(sum(a.assets), 0), coalesce(sum(a.opened), 0), coalesce(sum(a.rose), 0),
            coalesce(sum(a.fell), 0)
       from organisation.org_unit u left join (
         select unit_no, customers, assets, 0 as opened, 0 as rose, 0 as fell from stood
         union all select unit_no, 0, 0, opened, 0, 0 from opened
         union all select unit_no, 0, 0, 0, rose, fell from moved) a on a.unit_no between u.unit_no and u.last_no
      where u.closed_on is null or u.closed_on > $1 group by u.id, u.unit_no
     on conflict (unit_id, day) do nothing`,
    [day],
  );
}
