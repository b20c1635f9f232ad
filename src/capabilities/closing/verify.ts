import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addDays, type BusinessDate, yearStart } from '../../kernel/business-date.ts';
import type { Platform } from '../../platform/context.ts';
import { type Tx, unscoped } from '../../platform/db/transaction.ts';
import { type Duck, openDuck, sqlText } from '../../platform/duck.ts';
import { foldersOf, makeFolders } from './archive.ts';
import { tierSql } from './contract.ts';
import { fillTable } from './engine.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { closedDays, standingAtSql } from './reads.ts';
import { aloneClosing } from './service.ts';
import { copyFile } from './store.ts';
import { historySql, POSITIONS_SQL, standingSql } from './verify-sql.ts';

/** A customer of whom the close and the recomputation from the archive say different things. */
export interface Difference {
  readonly day: BusinessDate;
  readonly customerId: string;
  readonly closed: string | null;
  readonly rebuilt: string | null;
}

export interface ClosingVerified {
  readonly days: readonly BusinessDate[];
  /** Customers and days compared, and positions of the newest day. */
  readonly compared: number;
  readonly positions: number;
  readonly differences: number;
  /** At most a hundred. */
  readonly examples: readonly Difference[];
}

const MEMORY = '1GB';

/**
 * Works averages, home outlet, loan flag and tier out anew, from nothing but the archived files, by other means than the close, and
 * compares every customer on the newest day, on each year's last day, on the day before a file and on one day a quarter.
 */
export function verifyClosing(platform: Platform): Promise<ClosingVerified> {
  return aloneClosing(platform, async () => {
    const folders = foldersOf(platform);
    await makeFolders(folders);
    const scratch = await mkdtemp(join(folders.scratch, 'verify-'));
    try {
      return await unscoped(platform.worker, async (tx) => {
        const closed = (await closedDays(tx)).map((day) => day.day);
        const last = closed.at(-1);
        if (last === undefined) return { days: [], compared: 0, positions: 0, differences: 0, examples: [] };
        const inputs = await readInputs(tx);
        const duck = await openDuck({ memoryLimit: MEMORY, scratch, folders: [folders.content] });
        try {
          await tx.client.query('truncate verify.standing, verify.position');
          await makeHistory(duck, folders.content, inputs, last);
          return await compareDays(tx, duck, scratch, closed, last);
        } finally {
          duck.close();
        }
      });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
}

/** Days worth looking at: where years, windows and inputs meet, and the newest. */
export function daysToVerify(closed: readonly BusinessDate[], last: BusinessDate): BusinessDate[] {
  const yearEnds = closed.filter((day) => addDays(day, 1).slice(0, 4) !== day.slice(0, 4));
  const afterYearEnds = closed.filter((day) => day === yearStart(day));
  const quarters = closed.filter((_, n) => n % 91 === 0);
  return [...new Set([...quarters, ...yearEnds, ...afterYearEnds, last])].sort();
}

async function makeHistory(duck: Duck, content: string, inputs: Inputs, last: BusinessDate): Promise<void> {
  await duck.run('create table merged (customer_id varchar, into_id varchar)');
  await duck.run('create table product (product_code varchar, category varchar)');
  await duck.run('create table held (import_id varchar, customer_id varchar)');
  await fillTable(duck, 'merged', inputs.merged);
  await fillTable(duck, 'product', inputs.products);
  const files = inputs.days.filter((input) => input.day <= last);
  await fillTable(
    duck,
    'held',
    files.flatMap((file) => file.held.map((id) => [file.importId, id])),
  );
  await duck.run(historySql(files.map((file) => ({ ...file, path: join(content, `${file.importId}.parquet`) }))));
}

async function compareDays(
  tx: Tx,
  duck: Duck,
  scratch: string,
  closed: readonly BusinessDate[],
  last: BusinessDate,
): Promise<ClosingVerified> {
  const days = daysToVerify(closed, last);
  const path = join(scratch, 'standing.csv');
  let compared = 0;
  let differences = 0;
  const examples: Difference[] = [];
  for (const day of days) {
    await duck.run(`copy (${standingSql(day, tierSql('assets'))}) to ${sqlText(path)} (format csv, header false)`);
    await copyFile(
      tx,
      'verify.standing (business_date, customer_id, assets_fen, home_outlet, has_loan, year_days, rolling_days, tier)',
      path,
    );
    const { rows } = await tx.client.query<DifferenceRow>(differencesSql(day, last));
    const [first] = rows;
    compared += await countOf(tx, `select count(*) as n from verify.standing where business_date = date '${day}'`);
    differences += first?.n ?? 0;
    examples.push(...rows.map((row) => ({ day, customerId: row.customer_id, closed: row.closed, rebuilt: row.rebuilt })));
  }
  await duck.run(`copy (${POSITIONS_SQL}) to ${sqlText(path)} (format csv, header false)`);
  await copyFile(tx, 'verify.position (customer_id, outlet_id, product_code, balance_fen)', path);
  const { rows } = await tx.client.query<DifferenceRow>(POSITION_DIFFERENCES);
  differences += rows[0]?.n ?? 0;
  examples.push(...rows.map((row) => ({ day: last, customerId: row.customer_id, closed: row.closed, rebuilt: row.rebuilt })));
  const positions = await countOf(tx, 'select count(*) as n from verify.position');
  return { days, compared, positions, differences, examples: examples.slice(0, 100) };
}

interface DifferenceRow {
  readonly customer_id: string;
  readonly closed: string | null;
  readonly rebuilt: string | null;
  readonly n: number;
}

async function countOf(tx: Tx, sql: string): Promise<number> {
  const { rows } = await tx.client.query<{ n: number }>(sql);
  return rows[0]?.n ?? 0;
}

/** What is in one and not in the other, both ways. */
function differencesSql(day: BusinessDate, last: BusinessDate): string {
  const columns = 'customer_id, assets_fen, home_outlet, has_loan, year_days, rolling_days, tier';
  return `
    with closed as (
      select y.customer_id, y.assets_fen, y.home_outlet, y.has_loan, y.balance_days as year_days, r.balance_days as rolling_days,
             ${tierSql('y.assets_fen')}::smallint as tier
        from ${standingAtSql(day, 'calendar-year', last)} y join ${standingAtSql(day, 'rolling-365', last)} r using (customer_id)),
    rebuilt as (select ${columns} from verify.standing where business_date = date '${day}'),
    only_closed as (select ${columns} from closed except select ${columns} from rebuilt),
    only_rebuilt as (select ${columns} from rebuilt except select ${columns} from closed)
    select customer_id, c::text as closed, r::text as rebuilt, count(*) over () as n
      from only_closed c full join only_rebuilt r using (customer_id) order by customer_id limit 100`;
}

const POSITION_DIFFERENCES = `
  with closed as (select customer_id, outlet_id, product_code, balance_fen from closing.position),
  only_closed as (select * from closed except select * from verify.position),
  only_rebuilt as (select * from verify.position except select * from closed)
  select customer_id, c::text as closed, r::text as rebuilt, count(*) over () as n
    from only_closed c full join only_rebuilt r using (customer_id, outlet_id, product_code) order by customer_id limit 100`;
