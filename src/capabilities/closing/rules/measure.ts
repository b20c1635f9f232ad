import { type BusinessDate, dayOfYear } from '../../../kernel/business-date.ts';

/** How an average is measured (DOMAIN §2): over the calendar year so far, or over the 365 days that end on the day. */
export const MEASURES = ['calendar-year', 'rolling-365'] as const;
export type Measure = (typeof MEASURES)[number];

/** Days of the rolling measure, leap year or not. */
export const ROLLING_DAYS = 365;

/** Days that an average on `day` is divided by; days before the first balance count as zero, so it is the same for everybody. */
export function measureDays(day: BusinessDate, measure: Measure): number {
  return measure === 'calendar-year' ? dayOfYear(day) : ROLLING_DAYS;
}
