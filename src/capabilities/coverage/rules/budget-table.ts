import { CODE, type PoolOutcome } from './allocation-types.ts';
import { type Load, loadIn, type Work } from './allocation-work.ts';

/** A person of a pool with whom they have there. */
export interface Holder {
  readonly staff: number;
  readonly load: Load;
  /** Share of the pool times its people: 1 where all share alike. Loads are compared by load ÷ weight. */
  readonly weight: number;
  readonly initial: number;
  readonly atMost: number;
  /** The pool's customers with this person, richest first. */
  readonly hand: number[];
}

export interface Table {
  readonly pool: PoolOutcome;
  readonly people: readonly Holder[];
  /** Other pools whose people carry the same portfolios by other shares: what moves here moves their spread too. */
  readonly kin: Table[];
  /** The spreads of head-counts and of assets before anything is moved: no step may lead beyond them. */
  readonly widest: { readonly counts: number; readonly assets: number };
}

/** A move budget on its way. */
export interface Budget {
  readonly work: Work;
  /** Customers who may still leave the manager whom they had before the run. */
  left: number;
  /** Position of each customer in the canonical order. */
  readonly rank: Int32Array;
}

export const byCount = (holder: Holder) => holder.load.customers / holder.weight;
export const byAssets = (holder: Holder) => holder.load.assetsFen / holder.weight;

/** Distance of the largest from the smallest. */
export function widthOf(people: readonly Holder[], of: (holder: Holder) => number): number {
  const values = people.map(of);
  return Math.max(...values) - Math.min(...values);
}

/** The pools that a budget may even out, each with its people and their customers. */
export function tablesOf(work: Work): Table[] {
  const short = shortJointPools(work);
  const hands = handsOf(work, short);
  const tables = work.pools
    .filter((pool) => pool.people.length > 1 && !short.has(placeOf(pool.band, pool.unit)))
    .map((pool): Table => {
      const people = pool.people.map((person) => ({
        staff: person.staff,
        load: loadIn(work, pool.portfolio, person.staff),
        weight: person.share * pool.people.length,
        initial: person.limitInitial ?? Infinity,
        atMost: person.limitAtMost ?? Infinity,
        hand: hands.get(`${pool.no}/${person.staff}`) ?? [],
      }));
      return { pool, people, kin: [], widest: { counts: widthOf(people, byCount), assets: widthOf(people, byAssets) } };
    });
  joinKin(tables);
  return tables;
}

const placeOf = (band: number, unit: number) => `${band}/${unit}`;

/**
 * Joint pools that could not cover everybody, by band and unit. Who waits there may wait only because the free place is with
 * their own lead: nothing that bears on it is moved, so that evening out never opens a place after the pool was served.
 */
function shortJointPools(work: Work): ReadonlySet<string> {
  const short = work.pools.filter((pool) => pool.seat === 'joint' && pool.uncovered + pool.passedOn > 0);
  return new Set(short.map((pool) => placeOf(pool.band, pool.unit)));
}

function handsOf(work: Work, short: ReadonlySet<string>): Map<string, number[]> {
  const { band, unit } = work.input.customers;
  const fixed = (c: number) =>
    short.size > 0 && Object.values(work.at).some((level) => short.has(placeOf(band[c] ?? -1, level[unit[c] ?? -1] ?? -1)));
  const hands = new Map<string, number[]>();
  for (const slot of ['lead', 'joint'] as const) {
    const { staff, pool } = work.seats[slot];
    for (const c of work.order) {
      if ((staff[c] ?? -1) < 0 || fixed(c)) continue;
      const key = `${pool[c]}/${staff[c]}`;
      const hand = hands.get(key);
      if (hand) hand.push(c);
      else hands.set(key, [c]);
    }
  }
  return hands;
}

/** Finds for each pool the others that share a portfolio of its people. Those with the same people and shares follow it anyway. */
function joinKin(tables: readonly Table[]): void {
  const holding = new Map<Load, Table[]>();
  for (const table of tables) {
    for (const { load } of table.people) holding.set(load, [...(holding.get(load) ?? []), table]);
  }
  const alike = (a: Table, b: Table) =>
    a.people.length === b.people.length &&
    a.people.every((one, i) => one.load === b.people[i]?.load && one.weight === b.people[i]?.weight);
  for (const table of tables) {
    const near = new Set(table.people.flatMap(({ load }) => holding.get(load) ?? []));
    for (const other of near) if (other !== table && !alike(other, table)) table.kin.push(other);
  }
}

/** What it takes from the budget when a customer goes from one person to another; less than nothing when they come back. */
export function costOf({ work }: Budget, table: Table, customer: number, from: Holder, to: Holder): number {
  const before = work.input.customers.current[table.pool.seat][customer] ?? -1;
  return before < 0 ? 0 : Number(before === from.staff) - Number(before === to.staff);
}

/** Whether the person has the customer's other seat. */
export function isBarred({ work }: Budget, table: Table, customer: number, to: Holder): boolean {
  return work.seats[table.pool.seat === 'lead' ? 'joint' : 'lead'].staff[customer] === to.staff;
}

/** Hands a customer over: the outcome, its reason, the loads and what is left of the budget. */
export function handOver(budget: Budget, table: Table, customer: number, from: Holder, to: Holder): void {
  const { work, rank } = budget;
  const { pool } = table;
  const outcome = work.seats[pool.seat];
  const before = work.input.customers.current[pool.seat][customer] ?? -1;
  const fen = work.input.customers.averageFen[customer] ?? 0;
  budget.left -= costOf(budget, table, customer, from, to);
  outcome.staff[customer] = to.staff;
  outcome.runnerUp[customer] = from.staff;
  if (before === from.staff) outcome.reason[customer] = CODE['moved-budget'];
  if (before === to.staff) outcome.reason[customer] = CODE.kept;
  const moves = before < 0 ? 0 : Number(before === from.staff) - Number(before === to.staff);
  pool.moved += moves;
  pool.kept -= moves;
  shiftLoad(from.load, -1, -fen);
  shiftLoad(to.load, 1, fen);
  from.hand.splice(placeIn(from.hand, rank, customer), 1);
  to.hand.splice(placeIn(to.hand, rank, customer), 0, customer);
  for (const person of pool.people) {
    if (person.staff === from.staff) person.here--;
    if (person.staff === to.staff) person.here++;
  }
}

export function shiftLoad(load: Load, customers: number, fen: number): void {
  load.customers += customers;
  load.assetsFen += fen;
}

/** Where the customer stands in a hand, or would. */
function placeIn(hand: readonly number[], rank: Int32Array, customer: number): number {
  let [low, high] = [0, hand.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rank[hand[middle] ?? -1] ?? 0) < (rank[customer] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
