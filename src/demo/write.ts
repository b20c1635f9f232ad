import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BusinessDate } from '../kernel/business-date.ts';
import { yuanText } from '../kernel/money.ts';
import { refuse } from '../kernel/refusal.ts';
import { type Bank, type DemoOptions, foundBank } from './bank.ts';
import { PRODUCTS } from './catalogue.ts';
import { businessDays, monthStarts } from './days.ts';
import { type DayPlan, type Diary, passDay } from './movement.ts';
import {
  CUSTOMER_HEADER,
  customerRow,
  POSITION_HEADER,
  PRODUCT_HEADER,
  positionRows,
  productRow,
  STAFF_HEADER,
  staffRow,
  UNIT_HEADER,
  unitRow,
} from './rows.ts';

export interface DemoProgress {
  readonly file: string;
  readonly rows: number;
  /** Business days written so far, of all. */
  readonly day: number;
  readonly days: number;
}

export interface DemoRequest extends DemoOptions {
  readonly dir: string;
  readonly onProgress?: (progress: DemoProgress) => void;
}

export interface DemoSummary {
  readonly dir: string;
  readonly customers: number;
  readonly newcomers: number;
  readonly units: number;
  readonly outlets: number;
  readonly staff: number;
  readonly firstDayPositions: number;
  readonly positionRows: number;
  readonly files: number;
  readonly firstDay: BusinessDate;
  readonly lastDay: BusinessDate;
  /** Their files are in `later/`: they come after all the others. */
  readonly lateDay?: BusinessDate;
  readonly restatedDay?: BusinessDate;
}

const DEMO_CUSTOMERS_MIN = 1000;
const DEMO_CUSTOMERS_MAX = 5_000_000;
/** Folder of the files that come after the others. */
export const LATER = 'later';
const CHUNK_CHARS = 1 << 16;
/** Windows of fewer business days have no late file and no restated day. */
const DAYS_FOR_TROUBLE = 10;
/** Positions that the faulty first file of the restated day names although they did not change. */
const FAULTY_EXTRA = 10;

/** A writer of the feed files of one folder, which keeps count. */
interface Writer {
  readonly dir: string;
  files: number;
  readonly done: (file: string, rows: number) => void;
}

/** Streams rows to a file in chunks: bounded memory for any number of rows. Returns how many. */
async function writeRows(path: string, header: string, rows: Iterable<string>): Promise<number> {
  const file = await open(path, 'w');
  try {
    let chunk = `${header}\n`;
    let count = 0;
    for (const row of rows) {
      chunk += `${row}\n`;
      count++;
      if (chunk.length < CHUNK_CHARS) continue;
      await file.write(chunk);
      chunk = '';
    }
    await file.write(chunk);
    return count;
  } finally {
    await file.close();
  }
}

async function writeTable(writer: Writer, name: string, header: string, rows: Iterable<string>): Promise<void> {
  const count = await writeRows(join(writer.dir, name), header, rows);
  await writeFile(join(writer.dir, `${name}.ctl`), `rows=${count}\n`);
  writer.files++;
  writer.done(name, count);
}

/** Writes positions with their control total; `said` is the balance that the file gives for a position. */
async function writePositions(
  writer: Writer,
  name: string,
  bank: Bank,
  positions: Iterable<number>,
  said: (p: number) => number,
) {
  const rowOf = positionRows(bank);
  let total = 0n;
  function* rows() {
    for (const p of positions) {
      const balance = said(p);
      total += BigInt(balance);
      yield rowOf(p, balance);
    }
  }
  const count = await writeRows(join(writer.dir, name), POSITION_HEADER, rows());
  await writeFile(join(writer.dir, `${name}.ctl`), `rows=${count}\nbalance=${yuanText(total)}\n`);
  writer.files++;
  writer.done(name, count);
  return count;
}

function* upTo(count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield i;
}

function* mapped<T>(items: Iterable<T>, row: (item: T) => string): Generator<string> {
  for (const item of items) yield row(item);
}

/** What the first, wrong file of the restated day says: the first outlet's balances tenfold, and some that did not change. */
function faulty(bank: Bank, changed: readonly number[]): { positions: number[]; said: (p: number) => number } {
  const { holdings } = bank;
  const known = new Set(changed);
  const extra: number[] = [];
  for (let p = 0; extra.length < FAULTY_EXTRA && p < holdings.count; p++) {
    if (!known.has(p) && holdings.outlet[p] === 0 && (holdings.balance[p] ?? 0) > 0) extra.push(p);
  }
  const said = (p: number) => (holdings.balance[p] ?? 0) * (holdings.outlet[p] === 0 ? 10 : 1);
  return { positions: [...changed, ...extra].sort((a, b) => a - b), said };
}

