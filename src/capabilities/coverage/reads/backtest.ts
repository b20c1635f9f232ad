import type { z } from 'zod';
import { type BusinessDate, businessDate, daysBetween, daysFromTo } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';
import type { backtestSchema } from '../contract.ts';
import { graceTrial } from '../rules/backtest.ts';
import { bandThresholdsFen, type Scheme } from '../rules/scheme.ts';

const MONTHS_MAX = 6;
const CUSTOMERS_MAX = 50_000;
interface Row {
  readonly customer_id: string;
  readonly from_date: string;
  readonly to_date: string | null;
  readonly assets_fen: number;
}

/** What 0 to 6 months of grace would have done on the closed days; on a large bank, to every n-th customer. Undefined before the first close. */
export async function backtestGrace(tx: Tx, scheme: Scheme): Promise<z.input<typeof backtestSchema> | undefined> {
  const to = await lastClosedDay(tx);
  const { rows } = await tx.client.query<{ first: string | null; customers: number }>(
    'select (select min(business_date) from closing.day) as first, (select count(*) from closing.balance) as customers',
  );
  const first = rows[0]?.first;
  if (to === undefined || first === null || first === undefined) return undefined;
  const from = businessDate(first);
  const every = Math.max(1, Math.ceil((rows[0]?.customers ?? 0) / CUSTOMERS_MAX));
  const days = daysFromTo(from, to);
  const trial = graceTrial(days, scheme.measure, bandThresholdsFen(scheme), MONTHS_MAX);
  const customers = await eachCustomer(tx, every, from, days.length, trial.add);
  const base = trial.outcomes[0]?.demotions ?? 0;
  return {
    from,
    to,
    customers,
    every,
    months: trial.outcomes.map((outcome) => ({
      ...outcome,
      delayed: outcome.graceMonths === 0 ? 0 : outcome.demotions,
      spared: Math.max(0, base - outcome.demotions - outcome.pending),
    })),
  };
}

async function eachCustomer(
  tx: Tx,
  every: number,
  from: BusinessDate,
  length: number,
  add: (assets: Float64Array) => void,
): Promise<number> {
  const wanted = every === 1 ? '' : `where hashtext(customer_id) % ${every} = 0`;
  await tx.client.query(`declare stretches no scroll cursor for
    select customer_id, from_date, to_date, assets_fen from closing.segment ${wanted}
    union all select customer_id, from_date, null, assets_fen from closing.balance ${wanted} order by customer_id, from_date`);
  const assets = new Float64Array(length);
  let current = '';
  let customers = 0;
  for (;;) {
    const { rows } = await tx.client.query<Row>('fetch 20000 from stretches');
    for (const row of rows) {
      if (row.customer_id !== current) {
        if (current !== '') add(assets);
        current = row.customer_id;
        customers++;
        assets.fill(0);
      }
      const end = row.to_date === null ? length : daysBetween(from, businessDate(row.to_date));
      assets.fill(row.assets_fen, Math.max(0, daysBetween(from, businessDate(row.from_date))), Math.max(0, end));
    }
    if (rows.length === 0) break;
  }
  if (current !== '') add(assets);
  await tx.client.query('close stretches');
  return customers;
}
