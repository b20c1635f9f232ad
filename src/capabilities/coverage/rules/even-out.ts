import { type PoolAnswer, type PoolProblem, put, remove } from './pool-problem.ts';
import type { Spread } from './waterfill.ts';

/** Members tried as partners of the fullest one: the emptiest so many. */
const PARTNERS = 8;
/** Stop when the largest total is this close to the mean: beyond, no bank could tell the difference. */
const CLOSE_ENOUGH = 1e-6;

interface Exchange {
  readonly give: number;
  /** -1: nothing comes back, the head-count moves by one. */
  readonly take: number;
  readonly partner: number;
  readonly worst: number;
}

/**
 * Brings the largest total down by exchanging customers who are not kept between the fullest member and the emptiest ones:
 * one against one, or one alone where both head-counts stay within one of the exact share. Work is bounded by the pool's size.
 */
export function evenOut(problem: PoolProblem, answer: PoolAnswer, spread: Spread, factors: Float64Array): void {
  const size = problem.members.length;
  if (size < 2) return;
  const hands = handsOf(answer, size);
  let work = 20_000 + answer.who.length * 4;
  while (work > 0) {
    const order = [...factors.keys()].sort((a, b) => loadOf(answer, factors, b) - loadOf(answer, factors, a) || a - b);
    const fullest = order[0] ?? 0;
    if (isClose(answer, factors, fullest)) return;
    let best: Exchange | undefined;
    for (const partner of order.slice(-PARTNERS).reverse()) {
      if (partner === fullest) continue;
      work -= (hands[fullest]?.length ?? 0) + (hands[partner]?.length ?? 0) + size;
      const found = bestExchange({ problem, answer, spread, factors, hands }, fullest, partner);
      if (found && (!best || found.worst < best.worst)) best = found;
    }
    if (!best) return;
    exchange(problem, answer, hands, fullest, best);
  }
}

interface Table {
  readonly problem: PoolProblem;
  readonly answer: PoolAnswer;
  readonly spread: Spread;
  readonly factors: Float64Array;
  readonly hands: number[][];
}

function loadOf(answer: PoolAnswer, factors: Float64Array, i: number): number {
  return (answer.assets[i] ?? 0) / (factors[i] ?? 1);
}

function isClose(answer: PoolAnswer, factors: Float64Array, fullest: number): boolean {
  const mean = answer.assets.reduce((sum, fen) => sum + fen, 0) / factors.reduce((sum, factor) => sum + factor, 0);
  return loadOf(answer, factors, fullest) - mean <= Math.abs(mean) * CLOSE_ENOUGH;
}

/** For each member the customers that were dealt to them, richest first. */
function handsOf(answer: PoolAnswer, size: number): number[][] {
  const hands: number[][] = Array.from({ length: size }, () => []);
  for (let k = 0; k < answer.who.length; k++) {
    if (answer.kept[k] === 0 && answer.swapped[k] === 0) hands[answer.who[k] ?? -1]?.push(k);
  }
  return hands;
}

/** The exchange with `partner` after which the fuller of the two is least full; undefined when none makes it better than now. */
function bestExchange(table: Table, fullest: number, partner: number): Exchange | undefined {
  const { problem, factors, answer } = table;
  const mine = table.hands[fullest] ?? [];
  const theirs = table.hands[partner] ?? [];
  const [f, p] = [factors[fullest] ?? 1, factors[partner] ?? 1];
  const [a, b] = [answer.assets[fullest] ?? 0, answer.assets[partner] ?? 0];
  let best: Exchange | undefined;
  const consider = (give: number, take: number) => {
    const delta = (problem.values[give] ?? 0) - (take < 0 ? 0 : (problem.values[take] ?? 0));
    const worst = Math.max((a - delta) / f, (b + delta) / p);
    if (worst >= (best?.worst ?? a / f)) return;
    if (problem.barred[give] === partner || (take >= 0 && problem.barred[take] === fullest)) return;
    best = { give, take, partner, worst };
  };
  const ideal = (a * p - b * f) / (f + p);
  const mayShift = isSpare(table, fullest) && isWanting(table, partner);
  let j = 0;
  for (const give of mine) {
    const wanted = (problem.values[give] ?? 0) - ideal;
    while (j < theirs.length && (problem.values[theirs[j] ?? 0] ?? 0) > wanted) j++;
    for (const at of [j - 1, j]) {
      const take = theirs[at];
      if (take !== undefined) consider(give, take);
    }
    if (mayShift) consider(give, -1);
  }
  return best;
}

/** Has one customer more than the whole part of the exact share. */
function isSpare(table: Table, i: number): boolean {
  return table.spread.open[i] === true && (table.answer.counts[i] ?? 0) > (table.spread.counts[i] ?? 0);
}

/** Could take one customer more and still be within one of the exact share. */
function isWanting(table: Table, i: number): boolean {
  return table.spread.open[i] === true && (table.answer.counts[i] ?? 0) <= (table.spread.counts[i] ?? 0);
}

function exchange(problem: PoolProblem, answer: PoolAnswer, hands: number[][], fullest: number, chosen: Exchange): void {
  shift(problem, answer, hands, chosen.give, fullest, chosen.partner);
  if (chosen.take >= 0) shift(problem, answer, hands, chosen.take, chosen.partner, fullest);
}

function shift(problem: PoolProblem, answer: PoolAnswer, hands: number[][], k: number, from: number, to: number): void {
  remove(problem, answer, k);
  put(problem, answer, k, to);
  const source = hands[from] ?? [];
  source.splice(source.indexOf(k), 1);
  const target = hands[to] ?? [];
  // Positions are in order of wealth, so ordering by position keeps hands richest first.
  const at = target.findIndex((other) => other > k);
  target.splice(at < 0 ? target.length : at, 0, k);
}
