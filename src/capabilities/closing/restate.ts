import { join } from 'node:path';
import { z } from 'zod';
import { type BusinessDate, daysFromTo } from '../../kernel/business-date.ts';
import { point } from '../../platform/crash.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { type Duck, sqlText } from '../../platform/duck.ts';
import type { Folders } from './archive.ts';
import type { ClosedDay, Restated } from './contract.ts';
import { quietDay, workDay } from './days.ts';
import { fillTable, KEY, parquet } from './engine.ts';
import { CARRIED, type Inputs } from './inputs.ts';
import { applyChange, type DayFile, loadPositions, withChanges } from './state.ts';
import {
  applyTotals,
  emptyStage,
  forgetDays,
  nameRestated,
  recordDay,
  recordFacts,
  replacePositions,
  truncateTimelines,
} from './store.ts';
import { makeHoldings, stagePositions, stageTotals } from './totals.ts';

/** What stands now against what the closed days were worked out with. */
export interface Drift {
  /** First closed day whose input is another now; null = none. */
  readonly dirtyFrom: BusinessDate | null;
  /** The last such day. */
  readonly dirtyTo: BusinessDate | null;
  /** Numbers whose merging changed, and the numbers that they went into before and go into now. */
  readonly merges: readonly string[];
  /** Products that count as something else now. */
  readonly products: readonly string[];
}

/** What the closed days were worked out with. */
export interface ClosedFacts {
  readonly merged: ReadonlyMap<string, string>;
  readonly products: ReadonlyMap<string, string>;
}

export async function closedFacts(tx: Tx): Promise<ClosedFacts> {
  const merged = await tx.db.selectFrom('closing.merged').selectAll().execute();
  const products = await tx.db.selectFrom('closing.product').selectAll().execute();
  return {
    merged: new Map(merged.map((row) => [row.customer_id, row.into_id])),
    products: new Map(products.map((row) => [row.code, row.category])),
  };
}

export function findDrift(days: readonly ClosedDay[], facts: ClosedFacts, inputs: Inputs): Drift {
  const changed = new Set([...facts.merged.keys(), ...inputs.merged.keys()]);
  const merges = [...changed].flatMap((id) => {
    const [was, is] = [facts.merged.get(id), inputs.merged.get(id)];
    return was === is ? [] : [id, was ?? id, is ?? id];
  });
  const products = [...facts.products].filter(([code, category]) => (inputs.products.get(code) ?? category) !== category);
  const dirty = dirtyDays(days, inputs);
  return {
    dirtyFrom: dirty[0] ?? null,
    dirtyTo: dirty.at(-1) ?? null,
    merges: [...new Set(merges)],
    products: products.map(([code]) => code),
  };
}

function dirtyDays(days: readonly ClosedDay[], inputs: Inputs): BusinessDate[] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const early = inputs.days[0]?.day ?? first.day;
  const closed = new Map(days.map((day) => [day.day, day.inputDigest]));
  const wanted = new Map(inputs.days.map((input) => [input.day, input.digest]));
  const start = early < first.day ? early : first.day;
  return daysFromTo(start, last.day).filter((day) => closed.get(day) !== (wanted.get(day) ?? CARRIED));
}

export function isDrift(drift: Drift): boolean {
  return drift.dirtyFrom !== null || drift.merges.length > 0 || drift.products.length > 0;
}

export interface RestateWork {
  readonly duck: Duck;
  /** Where closed days' files are. */
  readonly folders: Folders;
  /** Where the new files of changes go: the same, or a folder that is thrown away (a preview). */
  readonly target: Folders;
  readonly days: readonly ClosedDay[];
  readonly inputs: Inputs;
  readonly drift: Drift;
  readonly closedAt: Date;
  readonly onDay: (day: BusinessDate, done: number, of: number) => void;
}

