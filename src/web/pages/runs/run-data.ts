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

/** The bands of what is looked at, highest first; those without seats left out, and in a part of the bank those that it does not serve. */
export function bandsOfRun(totals: Totals): BandSum[] {
  return totals.bands.filter((band) => band.hasSeats && (band.customers > 0 || band.capacity !== 0)).reverse();
}

/** Where most customers wait; the highest band if nobody does. */
export function bandToLookAt(bands: readonly BandSum[]): BandSum | undefined {
  return bands.reduce<BandSum | undefined>((most, band) => (band.uncovered > (most?.uncovered ?? -1) ? band : most), undefined);
}

/** Everybody who changes manager in a run, those beyond a move budget included. */
export function movedOf(totals: { moved: number; replaced: number }): number {
  return totals.moved + totals.replaced;
}
