import { addDays, addMonths, type BusinessDate, businessDate } from '../../../kernel/business-date.ts';

const MONTHS = { quarter: 3, 'half-year': 6, year: 12 } as const;
export type PeriodKind = keyof typeof MONTHS;

/** A calendar period, both days inclusive. */
export interface Period {
  /** 2026Q3, 2026H2, 2026 */
  readonly name: string;
  readonly from: BusinessDate;
  readonly to: BusinessDate;
}

/** The period of the kind that the day lies in. */
export function periodOf(day: BusinessDate, kind: PeriodKind): Period {
  const year = day.slice(0, 4);
  const at = Math.floor((Number(day.slice(5, 7)) - 1) / MONTHS[kind]);
  const from = addMonths(businessDate(`${year}-01-01`), at * MONTHS[kind]);
  const name = kind === 'year' ? year : `${year}${kind === 'quarter' ? 'Q' : 'H'}${at + 1}`;
  return { name, from, to: addDays(addMonths(from, MONTHS[kind]), -1) };
}
