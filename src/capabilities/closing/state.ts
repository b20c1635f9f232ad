import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { BusinessDate } from '../../kernel/business-date.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type Duck, sqlText } from '../../platform/duck.ts';
import { draftOf, type Folders, fileOfDay, settle } from './archive.ts';
import type { ClosedDay, DayTotals } from './contract.ts';
import { emptyPositions, fillTable, KEY, parquet } from './engine.ts';
import type { DayInput } from './inputs.ts';

/** A closed day and the file of what changed on it; null when nothing did. */
export interface DayFile extends ClosedDay {
  readonly changes: string | null;
}

export function withChanges(folders: Folders, day: ClosedDay): DayFile {
  return { ...day, changes: day.changedPositions === 0 ? null : fileOfDay(folders.changes, day.day, day.chain) };
}

/**
 * Fills `table` with the positions as they stood at the end of the last of `days` (all closed days up to then, ascending): the
 * newest checkpoint, then what changed since. `within` = a table of the customer numbers that alone are wanted.
 */
export async function loadPositions(
  duck: Duck,
  folders: Folders,
  table: string,
  days: readonly DayFile[],
  within?: string,
): Promise<void> {
  const only = within === undefined ? '' : ` where customer_id in (select customer_id from ${within})`;
  const from = days.findLastIndex((day) => existsSync(fileOfDay(folders.state, day.day, day.chain)));
  const checkpoint = days[from];
  await emptyPositions(duck, table);
  if (checkpoint !== undefined) {
    const path = fileOfDay(folders.state, checkpoint.day, checkpoint.chain);
    await duck.run(`insert into ${table} select ${KEY}, balance_fen, matures_on, since from ${parquet([path])}${only}`);
  }
  const [start, ...rest] = days.slice(from + 1).flatMap((day) => day.changes ?? []);
  requireFiles(start === undefined ? rest : [start, ...rest]);
  // The first file of all starts from nothing: it is a checkpoint itself.
  if (start !== undefined && checkpoint === undefined) {
    await duck.run(`insert into ${table} select ${KEY}, balance_fen, matures_on, since from ${parquet([start])}${only}`);
  }
  const files = start !== undefined && checkpoint !== undefined ? [start, ...rest] : rest;
  if (files.length > 0) {
    await duck.run(`create or replace table latest as
      select ${KEY}, newest.balance_fen, newest.matures_on, newest.since
        from (select ${KEY}, arg_max({balance_fen: balance_fen, matures_on: matures_on, since: since}, business_date) as newest
                from ${parquet(files)}${only} group by ${KEY})`);
    await applyChange(duck, table, 'latest');
    await duck.run('drop table latest');
  }
  const last = days.at(-1);
  if (within !== undefined || last === undefined) return;
  const { n } = await duck.one(countRow, `select count(*) as n from ${table}`);
  if (n !== last.positions) damaged(`${folders.state} ${last.day}: ${n} ≠ ${last.positions}`);
}

const count = z.bigint().transform(Number);
const countRow = z.object({ n: count });

function requireFiles(paths: readonly string[]): void {
  const missing = paths.find((path) => !existsSync(path));
  if (missing !== undefined) damaged(missing);
}

function damaged(what: string): never {
  refuse(
    'archive-damaged',
    `归档文件缺失或与日终记录不符（${what}）：请从备份恢复归档目录后重试，数据库未改动。`,
    `Archive files are missing or do not fit the closed days (${what}): restore the archive folder from the backup and try again; the database is unchanged.`,
  );
}

/** Applies a table of changes (null balance = gone) to a table of positions. */
export async function applyChange(duck: Duck, table: string, change: string): Promise<void> {
  const same = KEY.split(', ').map((column) => `t.${column} = c.${column}`);
  await duck.run(`delete from ${table} t using ${change} c where ${same.join(' and ')}`);
  await duck.run(
    `insert into ${table} select ${KEY}, balance_fen, matures_on, since from ${change} where balance_fen is not null`,
  );
}

/**
 * Fills `change`, in the order of its key, with what the day's file makes of the positions in `state`: rows of one key add up; in a full file what is absent
 * is gone, in a delta what is absent stays. Refuses a file whose sums are not those that the feed has taken in.
 */
export async function diffContent(duck: Duck, folders: Folders, input: DayInput): Promise<NonNullable<DayTotals['control']>> {
  const path = join(folders.content, `${input.importId}.parquet`);
  requireFiles([path]);
  await duck.run('create or replace table held (customer_id varchar)');
  await fillTable(
    duck,
    'held',
    input.held.map((id) => [id]),
  );
  const control = await readControl(duck, path, input);
  const keep = input.held.length === 0 ? '' : ' where customer_id not in (select customer_id from held)';
  const content = `select ${KEY}, sum(balance_fen)::bigint as balance_fen, min(matures_on) as matures_on
    from ${parquet([path])}${keep} group by ${KEY}`;
  await duck.run(`create or replace table change as ${differenceSql(input, content)}`);
  return control;
}

