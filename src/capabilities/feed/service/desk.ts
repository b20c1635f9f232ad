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
