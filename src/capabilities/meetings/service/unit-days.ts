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

/** What of one unit alone counts towards its day. */
interface Part {
  readonly unit_no: number;
  readonly customers: number;
  readonly assets: number;
  readonly opened: number;
  readonly rose: number;
  readonly fell: number;
}
type Counted = Partial<Part> & Pick<Part, 'unit_no'>;

/**
 * A customer counts at the outlet that was home that day; openings and moves of band count where the customer is at home now. Each is
 * counted by itself and put together here: a cluster joins customers with customers, not with units.
 */
async function keepDay(tx: Tx, day: BusinessDate, last: BusinessDate): Promise<void> {
  const { rows: units } = await tx.client.query<{ id: string; unit_no: number; last_no: number }>(
    'select id, unit_no, last_no from organisation.org_unit where closed_on is null or closed_on > $1',
    [day],
  );
  const { rows: outlets } = await tx.client.query<{ id: string; unit_no: number }>(
    'select id, unit_no from organisation.org_unit',
  );
  const parts = [
    ...(await stoodAt(tx, new Map(outlets.map((one) => [one.id, one.unit_no])), day, last)),
    ...(await changedOn(tx, day)),
  ];
  const days = units.map(({ id, unit_no, last_no }) => {
    const within = parts.filter((part) => part.unit_no >= unit_no && part.unit_no <= last_no);
    const sum = (of: Exclude<keyof Part, 'unit_no'>) => within.reduce((all, part) => all + (part[of] ?? 0), 0);
    return {
      ...{ unit_id: id, day, unit_no, customers: sum('customers'), assets_fen: sum('assets') },
      ...{ opened: sum('opened'), rose: sum('rose'), fell: sum('fell') },
    };
  });
  for (let at = 0; at < days.length; at += BATCH)
    await tx.db
      .insertInto('meetings.unit_day')
      .values(days.slice(at, at + BATCH))
      .onConflict((conflict) => conflict.columns(['unit_id', 'day']).doNothing())
      .execute();
}

const BATCH = 1_000;

async function stoodAt(
  tx: Tx,
  outlets: ReadonlyMap<string, number>,
  day: BusinessDate,
  last: BusinessDate,
): Promise<readonly Counted[]> {
  const { rows } = await tx.client.query<{ outlet: string; customers: number; assets: number }>(
    `select x.home_outlet as outlet, count(*) as customers, sum(x.assets_fen)::bigint as assets
       from ${standingAtSql(day, 'calendar-year', last)} x where x.home_outlet is not null group by x.home_outlet`,
  );
  return rows.flatMap(({ outlet, customers, assets }) => {
    const unit_no = outlets.get(outlet);
    return unit_no === undefined ? [] : [{ unit_no, customers, assets }];
  });
}

async function changedOn(tx: Tx, day: BusinessDate): Promise<readonly Counted[]> {
  const opened = await tx.client.query<Counted>(
    `select s.unit_no, count(*) as opened from customers.customer c join coverage.standing s on s.customer_id = c.customer_id
      where c.opened_on = $1 group by s.unit_no`,
    [day],
  );
  const moved = await tx.client.query<Counted>(
    `select s.unit_no, count(*) filter (where coalesce(n.band, s.band) > h.band) as rose,
            count(*) filter (where coalesce(n.band, s.band) < h.band) as fell
       from coverage.band_history h join coverage.standing s on s.customer_id = h.customer_id
       left join coverage.band_history n on n.customer_id = h.customer_id and n.since = h.until
      where h.until = $1 group by s.unit_no`,
    [day],
  );
  return [...opened.rows, ...moved.rows];
}
