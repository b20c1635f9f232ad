import { addDays, type BusinessDate, daysBetween, yearStart } from '../../../kernel/business-date.ts';
import type { StretchFact } from './facts.ts';

const ROLLING_DAYS = 365;

/**
 * Averages of daily assets in whole fen, rounded down, on `count` days from `day` on, none of them before the last stretch began
 * (DOMAIN §2): over the calendar year so far, or over the 365 days that end on each. Days before the first stretch count as zero.
 * Exact as long as assets × 366 stay below 2^53.
 */
export function averagesFrom(
  stretches: readonly StretchFact[],
  day: BusinessDate,
  count: number,
  measure: 'calendar-year' | 'rolling-365',
): number[] {
  const starts = stretches.map(({ from, assetsFen }) => ({ at: daysBetween(day, from), assetsFen }));
  // Days by their distance from `day`; the year's first day lies behind it, the next year's perhaps ahead.
  const thisYear = daysBetween(day, yearStart(day));
  const nextYear = daysBetween(day, yearStart(addDays(day, count)));
  return Array.from({ length: count }, (_, n) => {
    const year = nextYear > 0 && n >= nextYear ? nextYear : thisYear;
    const first = measure === 'calendar-year' ? year : n - ROLLING_DAYS + 1;
    return Math.floor(balanceDays(starts, first, n + 1) / (n + 1 - first));
  });
}

/** Fen × days from the day `first` until just before `end`. */
function balanceDays(starts: readonly { readonly at: number; readonly assetsFen: number }[], first: number, end: number): number {
  let sum = 0;
  let to = end;
  for (let i = starts.length - 1; i >= 0 && to > first; i--) {
    const start = starts[i];
    if (start === undefined) break;
    const from = Math.max(start.at, first);
    if (from < to) {
      sum += start.assetsFen * (to - from);
      to = from;
    }
  }
  return sum;
}

/** Fen × days of the measure up to and including a day not before the last stretch began, and the days that it is divided by. */
export function measuredOn(
  stretches: readonly StretchFact[],
  day: BusinessDate,
  measure: 'calendar-year' | 'rolling-365',
): { readonly balanceDays: number; readonly days: number } {
  const first = measure === 'calendar-year' ? daysBetween(day, yearStart(day)) : 1 - ROLLING_DAYS;
  const starts = stretches.map(({ from, assetsFen }) => ({ at: daysBetween(day, from), assetsFen }));
  return { balanceDays: balanceDays(starts, first, 1), days: 1 - first };
}
