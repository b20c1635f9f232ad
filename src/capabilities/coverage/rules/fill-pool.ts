import { evenOut } from './even-out.ts';
import { type PoolAnswer, type PoolProblem, put, remove } from './pool-problem.ts';
import type { Member } from './pools.ts';
import { type Spread, waterfill } from './waterfill.ts';

/**
 * Fills one pool by the objectives in their order (DOMAIN §3): covers as many as the limits allow, the richest first; keeps
 * whom it can; deals out the others so that head-counts follow the shares and the largest total comes close to the mean.
 */
export function fillPool(problem: PoolProblem): PoolAnswer {
  const size = problem.values.length;
  const answer: PoolAnswer = {
    who: new Int32Array(size).fill(-1),
    kept: new Uint8Array(size),
    swapped: new Uint8Array(size),
    counts: Float64Array.from(problem.counts),
    assets: Float64Array.from(problem.assets),
  };
  const rooms = problem.members.map((member, i) => Math.max(0, member.atMost - (problem.counts[i] ?? 0)));
  const due = choose(problem, rooms);
  if (due.count === 0) return answer;
  const keptCount = keep(problem, answer, due);
  const spread = spreadOf(problem, answer, due.count - keptCount);
  const factors = factorsOf(problem.members);
  deal(problem, answer, due, spread, factors);
  evenOut(problem, answer, spread, factors);
  return answer;
}

/** Whom a pool covers. */
interface Due {
  readonly count: number;
  /** No position from here on is covered. */
  readonly end: number;
  /** Positions before the end that stay out; undefined when none does. */
  readonly out: Uint8Array | undefined;
  /** How many customers may be with others than each member beside those who must, because they have that member already. */
  readonly slack: Float64Array | undefined;
}

/** A plain loop: this is asked about every customer of the bank. */
function isAnyBarred(barred: Int32Array): boolean {
  for (let k = 0; k < barred.length; k++) if ((barred[k] ?? -1) >= 0) return true;
  return false;
}

/**
 * The richest who can be covered together. Each customer bars at most one person, so they can exactly if there is room for all and,
 * for each person, room with the others for all whom that person bars: one walk from the richest finds the best cover there is.
 */
function choose({ barred, values, members }: PoolProblem, rooms: readonly number[]): Due {
  const size = values.length;
  const room = rooms.reduce((sum, one) => sum + one, 0);
  if (!isAnyBarred(barred)) {
    const count = Math.min(size, room);
    return { count, end: count, out: undefined, slack: undefined };
  }
  const slack = Float64Array.from(members, (_member, i) => rooms.reduce((sum, one, j) => sum + (i === j ? 0 : one), 0));
  const out = new Uint8Array(size);
  let [count, end] = [0, 0];
  for (let k = 0; k < size && count < room; k++) {
    const member = barred[k] ?? -1;
    if (member >= 0 && (slack[member] ?? 0) <= 0) {
      out[k] = 1;
      continue;
    }
    if (member >= 0) slack[member] = (slack[member] ?? 0) - 1;
    count++;
    end = k + 1;
  }
  return { count, end, out, slack };
}

/** Weights relative to the first: exactly 1 for equal ones, so that equal shares are compared in whole fen. */
function factorsOf(members: readonly Member[]): Float64Array {
  const first = Number(members[0]?.weight ?? 1n);
  return Float64Array.from(members, (member) => Number(member.weight) / first);
}

/** Keeps from the richest on whoever sits well; with barred customers only as far as all who are due still find a place. */
function keep(problem: PoolProblem, answer: PoolAnswer, { end, out, slack }: Due): number {
  let kept = 0;
  for (let k = 0; k < end; k++) {
    const member = problem.current[k] ?? -1;
    const barred = problem.barred[k] ?? -1;
    if (member < 0 || member === barred || out?.[k] === 1) continue;
    if ((answer.counts[member] ?? 0) >= (problem.members[member]?.atMost ?? 0)) continue;
    if (slack && !takeSlack(slack, member, barred)) {
      answer.swapped[k] = 1;
      continue;
    }
    put(problem, answer, k, member);
    answer.kept[k] = 1;
    kept++;
  }
  return kept;
}

