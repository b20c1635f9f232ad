import { addDays, addMonths, type BusinessDate, businessDate, daysBetween } from '../../../kernel/business-date.ts';

/** A period of a plan: `2026`, `2026Q3` or `2026-09`; its first and last day, both inclusive. */
export interface Period {
  readonly text: string;
  readonly kind: 'year' | 'quarter' | 'month';
  readonly from: BusinessDate;
  readonly to: BusinessDate;
}

const FORMS = /^(20\d{2})(?:Q([1-4])|-(0[1-9]|1[0-2]))?$/;
const MONTHS = { year: 12, quarter: 3, month: 1 } as const;

/** Reads a period; undefined for anything else. */
export function parsePeriod(text: string): Period | undefined {
  const [, year, quarter, month] = FORMS.exec(text) ?? [];
  if (year === undefined) return undefined;
  const kind = quarter !== undefined ? 'quarter' : month !== undefined ? 'month' : 'year';
  const first = quarter !== undefined ? String(Number(quarter) * 3 - 2).padStart(2, '0') : (month ?? '01');
  const from = businessDate(`${year}-${first}-01`);
  return { text, kind, from, to: addDays(addMonths(from, MONTHS[kind]), -1) };
}

/** The same period a year before. */
export function yearBefore(period: Period): Period {
  const year = Number(period.text.slice(0, 4)) - 1;
  return parsePeriod(`${year}${period.text.slice(4)}`) ?? period;
}

/** The day by which a month's work is done [S2]. */
export const MONTH_DONE_ON = 16;

/**
 * Where one should be on a day: a month's work is done by the 16th [S2], so its line stands at all of the target from then on; a quarter's
 * and a year's rises evenly by calendar day. Whole units, rounded down; nothing before the period, all of it after.
 */
export function lineOn(target: number, { kind, from, to }: Period, day: BusinessDate): number {
  if (day < from) return 0;
  const passed = daysBetween(from, day) + 1;
  const days = kind === 'month' ? MONTH_DONE_ON : daysBetween(from, to) + 1;
  return passed >= days ? target : Number((BigInt(target) * BigInt(passed)) / BigInt(days));
}
