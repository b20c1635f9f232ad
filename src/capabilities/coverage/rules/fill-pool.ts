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
  const take = Math.min(
    size,
    rooms.reduce((sum, room) => sum + room, 0),
  );
  if (take === 0) return answer;
  const keptCount = keep(problem, answer, take);
  const spread = spreadOf(problem, answer, take - keptCount);
  const factors = factorsOf(problem.members);
  deal(problem, answer, take, spread, factors);
  if (take < size) coverLeftRoom(problem, answer, take, factors);
  evenOut(problem, answer, spread, factors);
  return answer;
}

/** Weights relative to the first: exactly 1 for equal ones, so that equal shares are compared in whole fen. */
function factorsOf(members: readonly Member[]): Float64Array {
  const first = Number(members[0]?.weight ?? 1n);
  return Float64Array.from(members, (member) => Number(member.weight) / first);
}

function keep(problem: PoolProblem, answer: PoolAnswer, take: number): number {
  let kept = 0;
  for (let k = 0; k < take; k++) {
    const member = problem.current[k] ?? -1;
    if (member < 0 || member === problem.barred[k]) continue;
    if ((answer.counts[member] ?? 0) >= (problem.members[member]?.atMost ?? 0)) continue;
    put(problem, answer, k, member);
    answer.kept[k] = 1;
    kept++;
  }
  return kept;
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
function deal(problem: PoolProblem, answer: PoolAnswer, take: number, spread: Spread, factors: Float64Array): void {
  const left = Float64Array.from(spread.counts, (count, i) => count - (answer.counts[i] ?? 0));
  let extras = spread.extras;
  const open = Uint8Array.from(spread.open, Number);
  for (let k = 0; k < take; k++) {
    if (answer.who[k] !== -1) continue;
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

/** Customers who had to stay out for their other seat's sake leave room: the next richest take it. */
function coverLeftRoom(problem: PoolProblem, answer: PoolAnswer, take: number, factors: Float64Array): void {
  let free = 0;
  for (let k = 0; k < take; k++) if (answer.who[k] === -1) free++;
  for (let k = take; k < answer.who.length && free > 0; k++) if (squeezeIn(problem, answer, k, factors)) free--;
}

/**
 * Covers a customer whom the shares leave no place because the one place is with the person who has their other seat: with
 * anybody who has room under the limit, or by a swap with a customer who may go to that person. Covering comes before keeping.
 */
function squeezeIn(problem: PoolProblem, answer: PoolAnswer, k: number, factors: Float64Array): boolean {
  const barred = problem.barred[k] ?? -1;
  const hasRoom = (i: number) => (answer.counts[i] ?? 0) < (problem.members[i]?.atMost ?? 0);
  let best = -1;
  for (let i = 0; i < problem.members.length; i++) {
    if (i === barred || !hasRoom(i)) continue;
    if (best < 0 || (answer.assets[i] ?? 0) / (factors[i] ?? 1) < (answer.assets[best] ?? 0) / (factors[best] ?? 1)) best = i;
  }
  if (best >= 0) {
    put(problem, answer, k, best);
    return true;
  }
  if (barred < 0 || !hasRoom(barred)) return false;
  const other = swapPartner(problem, answer, barred);
  if (other < 0) return false;
  const freed = answer.who[other] ?? -1;
  remove(problem, answer, other);
  put(problem, answer, other, barred);
  answer.swapped[other] = 1;
  answer.kept[other] = 0;
  put(problem, answer, k, freed);
  return true;
}

/** A covered customer who may go to `target`: a new one if there is, the poorest first. */
function swapPartner(problem: PoolProblem, answer: PoolAnswer, target: number): number {
  let found = -1;
  for (let k = answer.who.length - 1; k >= 0; k--) {
    const member = answer.who[k] ?? -1;
    if (member < 0 || member === target || problem.barred[k] === target) continue;
    if (answer.kept[k] === 0) return k;
    if (found < 0) found = k;
  }
  return found;
}
