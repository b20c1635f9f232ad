import type { PoolLevel } from './covering-roles.ts';
import type { Scheme, SeatSlot } from './scheme.ts';

/** A unit of the organisation; `parent` is an index into the same list, -1 at the top. */
export interface AllocationUnit {
  readonly id: string;
  readonly level: 'head-office' | PoolLevel;
  readonly parent: number;
}

/** A staff member whom the input names: everybody who may get customers, and leavers who still have some (`active: false`). */
export interface AllocationStaff {
  readonly id: string;
  readonly role: string;
  /** Index into the units. */
  readonly unit: number;
  /** Share of a full portfolio in basis points (份额): weighs the spread, and lowers limits below 10,000. */
  readonly shareBp: number;
  readonly active: boolean;
}

/** Customers in columns, one position each; the order does not matter. */
export interface CustomerColumns {
  readonly count: number;
  readonly ids: readonly string[];
  /** Average assets in whole fen (`averageFen`, rounded down); decides who is richer and how assets are spread. */
  readonly averageFen: Float64Array;
  /** Band in force, ascending index (`bandsAscending`), -1 below the lowest. */
  readonly band: Int8Array;
  /** Home outlet, index into the units, -1 when there is none. */
  readonly unit: Int32Array;
  readonly hasLoan: Uint8Array;
  /** Who covers the customer now, index into the staff, -1 for nobody. */
  readonly current: Readonly<Record<SeatSlot, Int32Array>>;
}

/** What a person already carries in a portfolio through customers that are not in the input (a nightly run's other customers). */
export interface BaseLoad {
  readonly staff: number;
  readonly portfolio: string;
  readonly customers: number;
  readonly assetsFen: number;
}

export interface AllocationInput {
  readonly scheme: Scheme;
  readonly units: readonly AllocationUnit[];
  readonly staff: readonly AllocationStaff[];
  readonly customers: CustomerColumns;
  readonly baseLoads?: readonly BaseLoad[];
  /**
   * At most so many customers go from one manager to another, counted by seat. Those who have to (the manager left, holds no such
   * seat, is over a limit) take from it first, and when they are more, they go all the same: no limit gives way to it. What is
   * left evens out the pools. When left out, only those move who have to.
   */
  readonly moveBudget?: number;
}

/** Outcome of one customer and seat; the stored code is the name, the column holds the position in this list. */
export const REASONS = [
  'none',
  'kept',
  'new',
  'moved-left',
  'moved-ineligible',
  'moved-over-limit',
  'moved-same-person',
  'moved-for-cover',
  'moved-budget',
  'uncovered-short',
  'uncovered-no-staff',
  'uncovered-no-unit',
  'uncovered-no-rule',
  'uncovered-same-person',
  'released',
] as const;
export type Reason = (typeof REASONS)[number];
/** The position of each reason in REASONS. */
export const CODE = {
  none: 0,
  kept: 1,
  new: 2,
  'moved-left': 3,
  'moved-ineligible': 4,
  'moved-over-limit': 5,
  'moved-same-person': 6,
  'moved-for-cover': 7,
  'moved-budget': 8,
  'uncovered-short': 9,
  'uncovered-no-staff': 10,
  'uncovered-no-unit': 11,
  'uncovered-no-rule': 12,
  'uncovered-same-person': 13,
  released: 14,
} as const satisfies Record<Reason, number>;

/** One outcome column set per seat: all of the length of the customers. */
export interface SeatOutcome {
  /** Who covers the customer from now, index into the staff, -1 for nobody. */
  readonly staff: Int32Array;
  /** Position in REASONS. */
  readonly reason: Uint8Array;
  /** Who would have been next: the least loaded other person of the pool, -1 for nobody. */
  readonly runnerUp: Int32Array;
  /** Index into the result's pools: the pool that decided, -1 when no pool did. */
  readonly pool: Int32Array;
}

/** A person in a pool. Counts and assets are of the portfolio, which is what the limits are about. */
export interface PoolPerson {
  /** Index into the staff. */
  readonly staff: number;
  /** Customers of the portfolio before: those of the input who sat here and, in a nightly run, the others. */
  countBefore: number;
  countAfter: number;
  assetsBeforeFen: number;
  assetsAfterFen: number;
  /** Customers of this pool given to the person; less than countAfter when a portfolio spans pools. */
  here: number;
  /** Limits after the person's share; undefined without. */
  readonly limitInitial: number | undefined;
  readonly limitAtMost: number | undefined;
  /** Part of the pool due to the person, 0 to 1. */
  readonly share: number;
}

/** What happened in one pool: one seat of one band in one unit. */
export interface PoolOutcome {
  /** Position in the result's pools. */
  readonly no: number;
  /** Index into the units. */
  readonly unit: number;
  /** Ascending band index, and its id. */
  readonly band: number;
  readonly bandId: string;
  readonly seat: SeatSlot;
  /** Position of the seat in its band's list. */
  readonly seatNo: number;
  readonly portfolio: string;
  readonly mustCover: boolean;
  readonly people: readonly PoolPerson[];
  /** Customers who came to this pool = covered + uncovered + passedOn. */
  customers: number;
  covered: number;
  uncovered: number;
  /** Found no place here but came to the next seat of the band. */
  passedOn: number;
  kept: number;
  /** Everybody who comes from another manager, whether a move budget has room for them or not. */
  moved: number;
  fresh: number;
  usedOverInitial: boolean;
  /** Full-time people missing to cover everybody who stays uncovered here. */
  staffNeeded: number;
}

export interface AllocationTotals {
  /** Customers whose band has a seat for them; covered = somebody covers them; the two others add up. */
  customers: number;
  covered: number;
  uncovered: number;
  /** Seats of those customers: a joint-covered customer counts twice. */
  kept: number;
  /** Went from one manager to another: with a move budget at most so many. */
  moved: number;
  /** Went to another manager beyond the move budget, because they could not stay. None without a budget. */
  replaced: number;
  fresh: number;
  released: number;
  staffNeeded: number;
}

export interface AllocationResult {
  /** Customers with a decision, in canonical order: richer first, equal averages by id. */
  readonly order: Int32Array;
  readonly seats: Readonly<Record<SeatSlot, SeatOutcome>>;
  readonly pools: readonly PoolOutcome[];
  readonly totals: AllocationTotals;
}
