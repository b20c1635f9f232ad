import { addDays, type BusinessDate, businessDate, dayOfYear, yearStart } from '../../kernel/business-date.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { type ClosedDay, dayTotalsSchema, type Measure } from './contract.ts';
import { ROLLING_DAYS } from './rules/measure.ts';

/** The newest closed day, or undefined before the first close. */
export async function lastClosedDay(tx: Tx): Promise<BusinessDate | undefined> {
  const row = await tx.db
    .selectFrom('closing.day')
    .select('business_date')
    .orderBy('business_date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && businessDate(row.business_date);
}

/** Every closed day, ascending. */
export async function closedDays(tx: Tx): Promise<ClosedDay[]> {
  const rows = await tx.db.selectFrom('closing.day').selectAll().orderBy('business_date').execute();
  return rows.map((row) => ({
    day: businessDate(row.business_date),
    importId: row.import_id,
    inputDigest: row.input_digest,
    chain: row.chain,
    digest: row.digest,
    customers: row.customers,
    positions: row.positions,
    changedCustomers: row.changed_customers,
    changedPositions: row.changed_positions,
    totals: dayTotalsSchema.parse(row.totals),
  }));
}

const COLUMNS =
  'customer_id, from_date, assets_fen, home_outlet, has_loan, cum_before, year_cum, runner_up_outlet, home_fen, runner_up_fen';

/** SQL of the stretch that contains `day` for every customer who has one. */
function stretchSql(day: BusinessDate, last: BusinessDate): string {
  const open = `select ${COLUMNS} from closing.balance`;
  if (day === last) return open;
  return `${open} where from_date <= date '${day}' union all
    select ${COLUMNS} from closing.segment where from_date <= date '${day}' and to_date > date '${day}'`;
}

/** Balance-days of `x` from the start of everything up to and including `day`, which its stretch contains. */
function cumSql(x: string, day: BusinessDate): string {
  return `(${x}.cum_before + ${x}.assets_fen * (date '${day}' - ${x}.from_date + 1))`;
}

/**
 * SQL of every customer as of a closed day: customer_id, assets_fen, home_outlet, has_loan, runner_up_outlet, home_fen, runner_up_fen and
 * balance_days (bigint, fen × days of the measure; it may pass 2^53, so cast it to text before it leaves the database). `last` is
 * the newest closed day: for it the calendar-year measure reads the open stretches only. Days are validated dates, so they stand in the text.
 */
export function standingAtSql(day: BusinessDate, measure: Measure, last: BusinessDate): string {
  if (day > last) throw new RangeError(`${day} is not closed`);
  const shown = 'x.customer_id, x.assets_fen, x.home_outlet, x.has_loan, x.runner_up_outlet, x.home_fen, x.runner_up_fen';
  if (measure === 'calendar-year') {
    const days = `case when x.from_date >= date '${yearStart(day)}' then ${cumSql('x', day)} - x.year_cum
      else x.assets_fen * ${dayOfYear(day)} end`;
    return `(select ${shown}, ${days} as balance_days from (${stretchSql(day, last)}) x)`;
  }
  const before = addDays(day, -ROLLING_DAYS);
  const days = `case when x.from_date <= date '${before}' then x.assets_fen * ${ROLLING_DAYS}
    else ${cumSql('x', day)} - coalesce(${cumSql('w', before)}, 0) end`;
  return `(select ${shown}, ${days} as balance_days from (${stretchSql(day, last)}) x
    left join closing.segment w on w.customer_id = x.customer_id and w.from_date <= date '${before}' and w.to_date > date '${before}')`;
}

/** One stretch of a customer's days: [from, to), `to` null while it is open. */
export interface Stretch {
  readonly from: BusinessDate;
  readonly to: BusinessDate | null;
  readonly assetsFen: number;
  readonly homeOutlet: string | null;
  readonly hasLoan: boolean;
  readonly runnerUpOutlet: string | null;
  readonly homeFen: number;
  readonly runnerUpFen: number;
  /** Balance-days of all days before `from`. */
  readonly cumBefore: bigint;
}

/** A customer's whole timeline, ascending. Under the application role the customer must have been opened first. */
export async function customerTimeline(tx: Tx, customerId: string): Promise<Stretch[]> {
  const { rows } = await tx.client.query<StretchRow>(
    `select from_date, to_date, assets_fen, home_outlet, has_loan, runner_up_outlet, home_fen, runner_up_fen, cum_before::text
       from closing.segment where customer_id = $1
      union all
     select from_date, null, assets_fen, home_outlet, has_loan, runner_up_outlet, home_fen, runner_up_fen, cum_before::text
       from closing.balance where customer_id = $1 order by from_date`,
    [customerId],
  );
  return rows.map((row) => ({
    from: businessDate(row.from_date),
    to: row.to_date === null ? null : businessDate(row.to_date),
    assetsFen: row.assets_fen,
    homeOutlet: row.home_outlet,
    hasLoan: row.has_loan,
    runnerUpOutlet: row.runner_up_outlet,
    homeFen: row.home_fen,
    runnerUpFen: row.runner_up_fen,
    cumBefore: BigInt(row.cum_before),
  }));
}

interface StretchRow {
  readonly from_date: string;
  readonly to_date: string | null;
  readonly assets_fen: number;
  readonly home_outlet: string | null;
  readonly has_loan: boolean;
  readonly runner_up_outlet: string | null;
  readonly home_fen: number;
  readonly runner_up_fen: number;
  readonly cum_before: string;
}

export interface Holding {
  readonly outletId: string;
  readonly productCode: string;
  readonly balanceFen: number;
  readonly maturesOn: BusinessDate | null;
  readonly since: BusinessDate;
}

/** What a customer holds at the end of the newest closed day. */
export async function holdings(tx: Tx, customerId: string): Promise<Holding[]> {
  const rows = await tx.db
    .selectFrom('closing.position')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('outlet_id')
    .orderBy('product_code')
    .execute();
  return rows.map((row) => ({
    outletId: row.outlet_id,
    productCode: row.product_code,
    balanceFen: row.balance_fen,
    maturesOn: row.matures_on === null ? null : businessDate(row.matures_on),
    since: businessDate(row.since),
  }));
}
