import { CODE, type PoolOutcome, type PoolPerson, type Reason } from './allocation-types.ts';
import { loadIn, type Work } from './allocation-work.ts';
import { fillPool } from './fill-pool.ts';
import type { PoolAnswer, PoolProblem } from './pool-problem.ts';
import { type Member, membersOf, type SeatPlan } from './pools.ts';
import { firstSeat, queuesOf, settleSeatless } from './queues.ts';
import { richestFirst } from './richest-first.ts';
import type { SeatSlot } from './scheme.ts';

/**
 * Serves one slot: every customer goes to the first seat that takes them; pools are filled in serving order, and pass whom
 * they cannot cover on to the next seat of the band.
 */
export function serveSlot(work: Work, slot: SeatSlot): void {
  const plans = work.plans.filter((plan) => plan.slot === slot);
  const queues = queuesOf(work, plans);
  settleSeatless(work, slot, queues.keys);
  const passed = new Map<number, number[]>();
  for (const plan of plans) {
    const later = plans.filter((other) => other.band === plan.band && other.no > plan.no);
    for (const unit of work.unitsById) {
      if (work.input.units[unit]?.level !== plan.seat.pool) continue;
      const key = plan.no * work.input.units.length + unit;
      const own = queues.customers.subarray(queues.starts[key] ?? 0, queues.starts[key + 1] ?? 0);
      const queue = joinQueue(work, own, passed.get(key));
      const people = work.roster[plan.seat.pool].get(unit) ?? [];
      const members = membersOf(work.input.scheme, plan.seat, people, work.input.staff);
      if (queue.length > 0 || members.length > 0) servePool(work, { plan, unit, members, queue, later, passed });
    }
  }
}

interface Serving {
  readonly plan: SeatPlan;
  readonly unit: number;
  readonly members: readonly Member[];
  /** The pool's customers, richest first. */
  readonly queue: Int32Array;
  /** Seats of the same band and slot that come after this one. */
  readonly later: readonly SeatPlan[];
  /** Customers whom a pool could not cover, by the key of the pool that comes next for them. */
  readonly passed: Map<number, number[]>;
}

function joinQueue(work: Work, own: Int32Array, passed: readonly number[] | undefined): Int32Array {
  if (!passed) return own;
  const both = new Int32Array(own.length + passed.length);
  both.set(own);
  both.set(passed, own.length);
  return richestFirst(both, work.input.customers.averageFen, work.input.customers.ids);
}

function servePool(work: Work, serving: Serving): void {
  const { plan, members, queue } = serving;
  members.forEach((member, i) => {
    work.localOf[member.staff] = i;
  });
  eligibleFirst(work, plan.slot, queue);
  const problem = problemOf(work, serving);
  const answer = fillPool(problem);
  const pool = outcomeOf(work, serving, problem, answer);
  settle(work, serving, pool, problem, answer);
  work.pools.push(pool);
  members.forEach((member, i) => {
    const load = loadIn(work, plan.portfolio, member.staff);
    load.customers = answer.counts[i] ?? 0;
    load.assetsFen = answer.assets[i] ?? 0;
    work.localOf[member.staff] = -1;
  });
}

/** Among equal averages those whom somebody of the pool covers now come first, so that a limit does not cut them off by chance. */
function eligibleFirst(work: Work, slot: SeatSlot, queue: Int32Array): void {
  const { averageFen, current } = work.input.customers;
  const sits = (c: number) => {
    const staff = current[slot][c] ?? -1;
    return staff >= 0 && (work.localOf[staff] ?? -1) >= 0;
  };
  let from = 0;
  for (let k = 1; k <= queue.length; k++) {
    if (k < queue.length && averageFen[queue[k] ?? 0] === averageFen[queue[from] ?? 0]) continue;
    if (k - from > 1) {
      const run = queue.slice(from, k);
      queue.set([...run.filter(sits), ...run.filter((c) => !sits(c))], from);
    }
    from = k;
  }
}

function problemOf(work: Work, { plan, members, queue }: Serving): PoolProblem {
  const { averageFen, current } = work.input.customers;
  const values = new Float64Array(queue.length);
  const sitting = new Int32Array(queue.length).fill(-1);
  const barred = new Int32Array(queue.length).fill(-1);
  const loads = members.map((member) => loadIn(work, plan.portfolio, member.staff));
  const [counts, assets] = [loads.map((load) => load.customers), loads.map((load) => load.assetsFen)];
  const other = plan.slot === 'joint' ? work.seats.lead.staff : undefined;
  for (let k = 0; k < queue.length; k++) {
    const c = queue[k] ?? 0;
    const value = averageFen[c] ?? 0;
    values[k] = value;
    const staff = current[plan.slot][c] ?? -1;
    const local = staff < 0 ? -1 : (work.localOf[staff] ?? -1);
    if (local >= 0) {
      sitting[k] = local;
      const load = loads[local];
      if (load) {
        load.customersBefore++;
        load.assetsBeforeFen += value;
      }
    }
    const lead = other?.[c] ?? -1;
    if (lead >= 0) barred[k] = work.localOf[lead] ?? -1;
  }
  return { members, counts, assets, values, current: sitting, barred };
}

