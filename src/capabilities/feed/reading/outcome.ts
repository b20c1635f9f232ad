import { z } from 'zod';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import { isBusinessDate } from '../../../kernel/business-date.ts';
import type { FeedProblem } from '../contract.ts';

const words = z.object({ zh: z.string(), en: z.string() });

const feedProblem: z.ZodType<FeedProblem> = z.object({
  code: z.string(),
  file: z.string(),
  line: z.number().exactOptional(),
  column: z.string().exactOptional(),
  text: z.string().exactOptional(),
  reason: words,
  remedy: words,
});

const day = z.custom<BusinessDate>((value) => typeof value === 'string' && isBusinessDate(value));

/** The rows of a file that are wrong: a Parquet with a row per problem, for the workbook that is mended and sent back. */
const rejects = z.object({
  /** Rows with at least one problem. */
  rejected: z.number(),
  /** Parquet: line, column, text, code, reason_zh, reason_en, remedy_zh, remedy_en, raw (JSON array of the cells as sent). */
  rejectsPath: z.string().exactOptional(),
  /** The file's headers as sent, in order: the columns of `raw`. */
  headers: z.array(z.string()),
});

const refused = z.object({
  outcome: z.literal('refused'),
  sha256: z.string().exactOptional(),
  /** The first 1,000. */
  problems: z.array(feedProblem),
  /** Rows of the file, bad ones among them, when it was read far enough to count them. */
  rows: z.number().exactOptional(),
  ...rejects.partial().shape,
});

const read = z.object({
  outcome: z.literal('read'),
  sha256: z.string(),
  bytes: z.number(),
  businessDate: day.exactOptional(),
  revision: z.number(),
  delta: z.boolean(),
  /** Parquet of the good rows, typed and normalised: every column of the shape under its stored name, NULL where absent. */
  rowsPath: z.string(),
  /**
   * The same as a DuckDB relation for a FROM clause, with `line` (BIGINT) in front. Lines are stored only when they cannot be
   * counted: numbering eight million rows would take as long as reading them.
   */
  rowsSql: z.string(),
  rows: z.number(),
  ...rejects.shape,
  problems: z.array(feedProblem),
  /** What a person should know although the file is taken. */
  notes: z.array(feedProblem),
  unknownColumns: z.array(z.string()),
  /** Optional columns of the shape that the header lacks: their stored values stay. */
  missingColumns: z.array(z.string()),
  presentColumns: z.array(z.string()),
  totals: z.object({ rows: z.number(), balanceFen: z.bigint().exactOptional() }),
});

export const readOutcome = z.discriminatedUnion('outcome', [refused, read]);

export type RefusedFile = z.infer<typeof refused>;
export type ReadFile = z.infer<typeof read>;
/** What became of one file: refused with its problems, or read into Parquet. */
export type ReadOutcome = RefusedFile | ReadFile;

/** How far reading is. `share` runs from 0 to 1 within the phase. */
export interface ReadProgress {
  readonly phase: 'unpacking' | 'scanning' | 'reading' | 'checking';
  readonly share: number;
}
