import { type BusinessDate, businessDate, daysBetween } from '../../../kernel/business-date.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { AGE_GROUPS } from '../rules/peers.ts';

/** Shares move slowly and counting reads every position: once a week is enough. */
const RENEW_DAYS = 7;

/** Counts who holds what by tier and age, when the counts are a week old. */
export async function countPeers(platform: Platform): Promise<void> {
  await unscoped(platform.worker, async (tx) => {
    await tx.client.query('lock table insight.peer_count in share row exclusive mode');
    const day = await lastClosedDay(tx);
    if (day === undefined || !(await isDue(tx, day))) return;
    await tx.db.deleteFrom('insight.peer_count').execute();
    await tx.client.query(
      `with person as (
         select s.customer_id, s.tier, $1::int[] as ages, extract(year from age($2::date, c.birth_date))::int as years
           from coverage.standing s join customers.customer c on c.customer_id = s.customer_id
          where c.birth_date is not null and c.closed_on is null and c.merged_into is null),
       placed as (select customer_id, tier, (select max(a) from unnest(ages) a where a <= years) as age_from from person where years >= 0),
       groups as (select tier, age_from, count(*) as customers from placed group by 1, 2),
       held as (
         select g.tier, g.age_from, p.category, count(distinct g.customer_id) as holders
           from placed g join closing.position x on x.customer_id = g.customer_id and x.balance_fen > 0
           join products.product p on p.code = x.product_code group by 1, 2, 3)
       insert into insight.peer_count (tier, age_from, category, customers, holders, as_of)
       select held.tier, held.age_from, held.category, groups.customers, held.holders, $2 from held join groups using (tier, age_from)`,
      [AGE_GROUPS, day],
    );
  });
}

async function isDue(tx: Tx, day: BusinessDate): Promise<boolean> {
  const { rows } = await tx.client.query<{ as_of: string | null }>('select max(as_of) as as_of from insight.peer_count');
  const asOf = rows[0]?.as_of ?? null;
  return asOf === null || Math.abs(daysBetween(businessDate(asOf), day)) >= RENEW_DAYS;
}