/** Somebody with `member` takes a place that customers of everybody else's could need, but not from those who bar the same person. */
function takeSlack(slack: Float64Array, member: number, barred: number): boolean {
  for (let i = 0; i < slack.length; i++) if (i !== member && i !== barred && (slack[i] ?? 0) <= 0) return false;
  for (let i = 0; i < slack.length; i++) if (i !== member && i !== barred) slack[i] = (slack[i] ?? 0) - 1;
  return true;
}

/** How many each member should end with: up to the initial limits; beyond, only as far as somebody would stay uncovered. */
function spreadOf(problem: PoolProblem, answer: PoolAnswer, fresh: number): Spread {
  const total = answer.counts.reduce((sum, count) => sum + count, 0) + fresh;
  const vessels = problem.members.map((member, i) => {
    const floor = answer.counts[i] ?? 0;
    return { floor, cap: Math.max(floor, member.initial), weight: member.weight };
  });
  const initially = vessels.reduce((sum, vessel) => sum + vessel.cap, 0);
  if (total <= initially) return waterfill(vessels, total);
  const beyond = vessels.map((vessel, i) => ({
    ...vessel,
    floor: vessel.cap,
    cap: Math.max(vessel.cap, problem.members[i]?.atMost ?? 0),
  }));
  return waterfill(beyond, total);
}

/** Deals the customers who are not kept, richest first, each to the member with the smallest total for their share. */
function deal(problem: PoolProblem, answer: PoolAnswer, due: Due, spread: Spread, factors: Float64Array): void {
  const left = Float64Array.from(spread.counts, (count, i) => count - (answer.counts[i] ?? 0));
  let extras = spread.extras;
  const open = Uint8Array.from(spread.open, Number);
  for (let k = 0; k < due.end; k++) {
    if (answer.who[k] !== -1 || due.out?.[k] === 1) continue;
    let best = -1;
    let least = Infinity;
    for (let i = 0; i < left.length; i++) {
      if (!((left[i] ?? 0) > 0 || (extras > 0 && open[i] === 1)) || i === problem.barred[k]) continue;
      const load = (answer.assets[i] ?? 0) / (factors[i] ?? 1);
      if (load < least) {
        least = load;
        best = i;
      }
    }
    if (best < 0) {
      squeezeIn(problem, answer, k, factors);
      continue;
    }
    if ((left[best] ?? 0) > 0) left[best] = (left[best] ?? 0) - 1;
    else {
      open[best] = 0;
      extras--;
    }
    put(problem, answer, k, best);
  }
}

/**
 * Finds a place for a customer to whom the shares leave none because the one place is with the person who has their other seat:
 * with anybody who has room under the limit, or by a swap with a customer who may go to that person.
 */
function squeezeIn(problem: PoolProblem, answer: PoolAnswer, k: number, factors: Float64Array): void {
  const barred = problem.barred[k] ?? -1;
  const hasRoom = (i: number) => (answer.counts[i] ?? 0) < (problem.members[i]?.atMost ?? 0);
  let best = -1;
  for (let i = 0; i < problem.members.length; i++) {
    if (i === barred || !hasRoom(i)) continue;
    if (best < 0 || (answer.assets[i] ?? 0) / (factors[i] ?? 1) < (answer.assets[best] ?? 0) / (factors[best] ?? 1)) best = i;
  }
  if (best >= 0) {
    put(problem, answer, k, best);
    return;
  }
  const other = swapPartner(problem, answer, barred);
  const freed = answer.who[other] ?? -1;
  if (freed < 0) return;
  remove(problem, answer, other);
  put(problem, answer, other, barred);
  answer.swapped[other] = 1;
  put(problem, answer, k, freed);
}

/** The poorest covered customer who may go to `target` and is not kept; whom `choose` found to be due, there is always one. */
function swapPartner(problem: PoolProblem, answer: PoolAnswer, target: number): number {
  for (let k = answer.who.length - 1; k >= 0; k--) {
    const member = answer.who[k] ?? -1;
    if (member >= 0 && member !== target && problem.barred[k] !== target && answer.kept[k] === 0) return k;
  }
  return -1;
}
