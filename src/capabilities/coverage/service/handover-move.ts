import { type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { SeatSlot } from '../rules/scheme.ts';
import { showSeats } from './seats.ts';
import { isOverLimit } from './take-over.ts';

/** Reason of assignments that a handover ends or opens. */
export const HANDED_OVER = 'handed-over';

/** A customer who goes to a place; `atMost` Infinity = no limit. */
export interface Move {
  readonly customerId: string;
  readonly seat: SeatSlot;
  readonly band: number;
  readonly to: string;
  readonly portfolio: string;
  readonly atMost: number;
  readonly until: string | null;
}

function refuseFull(staffId: string): never {
  return refuse(
    'portfolio-full',
    `${staffId} 的管户数会超过上限：请重新拆分后再审批。`,
    `${staffId} would be over the limit: split anew before approving.`,
    { staffId },
  );
}

/**
 * Moves customers to their places in the caller's transaction, which keeps other changes of portfolios out. Each place is locked, given
 * its limit and counted before anything moves, and the database's own guard stands behind that. A change counts from the newest closed
 * day, like a run's, without overlap.
 */
export async function moveAll(tx: Tx, work: string, moves: readonly Move[], last: BusinessDate): Promise<void> {
  const wanted = new Map<string, { readonly move: Move; readonly customers: number }>();
  for (const move of moves) {
    const key = `${move.to} ${move.portfolio}`;
    wanted.set(key, { move, customers: (wanted.get(key)?.customers ?? 0) + 1 });
  }
  for (const [, { move, customers }] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const cap = move.atMost === Infinity ? null : move.atMost;
    const { rows } = await tx.client.query<{ taken: number }>('select coverage.hold_places(null, null, $1, $2, $3) as taken', [
      move.to,
      move.portfolio,
      cap,
    ]);
    if ((rows[0]?.taken ?? 0) + customers > move.atMost) refuseFull(move.to);
  }
  for (const move of moves) await moveOne(tx, work, move, last);
  await showSeats(tx, work);
  await tx.db.deleteFrom('coverage.stage_taken').where('work', '=', work).execute();
}

async function moveOne(tx: Tx, work: string, { customerId, seat, band, to, portfolio, until }: Move, last: BusinessDate) {
  const on = until !== null && until > last ? businessDate(until) : last;
  try {
    await tx.client.query('select coverage.end_assignment($1, $2, $3, $4)', [customerId, seat, on, HANDED_OVER]);
    await tx.client.query('select coverage.open_assignment($1, $2, $3, $4, $5::smallint, $6, $7, $8)', [
      customerId,
      seat,
      to,
      portfolio,
      band,
      on,
      work,
      HANDED_OVER,
    ]);
  } catch (error) {
    if (!isOverLimit(error)) throw error;
    refuseFull(to);
  }
  await tx.db
    .insertInto('coverage.stage_taken')
    .values({ customer_id: customerId, work, seat, staff_id: to, portfolio, band, from_date: on })
    .execute();
}
