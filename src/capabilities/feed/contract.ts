import { z } from 'zod';
import type { Words } from '../../kernel/refusal.ts';

/** The feeds of FEEDS.md that this version takes, in the order in which a folder of files is taken. */
export const FEEDS = ['org-units', 'staff', 'products', 'customers', 'positions', 'assignments', 'sales', 'contacts'] as const;
export type FeedName = (typeof FEEDS)[number];

/** How the text of a cell is read. `amount` is yuan, stored as fen; `share` a positive decimal, stored as basis points (1 = 10000); `moment` a day with or without the time by Beijing's clock, stored as `2026-06-30 14:05:00`. */
export type ColumnKind = 'id' | 'text' | 'date' | 'moment' | 'amount' | 'integer' | 'coordinate' | 'share' | 'flag' | 'choice';

export interface FeedColumn {
  /** English header; also the column's name in the normalised Parquet. */
  readonly name: string;
  /** Chinese headers that are accepted; the first one is used in templates. */
  readonly zh: readonly string[];
  readonly kind: ColumnKind;
  readonly required?: boolean;
  /** For `choice`: accepted text (English and Chinese) to stored value. */
  readonly choices?: Readonly<Record<string, string>>;
  /** For `date` and `moment`: a day that can only lie behind us; later than the newest business day is a reject. */
  readonly past?: boolean;
}

export interface FeedShape {
  readonly feed: FeedName;
  readonly label: Words;
  readonly columns: readonly FeedColumn[];
  /** Columns that identify a row; a second row with the same key is a reject, except in `positions`, where rows add up. */
  readonly key: readonly string[];
}

/** One thing that is wrong, as a person can mend it: where, what, why and the remedy. */
export interface FeedProblem {
  readonly code: string;
  readonly file: string;
  /** Physical line in the file (the header is line 1), or the sheet's row. */
  readonly line?: number;
  /** The header as it stands in the file. */
  readonly column?: string;
  /** The offending text, at most 80 characters. */
  readonly text?: string;
  readonly reason: Words;
  readonly remedy: Words;
}

export const IMPORT_STATES = [
  'received',
  'reading',
  'checked',
  'applying',
  'accepted',
  'unchanged',
  'refused',
  'undone',
  'discarded',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

const words = z.object({ zh: z.string(), en: z.string() });

export const feedProblemSchema = z.object({
  code: z.string(),
  file: z.string(),
  line: z.number().exactOptional(),
  column: z.string().exactOptional(),
  text: z.string().exactOptional(),
  reason: words,
  remedy: words,
});

/** What a file adds up to: rows, and for positions the balance in fen as text (it may pass 2^53). */
export const importTotalsSchema = z.object({ rows: z.number(), balanceFen: z.string().optional() });

/** What accepting a file does: rows by kind; for positions also balances by category against the day that stands before. */
export const importEffectSchema = z.object({
  added: z.number(),
  changed: z.number(),
  same: z.number(),
  closed: z.number().optional(),
  customersBefore: z.number().optional(),
  customersAfter: z.number().optional(),
  comparedWith: z.string().nullable().optional(),
  categories: z.array(z.object({ category: z.string(), beforeFen: z.string(), afterFen: z.string() })).optional(),
});
export type ImportEffect = z.infer<typeof importEffectSchema>;

export const importProgressSchema = z.object({
  step: z.enum(['receive', 'read', 'check', 'apply', 'done']),
  rows: z.number().optional(),
  /** Share of the step that is done, 0 to 1, when it is known. */
  share: z.number().optional(),
  /** What had been accepted when the file was checked; the engine checks again when it has changed. */
  basis: z.string().optional(),
});
export type ImportProgress = z.infer<typeof importProgressSchema>;

/** How the sender wants a file taken. */
export const importOptionsSchema = z.object({
  /** Bad rows that are let through, in basis points of the rows. */
  tolerateBp: z.number().int().min(0).max(10_000).default(0),
  holdUnknown: z.boolean().default(false),
  /** Accepted without a look in between: the command line. */
  direct: z.boolean().default(false),
});
export type ImportOptions = z.infer<typeof importOptionsSchema>;

/** One file sent, whatever became of it. */
export const importSchema = z.object({
  importId: z.string(),
  feed: z.enum(FEEDS),
  fileName: z.string(),
  sha256: z.string().nullable(),
  bytes: z.number().nullable(),
  businessDate: z.string().nullable(),
  revision: z.number(),
  delta: z.boolean(),
  state: z.enum(IMPORT_STATES),
  /** Good rows; null until the file has been read far enough to count them, for good when it was refused before. */
  rows: z.number().nullable(),
  rejected: z.number(),
  held: z.number(),
  totals: importTotalsSchema.partial(),
  effect: importEffectSchema.partial(),
  progress: importProgressSchema.partial(),
  problems: z.array(feedProblemSchema),
  unknownColumns: z.array(z.string()),
  presentColumns: z.array(z.string()),
  options: importOptionsSchema,
  sentBy: z.string(),
  sentAt: z.string(),
  decidedAt: z.string().nullable(),
  undoneBy: z.string().nullable(),
  undoneAt: z.string().nullable(),
});
export type ImportRecord = z.infer<typeof importSchema>;

/** What taking an import back changes. */
export const undoPreviewSchema = z.object({
  importId: z.string(),
  feed: z.enum(FEEDS),
  /** Rows that get an earlier value back, and rows that go. */
  restored: z.number(),
  removed: z.number(),
  /** Closed days that are worked out again, and customers whose averages, bands and seats then change. */
  days: z.array(z.string()),
  averages: z.number(),
  bands: z.number(),
  assignments: z.number(),
});
export type UndoPreview = z.infer<typeof undoPreviewSchema>;
