import type { Answer, RowOf } from '../../api/client.ts';

export type Run = Answer<'getRun'>;
export type Pool = RowOf<'listRunPools'>;
export type Totals = NonNullable<Run['totals']>;
export type Decision = RowOf<'listRunDecisions'>;
export const KINDS = ['uncovered', 'moved', 'fresh', 'kept', 'released'] as const;
export type Kind = (typeof KINDS)[number];

export interface BandSum {
  readonly band: number;
  readonly title: Totals['bands'][number]['title'];
  readonly customers: number;
  readonly covered: number;
  readonly uncovered: number;
  /** Places at the limits; null where somebody has none. */
  readonly capacity: number | null;
  readonly staffNeeded: number;
}

/** The bands of the whole run, highest first; those without seats left out. */
export function bandsOfRun(totals: Totals): BandSum[] {
  return totals.bands.filter((band) => band.hasSeats).reverse();
}

/** Where most customers wait; the highest band if nobody does. */
export function bandToLookAt(bands: readonly BandSum[]): BandSum | undefined {
  return bands.reduce<BandSum | undefined>((most, band) => (band.uncovered > (most?.uncovered ?? -1) ? band : most), undefined);
}

/** The same from the lead pools of the units that one looks at: each customer is in one of them. */
export function bandsOfPools(pools: readonly Pool[]): BandSum[] {
  const sums = new Map<number, BandSum>();
  for (const pool of pools.filter(({ seat }) => seat === 'lead')) {
    const before = sums.get(pool.band);
    const places = pool.staff.map((person) => person.limitAtMost ?? person.limitInitial);
    const here = places.some((place) => place === null) ? null : places.reduce<number>((sum, place) => sum + (place ?? 0), 0);
    sums.set(pool.band, {
      band: pool.band,
      title: pool.bandTitle,
      customers: (before?.customers ?? 0) + pool.customers,
      covered: (before?.covered ?? 0) + pool.covered,
      uncovered: (before?.uncovered ?? 0) + pool.uncovered,
      capacity: here === null || before?.capacity === null ? null : (before?.capacity ?? 0) + here,
      staffNeeded: (before?.staffNeeded ?? 0) + pool.staffNeeded,
    });
  }
  return [...sums.values()].sort((a, b) => b.band - a.band);
}

/** Whole numbers of the answer sentence, of the run or of the pools in view. */
export interface Headline {
  readonly customers: number;
  readonly covered: number;
  readonly uncovered: number;
  /** Everybody who changes manager, also beyond a move budget. */
  readonly moved: number;
  /** Of these beyond it; only known of a whole run. */
  readonly replaced: number;
  readonly fresh: number;
  readonly kept: number;
  readonly staffNeeded: number;
}

/** Everybody who changes manager in a run, those beyond a move budget included. */
export function movedOf(totals: Totals): number {
  return totals.moved + totals.replaced;
}

export function headlineOfRun(totals: Totals): Headline {
  return { ...totals, moved: movedOf(totals) };
}

export function headlineOfPools(pools: readonly Pool[]): Headline {
  const sum = (of: (pool: Pool) => number, seats: readonly Pool[]) => seats.reduce((total, pool) => total + of(pool), 0);
  const leads = pools.filter(({ seat }) => seat === 'lead');
  return {
    customers: sum((pool) => pool.customers, leads),
    covered: sum((pool) => pool.covered, leads),
    uncovered: sum((pool) => pool.uncovered, leads),
    moved: sum((pool) => pool.moved, pools),
    replaced: 0,
    fresh: sum((pool) => pool.fresh, pools),
    kept: sum((pool) => pool.kept, pools),
    staffNeeded: sum((pool) => pool.staffNeeded, pools),
  };
}
