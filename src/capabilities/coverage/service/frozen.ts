import { type Refusal, Refused, refusal } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';

/** Of these people, those whose portfolio is being handed over: nothing of it changes until that is approved or withdrawn. */
export async function frozenAmong(tx: Tx, staffIds: readonly (string | null)[]): Promise<ReadonlySet<string>> {
  const { rows } = await tx.client.query<{ staff_id: string }>(
    "select staff_id from coverage.handover where staff_id = any($1) and state in ('frozen', 'split') order by 1",
    [staffIds.filter((id) => id !== null)],
  );
  return new Set(rows.map((row) => row.staff_id));
}

/** Why a single change of a portfolio that is being handed over is refused. */
export function frozenRefusal(staffId: string): Refusal {
  return refusal(
    'portfolio-frozen',
    `${staffId} 的管户包正在交接，已冻结：请等交接办结，或由发起人撤回后再办理。`,
    `The portfolio of ${staffId} is being handed over and is frozen: wait until that is done, or have it withdrawn first.`,
    { staffId },
  );
}

export async function refuseFrozen(tx: Tx, staffIds: readonly (string | null)[]): Promise<void> {
  const [staffId] = await frozenAmong(tx, staffIds);
  if (staffId !== undefined) throw new Refused(frozenRefusal(staffId));
}
