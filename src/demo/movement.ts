import { type BusinessDate, daysBetween } from '../kernel/business-date.ts';
import { type Random, seededRandom } from '../kernel/random.ts';
import { type Bank, newcomersPerMonth, welcome } from './bank.ts';
import { isAsset, PRODUCTS, productIndex } from './catalogue.ts';
import { deposit, findPosition, NO_MATURITY, positionsOf } from './holdings.ts';
import { customerRow } from './rows.ts';
import { TIER } from './tiers.ts';

/** One business day in its place among the others. */
export interface DayPlan {
  readonly date: BusinessDate;
  readonly previous: BusinessDate;
  /** Customers come, leave and are merged today. */
  readonly monthStart: boolean;
  /** Those who leave tomorrow empty their accounts today, so that no position outlives its customer. */
  readonly monthEve: boolean;
  /** Twins to merge today: [second number, first number]. */
  readonly merges: readonly (readonly [number, number])[];
}

export interface DayChanges {
  /** Positions that changed, ascending, each once. */
  readonly positions: readonly number[];
  /** Rows of the day's customers file; empty on most days. */
  readonly customers: readonly string[];
}

/** What lasts from day to day besides the bank itself. */
export interface Diary {
  readonly gone: Set<number>;
  leaving: number[];
}

/** Per business day and position: touched balances; customers who buy a product; customers who change their outlet. */
const TOUCHED = 0.018;
const BUYERS = 0.0006;
const OUTLET_CHANGES = 0.00006;
const CLOSURES_MONTHLY = 0.0004;
const YIELD_YEARLY = 0.022;
const DEMAND = productIndex('D001');
const BOUGHT = ['W091', 'W182', 'T006', 'W030'].map(productIndex);
const ASSETS = PRODUCTS.map(isAsset);
const MOVES_DAILY = new Set(['demand-deposit', 'fund', 'metal', 'credit-card']);

const categoryOf = (product: number | undefined) => PRODUCTS[product ?? 0]?.category ?? 'service';
const isAssetPosition = (bank: Bank, p: number) => ASSETS[bank.holdings.product[p] ?? 0] === true;

/** Whether the first business day on or after the day of the month falls on this one. */
function falls(day: DayPlan, dayOfMonth: number): boolean {
  const due = `${day.date.slice(0, 8)}${String(dayOfMonth).padStart(2, '0')}`;
  return day.date >= due && day.previous < due;
}

/** Everyday comings and goings: mostly small, now and then most of the money leaves or much arrives. */
function drift(bank: Bank, random: Random, changed: Set<number>): void {
  const h = bank.holdings;
  for (let n = Math.round(h.count * TOUCHED); n > 0; n--) {
    const p = random.int(0, h.count - 1);
    const balance = h.balance[p] ?? 0;
    if (balance < 100 || !MOVES_DAILY.has(categoryOf(h.product[p]))) continue;
    const kind = random.next();
    const factor =
      kind < 0.05 ? 0.05 + 0.45 * random.next() : kind < 0.065 ? 1.3 + 1.2 * random.next() : 0.84 + 0.32 * random.next();
    h.balance[p] = Math.max(1, Math.floor(balance * factor));
    changed.add(p);
  }
}

/** One customer in twenty is paid on the 10th, another on the 15th. */
function salaries(bank: Bank, day: DayPlan, random: Random, changed: Set<number>): void {
  const group = falls(day, 10) ? 10 : falls(day, 15) ? 15 : undefined;
  if (group === undefined) return;
  const h = bank.holdings;
  for (let customer = group; customer < bank.known; customer += 20) {
    const p = findPosition(h, customer, bank.home[customer] ?? 0, DEMAND);
    const balance = h.balance[p] ?? 0;
    if (p < 0 || balance === 0) continue;
    h.balance[p] = balance + Math.floor(balance * (0.05 + 0.2 * random.next()));
    changed.add(p);
  }
}

/** What matures is rolled over, leaves for another bank or goes, with interest, to the demand deposit there; loans are paid back monthly. */
function maturities(bank: Bank, day: DayPlan, random: Random, changed: Set<number>): void {
  const h = bank.holdings;
  const today = daysBetween(bank.options.from, day.date);
  const before = daysBetween(bank.options.from, day.previous);
  const repay = falls(day, 20);
  for (let p = 0, count = h.count; p < count; p++) {
    const balance = h.balance[p] ?? 0;
    if (balance === 0) continue;
    const product = h.product[p] ?? 0;
    const matures = h.matures[p] ?? NO_MATURITY;
    if (matures > before && matures <= today) {
      changed.add(p);
      const term = PRODUCTS[product]?.termDays ?? 0;
      const fate = random.next();
      if (isAssetPosition(bank, p) && fate < 0.4) {
        h.matures[p] = today + term;
        continue;
      }
      h.balance[p] = 0;
      if (!isAssetPosition(bank, p) || fate > 0.75) continue;
      const paid = balance + Math.floor((balance * YIELD_YEARLY * Math.min(term, 365)) / 365);
      changed.add(deposit(h, h.owner[p] ?? 0, h.outlet[p] ?? 0, DEMAND, paid));
    } else if (repay && categoryOf(product) === 'loan') {
      h.balance[p] = Math.max(1, Math.floor(balance * 0.99));
      changed.add(p);
    }
  }
}

