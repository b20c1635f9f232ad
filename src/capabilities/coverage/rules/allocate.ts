import {
  type AllocationInput,
  type AllocationResult,
  type AllocationTotals,
  CODE,
  type SeatOutcome,
} from './allocation-types.ts';
import type { Load, Work } from './allocation-work.ts';
import { spendMoveBudget } from './move-budget.ts';
import { ancestors, planSeats, rosterOf } from './pools.ts';
import { richestFirst } from './richest-first.ts';
import { serveSlot } from './serve-slot.ts';

/**
 * Decides who looks after each customer (DOMAIN §3): covers as many as the limits allow, keeps whom it can, balances the rest,
 * and gives every outcome its reason. Pure and deterministic: the same customers, staff and units give the same result in
 * whatever order they come. With `baseLoads` the input is only the customers to decide (a night's changes): all others stay
 * where they are and count against the limits. Money is whole fen. Refuses (RangeError) columns of different lengths, ids named
 * twice among equals, and averages whose sum leaves the safe integers.
 */
export function allocate(input: AllocationInput): AllocationResult {
  checkColumns(input);
  const work = startWork(input);
  for (const slot of ['lead', 'joint'] as const) serveSlot(work, slot);
  if (input.moveBudget !== undefined) spendMoveBudget(work, input.moveBudget);
  finishPeople(work);
  return { order: work.order, seats: work.seats, pools: work.pools, totals: totalsOf(work) };
}

function startWork(input: AllocationInput): Work {
  const at = ancestors(input.units);
  const plans = planSeats(input.scheme);
  const loads = new Map(plans.map((plan) => [plan.portfolio, new Map<number, Load>()]));
  for (const base of input.baseLoads ?? []) {
    const { customers, assetsFen } = base;
    loads.get(base.portfolio)?.set(base.staff, { customers, assetsFen, customersBefore: customers, assetsBeforeFen: assetsFen });
  }
  const chosen = new Int32Array(input.customers.count);
  let size = 0;
  const { band, current } = input.customers;
  for (let c = 0; c < input.customers.count; c++) {
    if ((band[c] ?? -1) >= 0 || (current.lead[c] ?? -1) >= 0 || (current.joint[c] ?? -1) >= 0) chosen[size++] = c;
  }
  return {
    input,
    plans,
    at,
    roster: rosterOf(input.staff, at),
    order: richestFirst(chosen.subarray(0, size), input.customers.averageFen, input.customers.ids),
    unitsById: input.units
      .map((_unit, i) => i)
      .sort((a, b) => ((input.units[a]?.id ?? '') < (input.units[b]?.id ?? '') ? -1 : 1)),
    seats: { lead: emptyOutcome(input.customers.count), joint: emptyOutcome(input.customers.count) },
    pools: [],
    loads,
    localOf: new Int32Array(input.staff.length).fill(-1),
  };
}

function emptyOutcome(count: number): SeatOutcome {
  const nobody = () => new Int32Array(count).fill(-1);
  return { staff: nobody(), reason: new Uint8Array(count), runnerUp: nobody(), pool: nobody() };
}

function checkColumns({ customers, staff, units }: AllocationInput): void {
  const columns = [
    customers.ids,
    customers.averageFen,
    customers.band,
    customers.unit,
    customers.hasLoan,
    customers.current.lead,
    customers.current.joint,
  ];
  if (columns.some((column) => column.length < customers.count)) throw new RangeError('a customer column is too short');
  let sum = 0;
  for (let c = 0; c < customers.count; c++) {
    const average = customers.averageFen[c] ?? Number.NaN;
    if (!Number.isSafeInteger(average)) throw new RangeError(`average of ${customers.ids[c]} is not whole fen: ${average}`);
    sum += Math.abs(average);
  }
  if (sum > Number.MAX_SAFE_INTEGER) throw new RangeError('averages add up past 2^53 fen');
  if (staff.some((person) => !units[person.unit])) throw new RangeError('a staff member is in no unit of the input');
}

/** Writes every person's final numbers: a portfolio may have grown in a later pool. */
function finishPeople(work: Work): void {
  for (const pool of work.pools) {
    for (const person of pool.people) {
      const load = work.loads.get(pool.portfolio)?.get(person.staff);
      if (!load) continue;
      person.countBefore = load.customersBefore;
      person.countAfter = load.customers;
      person.assetsBeforeFen = load.assetsBeforeFen;
      person.assetsAfterFen = load.assetsFen;
      if (person.countAfter > (person.limitInitial ?? Infinity)) pool.usedOverInitial = true;
    }
  }
}

function totalsOf({ input, seats, pools }: Work): AllocationTotals {
  const totals = {
    customers: 0,
    covered: 0,
    uncovered: 0,
    kept: 0,
    moved: 0,
    replaced: 0,
    fresh: 0,
    released: 0,
    staffNeeded: 0,
  };
  const { lead, joint } = seats;
  for (let c = 0; c < input.customers.count; c++) {
    const leads = lead.reason[c] ?? 0;
    const joins = joint.reason[c] ?? 0;
    if (leads === CODE.released) totals.released++;
    if (joins === CODE.released) totals.released++;
    if (!isDue(leads) && !isDue(joins)) continue;
    totals.customers++;
    if ((lead.staff[c] ?? -1) >= 0 || (joint.staff[c] ?? -1) >= 0) totals.covered++;
  }
  totals.uncovered = totals.customers - totals.covered;
  for (const pool of pools) {
    totals.kept += pool.kept;
    totals.moved += pool.moved;
    totals.fresh += pool.fresh;
    totals.staffNeeded += pool.staffNeeded;
  }
  totals.replaced = Math.max(0, totals.moved - (input.moveBudget ?? Infinity));
  totals.moved -= totals.replaced;
  return totals;
}

function isDue(reason: number): boolean {
  return reason !== CODE.none && reason !== CODE.released;
}
