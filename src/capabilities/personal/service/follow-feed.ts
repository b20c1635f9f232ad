import { audit, COMMAND_LINE } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { unseal } from '../../../platform/secrets.ts';
import { refreshCard } from '../../coverage/index.ts';
import { eraseIdentity, fieldOf, readIdentity, setIdentity, stagedAmong } from '../../customers/index.ts';
import { setMark } from './marks.ts';

/**
 * A customers file has just been written. What the bank's system still has wrong is put right again until it agrees; who was erased
 * stays erased, which the audit and the customer's card say. All in the file's own transaction: nobody sees anything in between.
 */
export async function keepRights(platform: Platform, tx: Tx, importId: string): Promise<void> {
  const now = platform.now();
  const erased = await tx.db.selectFrom('personal.mark').select('customer_id').where('erased_at', 'is not', null).execute();
  const back = await stagedAmong(
    tx,
    importId,
    erased.map((row) => row.customer_id),
  );
  for (const customerId of back) {
    await eraseIdentity(tx, customerId);
    await setMark(tx, customerId, { resent_at: now });
  }
  if (back.length > 0)
    await audit(tx, COMMAND_LINE, { kind: 'person.kept-erased', subject: importId, body: { count: back.length } });
  const overlays = await tx.db
    .selectFrom('personal.request')
    .select(['customer_id', 'request_id', 'field', 'value_sealed'])
    .where('kind', '=', 'correct')
    .where('state', '=', 'done')
    .where('agreed_at', 'is', null)
    .execute();
  const sent = new Set(
    await stagedAmong(
      tx,
      importId,
      overlays.map((row) => row.customer_id),
    ),
  );
  for (const { customer_id: customerId, request_id: requestId, ...overlay } of overlays) {
    const field = fieldOf(overlay.field);
    if (!sent.has(customerId) || field === undefined || overlay.value_sealed === null) continue;
    const right = unseal(platform.secrets, overlay.value_sealed);
    if ((await readIdentity(tx, platform.secrets, customerId, field)) === right)
      await tx.db
        .updateTable('personal.request')
        .set({ agreed_at: now })
        .where('customer_id', '=', customerId)
        .where('request_id', '=', requestId)
        .execute();
    else {
      await setIdentity(tx, platform.secrets, customerId, field, right);
      await refreshCard(tx, customerId);
    }
  }
}
