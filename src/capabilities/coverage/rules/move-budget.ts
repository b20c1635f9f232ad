import { CODE, type PoolOutcome } from './allocation-types.ts';
import { type Load, loadIn, type Work } from './allocation-work.ts';

/** Pairs of a fuller and an emptier person that are tried for one move. */
const PAIRS = 6;

interface Person {
  readonly staff: number;
  readonly load: Load;
  readonly weight: number;
  readonly initial: number;
  readonly atMost: number;
  /** Customers who stayed with this person in this pool, richest first: the ones a budget may move. */
  readonly kept: number[];
}

interface Table {
  readonly pool: PoolOutcome;
  readonly people: readonly Person[];
  /** Spread of head-counts relative to the mean, as it is now. */
  width: number;
}

interface Move {
  readonly customer: number;
  readonly from: Person;
  readonly to: Person;
}

/**
 * Moves at most `budget` customers away from an eligible manager to even out the pools (DOMAIN §3, Keep): the pool with the
 * widest spread first, each time one customer from a fuller to an emptier person. A move is made only when in its pool
 * neither the spread of head-counts nor that of assets gets wider, each taken by share; so no pool ends worse than it was.
 */
export function spendMoveBudget(work: Work, budget: number): void {
  const queue = tablesOf(work).sort(byWidth);
  let left = budget;
  while (left > 0) {
    const widest = queue.pop();
    if (!widest) return;
    const move = findMove(work, widest);
    if (!move) continue;
    make(work, widest, move);
    left--;
    widest.width = spreadShare(widest);
    putBack(queue, widest);
  }
}

/** Narrow pools first, so that the widest is at the end; equal ones by number, the first last. */
function byWidth(a: Table, b: Table): number {
  return a.width - b.width || b.pool.no - a.pool.no;
}

function putBack(queue: Table[], table: Table): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = queue[middle];
    if (other && byWidth(other, table) < 0) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, table);
}

function tablesOf(work: Work): Table[] {
  const kept = new Map<string, number[]>();
  for (const slot of ['lead', 'joint'] as const) {
    const outcome = work.seats[slot];
    for (const c of work.order) {
      if (outcome.reason[c] !== CODE.kept) continue;
      const key = `${outcome.pool[c]}/${outcome.staff[c]}`;
      const list = kept.get(key);
      if (list) list.push(c);
      else kept.set(key, [c]);
    }
  }
  const tables = work.pools
    .filter((pool) => pool.people.length > 1 && pool.kept > 0)
    .map((pool) => ({
      pool,
      width: 0,
      people: pool.people.map((person) => ({
        staff: person.staff,
        load: loadIn(work, pool.portfolio, person.staff),
        weight: person.share * pool.people.length,
        initial: person.limitInitial ?? Infinity,
        atMost: person.limitAtMost ?? Infinity,
        kept: kept.get(`${pool.no}/${person.staff}`) ?? [],
      })),
    }));
  for (const table of tables) table.width = spreadShare(table);
  return tables;
}

function counts(table: Table): number[] {
  return table.people.map((person) => person.load.customers / person.weight);
}

function assets(table: Table): number[] {
  return table.people.map((person) => person.load.assetsFen / person.weight);
}

function width(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** Spread of head-counts relative to the mean: which pool needs a move most. */
function spreadShare(table: Table): number {
  const values = counts(table);
  const sum = values.reduce((total, value) => total + value, 0);
  return sum === 0 ? 0 : (width(values) * values.length) / sum;
}

function findMove(work: Work, table: Table): Move | undefined {
  // Stable: equal people stay in the order of their ids.
  const byCount = table.people.toSorted((a, b) => b.load.customers / b.weight - a.load.customers / a.weight);
  for (const from of byCount.slice(0, PAIRS)) {
    for (const to of byCount.slice(-PAIRS).reverse()) {
      if (from === to || !evensCounts(from, to) || !hasRoom(from, to)) continue;
      const customer = bestCustomer(work, table, from, to);
      if (customer !== undefined) return { customer, from, to };
    }
  }
  return undefined;
}

/** After the move neither is beyond where the other was, so that the two lie closer together. */
function evensCounts(from: Person, to: Person): boolean {
  const [high, low] = [from.load.customers / from.weight, to.load.customers / to.weight];
  const [after, risen] = [(from.load.customers - 1) / from.weight, (to.load.customers + 1) / to.weight];
  return after >= low && risen <= high && Math.abs(after - risen) < high - low;
}

/** Within the limits; above an initial limit only to relieve somebody who is above theirs. */
function hasRoom(from: Person, to: Person): boolean {
  if (to.load.customers >= to.atMost) return false;
  return to.load.customers < to.initial || from.load.customers > from.initial;
}

/** The customer whose move brings the assets of the two closest, if the pool's spread of assets does not widen by it. */
function bestCustomer(work: Work, table: Table, from: Person, to: Person): number | undefined {
  const { averageFen } = work.input.customers;
  const slot = table.pool.seat === 'lead' ? 'joint' : 'lead';
  const before = width(assets(table));
  const others = table.people
    .filter((person) => person !== from && person !== to)
    .map((person) => person.load.assetsFen / person.weight);
  const [most, least] = [Math.max(...others), Math.min(...others)];
  let best: number | undefined;
  let bestGap = Infinity;
  for (const customer of from.kept) {
    if (work.seats[slot].staff[customer] === to.staff) continue;
    const fen = averageFen[customer] ?? 0;
    const [a, b] = [(from.load.assetsFen - fen) / from.weight, (to.load.assetsFen + fen) / to.weight];
    if (Math.abs(a - b) >= bestGap || Math.max(most, a, b) - Math.min(least, a, b) > before) continue;
    best = customer;
    bestGap = Math.abs(a - b);
  }
  return best;
}

function make(work: Work, table: Table, { customer, from, to }: Move): void {
  const outcome = work.seats[table.pool.seat];
  const fen = work.input.customers.averageFen[customer] ?? 0;
  outcome.staff[customer] = to.staff;
  outcome.reason[customer] = CODE['moved-budget'];
  outcome.runnerUp[customer] = from.staff;
  from.load.customers--;
  from.load.assetsFen -= fen;
  to.load.customers++;
  to.load.assetsFen += fen;
  from.kept.splice(from.kept.indexOf(customer), 1);
  for (const person of table.pool.people) {
    if (person.staff === from.staff) person.here--;
    if (person.staff === to.staff) person.here++;
  }
  table.pool.kept--;
  table.pool.moved++;
}
