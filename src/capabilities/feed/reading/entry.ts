import type { Words } from '../../../kernel/refusal.ts';

/** Reason and remedy of one code. */
export interface Entry {
  readonly reason: Words;
  readonly remedy: Words;
}

/** An entry from its four texts. */
export function entry(reasonZh: string, reasonEn: string, remedyZh: string, remedyEn: string): Entry {
  return { reason: { zh: reasonZh, en: reasonEn }, remedy: { zh: remedyZh, en: remedyEn } };
}
