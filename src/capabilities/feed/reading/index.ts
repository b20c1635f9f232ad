import { lstatSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { FeedProblem, FeedShape } from '../contract.ts';
import { type ControlTotals, readControlFile } from './control.ts';
import { parseFeedFileName } from './file-names.ts';
import type { ReadOutcome, ReadProgress } from './outcome.ts';
import { readInProcess } from './reader-process.ts';
import { FileRefused, refuseFile } from './refused-file.ts';
import type { ReadRequest } from './request.ts';

export { orderFiles, parseFeedFileName } from './file-names.ts';
export { mendWorkbook } from './mend.ts';
export type { ReadOutcome } from './outcome.ts';
export { closeReader } from './reader-process.ts';

export interface ReadOptions {
  readonly path: string;
  /** The name under which the file was sent: for its day, its revision, and every report. */
  readonly fileName: string;
  readonly shape: FeedShape;
  /** Scratch and results go into a new folder in here; the caller removes it. */
  readonly workDir: string;
  /** The day of a positions file whose name has none. */
  readonly date?: BusinessDate;
  readonly delta?: boolean;
  /** Bad rows that are let through, in basis points of all rows. */
  readonly tolerateBp?: number;
  /** No data of a later day is taken. */
  readonly businessDateMax: BusinessDate;
  /** Promised totals; without them `<path>.ctl` is read when it is there. */
  readonly control?: ControlTotals;
  readonly memoryMb?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
}

const MEMORY_MB = 700;
/** Slowest reading that is waited for: a file of this size or less a second, after the first minute. */
const BYTES_A_SECOND = 1_000_000;
const FIRST_SECONDS = 60;

/** The day, revision and kind of a file from its name and the options. Refuses a positions file without a day, or of a day to come. */
function dayOf({
  fileName,
  shape,
  date,
  delta,
  businessDateMax,
}: ReadOptions): Pick<ReadRequest, 'businessDate' | 'revision' | 'delta'> {
  const named = parseFeedFileName(fileName);
  const day = named?.businessDate ?? date;
  if (named?.businessDate && date && named.businessDate !== date) {
    refuseFile('date-differs', fileName, {}, { named: named.businessDate, given: date });
  }
  if (!day && shape.feed === 'positions') refuseFile('date-missing', fileName);
  if (day && day > businessDateMax) refuseFile('date-future-file', fileName, {}, { date: day, max: businessDateMax });
  return { ...(day ? { businessDate: day } : {}), revision: named?.revision ?? 1, delta: delta ?? named?.delta ?? false };
}

async function controlOf({ control, path, fileName }: ReadOptions): Promise<ControlTotals | undefined> {
  const found = control ?? (await readControlFile(path, fileName));
  if (found && 'problem' in found) throw new FileRefused([found.problem]);
  return found;
}

function sizeOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Reads, decodes, checks and normalises one feed file, without a database, in a process of its own: what brings that process
 * down is a refusal. Good rows come back as a typed Parquet; wrong ones with line, column, text, reason and remedy.
 */
export async function readFeedFile(options: ReadOptions): Promise<ReadOutcome> {
  const { fileName, shape, workDir, tolerateBp = 0, businessDateMax, memoryMb = MEMORY_MB, signal, onProgress } = options;
  await mkdir(workDir, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(resolve(workDir), 'read-'));
  const outcome = await attempt(async () => {
    const control = await controlOf(options);
    const about = { fileName, feed: shape.feed, tolerateBp, businessDateMax, memoryMb, ...dayOf(options) };
    const request: ReadRequest = { path: resolve(options.path), folder, ...about, ...(control ? { control } : {}) };
    const bytes = sizeOf(options.path);
    const watch = { bytes, seconds: FIRST_SECONDS + Math.ceil(bytes / BYTES_A_SECOND) };
    return readInProcess(request, { ...watch, ...(signal ? { signal } : {}), ...(onProgress ? { onProgress } : {}) });
  });
  if (outcome.outcome === 'refused' && !outcome.rejectsPath) await rm(folder, { recursive: true, force: true });
  return outcome;
}

async function attempt(work: () => Promise<ReadOutcome>): Promise<ReadOutcome> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    const problems: FeedProblem[] = [...error.problems];
    return { outcome: 'refused', problems };
  }
}
