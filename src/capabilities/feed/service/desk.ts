import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { FeedName, ImportRecord, UndoPreview } from '../contract.ts';
import type { FeedTaker } from '../taker.ts';

export type UndoEffect = Pick<UndoPreview, 'days' | 'averages' | 'bands' | 'assignments'>;

/** Everything that the feed use cases work with: the machine, one taker a feed, and who knows what lies to the right. */
export interface Desk {
  readonly platform: Platform;
  readonly takers: Readonly<Record<FeedName, FeedTaker>>;
  /** What else changes when an import is taken back: days, averages, bands, seats. */
  readonly undoEffect: (trial: Trial) => Promise<UndoEffect>;
}

/** An import that is taken back on trial. */
export interface Trial {
  readonly record: ImportRecord;
  /** Keys of the rows that get an earlier value back or go; of upsert feeds. */
  readonly keys: () => AsyncIterable<string[][]>;
  /** Takes it back in a transaction that is rolled back. */
  readonly takeBack: (tx: Tx) => Promise<void>;
}
