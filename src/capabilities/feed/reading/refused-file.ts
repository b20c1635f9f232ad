import type { FeedProblem } from '../contract.ts';
import { type FileCode, type Place, problem, type RowCode } from './words.ts';

/** Carries a refusal of the whole file out of the depths of reading. */
export class FileRefused extends Error {
  readonly problems: readonly FeedProblem[];
  /** Rows that had been read by then, when they have been counted. */
  readonly rows: number | undefined;

  constructor(problems: readonly FeedProblem[], rows?: number) {
    super(problems.map((p) => p.code).join(', '));
    this.name = 'FileRefused';
    this.problems = problems;
    this.rows = rows;
  }
}

/** Refuses the whole file for one reason. */
export function refuseFile(
  code: FileCode | RowCode,
  file: string,
  place: Place = {},
  facts: Readonly<Record<string, string | number>> = {},
): never {
  throw new FileRefused([problem(code, file, place, facts)]);
}
