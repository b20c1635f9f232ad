import { CODE } from './allocation-types.ts';
import type { Work } from './allocation-work.ts';
import { type SeatPlan, seatTakes } from './pools.ts';
import type { SeatSlot } from './scheme.ts';

const NO_UNIT = -2;
const NO_RULE = -3;
const NO_SEAT = -1;

/** The customers of one slot, sent to the pools of the first seats that take them. */
export interface Queues {
  /** Per customer: plan × units + unit, or why there is none (negative). */
  readonly keys: Int32Array;
  /** All customers, pool after pool, richest first within each; a pool's run starts at starts[key]. */
  readonly customers: Int32Array;
  readonly starts: Int32Array;
}

/** Sends every customer of the slot to the pool of the first seat that takes them: two passes over the columns. */
export function queuesOf(work: Work, plans: readonly SeatPlan[]): Queues {
  const { customers, units } = work.input;
  const choices = choicesOf(work, plans);
  const keys = new Int32Array(customers.count).fill(NO_SEAT);
  const starts = new Int32Array(work.plans.length * units.length + 2);
  for (let c = 0; c < customers.count; c++) {
    const band = customers.band[c] ?? -1;
    const choice = band < 0 ? undefined : choices[band * 2 + (customers.hasLoan[c] ?? 0)];
    if (choice === undefined) continue;
    const key = choice.conditional ? firstSeat(work, choice.plans, c) : seatKey(work, choice.plans[0], c);
    keys[c] = key;
    if (key >= 0) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  }
  for (let key = 1; key < starts.length; key++) starts[key] = (starts[key] ?? 0) + (starts[key - 1] ?? 0);
  const ends = starts.slice();
  const sorted = new Int32Array(ends[ends.length - 1] ?? 0);
  for (let k = 0; k < work.order.length; k++) {
    const c = work.order[k] ?? 0;
    const key = keys[c] ?? -1;
    if (key < 0) continue;
    const end = ends[key] ?? 0;
    sorted[end] = c;
    ends[key] = end + 1;
  }
  return { keys, customers: sorted, starts };
}

/** Seats of a band open to customers with or without a loan; `conditional` when the home outlet decides too or none is open. */
interface Choice {
  readonly plans: readonly SeatPlan[];
  readonly conditional: boolean;
}

function choicesOf(work: Work, plans: readonly SeatPlan[]): (Choice | undefined)[] {
  return work.input.scheme.bands.flatMap((_band, band) =>
    [false, true].map((hasLoan) => {
      const ofBand = plans.filter((plan) => plan.band === band);
      if (ofBand.length === 0) return undefined;
      const open = ofBand.filter((plan) => plan.seat.when?.has_loan === undefined || plan.seat.when.has_loan === hasLoan);
      return { plans: open, conditional: open.length === 0 || open.some((plan) => plan.seat.when?.home_outlet) };
    }),
  );
}

/** The pool of a seat for a customer, as plan × units + unit; negative when there is none. */
export function seatKey(work: Work, plan: SeatPlan | undefined, c: number): number {
  if (!plan) return NO_RULE;
  const home = work.input.customers.unit[c] ?? -1;
  const unit = home < 0 ? -1 : (work.at[plan.seat.pool][home] ?? -1);
  return unit < 0 ? NO_UNIT : plan.no * work.input.units.length + unit;
}

/** The pool of the first of these seats that takes the customer; negative when there is none. */
export function firstSeat(work: Work, plans: readonly SeatPlan[], c: number): number {
  const { customers, units } = work.input;
  const outlet = units[customers.unit[c] ?? -1]?.id ?? '';
  return seatKey(
    work,
    plans.find((plan) => seatTakes(plan.seat, customers.hasLoan[c] === 1, outlet)),
    c,
  );
}

/** Writes the outcomes of the customers whom no pool will see: released, without a unit, or left out by every seat's condition. */
export function settleSeatless(work: Work, slot: SeatSlot, keys: Int32Array): void {
  const { reason } = work.seats[slot];
  const current = work.input.customers.current[slot];
  for (let c = 0; c < keys.length; c++) {
    const key = keys[c] ?? NO_SEAT;
    if (key >= 0) continue;
    if (key === NO_UNIT) reason[c] = CODE['uncovered-no-unit'];
    else if (key === NO_RULE) reason[c] = CODE['uncovered-no-rule'];
    else if ((current[c] ?? -1) >= 0) reason[c] = CODE.released;
  }
}
