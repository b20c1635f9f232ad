import type { Tx } from '../../../platform/db/transaction.ts';
import { refreshCard } from '../../coverage/index.ts';

interface Mark {
  readonly no_marketing?: boolean;
  readonly no_profiling?: boolean;
  readonly restricted_at?: Date | null;
  readonly held_at?: Date | null;
  readonly erased_at?: Date;
  readonly resent_at?: Date;
}

/** Sets what stands about a person; the lists show it from the same commit on. */
export async function setMark(tx: Tx, customerId: string, mark: Mark): Promise<void> {
  await tx.db
    .insertInto('personal.mark')
    .values({ customer_id: customerId, ...mark })
    .onConflict((conflict) => conflict.column('customer_id').doUpdateSet(mark))
    .execute();
  await refreshCard(tx, customerId);
}

export function readMark(tx: Tx, customerId: string) {
  return tx.db.selectFrom('personal.mark').selectAll().where('customer_id', '=', customerId).executeTakeFirst();
}
