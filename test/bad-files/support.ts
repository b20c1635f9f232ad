import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import type { FeedName, FeedProblem } from '../../src/capabilities/feed/contract.ts';
import { rowsOf, withDuck } from '../../src/capabilities/feed/duck.ts';
import { closeReader, type ReadOptions, type ReadOutcome, readFeedFile } from '../../src/capabilities/feed/reading/index.ts';
import { SHAPES } from '../../src/capabilities/feed/shapes.ts';
import { businessDate } from '../../src/kernel/business-date.ts';

export const TODAY = businessDate('2026-06-30');

const folder = mkdtempSync(join(tmpdir(), 'guanhu-files-'));
afterAll(() => {
  closeReader();
  rmSync(folder, { recursive: true, force: true });
});

/** A fresh path for the test file. */
export function filePath(name: string): string {
  return join(mkdtempSync(join(folder, 'f-')), name);
}

const NAMES: Partial<Record<FeedName, string>> = { positions: 'positions-2026-06-30.csv' };

export type Extra = Partial<
  Pick<ReadOptions, 'fileName' | 'date' | 'delta' | 'tolerateBp' | 'control' | 'businessDateMax' | 'memoryMb'>
> & {
  readonly diskName?: string;
};

/** Writes the content under a path of its own and reads it as the feed. */
export async function readContent(feed: FeedName, content: string | Uint8Array, extra: Extra = {}): Promise<ReadOutcome> {
  const { diskName, ...options } = extra;
  const fileName = options.fileName ?? NAMES[feed] ?? `${feed}.csv`;
  const path = filePath(diskName ?? fileName);
  writeFileSync(path, content);
  return readPath(feed, path, { ...options, fileName });
}

export function readPath(
  feed: FeedName,
  path: string,
  options: Omit<Extra, 'diskName'> & { readonly fileName: string },
): Promise<ReadOutcome> {
  return readFeedFile({ path, shape: SHAPES[feed], workDir: join(folder, 'work'), businessDateMax: TODAY, ...options });
}

export type Expected = Pick<FeedProblem, 'code'> & Partial<Pick<FeedProblem, 'line' | 'column' | 'text'>>;

/** Both languages, with every fact filled in. */
export function expectWords(problems: readonly FeedProblem[]): void {
  for (const { file, reason, remedy } of problems) {
    expect(file).not.toBe('');
    for (const words of [reason, remedy]) {
      expect(words.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(words.en).toMatch(/[a-z]/);
      expect(words.zh + words.en).not.toMatch(/[{}]/);
    }
  }
}

/** The file is refused for exactly these problems, in this order. */
export function expectRefused(outcome: ReadOutcome, expected: readonly Expected[]): void {
  const found = outcome.problems.map((problem, i) => {
    const fields = Object.keys(expected[i] ?? { code: '', line: 0 });
    return Object.fromEntries(Object.entries(problem).filter(([key]) => fields.includes(key)));
  });
  expect(found).toEqual(expected);
  expect(outcome.outcome).toBe('refused');
  expectWords(outcome.problems);
}

/** The read outcome; fails with the problems when the file was refused. */
export function expectRead(outcome: ReadOutcome): Extract<ReadOutcome, { outcome: 'read' }> {
  if (outcome.outcome === 'refused') throw new Error(`refused: ${JSON.stringify(outcome.problems.slice(0, 3))}`);
  expectWords(outcome.notes);
  return outcome;
}

type ReadOk = ReturnType<typeof expectRead>;

/** The good rows of a reading, with their lines; blank columns left out. */
export async function rowsIn(outcome: ReadOk): Promise<Record<string, unknown>[]> {
  const rows = await withDuck(join(folder, 'duck'), (duck) => rowsOf(duck, `SELECT * FROM (${outcome.rowsSql}) ORDER BY line`));
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)));
}

/** Runs statements in a DuckDB of their own: to make files. */
export function runDuck(sql: string): Promise<unknown> {
  return withDuck(join(folder, 'duck'), (duck) => duck.run(sql));
}
