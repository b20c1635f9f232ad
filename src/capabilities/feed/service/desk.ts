import { type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import type { Platform } from '../../../platform/context.ts';
import type { FeedName, ImportRecord, UndoPreview } from '../contract.ts';
import type { FeedTaker } from '../taker.ts';

export type UndoEffect = Pick<UndoPreview, 'days' | 'averages' | 'bands' | 'assignments'>;

/** Everything that the feed use cases work with: the machine, one taker a feed, and who knows what lies to the right. */
export interface Desk {
  readonly platform: Platform;
  readonly takers: Readonly<Record<FeedName, FeedTaker>>;
  /** What else changes when an import is taken back: days, averages, bands, seats. */
  readonly undoEffect: (record: ImportRecord) => Promise<UndoEffect>;
}

const BEIJING_MS = 8 * 3_600_000;

/** The business day that it is now: banks here keep Beijing time, eight hours ahead of UTC all year. */
export function todayOf(now: Date): BusinessDate {
  return businessDate(new Date(now.getTime() + BEIJING_MS).toISOString().slice(0, 10));
}
