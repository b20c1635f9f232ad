import type { z } from 'zod';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay, standingAtSql } from '../../closing/index.ts';
import type { histogramSchema } from '../contract.ts';
import { bandThresholdsFen, type Scheme } from '../rules/scheme.ts';
import { averageSql } from '../service/bands.ts';

type Histogram = z.input<typeof histogramSchema>;
/** From ¥100 on a bin begins at every amount of two leading digits, which is where borders are dragged to; nothing is cut below. */
const FIRST_EDGE = 10_000;
const MOST_DIGITS = 17;

/**
 * Customers by average, and the staff there are, of one's units. Everybody with a balance is counted, whatever the average; bins
 * are cut at round amounts and at the scheme's own limits, so that bands between such limits are exact. Undefined before the
 * first close.
 */
export async function averageHistogram(tx: Tx, scheme: Scheme, scope: Scope): Promise<Histogram | undefined> {
  const day = await lastClosedDay(tx);
  if (day === undefined || scope.lo === undefined || scope.hi === undefined) return undefined;
  const units: [number, number] = [scope.lo, scope.hi];
  const staff = await tx.client.query<{ role: string; count: number }>(
    `select s.role, count(*) as count from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where u.unit_no between $1 and $2 and (s.left_on is null or s.left_on > $3::date) and (s.hired_on is null or s.hired_on <= $3::date)
      group by s.role order by s.role`,
    [...units, day],
  );
  return { businessDate: day, bins: await binsOf(tx, scheme, day, units), staff: staff.rows };
}

async function binsOf(tx: Tx, scheme: Scheme, day: BusinessDate, units: [number, number]): Promise<Histogram['bins']> {
  const limits = bandThresholdsFen(scheme);
  const { rows } = await tx.client.query<{
    least: number;
    edge: number;
    customers: number;
    with_loan: number;
    assets_fen: number;
  }>(
    `select ${edgeSql('average_fen', limits)} as edge, min(average_fen) as least, count(*) as customers,
            count(*) filter (where has_loan) as with_loan, sum(average_fen)::bigint as assets_fen
       from (select x.has_loan, ${averageSql('x.balance_days', scheme, day)} as average_fen from ${standingAtSql(day, scheme.measure, day)} x
               join coverage.standing s on s.customer_id = x.customer_id and s.unit_no between $1 and $2) a
      group by 1 order by 1`,
    units,
  );
  return rows.map((row) => ({
    fromFen: row.edge < 0 ? row.least : row.edge,
    toFen: row.edge < 0 ? 0 : edgeAfter(row.edge, limits),
    customers: row.customers,
    withLoan: row.with_loan,
    assetsFen: row.assets_fen,
  }));
}

/** SQL of the lower edge of an average's bin, in whole numbers throughout; -1 for what is below nothing. */
function edgeSql(column: string, limits: readonly number[]): string {
  const arms = Array.from({ length: MOST_DIGITS - 4 }, (_, i) => {
    const step = 10 ** (i + 3);
    return `when ${column} < ${step * 100} then ${column} / ${step} * ${step}`;
  });
  const round = `case when ${column} < ${FIRST_EDGE} then 0 ${arms.join(' ')} else ${10 ** MOST_DIGITS} end`;
  const own = [...limits].reverse().map((limit) => `when ${column} >= ${limit} then ${limit}`);
  return `case when ${column} < 0 then -1 else greatest(${round}, case ${own.join(' ')} else 0 end) end`;
}

/** Where the bin that begins at `edge` ends. */
function edgeAfter(edge: number, limits: readonly number[]): number {
  const step = 10 ** (String(edge).length - 2);
  const round = edge < FIRST_EDGE ? FIRST_EDGE : (Math.floor(edge / step) + 1) * step;
  return Math.min(round, ...limits.filter((limit) => limit > edge));
}
