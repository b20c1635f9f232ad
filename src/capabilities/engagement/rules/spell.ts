import type { BusinessDate } from '../../../kernel/business-date.ts';

/** Figures that say why, for the page to word: fen, days, dates and codes. */
export type Because = Readonly<Record<string, string | number>>;

/**
 * Days [from, until) on which something calls for a follow-up, as long as nothing else becomes known of the customer. It depends on
 * the facts alone, not on the day on which one asks: so a customer need not be asked about again before a spell begins or ends.
 */
export interface Spell {
  /** Names what it is about within the rule: the same thing has the same name on every day. */
  readonly cause: string;
  readonly from: BusinessDate;
  /** A talk on this day or later settles it, where talks do. */
  readonly since: BusinessDate;
  readonly until: BusinessDate | null;
  readonly due: BusinessDate;
  /** Money at stake, in fen. */
  readonly stakeFen: number;
  readonly because: Because;
}

/** What a trigger finds, and the first day that it says nothing about; null: it says all there is. */
export interface Found {
  readonly spells: readonly Spell[];
  readonly knownUntil: BusinessDate | null;
}

/** A finding that holds for all days. */
export function always(spells: readonly Spell[]): Found {
  return { spells, knownUntil: null };
}
