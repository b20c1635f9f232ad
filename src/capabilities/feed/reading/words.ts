import type { FeedProblem } from '../contract.ts';
import type { Entry } from './entry.ts';
import { FILE_WORDS } from './file-words.ts';
import { NOTE_WORDS, ROW_WORDS } from './row-words.ts';

const WORDS = { ...FILE_WORDS, ...ROW_WORDS, ...NOTE_WORDS };

export type FileCode = keyof typeof FILE_WORDS;
export type RowCode = keyof typeof ROW_WORDS;
export type ReadCode = keyof typeof WORDS;

type Facts = Readonly<Record<string, string | number>>;

function fill(text: string, facts: Facts): string {
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => (key in facts ? String(facts[key]) : whole));
}

/** The words of a code with its facts filled in. */
export function wordsOf(code: ReadCode, facts: Facts = {}): Entry {
  const { reason, remedy } = WORDS[code];
  return {
    reason: { zh: fill(reason.zh, facts), en: fill(reason.en, facts) },
    remedy: { zh: fill(remedy.zh, facts), en: fill(remedy.en, facts) },
  };
}

/** Where a problem stands. */
export interface Place {
  readonly line?: number;
  readonly column?: string;
  readonly text?: string;
}

/** A problem of the file, worded in both languages. */
export function problem(code: ReadCode, file: string, place: Place = {}, facts: Facts = {}): FeedProblem {
  return { code, file, ...place, ...wordsOf(code, facts) };
}

function isRowCode(code: string): code is RowCode {
  return code in ROW_WORDS;
}

function isFileCode(code: string): code is FileCode {
  return code in FILE_WORDS;
}

/** All codes of rows. */
export const ROW_CODES: readonly RowCode[] = Object.keys(ROW_WORDS).filter(isRowCode);
/** All codes of whole files. */
export const FILE_CODES: readonly FileCode[] = Object.keys(FILE_WORDS).filter(isFileCode);