/** Works the closed days out anew, in the transaction; only customers whose past differs are touched. Undefined = nobody's does. */
export async function restate(tx: Tx, work: RestateWork): Promise<Restated | undefined> {
  const { duck, folders, inputs, drift } = work;
  const old = work.days.map((day) => withChanges(folders, day));
  const [first, last] = [old[0], old.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const start = inputs.days[0]?.day ?? null;
  const refrom = drift.products.length > 0 ? earlier(first.day, start) : drift.dirtyFrom;
  const days = refrom === null ? old : await redoDays(work, old, refrom, last.day);
  const from = drift.merges.length > 0 || refrom === null ? earlier(first.day, start) : refrom;
  const customers = await nameCustomers(tx, work, old, days, refrom);
  if (customers > 0) {
    await truncateTimelines(tx, from);
    await replay(tx, work, days, from);
    const path = await stagePositions(duck, folders, last.day, 'kept');
    await replacePositions(tx, last.day, path);
  }
  if (refrom !== null) {
    await forgetDays(tx, start === null || start > last.day ? null : start);
    const same = new Set(old);
    for (const day of days) if (!same.has(day)) await recordDay(tx, day, work.closedAt);
  }
  await recordFacts(tx, inputs);
  return { from, to: last.day, customers };
}

function earlier(a: BusinessDate, b: BusinessDate | null): BusinessDate {
  return b !== null && b < a ? b : a;
}

/**
 * All closed days as they should be: those before `from` as they are, the rest from the files that stand now, until positions are again
 * what they were (after the next full file, as a rule) and no later file is another one.
 */
async function redoDays(work: RestateWork, old: readonly DayFile[], from: BusinessDate, to: BusinessDate): Promise<DayFile[]> {
  const { duck, folders, target, inputs } = work;
  const kept = old.filter((day) => day.day < from);
  const start = inputs.days[0]?.day;
  if (start === undefined || start > to) return [];
  await loadPositions(duck, folders, 'state', kept);
  const files = new Map(inputs.days.map((input) => [input.day, input]));
  const days = daysFromTo(from > start ? from : start, to);
  const was = new Map(old.map((day) => [day.day, day.digest]));
  const result = [...kept];
  for (const [n, day] of days.entries()) {
    work.onDay(day, n, days.length);
    const input = files.get(day);
    const before = result.at(-1);
    const redone = input === undefined ? quietDay(day, input, before) : await workDay(duck, target, day, input, before);
    result.push(redone);
    const settled = work.drift.products.length === 0 && day >= (work.drift.dirtyTo ?? day);
    if (settled && was.get(day) === redone.digest) return [...result, ...old.filter((later) => later.day > day)];
  }
  return result;
}

/** Stages the surviving numbers whose past differs, and makes `member`: the numbers as sent that belong to them now. */
async function nameCustomers(
  tx: Tx,
  work: RestateWork,
  old: readonly DayFile[],
  days: readonly DayFile[],
  refrom: BusinessDate | null,
): Promise<number> {
  const { duck, folders, drift } = work;
  await duck.run('create or replace table affected (customer_id varchar)');
  await fillTable(
    duck,
    'affected',
    drift.merges.map((id) => [id]),
  );
  if (refrom !== null) {
    const since = (list: readonly DayFile[]) => list.filter((day) => day.day >= refrom).flatMap((day) => day.changes ?? []);
    const columns = `select business_date, ${KEY}, balance_fen, matures_on, since from`;
    const [was, is] = [rowsOf(columns, since(old)), rowsOf(columns, since(days))];
    await duck.run(`insert into affected select distinct customer_id from
      ((${was} except all ${is}) union all (${is} except all ${was}))`);
  }
  if (drift.products.length > 0) {
    const codes = drift.products.map(sqlText).join(', ');
    const rows = rowsOf('select customer_id, product_code from', allChanges(days));
    await duck.run(`insert into affected select distinct customer_id from (${rows}) where product_code in (${codes})`);
  }
  const path = join(folders.scratch, 'customers.csv');
  await duck.run(`create or replace table renewed as
    select distinct customer_id from (select customer_id from affected
      union all select m.into_id from affected join merged m using (customer_id))`);
  await duck.run(`copy renewed to ${sqlText(path)} (format csv, header false)`);
  await duck.run(`create or replace table member as
    select customer_id from renewed where customer_id not in (select customer_id from merged)
    union all select customer_id from merged where into_id in (select customer_id from renewed)`);
  return nameRestated(tx, path);
}

function allChanges(days: readonly DayFile[]): string[] {
  return days.flatMap((day) => day.changes ?? []);
}

function rowsOf(columns: string, files: readonly string[]): string {
  return files.length > 0
    ? `${columns} ${parquet(files)}`
    : `${columns} (select null::date as business_date, '' as customer_id, '' as outlet_id, '' as product_code, null::bigint as balance_fen,
        null::date as matures_on, null::date as since) where false`;
}

const dayRow = z.object({ day: z.string() });

/** Runs the forward step for the members alone, day by day; `kept` holds their positions afterwards. */
async function replay(tx: Tx, work: RestateWork, days: readonly DayFile[], from: BusinessDate): Promise<void> {
  const { duck, folders } = work;
  const before = days.filter((day) => day.day < from);
  const after = days.filter((day) => day.day >= from);
  await loadPositions(duck, folders, 'kept', before, 'member');
  await duck.run(`create or replace table replayed as
    select * from (${rowsOf('select * from', allChanges(after))}) where customer_id in (select customer_id from member)`);
  const found = await duck.rows(dayRow, 'select distinct business_date::varchar as day from replayed');
  const busy = new Set(found.map((row) => row.day));
  const todo = after.filter((day) => busy.has(day.day));
  for (const [n, { day }] of todo.entries()) {
    work.onDay(day, n, todo.length);
    await duck.run(
      `create or replace table kept_change as select * exclude (business_date) from replayed where business_date = date ${sqlText(day)}`,
    );
    await applyChange(duck, 'kept', 'kept_change');
    await makeHoldings(duck, 'kept', 'kept_change');
    await emptyStage(tx);
    await applyTotals(tx, day, await stageTotals(duck, folders, day, false));
    if (n === todo.length >> 1) point('closing.restate.half');
  }
  await emptyStage(tx);
}