function outcomeOf(work: Work, { plan, unit, members, queue }: Serving, problem: PoolProblem, answer: PoolAnswer): PoolOutcome {
  const weights = members.reduce((sum, member) => sum + Number(member.weight), 0);
  const people = members.map(
    (member, i): PoolPerson => ({
      staff: member.staff,
      countBefore: 0,
      countAfter: 0,
      assetsBeforeFen: 0,
      assetsAfterFen: 0,
      here: (answer.counts[i] ?? 0) - (problem.counts[i] ?? 0),
      limitInitial: member.initial === Infinity ? undefined : member.initial,
      limitAtMost: member.atMost === Infinity ? undefined : member.atMost,
      share: Number(member.weight) / weights,
    }),
  );
  const { band, bandId, slot: seat, seatNo, portfolio, mustCover } = plan;
  const zero = { covered: 0, uncovered: 0, passedOn: 0, kept: 0, moved: 0, fresh: 0, staffNeeded: 0 };
  const place = { no: work.pools.length, unit, band, bandId, seat, seatNo, portfolio, mustCover };
  return { ...place, people, customers: queue.length, ...zero, usedOverInitial: false };
}

/** Writes every customer's outcome and the pool's counts. */
function settle(work: Work, serving: Serving, pool: PoolOutcome, problem: PoolProblem, answer: PoolAnswer): void {
  const { plan, members, queue } = serving;
  const outcome = work.seats[plan.slot];
  const current = work.input.customers.current[plan.slot];
  const runnerUp = runnersUp(members, answer);
  for (let k = 0; k < queue.length; k++) {
    const c = queue[k] ?? 0;
    const who = answer.who[k] ?? -1;
    outcome.pool[c] = pool.no;
    if (who < 0) {
      outcome.reason[c] = CODE[whyUncovered(problem, answer, k)];
      if (passOn(work, serving, c)) pool.passedOn++;
      else pool.uncovered++;
      continue;
    }
    const staff = members[who]?.staff ?? -1;
    const before = current[c] ?? -1;
    pool.covered++;
    outcome.staff[c] = staff;
    outcome.runnerUp[c] = runnerUp(who, problem.barred[k] ?? -1);
    if (before < 0) {
      outcome.reason[c] = CODE.new;
      pool.fresh++;
    } else if (before === staff) {
      outcome.reason[c] = CODE.kept;
      pool.kept++;
    } else {
      outcome.reason[c] = CODE[whyMoved(work, before, problem, answer, k)];
      pool.moved++;
    }
  }
  const limit = plan.seat.limit?.at_most ?? plan.seat.limit?.initial ?? Infinity;
  pool.staffNeeded = Math.ceil(pool.uncovered / limit) || Math.min(1, pool.uncovered);
}

/** Names the runner-up: of the others, the one with the least assets for their share who has not the customer's other seat. */
function runnersUp(members: readonly Member[], answer: PoolAnswer): (who: number, barred: number) => number {
  const load = (i: number) => (answer.assets[i] ?? 0) / Number(members[i]?.weight ?? 1n);
  const [first = -1, second = -1, third = -1] = [...members.keys()].sort((a, b) => load(a) - load(b) || a - b);
  const staffOf = (i: number) => members[i]?.staff ?? -1;
  return (who, barred) => {
    if (first !== who && first !== barred) return staffOf(first);
    return staffOf(second !== who && second !== barred ? second : third);
  };
}

function whyMoved(work: Work, before: number, problem: PoolProblem, answer: PoolAnswer, k: number): Reason {
  if (!work.input.staff[before]?.active) return 'moved-left';
  const sat = problem.current[k] ?? -1;
  if (sat < 0) return 'moved-ineligible';
  if (sat === problem.barred[k]) return 'moved-same-person';
  return answer.swapped[k] === 1 ? 'moved-for-cover' : 'moved-over-limit';
}

function whyUncovered(problem: PoolProblem, answer: PoolAnswer, k: number): Reason {
  if (problem.members.length === 0) return 'uncovered-no-staff';
  const barred = problem.barred[k] ?? -1;
  const hasRoom = barred >= 0 && (answer.counts[barred] ?? 0) < (problem.members[barred]?.atMost ?? 0);
  return hasRoom ? 'uncovered-same-person' : 'uncovered-short';
}

/** Sends a customer whom this pool cannot cover to the next seat of the band; false when there is none. */
function passOn(work: Work, { later, passed }: Serving, c: number): boolean {
  if (later.length === 0) return false;
  const key = firstSeat(work, later, c);
  if (key < 0) return false;
  const list = passed.get(key);
  if (list) list.push(c);
  else passed.set(key, [c]);
  return true;
}
