/** A business day as `YYYY-MM-DD`. Never a Date: days have no time zone. */
export type BusinessDate = string & { readonly __unit: 'business-date' };

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

function dayNumber(date: BusinessDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

function fromDayNumber(day: number): BusinessDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10) as BusinessDate;
}

/** Whether the text is a day that exists, as `YYYY-MM-DD`, from 1900 to 2199. */
export function isBusinessDate(text: string): text is BusinessDate {
  const match = SHAPE.exec(text);
  if (!match) return false;
  const year = Number(match[1]);
  if (year < 1900 || year > 2199) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

/** Brands a date. Throws RangeError when the day does not exist. */
export function businessDate(text: string): BusinessDate {
  if (!isBusinessDate(text)) throw new RangeError(`not a business date: ${text}`);
  return text;
}

/** Reads `YYYY-MM-DD`, `YYYYMMDD` or `YYYY/M/D` (FEEDS). Returns undefined for anything else and for days that do not exist. */
export function parseBusinessDate(text: string): BusinessDate | undefined {
  const plain = text.trim();
  const match = /^(\d{4})(?:-(\d{2})-(\d{2})|(\d{2})(\d{2})|\/(\d{1,2})\/(\d{1,2}))$/.exec(plain);
  if (!match) return undefined;
  const [, year, m1, d1, m2, d2, m3, d3] = match;
  const month = (m1 ?? m2 ?? m3 ?? '').padStart(2, '0');
  const day = (d1 ?? d2 ?? d3 ?? '').padStart(2, '0');
  const date = `${year}-${month}-${day}`;
  return isBusinessDate(date) ? date : undefined;
}

const BEIJING_MS = 8 * 3_600_000;

/** The business day that it is at an instant: banks here keep Beijing time, eight hours ahead of UTC all year. */
export function todayOf(now: Date): BusinessDate {
  return fromDayNumber(Math.floor((now.getTime() + BEIJING_MS) / DAY_MS));
}

/** The instant at which the business day of `now` began. */
export function startOfDay(now: Date): Date {
  return new Date(dayNumber(todayOf(now)) * DAY_MS - BEIJING_MS);
}

/** The day `days` later (earlier when negative). */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  return fromDayNumber(dayNumber(date) + days);
}

/** Full years from a day of birth to a day; whoever was born on 29 February is a year older on 1 March. */
export function fullYears(birth: BusinessDate, day: BusinessDate): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4));
  return day.slice(5) < birth.slice(5) ? years - 1 : years;
}

/** Same day of the month `months` later, or the month's last day when it is shorter. */
export function addMonths(date: BusinessDate, months: number): BusinessDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.toISOString().slice(0, 10) as BusinessDate;
}

/** Days from `from` to `to`: 1 for the next day, 0 for the same, negative backwards. */
export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** 1 January of the date's year. */
export function yearStart(date: BusinessDate): BusinessDate {
  return `${date.slice(0, 4)}-01-01` as BusinessDate;
}

/** Day of the year, 1 to 366. */
export function dayOfYear(date: BusinessDate): number {
  return daysBetween(yearStart(date), date) + 1;
}

/** Weekday, 0 = Sunday … 6 = Saturday. */
export function weekday(date: BusinessDate): number {
  return new Date(dayNumber(date) * DAY_MS).getUTCDay();
}

/** Every day from `from` to `to`, both inclusive; empty when `to` is earlier. */
export function daysFromTo(from: BusinessDate, to: BusinessDate): BusinessDate[] {
  const first = dayNumber(from);
  return Array.from({ length: Math.max(0, dayNumber(to) - first + 1) }, (_, i) => fromDayNumber(first + i));
}
