import { addMonths, todayOf } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { KEPT_MONTHS } from '../rules/rights.ts';

/** How many such customers are named; more are counted. */
const NAMED = 100;

/** Customers who ceased to be so long enough ago that their identity can be erased: two people do that, one by one. */
export async function dueForErasure(tx: Tx, now: Date): Promise<{ readonly due: number; readonly customers: readonly string[] }> {
  const before = addMonths(todayOf(now), -KEPT_MONTHS);
  const { rows } = await tx.client.query<{ customer_id: string; due: number }>(
    `select c.customer_id, count(*) over ()::int as due from customers.customer c left join personal.mark m on m.customer_id = c.customer_id
      where c.closed_on <= $1 and m.erased_at is null and m.held_at is null order by c.customer_id limit $2`,
    [before, NAMED],
  );
  return { due: rows[0]?.due ?? 0, customers: rows.map((row) => row.customer_id) };
}

/** How many people a legal hold stands for: while there is one, no bad cells go, since they may be theirs. */
export async function holdsStanding(tx: Tx): Promise<number> {
  const { rows } = await tx.client.query<{ n: number }>('select count(*)::int as n from personal.mark where held_at is not null');
  return rows[0]?.n ?? 0;
}
