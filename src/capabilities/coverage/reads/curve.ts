import type { z } from 'zod';
import { addDays, addMonths, type BusinessDate, dayOfYear, daysBetween, yearStart } from '../../../kernel/business-date.ts';
import { averageFen } from '../../../kernel/money.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { customerTimeline, lastClosedDay, type Stretch } from '../../closing/index.ts';
import type { curveSchema } from '../contract.ts';
import { activeScheme } from './schemes.ts';

/** Balance-days of all days up to and including `day`. */
function cumulated(stretches: readonly Stretch[], day: BusinessDate): bigint {
  const stretch = stretches.findLast((candidate) => candidate.from <= day);
  return stretch === undefined ? 0n : stretch.cumBefore + BigInt(stretch.assetsFen) * BigInt(daysBetween(stretch.from, day) + 1);
}

/** The calendar-year average on a day, in fen. */
function yearAverage(stretches: readonly Stretch[], day: BusinessDate): number {
  return averageFen(cumulated(stretches, day) - cumulated(stretches, addDays(yearStart(day), -1)), dayOfYear(day));
}

/** A customer's assets as steps, the calendar-year average week by week, and band borders. One customer must be open to the transaction. */
export async function customerCurve(tx: Tx, customerId: string): Promise<z.input<typeof curveSchema> | undefined> {
  const stretches = await customerTimeline(tx, customerId);
  const to = await lastClosedDay(tx);
  const first = stretches[0]?.from;
  if (first === undefined || to === undefined) return undefined;
  const yearAgo = addMonths(to, -12);
  const from = first > yearAgo ? first : yearAgo;
  const scheme = await activeScheme(tx);
  return {
    from,
    to,
    assets: stretches
      .filter((stretch) => stretch.to === null || stretch.to > from)
      .map((stretch) => ({ date: stretch.from < from ? from : stretch.from, fen: stretch.assetsFen })),
    average: averageLine(stretches, from, to),
    borders: (scheme?.bands ?? []).filter((band) => band.fromFen > 0).map((band) => ({ fen: band.fromFen, title: band.title })),
    events: outletMoves(stretches, from),
  };
}

function averageLine(stretches: readonly Stretch[], from: BusinessDate, to: BusinessDate): { date: string; fen: number }[] {
  const points: { date: string; fen: number }[] = [];
  for (let day = from; day < to; day = addDays(day, 7)) points.push({ date: day, fen: yearAverage(stretches, day) });
  points.push({ date: to, fen: yearAverage(stretches, to) });
  return points;
}

function outletMoves(stretches: readonly Stretch[], from: BusinessDate): { date: string; text: { zh: string; en: string } }[] {
  return stretches.flatMap((stretch, i) => {
    const before = stretches[i - 1];
    if (before === undefined || stretch.from < from || before.homeOutlet === stretch.homeOutlet) return [];
    const outlet = stretch.homeOutlet;
    return [{ date: stretch.from, text: { zh: `归属网点变为 ${outlet ?? '无'}`, en: `Home outlet became ${outlet ?? 'none'}` } }];
  });
}

/** A customer's calendar-year average at the last closed day, with its days. One customer must be open to the transaction. */
export async function customerAverage(tx: Tx, customerId: string): Promise<{ fen: number; days: number } | undefined> {
  const stretches = await customerTimeline(tx, customerId);
  const day = await lastClosedDay(tx);
  return day === undefined || stretches.length === 0 ? undefined : { fen: yearAverage(stretches, day), days: dayOfYear(day) };
}
