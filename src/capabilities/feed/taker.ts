import type { DuckDBConnection } from '@duckdb/node-api';
import type { BusinessDate } from '../../kernel/business-date.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import type { Secrets } from '../../platform/secrets.ts';
import type { FeedName, FeedShape } from './contract.ts';
import type { BadCode } from './words.ts';

/**
 * One import's rows in DuckDB, beside everything that stands. Relations:
 * `next` = rows to take (`line` and every column of the shape under its stored name; for upserts only rows that are new or
 * changed, whole), `gone` = keys to remove (only when an import is taken back), `standing_<feed>` = what is accepted of each
 * feed so far, `after` = this feed's rows as they will be.
 */
export interface Rows {
  readonly duck: DuckDBConnection;
  readonly importId: string;
  readonly businessDate: BusinessDate | undefined;
  readonly today: BusinessDate;
}

export interface Applying extends Rows {
  readonly tx: Tx;
  readonly secrets: Secrets;
  readonly now: Date;
}

/** A row that must not be taken. `line` 0 = no row of the file is to blame (an import is being taken back). */
export interface BadRow {
  readonly line: number;
  readonly column: string;
  readonly text: string;
  readonly code: BadCode;
}

/** A column that names a row of a feed. */
export interface Reference {
  readonly column: string;
  readonly feed: FeedName;
  readonly code: BadCode;
  /** Rows that name an unknown one may be held back until it arrives. */
  readonly holdable?: true;
}

/** What a capability gives the feed engine for one feed. */
export interface FeedTaker {
  readonly shape: FeedShape;
  readonly references: readonly Reference[];
  /** Feeds that are kept by day or as events and that the check looks at: their `standing_<feed>` is made only for it. */
  readonly looksAt?: readonly FeedName[];
  /** `upsert`: rows by key, the last import that carried a column stands. `day`: the file of a business day. `event`: facts that are applied once. */
  readonly kind: 'upsert' | 'day' | 'event';
  /** The taker's own rules; existence of what is referred to is checked by the engine. */
  readonly check: (rows: Rows) => Promise<readonly BadRow[]>;
  /** Writes `next` and removes `gone`, in the transaction. */
  readonly apply: (work: Applying) => Promise<void>;
  /** `event` only: takes back what `apply` did. */
  readonly undo?: (work: Applying) => Promise<void>;
}

/** Reports bad rows without bringing them here: `select` gives line, column, text, code. */
export async function reportBad(duck: DuckDBConnection, select: string): Promise<void> {
  await duck.run(`INSERT INTO bad ${select}`);
}

/** The relation of what stands of a feed. */
export function standingName(feed: FeedName): string {
  return `standing_${feed.replaceAll('-', '_')}`;
}
