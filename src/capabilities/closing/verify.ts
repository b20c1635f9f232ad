import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BusinessDate, businessDate } from '../../kernel/business-date.ts';
import type { Platform } from '../../platform/context.ts';
import { type Tx, unscoped } from '../../platform/db/transaction.ts';
import { type Duck, openDuck, sqlText } from '../../platform/duck.ts';
import { foldersOf, makeFolders } from './archive.ts';
import { fillTable } from './engine.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { closedDays } from './reads.ts';
import { aloneClosing } from './service.ts';
import { copyFile, STRETCH_FACTS } from './store.ts';
import { historySql, POSITIONS_SQL, STRETCHES_SQL } from './verify-sql.ts';

/** A stretch of a customer's days, or a position, of which the close and the recomputation from the archive say different things. */
export interface Difference {
  readonly day: BusinessDate;
  readonly customerId: string;
  readonly closed: string | null;
  readonly rebuilt: string | null;
}

export interface ClosingVerified {
  /** Closed days; all of them are compared. */
  readonly days: number;
  /** Stretches of days compared, and positions of the newest day. */
  readonly stretches: number;
  readonly positions: number;
  readonly differences: number;
  /** At most a hundred. */
  readonly examples: readonly Difference[];
}

const MEMORY = '1GB';
const EXAMPLES = 100;

/**
 * Works every customer's days out anew, from nothing but the archived files and by other means than the close, and compares all
 * stretches of all customers. Averages, home outlet, loan flag and tier of any day follow from these alone.
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
        if (last === undefined) return { days: 0, stretches: 0, positions: 0, differences: 0, examples: [] };
        const inputs = await readInputs(tx);
        const duck = await openDuck({ memoryLimit: MEMORY, scratch, folders: [folders.content] });
        try {
          await tx.client.query('truncate verify.stretch, verify.position');
          await makeHistory(duck, folders.content, inputs, last);
          return { days: closed.length, ...(await compare(tx, duck, scratch, last)) };
        } finally {
          duck.close();
        }
      });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  });
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

async function compare(tx: Tx, duck: Duck, scratch: string, last: BusinessDate): Promise<Omit<ClosingVerified, 'days'>> {
  const path = join(scratch, 'rebuilt.csv');
  const rebuild = async (sql: string, table: string) => {
    await duck.run(`copy (${sql}) to ${sqlText(path)} (format csv, header false)`);
    return copyFile(tx, table, path);
  };
  const stretches = await rebuild(STRETCHES_SQL, `verify.stretch (${STRETCH})`);
  const positions = await rebuild(POSITIONS_SQL, `verify.position (${POSITION})`);
  const inStretches = await tx.client.query<DifferenceRow>(STRETCH_DIFFERENCES);
  const inPositions = await tx.client.query<DifferenceRow>(POSITION_DIFFERENCES, [last]);
  const examples = [...inStretches.rows, ...inPositions.rows].map(({ day, customer_id, closed, rebuilt }) => ({
    ...{ day: businessDate(day), customerId: customer_id, closed, rebuilt },
  }));
  const differences = (inStretches.rows[0]?.n ?? 0) + (inPositions.rows[0]?.n ?? 0);
  return { stretches, positions, differences, examples: examples.slice(0, EXAMPLES) };
}

interface DifferenceRow {
  readonly day: string;
  readonly customer_id: string;
  readonly closed: string | null;
  readonly rebuilt: string | null;
  readonly n: number;
}

const STRETCH = `customer_id, from_date, to_date, ${STRETCH_FACTS}`;
const POSITION = 'customer_id, outlet_id, product_code, balance_fen';

/** What is in one and not in the other, or not the same, both ways. */
const STRETCH_DIFFERENCES = `
  with closed as (
    select customer_id, from_date, null::date as to_date, ${STRETCH_FACTS} from closing.balance
    union all select ${STRETCH} from closing.segment),
  rebuilt as (select ${STRETCH} from verify.stretch)
  select from_date as day, customer_id, c::text as closed, r::text as rebuilt, count(*) over () as n
    from closed c full join rebuilt r using (customer_id, from_date)
   where c.* is distinct from r.* order by customer_id, from_date limit ${EXAMPLES}`;

const POSITION_DIFFERENCES = `
  with closed as (select ${POSITION} from closing.position),
  rebuilt as (select ${POSITION} from verify.position)
  select $1 as day, customer_id, c::text as closed, r::text as rebuilt, count(*) over () as n
    from closed c full join rebuilt r using (customer_id, outlet_id, product_code)
   where c.* is distinct from r.* order by customer_id limit ${EXAMPLES}`;
