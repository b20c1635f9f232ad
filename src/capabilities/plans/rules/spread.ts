import { addMonths } from '../../../kernel/business-date.ts';
import { breakDown } from './break-down.ts';
import { type Period, parsePeriod } from './period.ts';

export interface Within {
  readonly period: Period;
  /** In the order of the people. */
  readonly parts: readonly number[];
}

/** The months of a period, in order; of a month none. */
export function monthsOf({ kind, from }: Period): Period[] {
  const count = { year: 12, quarter: 3, month: 0 }[kind];
  return Array.from({ length: count }, (_, n) => parsePeriod(addMonths(from, n).slice(0, 7))).flatMap((one) => one ?? []);
}

/**
 * Everybody's part of a year or a quarter spread over its months by weight, and for a year the quarters, each the sum of its months: so
 * that months, quarters and year agree to the unit for everybody. Parts are fen or counts, whole; a weight is what the unit did in that
 * month a year before, at least 0, one for each of `monthsOf`; when all are 0 every month counts the same.
 */
export function spread(period: Period, parts: readonly number[], weights: readonly number[]): Within[] {
  const months = monthsOf(period);
  const known = weights.some((weight) => weight > 0);
  const shares = months.map(({ text }, n) => ({ id: text, weight: known ? (weights[n] ?? 0) : 1 }));
  const byPerson = parts.map((part) => breakDown(part, shares));
  const monthly = months.map((month, n) => ({
    period: month,
    parts: byPerson.map((own) => (typeof own === 'string' ? 0 : (own[n] ?? 0))),
  }));
  return [...(period.kind === 'year' ? quarters(period, monthly) : []), ...monthly];
}

function quarters({ text }: Period, monthly: readonly Within[]): Within[] {
  return [1, 2, 3, 4].flatMap((n) => {
    const period = parsePeriod(`${text}Q${n}`);
    const own = monthly.slice(n * 3 - 3, n * 3);
    if (period === undefined) return [];
    return [{ period, parts: (own[0]?.parts ?? []).map((_, at) => own.reduce((sum, { parts }) => sum + (parts[at] ?? 0), 0)) }];
  });
}
