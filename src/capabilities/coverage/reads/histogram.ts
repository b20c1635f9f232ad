import type { z } from 'zod';
import { dayOfYear } from '../../../kernel/business-date.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay, standingAtSql } from '../../closing/index.ts';
import type { histogramSchema } from '../contract.ts';
import type { Scheme } from '../rules/scheme.ts';

const BINS_PER_DECADE = 40;

/** Customers by average in log-spaced bins, and the staff there are, of one's units. Counts only; undefined before the first close. */
export async function averageHistogram(
  tx: Tx,
  measure: Scheme['measure'],
  scope: Scope,
): Promise<z.input<typeof histogramSchema> | undefined> {
  const day = await lastClosedDay(tx);
  if (day === undefined || scope.lo === undefined || scope.hi === undefined) return undefined;
  const days = measure === 'calendar-year' ? dayOfYear(day) : 365;
  const { rows } = await tx.client.query<{ bin: number; customers: number; with_loan: number; assets_fen: number }>(
    `select floor(${BINS_PER_DECADE} * log(a.average_fen::double precision))::int as bin, count(*) as customers,
            count(*) filter (where a.has_loan) as with_loan, sum(a.average_fen)::bigint as assets_fen
       from (select x.customer_id, x.has_loan, x.balance_days / ${days} as average_fen from ${standingAtSql(day, measure, day)} x) a
       join coverage.standing s on s.customer_id = a.customer_id and s.unit_no between $1 and $2
      where a.average_fen >= 10000 group by 1 order by 1`,
    [scope.lo, scope.hi],
  );
  const staff = await tx.client.query<{ role: string; count: number }>(
    `select s.role, count(*) as count from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where u.unit_no between $1 and $2 and (s.left_on is null or s.left_on > $3::date) and (s.hired_on is null or s.hired_on <= $3::date)
      group by s.role order by s.role`,
    [scope.lo, scope.hi, day],
  );
  return {
    businessDate: day,
    bins: rows.map((row) => ({
      fromFen: Math.round(10 ** (row.bin / BINS_PER_DECADE)),
      customers: row.customers,
      withLoan: row.with_loan,
      assetsFen: row.assets_fen,
    })),
    staff: staff.rows,
  };
}
