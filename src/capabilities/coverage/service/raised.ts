import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Move } from './carry-out.ts';

/** Keeps who claimed a customer, whoever looks after the customer later. The transfer's id makes it one record however often it runs. */
export async function recordRaised(
  tx: Tx,
  now: Date,
  claim: Pick<Move, 'customer_id' | 'transfer_id' | 'to_staff'>,
  on: BusinessDate,
): Promise<void> {
  if (claim.to_staff === null) return;
  await tx.db
    .insertInto('coverage.raised_by')
    .values({
      ...{ customer_id: claim.customer_id, raised_id: claim.transfer_id, staff_id: claim.to_staff, how: 'claimed' },
      ...{ on_date: on, recorded_by: claim.to_staff, recorded_at: now },
    })
    .execute();
}