function differenceSql(input: DayInput, content: string): string {
  const keys = KEY.split(', ').map((column) => `coalesce(c.${column}, s.${column}) as ${column}`);
  const day = `date ${sqlText(input.day)}`;
  return `
    select ${day} as business_date, ${keys.join(', ')}, c.balance_fen, c.matures_on,
           case when c.balance_fen is null then null
                when s.balance_fen is null or (s.balance_fen = 0 and c.balance_fen <> 0) then ${day} else s.since end as since,
           s.balance_fen as old_fen, s.matures_on as old_matures_on, s.since as old_since
      from (${content}) c ${input.delta ? 'left' : 'full'} join state s
        on ${KEY.split(', ')
          .map((column) => `c.${column} = s.${column}`)
          .join(' and ')}
     where c.balance_fen is distinct from s.balance_fen or c.matures_on is distinct from s.matures_on
     order by 2, 3, 4`;
}

const controlRow = z.object({ rows: count, fen: z.string(), held_rows: count, held_fen: z.string() });

async function readControl(duck: Duck, path: string, input: DayInput): Promise<NonNullable<DayTotals['control']>> {
  const held = 'filter (where customer_id in (select customer_id from held))';
  const read = await duck.one(
    controlRow,
    `select count(*) as rows, coalesce(sum(balance_fen), 0)::varchar as fen,
            count(*) ${held} as held_rows, coalesce(sum(balance_fen) ${held}, 0)::varchar as held_fen from ${parquet([path])}`,
  );
  const { rows, balanceFen } = input.control;
  if ((rows !== undefined && rows !== read.rows) || (balanceFen !== undefined && balanceFen !== read.fen)) {
    refuse(
      'closing-unreconciled',
      `${input.day} 的持仓与导入时的控制总数不符：导入 ${rows ?? '—'} 行、${balanceFen ?? '—'} 分，归档 ${read.rows} 行、${read.fen} 分。当日未日终。`,
      `Positions of ${input.day} differ from the control totals of the import: ${rows ?? '—'} rows and ${balanceFen ?? '—'} fen taken in, ${read.rows} rows and ${read.fen} fen in the archive. The day is not closed.`,
      { day: input.day, importId: input.importId },
    );
  }
  return { rows: read.rows, balanceFen: read.fen, heldRows: read.held_rows, heldFen: read.held_fen };
}

/** What running figures change by on a day. */
export interface Figures {
  readonly positions: number;
  readonly customers: number;
  readonly changedCustomers: number;
  readonly changedPositions: number;
  readonly stateSum: bigint;
  readonly categories: ReadonlyMap<string, bigint>;
}

const figuresRow = z.object({ changed: count, touched: count, added: z.string(), sum: z.string() });
const categoryRow = z.object({ category: z.string().nullable(), fen: z.string() });

function rowHash(fen: string, matures: string, since: string): string {
  const text = `concat_ws(chr(31), ${KEY}, ${fen}, coalesce(${matures}::varchar, ''), ${since})`;
  return `case when ${fen} is null then 0 else md5_number_lower(${text}) end::hugeint`;
}

/** Figures of `change`, which has just been applied to `state`. `fresh` = there was nothing before. */
export async function figuresOf(duck: Duck, fresh: boolean): Promise<Figures> {
  const figures = await duck.one(
    figuresRow,
    `select count(*) as changed, count(distinct customer_id) as touched,
            coalesce(sum((balance_fen is not null)::int - (old_fen is not null)::int), 0)::varchar as added,
            coalesce(sum(${rowHash('balance_fen', 'matures_on', 'since')} - ${rowHash('old_fen', 'old_matures_on', 'old_since')}), 0)::varchar as sum
       from change`,
  );
  const categories = await duck.rows(
    categoryRow,
    `select p.category, sum(coalesce(c.balance_fen, 0)::hugeint - coalesce(c.old_fen, 0))::varchar as fen
       from change c left join product p using (product_code) group by p.category`,
  );
  return {
    positions: Number(figures.added),
    customers: fresh ? figures.touched : await customersAdded(duck),
    changedCustomers: figures.touched,
    changedPositions: figures.changed,
    stateSum: BigInt(figures.sum),
    categories: new Map(categories.map(({ category, fen }) => [category ?? unknownProduct(), BigInt(fen)])),
  };
}

function unknownProduct(): never {
  throw new Error('a position names a product that is not there: the feed must have let it through');
}

/** Customer numbers with a position after the day, less those with one before. */
async function customersAdded(duck: Duck): Promise<number> {
  const { n } = await duck.one(
    z.object({ n: z.string() }),
    `with moved as (
       select customer_id, sum((balance_fen is not null)::int - (old_fen is not null)::int) as added
         from change where (balance_fen is null) <> (old_fen is null) group by customer_id),
     after as (select customer_id, count(*) as n from state where customer_id in (select customer_id from moved) group by customer_id)
     select coalesce(sum((coalesce(n, 0) > 0)::int - (coalesce(n, 0) - added > 0)::int), 0)::varchar as n
       from moved left join after using (customer_id)`,
  );
  return Number(n);
}

/** Writes `change` as the day's file of changes. */
export async function writeChanges(duck: Duck, path: string): Promise<void> {
  await duck.run(`copy (select business_date, ${KEY}, balance_fen, matures_on, since from change)
    to ${sqlText(draftOf(path))} (format parquet, compression zstd)`);
  await settle('changes', path);
}

/** Writes `state` as the checkpoint of a closed day. */
export async function writeCheckpoint(duck: Duck, folders: Folders, day: BusinessDate, chain: string): Promise<void> {
  const path = fileOfDay(folders.state, day, chain);
  await duck.run(`copy (select * from state order by ${KEY}) to ${sqlText(draftOf(path))} (format parquet, compression zstd)`);
  await settle('state', path);
}
