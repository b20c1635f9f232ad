import { addMonths, type BusinessDate, dayOfYear, daysBetween } from '../../../kernel/business-date.ts';

export interface GraceOutcome {
  readonly graceMonths: number;
  /** Demotions that happen with this grace. */
  demotions: number;
  /** Customers who are at risk when the days end: neither spared nor demoted yet. */
  pending: number;
}

/** Assets of one customer on each of the days, in fen. */
export type DailyAssets = Float64Array;

/**
 * Tries grace of 0 … `monthsMax` months on the days that are there (DOMAIN §2: up at once, down after the months below). Give
 * each customer's daily assets in turn. `thresholdsFen` are the scheme's ascending lower limits. What grace spares is what
 * the zero-month outcome demotes and it neither demotes nor leaves pending. Decisions are in whole fen·days below 2^53.
 */
export function graceTrial(
  days: readonly BusinessDate[],
  measure: 'calendar-year' | 'rolling-365',
  thresholdsFen: readonly number[],
  monthsMax: number,
) {
  const outcomes: GraceOutcome[] = Array.from({ length: monthsMax + 1 }, (_, graceMonths) => ({
    graceMonths,
    demotions: 0,
    pending: 0,
  }));
  const first = days[0];
  // dueAt[g][d]: position of the day on which somebody below since day d falls with g months of grace.
  const dueAt = outcomes.map(({ graceMonths }) =>
    days.map((day) => (first === undefined ? 0 : daysBetween(first, addMonths(day, graceMonths)))),
  );
  const window = days.map((day, d) => {
    const length = measure === 'calendar-year' ? dayOfYear(day) : 365;
    return { length, start: Math.max(0, d - length + 1) };
  });
  const raw = new Int8Array(days.length);
  const add = (assets: DailyAssets): void => {
    rawBands(assets, window, thresholdsFen, raw);
    for (const outcome of outcomes) walk(raw, dueAt[outcome.graceMonths] ?? [], outcome);
  };
  return { add, outcomes };
}

function rawBands(
  assets: DailyAssets,
  window: readonly { length: number; start: number }[],
  thresholdsFen: readonly number[],
  raw: Int8Array,
): void {
  const sums = new Float64Array(assets.length + 1);
  for (let d = 0; d < assets.length; d++) sums[d + 1] = (sums[d] ?? 0) + (assets[d] ?? 0);
  for (let d = 0; d < assets.length; d++) {
    const { length, start } = window[d] ?? { length: 1, start: d };
    const balanceDays = (sums[d + 1] ?? 0) - (sums[start] ?? 0);
    let band = thresholdsFen.length - 1;
    while (band >= 0 && balanceDays < (thresholdsFen[band] ?? 0) * length) band--;
    raw[d] = band;
  }
}

function walk(raw: Int8Array, dueAt: readonly number[], outcome: GraceOutcome): void {
  let band = raw[0] ?? -1;
  let since = -1;
  for (let d = 1; d < raw.length; d++) {
    const today = raw[d] ?? -1;
    if (today >= band) {
      band = today;
      since = -1;
      continue;
    }
    if (since < 0) since = d;
    if (d < (dueAt[since] ?? 0)) continue;
    outcome.demotions++;
    band = today;
    since = -1;
  }
  if (since >= 0) outcome.pending++;
}
