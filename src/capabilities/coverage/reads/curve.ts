import type { z } from 'zod';
import {
  addDays,
  addMonths,
  type BusinessDate,
  businessDate,
  dayOfYear,
  daysBetween,
  yearStart,
} from '../../../kernel/business-date.ts';
import { averageFen } from '../../../kernel/money.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { curveSchema } from '../contract.ts';
import { activeScheme } from './schemes.ts';

interface Stretch {
  readonly from_date: string;
  readonly assets_fen: number;
  readonly home_outlet: string | null;
  readonly cum_before: number;
  readonly year_cum: number;
}

/** Balance-days of the calendar year up to a day inside the stretch. */
function yearBalanceDays(stretch: Stretch, day: BusinessDate): bigint {
  const from = businessDate(stretch.from_date);
  if (yearStart(from) !== yearStart(day)) return BigInt(stretch.assets_fen) * BigInt(dayOfYear(day));
  return BigInt(stretch.cum_before) - BigInt(stretch.year_cum) + BigInt(stretch.assets_fen) * BigInt(daysBetween(from, day) + 1);
}

/** A customer's assets as steps, the calendar-year average week by week, and band borders. One customer must be open to the transaction. */
export async function customerCurve(tx: Tx, customerId: string): Promise<z.input<typeof curveSchema> | undefined> {
  const columns = ['from_date', 'assets_fen', 'home_outlet', 'cum_before', 'year_cum'] as const;
  const past = await tx.db
    .selectFrom('closing.segment')
    .select(columns)
    .where('customer_id', '=', customerId)
    .orderBy('from_date')
    .execute();
  const open = await tx.db.selectFrom('closing.balance').select(columns).where('customer_id', '=', customerId).executeTakeFirst();
  const last = await tx.db.selectFrom('closing.day').select('business_date').orderBy('business_date', 'desc').executeTakeFirst();
  if (open === undefined || last === undefined) return undefined;
  const to = businessDate(last.business_date);
  const yearAgo = addMonths(to, -12);
  const stretches = [...past, open];
  const first = businessDate(stretches[0]?.from_date ?? open.from_date);
  const from = first > yearAgo ? first : yearAgo;
  const scheme = await activeScheme(tx);
  return {
    from,
    to,
    assets: stretches
      .filter((_, i) => (stretches[i + 1]?.from_date ?? '9999') > from)
      .map((row) => ({ date: row.from_date < from ? from : row.from_date, fen: row.assets_fen })),
    average: averageLine(stretches, from, to),
    borders: (scheme?.bands ?? []).filter((band) => band.fromFen > 0).map((band) => ({ fen: band.fromFen, title: band.title })),
    events: outletMoves(stretches, from),
  };
}

function averageLine(stretches: readonly Stretch[], from: BusinessDate, to: BusinessDate): { date: string; fen: number }[] {
  const points: { date: string; fen: number }[] = [];
  let index = 0;
  for (let day = from; ; day = addDays(day, 7)) {
    const at = day > to ? to : day;
    while ((stretches[index + 1]?.from_date ?? '9999') <= at) index++;
    const stretch = stretches[index];
    if (stretch !== undefined) points.push({ date: at, fen: averageFen(yearBalanceDays(stretch, at), dayOfYear(at)) });
    if (at === to) return points;
  }
}

function outletMoves(stretches: readonly Stretch[], from: BusinessDate): { date: string; text: { zh: string; en: string } }[] {
  return stretches.flatMap((row, i) => {
    const before = stretches[i - 1];
    if (before === undefined || row.from_date < from || before.home_outlet === row.home_outlet) return [];
    return [
      {
        date: row.from_date,
        text: { zh: `归属网点变为 ${row.home_outlet ?? '无'}`, en: `Home outlet became ${row.home_outlet ?? 'none'}` },
      },
    ];
  });
}

/** A customer's calendar-year average at the last closed day, with its days. One customer must be open to the transaction. */
export async function customerAverage(tx: Tx, customerId: string): Promise<{ fen: number; days: number } | undefined> {
  const columns = ['from_date', 'assets_fen', 'home_outlet', 'cum_before', 'year_cum'] as const;
  const open = await tx.db.selectFrom('closing.balance').select(columns).where('customer_id', '=', customerId).executeTakeFirst();
  const last = await tx.db.selectFrom('closing.day').select('business_date').orderBy('business_date', 'desc').executeTakeFirst();
  if (open === undefined || last === undefined) return undefined;
  const day = businessDate(last.business_date);
  return { fen: averageFen(yearBalanceDays(open, day), dayOfYear(day)), days: dayOfYear(day) };
}
