import { addDays, type BusinessDate, weekday } from '../kernel/business-date.ts';

/** Business days of the window: no files come on Saturdays and Sundays. */
export function businessDays(from: BusinessDate, to: BusinessDate): BusinessDate[] {
  const days: BusinessDate[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) if (weekday(day) % 6 !== 0) days.push(day);
  return days;
}

/** First business day of each month after the window's first: customers come, leave and are merged on these. */
export function monthStarts(days: readonly BusinessDate[]): BusinessDate[] {
  return days.filter((day, i) => i > 0 && day.slice(0, 7) !== days[i - 1]?.slice(0, 7));
}

/** Texts of days by their distance from `from`: dates are few and rows many. */
export type DayText = (offset: number) => BusinessDate;

export function dayTexts(from: BusinessDate): DayText {
  const texts = new Map<number, BusinessDate>();
  return (offset) => {
    let text = texts.get(offset);
    if (text === undefined) {
      text = addDays(from, offset);
      texts.set(offset, text);
    }
    return text;
  };
}
