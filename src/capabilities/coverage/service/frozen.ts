import { refuse } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';

/** Refuses single changes of a portfolio that is being handed over, until the handover is approved or withdrawn. */
export async function refuseFrozen(tx: Tx, staffIds: readonly (string | null)[]): Promise<void> {
  const { rows } = await tx.client.query<{ staff_id: string }>(
    "select staff_id from coverage.handover where staff_id = any($1) and state in ('frozen', 'split') limit 1",
    [staffIds.filter((id) => id !== null)],
  );
  const staffId = rows[0]?.staff_id;
  if (staffId === undefined) return;
  refuse(
    'portfolio-frozen',
    `${staffId} 的管户包正在交接，已冻结：请等交接办结，或由发起人撤回后再办理。`,
    `The portfolio of ${staffId} is being handed over and is frozen: wait until that is done, or have it withdrawn first.`,
    { staffId },
  );
}
