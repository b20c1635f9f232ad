import type { BusinessDate } from '../../../kernel/business-date.ts';

/** What one person looked at in a period. */
export interface Looks {
  readonly actor: string;
  readonly role: string;
  /** Single customers opened, each look counted. */
  readonly looks: number;
  /** Customers opened, each counted once. */
  readonly customers: number;
  /** Of them, those who are in no portfolio of this person. */
  readonly outside: number;
  /** Looks, lists and searches between 22:00 and 6:00 in Beijing. */
  readonly night: number;
  /** Rows taken away as files. */
  readonly exported: number;
  /** Last day of the post, when it is over or will be. */
  readonly leftOn: BusinessDate | null;
}

export type Reason =
  | { readonly kind: 'outside'; readonly customers: number; readonly median: number }
  | { readonly kind: 'night'; readonly looks: number }
  | { readonly kind: 'leaving'; readonly customers: number; readonly exported: number; readonly leftOn: BusinessDate };

export interface Unusual extends Looks {
  readonly reasons: readonly Reason[];
}

/** Below these nobody is told of: a handful of looks is a day's work. */
const AT_LEAST = { outside: 20, night: 5, leaving: 20, exported: 100 } as const;
const TIMES_PEERS = 3;

/** The middle one of numbers, the lower of two; 0 of none. */
export function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/**
 * Who looked in a way that somebody should ask about, the most reasons first, then the most customers outside the own portfolio:
 * `outside`, at 20 customers at least and over three times the median of the others in the same role; `night`, five times at least;
 * `leaving`, 20 customers or 100 exported rows of somebody whose last day is known. Says why, and judges nobody. [S0]
 */
export function unusualLooks(everybody: readonly Looks[]): readonly Unusual[] {
  return everybody
    .map((one): Unusual => {
      const peers = everybody.filter(({ actor, role }) => role === one.role && actor !== one.actor);
      return { ...one, reasons: reasonsOf(one, medianOf(peers.map(({ outside }) => outside))) };
    })
    .filter(({ reasons }) => reasons.length > 0)
    .toSorted((a, b) => b.reasons.length - a.reasons.length || b.outside - a.outside || (a.actor < b.actor ? -1 : 1));
}

function reasonsOf(one: Looks, median: number): Reason[] {
  const reasons: Reason[] = [];
  if (one.outside >= AT_LEAST.outside && one.outside > TIMES_PEERS * median)
    reasons.push({ kind: 'outside', customers: one.outside, median });
  if (one.night >= AT_LEAST.night) reasons.push({ kind: 'night', looks: one.night });
  if (one.leftOn !== null && (one.customers >= AT_LEAST.leaving || one.exported >= AT_LEAST.exported))
    reasons.push({ kind: 'leaving', customers: one.customers, exported: one.exported, leftOn: one.leftOn });
  return reasons;
}
