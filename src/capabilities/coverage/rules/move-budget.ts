import type { Work } from './allocation-work.ts';
import { findExchange, findShift, type Step } from './budget-moves.ts';
import { type Budget, byAssets, byCount, handOver, type Table, tablesOf, widthOf } from './budget-table.ts';

type Find = (budget: Budget, table: Table) => Step | undefined;
/** How far apart a pool's people are, relative to what they have: which pool needs a move most. */
type Need = (table: Table) => number;

interface Waiting {
  readonly table: Table;
  readonly need: number;
}

/**
 * Evens out the pools while at most `budget` customers in all leave the manager whom they had (DOMAIN §3, Keep): those who had
 * to leave have taken their part of it already. First head-counts, the widest pool first, one customer at a time from a fuller to
 * an emptier person; then assets, by exchanges that leave head-counts as even. No pool ends with a wider spread of head-counts or
 * of assets than it had, each taken by share. New customers change hands freely. What a step looks at is only who has whom, so that where
 * this ends with budget left over, another run finds nothing to move either.
 */
export function spendMoveBudget(work: Work, budget: number): void {
  const left = budget - work.pools.reduce((sum, pool) => sum + pool.moved, 0);
  if (left <= 0) return;
  const rank = new Int32Array(work.input.customers.count);
  work.order.forEach((c, position) => {
    rank[c] = position;
  });
  const state: Budget = { work, left, rank };
  const tables = tablesOf(work);
  // One person may sit in several pools, and a lead bars a joint seat: a step in one pool may open one in another.
  while (even(state, tables, countNeed, findShift) || even(state, tables, assetNeed, findExchange));
}

/** Makes steps until no pool has one or the budget is spent; whether any was made. */
function even(budget: Budget, tables: readonly Table[], need: Need, find: Find): boolean {
  const queue = tables.map((table): Waiting => ({ table, need: need(table) })).sort(byNeed);
  let made = false;
  while (budget.left > 0) {
    const { table } = queue.pop() ?? {};
    if (!table) return made;
    const step = find(budget, table);
    if (!step) continue;
    made = true;
    const { from, to, give, take } = step;
    handOver(budget, table, give, from, to);
    if (take !== undefined) handOver(budget, table, take, to, from);
    putBack(queue, { table, need: need(table) });
  }
  return made;
}

const countNeed: Need = (table) => relative(widthOf(table.people, byCount), table.people.map(byCount));
const assetNeed: Need = (table) => relative(widthOf(table.people, byAssets), table.people.map(byAssets));

function relative(width: number, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum === 0 ? 0 : (width * values.length) / sum;
}

/** The least in need first, so that the neediest is at the end; equal ones by number, the first last. */
function byNeed(a: Waiting, b: Waiting): number {
  return a.need - b.need || b.table.pool.no - a.table.pool.no;
}

function putBack(queue: Waiting[], one: Waiting): void {
  let [low, high] = [0, queue.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = queue[middle];
    if (other && byNeed(other, one) < 0) low = middle + 1;
    else high = middle;
  }
  queue.splice(low, 0, one);
}