/** Some with enough on demand buy a product with whole hundreds of yuan. */
function purchases(bank: Bank, day: DayPlan, random: Random, changed: Set<number>): void {
  const h = bank.holdings;
  const today = daysBetween(bank.options.from, day.date);
  for (let n = Math.round(bank.known * BUYERS); n > 0; n--) {
    const customer = random.int(0, bank.known - 1);
    const p = findPosition(h, customer, bank.home[customer] ?? 0, DEMAND);
    const balance = h.balance[p] ?? 0;
    if (p < 0 || balance < 1_000_000) continue;
    const amount = Math.floor((balance * (0.3 + 0.5 * random.next())) / 10_000) * 10_000;
    const product = random.pick(BOUGHT);
    h.balance[p] = balance - amount;
    changed.add(p);
    changed.add(deposit(h, customer, bank.home[customer] ?? 0, product, amount, today + (PRODUCTS[product]?.termDays ?? 0)));
  }
}

/** Moves a position to another owner or outlet: the old one ends, the new one opens or grows. */
function movePosition(bank: Bank, p: number, owner: number, outlet: number, changed: Set<number>): void {
  const h = bank.holdings;
  const balance = h.balance[p] ?? 0;
  if (balance === 0) return;
  h.balance[p] = 0;
  changed.add(p);
  changed.add(deposit(h, owner, outlet, h.product[p] ?? 0, balance, h.matures[p]));
}

/** A few customers take what they hold at home to another outlet, which becomes their home. */
function outletChanges(bank: Bank, random: Random, changed: Set<number>): void {
  const outlets = bank.organisation.outlets.length;
  for (let n = Math.max(1, Math.round(bank.known * OUTLET_CHANGES)); n > 0; n--) {
    const customer = random.int(0, bank.known - 1);
    const old = bank.home[customer] ?? 0;
    const target = (old + random.int(1, outlets - 1)) % outlets;
    for (const p of positionsOf(bank.holdings, customer)) {
      if (bank.holdings.outlet[p] === old && isAssetPosition(bank, p)) movePosition(bank, p, customer, target, changed);
    }
    bank.home[customer] = target;
  }
}

/** Chooses who leaves with the month: small customers without loans; they take their money out today. */
function farewells(bank: Bank, diary: Diary, random: Random, changed: Set<number>): void {
  const h = bank.holdings;
  const taken = new Set([...bank.twins.keys(), ...bank.twins.values()]);
  const wanted = Math.max(1, Math.round(bank.options.customers * CLOSURES_MONTHLY));
  for (let tries = wanted * 4; tries > 0 && diary.leaving.length < wanted; tries--) {
    const customer = random.int(0, bank.options.customers - 1);
    const positions = positionsOf(h, customer).filter((p) => (h.balance[p] ?? 0) > 0);
    const small = (bank.tier[customer] ?? 0) <= TIER.potential && positions.every((p) => isAssetPosition(bank, p));
    if (!small || diary.gone.has(customer) || taken.has(customer)) continue;
    for (const p of positions) {
      h.balance[p] = 0;
      changed.add(p);
    }
    diary.gone.add(customer);
    diary.leaving.push(customer);
  }
}

/** The first of a month: closed accounts, merged numbers and newcomers, each in the customers file of the day. */
function turnOfMonth(bank: Bank, day: DayPlan, diary: Diary, changed: Set<number>): string[] {
  const rows = diary.leaving.map((customer) => customerRow(bank, customer, { closedOn: day.date }));
  diary.leaving = [];
  for (const [second, first] of day.merges) {
    for (const p of positionsOf(bank.holdings, second)) movePosition(bank, p, first, bank.holdings.outlet[p] ?? 0, changed);
    rows.push(customerRow(bank, second, { mergedInto: first }));
  }
  const before = bank.known;
  for (const p of welcome(bank, newcomersPerMonth(bank.options.customers), day.date)) changed.add(p);
  for (let customer = before; customer < bank.known; customer++) rows.push(customerRow(bank, customer, { openedOn: day.date }));
  return rows;
}

/** Lets one business day pass; says what changed. The same bank, day and seed give the same changes. */
export function passDay(bank: Bank, day: DayPlan, diary: Diary): DayChanges {
  const random = seededRandom(`${bank.options.seed}:day:${day.date}`);
  const changed = new Set<number>();
  maturities(bank, day, random, changed);
  drift(bank, random, changed);
  salaries(bank, day, random, changed);
  purchases(bank, day, random, changed);
  outletChanges(bank, random, changed);
  if (day.monthEve) farewells(bank, diary, random, changed);
  const customers = day.monthStart ? turnOfMonth(bank, day, diary, changed) : [];
  return { positions: [...changed].sort((a, b) => a - b), customers };
}
