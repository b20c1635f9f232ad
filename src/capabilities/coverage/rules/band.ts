import { addMonths, type BusinessDate } from '../../../kernel/business-date.ts';

/** Below the lowest band: nobody's band. */
export const NO_BAND = -1;

/**
 * The band of an average without ever dividing: the highest band whose lower limit is reached, average >= from exactly when
 * balanceDays >= from × days. `thresholdsFen` are the ascending lower limits (`bandThresholdsFen`). Returns NO_BAND below
 * the lowest. Throws RangeError when `days` is not a positive whole number.
 */
export function bandOf(balanceDays: bigint, days: number, thresholdsFen: readonly number[]): number {
  if (!Number.isInteger(days) || days <= 0) throw new RangeError(`days must be positive: ${days}`);
  const scale = BigInt(days);
  for (let band = thresholdsFen.length - 1; band >= 0; band--) {
    if (balanceDays >= BigInt(thresholdsFen[band] ?? 0) * scale) return band;
  }
  return NO_BAND;
}

/**
 * For each band of one version of a scheme the band of another that its lower limit lies in, NO_BAND when that is below the
 * lowest: what a customer in grace is held at when the other version takes over. Both lists are ascending lower limits.
 */
export function carriedBands(wasFen: readonly number[], nextFen: readonly number[]): number[] {
  return wasFen.map((was) => nextFen.findLastIndex((from) => from <= was));
}

/** Where a customer stands: the band in force, and since when the average has been below it without a break. */
export interface BandStanding {
  readonly band: number;
  /** First day below the band in force; undefined when not below. Set = at risk (预警). */
  readonly belowSince: BusinessDate | undefined;
}

/**
 * One day's step of the grace rule (DOMAIN §2): up at once; down only when the average has been below for `graceMonths`
 * months without a break, then to the day's own band. Below since 15 March with three months is demoted on 15 June.
 * `previous` is undefined on a customer's first day. Days must be given in order, each once.
 */
export function stepBand(
  previous: BandStanding | undefined,
  rawBand: number,
  day: BusinessDate,
  graceMonths: number,
): BandStanding {
  if (previous === undefined || rawBand >= previous.band) return { band: rawBand, belowSince: undefined };
  const since = previous.belowSince ?? day;
  if (day >= addMonths(since, graceMonths)) return { band: rawBand, belowSince: undefined };
  return { band: previous.band, belowSince: since };
}