async function openFolder(dir: string, customers: number, days: number): Promise<void> {
  if (!Number.isInteger(customers) || customers < DEMO_CUSTOMERS_MIN || customers > DEMO_CUSTOMERS_MAX) {
    const range = `${DEMO_CUSTOMERS_MIN}–${DEMO_CUSTOMERS_MAX}`;
    refuse('demo-size', `演示银行的客户数须在 ${range} 之间。`, `A demo bank has ${range} customers.`, { customers });
  }
  if (days === 0)
    refuse(
      'demo-no-day',
      '起止日期之间没有工作日，请改日期。',
      'There is no business day from --from to --to; choose other dates.',
    );
  await mkdir(join(dir, LATER), { recursive: true });
  const there = (await readdir(dir)).filter((name) => name !== LATER);
  if (there.length > 0) {
    refuse(
      'demo-folder-not-empty',
      `文件夹 ${dir} 不是空的，请换一个空文件夹。`,
      `The folder ${dir} is not empty; give an empty one.`,
    );
  }
}

async function writeMasterData(writer: Writer, bank: Bank): Promise<void> {
  await writeTable(writer, 'org-units.csv', UNIT_HEADER, mapped(bank.organisation.units, unitRow));
  await writeTable(writer, 'staff.csv', STAFF_HEADER, mapped(bank.staff, staffRow));
  await writeTable(writer, 'products.csv', PRODUCT_HEADER, mapped(PRODUCTS, productRow));
  const customers = mapped(upTo(bank.options.customers), (customer) => customerRow(bank, customer));
  await writeTable(writer, 'customers.csv', CUSTOMER_HEADER, customers);
}

/** Places each day among the others and deals the merges to the months. */
function planDays(bank: Bank, days: readonly BusinessDate[]): DayPlan[] {
  const starts = monthStarts(days);
  const twins = [...bank.twins];
  return days.map((date, i) => {
    const month = starts.indexOf(date);
    return {
      date,
      previous: days[i - 1] ?? date,
      monthStart: month >= 0,
      monthEve: starts.includes(days[i + 1] ?? date) && i + 1 < days.length,
      merges: month < 0 ? [] : twins.filter((_, nth) => nth % starts.length === month),
    };
  });
}

/**
 * Writes the files that a bank would send (FEEDS): org-units, staff, products, customers, positions of the first business day in
 * full and then what changed each day, a customers file on the first business day of a month; each with its control total. The
 * late day's only file and the restated day's second are in `later/`. Same options, same bytes.
 */
export async function writeDemoBank(request: DemoRequest): Promise<DemoSummary> {
  const { dir, customers, seed, from, to } = request;
  const days = businessDays(from, to);
  await openFolder(dir, customers, days.length);
  const bank = foundBank({ customers, seed, from, to });
  let day = 0;
  const done = (file: string, rows: number) => request.onProgress?.({ file, rows, day, days: days.length });
  const writer: Writer = { dir, files: 0, done };
  const later: Writer = { dir: join(dir, LATER), files: 0, done };
  await writeMasterData(writer, bank);

  const truth = (p: number) => bank.holdings.balance[p] ?? 0;
  const firstDay = days[0] ?? from;
  const firstDayPositions = await writePositions(writer, `positions-${firstDay}.csv`, bank, upTo(bank.holdings.count), truth);
  const trouble = days.length >= DAYS_FOR_TROUBLE;
  const lateDay = trouble ? days[Math.floor(days.length * 0.62)] : undefined;
  const restatedDay = trouble ? days[Math.floor(days.length * 0.8)] : undefined;
  const diary: Diary = { gone: new Set(), leaving: [] };
  let positionRowCount = firstDayPositions;
  for (const plan of planDays(bank, days).slice(1)) {
    day++;
    const { positions, customers: customerRows } = passDay(bank, plan, diary);
    if (customerRows.length > 0) await writeTable(writer, `customers-${plan.date}.csv`, CUSTOMER_HEADER, customerRows);
    if (plan.date === restatedDay) {
      const wrong = faulty(bank, positions);
      await writePositions(writer, `positions-${plan.date}.delta.csv`, bank, wrong.positions, wrong.said);
      positionRowCount += await writePositions(later, `positions-${plan.date}.2.delta.csv`, bank, positions, truth);
    } else {
      const target = plan.date === lateDay ? later : writer;
      positionRowCount += await writePositions(target, `positions-${plan.date}.delta.csv`, bank, positions, truth);
    }
  }
  return {
    dir,
    customers,
    newcomers: bank.known - customers,
    units: bank.organisation.units.length,
    outlets: bank.organisation.outlets.length,
    staff: bank.staff.length,
    firstDayPositions,
    positionRows: positionRowCount,
    files: writer.files + later.files,
    firstDay,
    lastDay: days.at(-1) ?? firstDay,
    ...(lateDay ? { lateDay } : {}),
    ...(restatedDay ? { restatedDay } : {}),
  };
}
