import type { AllocationInput, PoolOutcome, SeatOutcome } from './allocation-types.ts';
import type { PoolLevel } from './covering-roles.ts';
import type { Roster, SeatPlan } from './pools.ts';
import type { SeatSlot } from './scheme.ts';

/** What a person carries in one portfolio: from now, and before the run. */
export interface Load {
  customers: number;
  assetsFen: number;
  customersBefore: number;
  assetsBeforeFen: number;
}

/** State of one allocation on its way. */
export interface Work {
  readonly input: AllocationInput;
  readonly plans: readonly SeatPlan[];
  /** For each level and unit, the unit of that level around it. */
  readonly at: Readonly<Record<PoolLevel, Int32Array>>;
  readonly roster: Roster;
  /** Customers with a band or with somebody now, richest first, equal averages by id. */
  readonly order: Int32Array;
  readonly unitsById: readonly number[];
  readonly seats: Readonly<Record<SeatSlot, SeatOutcome>>;
  readonly pools: PoolOutcome[];
  /** By portfolio and staff index. */
  readonly loads: ReadonlyMap<string, Map<number, Load>>;
  /** Scratch: staff index to position in the pool at hand, -1 for others. */
  readonly localOf: Int32Array;
}

/** The person's load in the portfolio, made empty when there is none yet. */
export function loadIn(work: Work, portfolio: string, staff: number): Load {
  const loads = work.loads.get(portfolio);
  const known = loads?.get(staff);
  if (known) return known;
  const load: Load = { customers: 0, assetsFen: 0, customersBefore: 0, assetsBeforeFen: 0 };
  loads?.set(staff, load);
  return load;
}
