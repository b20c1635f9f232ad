import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  businessDate,
  dayOfYear,
  daysBetween,
  daysFromTo,
  fullYears,
  isBusinessDate,
  parseBusinessDate,
  todayOf,
  weekday,
  yearStart,
} from './business-date.ts';

describe('business dates', () => {
  it.each([
    ['2026-06-30', '2026-06-30'],
    ['20260630', '2026-06-30'],
    ['2026/6/3', '2026-06-03'],
    ['2024-02-29', '2024-02-29'],
  ])('reads %s', (text, expected) => expect(parseBusinessDate(text)).toBe(expected));

  it.each(['2026-02-29', '2026-13-01', '20260631', '2026-6-3', '30/06/2026', '', '1899-12-31'])('does not read "%s"', (text) =>
    expect(parseBusinessDate(text)).toBeUndefined());

  it.each([
    ['2026-06-30T15:59:59.999Z', '2026-06-30'],
    ['2026-06-30T16:00:00Z', '2026-07-01'],
    ['1969-12-31T15:00:00Z', '1969-12-31'],
  ])('is at %s the day that it is in Beijing', (now, day) => expect(todayOf(new Date(now))).toBe(day));

  it('counts days both ways', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: -10_000, max: 10_000 }), (start, days) => {
        const from = addDays(businessDate('1950-01-01'), start);
        const to = addDays(from, days);
        expect(isBusinessDate(to)).toBe(true);
        expect(daysBetween(from, to)).toBe(days);
      }),
    );
  });

  it('knows leap years', () => {
    expect(dayOfYear(businessDate('2024-12-31'))).toBe(366);
    expect(dayOfYear(businessDate('2026-12-31'))).toBe(365);
    expect(yearStart(businessDate('2024-05-05'))).toBe('2024-01-01');
  });

  it('ends a shorter month on its last day', () => {
    expect(addMonths(businessDate('2026-01-31'), 1)).toBe('2026-02-28');
    expect(addMonths(businessDate('2026-11-30'), 3)).toBe('2027-02-28');
    expect(addMonths(businessDate('2026-03-15'), -3)).toBe('2025-12-15');
  });

  it('lists days with both ends', () => {
    expect(daysFromTo(businessDate('2026-02-27'), businessDate('2026-03-02'))).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
    expect(daysFromTo(businessDate('2026-03-02'), businessDate('2026-03-01'))).toEqual([]);
    expect(weekday(businessDate('2026-11-23'))).toBe(1);
  });

  it('counts full years', () => {
    const years = (birth: string, day: string) => fullYears(businessDate(birth), businessDate(day));
    expect(years('2008-02-29', '2026-02-28')).toBe(17);
    expect(years('2008-02-29', '2026-03-01')).toBe(18);
    expect(years('1961-07-01', '2026-06-30')).toBe(64);
    expect(years('1961-07-01', '2026-07-01')).toBe(65);
  });
});
