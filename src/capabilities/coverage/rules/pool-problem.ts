import type { Member } from './pools.ts';

/** One pool to fill: its people with what they carry, and its customers in canonical order (richest first). */
export interface PoolProblem {
  readonly members: readonly Member[];
  /** Customers and assets (fen) that each member's portfolio holds already, from other pools or other customers. */
  readonly counts: readonly number[];
  readonly assets: readonly number[];
  /** Per customer: average in fen; member who covers them now (-1 nobody here); member who already has their other seat (-1 none). */
  readonly values: Float64Array;
  readonly current: Int32Array;
  readonly barred: Int32Array;
}

/** Who got whom: per customer a member or -1; kept = stayed with the current one. `counts` and `assets` are the loads after. */
export interface PoolAnswer {
  readonly who: Int32Array;
  readonly kept: Uint8Array;
  /** Could not stay, or had to go where they are, so that somebody else finds a place. */
  readonly swapped: Uint8Array;
  readonly counts: Float64Array;
  readonly assets: Float64Array;
}

/** Gives customer `k` to a member and adds to their load. */
export function put(problem: PoolProblem, answer: PoolAnswer, k: number, member: number): void {
  answer.who[k] = member;
  answer.counts[member] = (answer.counts[member] ?? 0) + 1;
  answer.assets[member] = (answer.assets[member] ?? 0) + (problem.values[k] ?? 0);
}

/** Takes customer `k` from the load of whoever has them. */
export function remove(problem: PoolProblem, answer: PoolAnswer, k: number): void {
  const member = answer.who[k] ?? -1;
  answer.counts[member] = (answer.counts[member] ?? 0) - 1;
  answer.assets[member] = (answer.assets[member] ?? 0) - (problem.values[k] ?? 0);
}
