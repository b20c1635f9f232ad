import { type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import { Refused } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { CLAIM_REASON } from '../rules/transfer.ts';
import { carryOut } from './carry-out.ts';
import { keepPortfoliosStill } from './portfolio-lock.ts';
import { recordRaised } from './raised.ts';
import { tellSides } from './transfer-notices.ts';
import { carriedOut, type TransferRow } from './transfers.ts';

type Due = TransferRow & { readonly decided_by: string };

/**
 * Carries out, in the transaction of a day's close, the transfers that were agreed for that day: in the order in which they were agreed,
 * with the day's staff and all limits looked at again. One that cannot be carried out any more fails alone, and everybody is told.
 */
export async function carryOutScheduled(
  tx: Tx,
  { actor, now, day }: { readonly actor: Actor; readonly now: Date; readonly day: BusinessDate },
): Promise<void> {
  const { rows } = await tx.client.query<Due>(
    `select customer_id, transfer_id, seat, from_staff, to_staff, state, requested_by, unit_no, wanted_on, batch_id, reason, decided_by
       from coverage.transfer where state = 'scheduled' and wanted_on <= $1 order by decided_at, transfer_id`,
    [day],
  );
  if (rows.length === 0) return;
  await keepPortfoliosStill(tx);
  for (const transfer of rows) await carryOutOne(tx, { actor, now, day }, transfer);
}

async function carryOutOne(
  tx: Tx,
  night: { readonly actor: Actor; readonly now: Date; readonly day: BusinessDate },
  transfer: Due,
) {
  const { actor, now, day } = night;
  const subject = { subject: transfer.transfer_id, customerId: transfer.customer_id };
  const sides = { seat: transfer.seat, from: transfer.from_staff, to: transfer.to_staff };
  const set = (values: Readonly<Record<string, unknown>>) =>
    tx.db
      .updateTable('coverage.transfer')
      .set(values)
      .where('customer_id', '=', transfer.customer_id)
      .where('transfer_id', '=', transfer.transfer_id)
      .execute();
  await tx.client.query('savepoint transfer');
  try {
    const done = await carryOut(tx, { today: businessDate(day), last: day }, transfer);
    await set({ state: 'approved', ...carriedOut(done, now) });
    if (transfer.reason === CLAIM_REASON) await recordRaised(tx, now, transfer, done.on);
    await audit(tx, actor, { kind: 'transfer.carried-out', ...subject, body: { ...sides, on: done.on } });
    await tellSides(tx, now, transfer, 'approved');
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code, words } = error.refusal;
    await tx.client.query('rollback to savepoint transfer');
    await set({ state: 'failed', failure: JSON.stringify(words) });
    await audit(tx, actor, { kind: 'transfer.failed', ...subject, body: { ...sides, on: day, code } });
    await tellSides(tx, now, transfer, 'failed', undefined, [transfer.decided_by]);
  }
  await tx.client.query('release savepoint transfer');
}
