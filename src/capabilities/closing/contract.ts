import { z } from 'zod';
import type { BusinessDate } from '../../kernel/business-date.ts';

export { MEASURES, type Measure, measureDays } from './rules/measure.ts';
export { DEFAULT_TIERS, tierSql } from './rules/tier.ts';

/** Sums kept with a closed day; fen as text because they may pass 2^53. */
export const dayTotalsSchema = z.object({
  /** Sum of the row hashes of all positions, modulo 2^64: lets the next day's digest cost only what changes. */
  stateSum: z.string(),
  /** Balance by product category, in fen. */
  categories: z.record(z.string(), z.string()),
  /** Rows and balance of the day's file as read here, which the feed's control totals must equal, and what of it is held back. */
  control: z.object({ rows: z.number(), balanceFen: z.string(), heldRows: z.number(), heldFen: z.string() }).nullable(),
});
export type DayTotals = z.infer<typeof dayTotalsSchema>;

/** A closed day as it is kept. */
export interface ClosedDay {
  readonly day: BusinessDate;
  /** The file that stands for the day; null = balances carried forward. */
  readonly importId: string | null;
  readonly inputDigest: string;
  readonly chain: string;
  readonly digest: string;
  readonly customers: number;
  readonly positions: number;
  readonly changedCustomers: number;
  readonly changedPositions: number;
  readonly totals: DayTotals;
}

/** What a close did. */
export interface CloseReport {
  readonly firstDay: BusinessDate;
  readonly lastDay: BusinessDate;
  /** Days that this call closed, in order. */
  readonly closed: readonly ClosedDay[];
  /** Days that were closed before and have been worked out anew, because a file came late, was corrected or taken back. */
  readonly restated: Restated | null;
}

export interface Restated {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  readonly customers: number;
}

export type CloseProgress =
  | { readonly step: 'day'; readonly day: BusinessDate; readonly done: number; readonly of: number }
  | { readonly step: 'restate'; readonly day: BusinessDate; readonly done: number; readonly of: number };
