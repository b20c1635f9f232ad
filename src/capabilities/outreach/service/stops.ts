import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { findCustomer } from '../../coverage/index.ts';
import { openStop } from './reachable.ts';
import { takeTurn } from './send.ts';

/** 勿扰: a customer asks to be left alone, or no longer; what still waits for the gateway is refused there. */
export async function setStop(
  { platform, person, actor }: Ctx,
  customerId: string,
  wish: { readonly stop: boolean; readonly words: string },
): Promise<void> {
  await unscoped(platform.worker, async (tx) => {
    if ((await findCustomer(tx, person.scope, customerId)) === undefined)
      refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    await takeTurn(tx.client, customerId);
    const open = await openStop(tx, customerId);
    if ((open !== undefined) === wish.stop) return;
    const now = platform.now();
    if (open === undefined)
      await tx.db
        .insertInto('outreach.stop')
        .values({ customer_id: customerId, since: now, words: wish.words, recorded_by: actor.staffId })
        .execute();
    else
      await tx.db
        .updateTable('outreach.stop')
        .set({ lifted_at: now, lifted_by: actor.staffId, lifted_words: wish.words })
        .where('customer_id', '=', customerId)
        .where('lifted_at', 'is', null)
        .execute();
    const kind = wish.stop ? 'outreach.stopped' : 'outreach.lifted';
    await audit(tx, actor, { kind, subject: customerId, customerId, body: {} });
  });
}

/** Takes what was written to a person away for good: a right of theirs was carried out. That something was sent, and when, stays. */
export async function eraseOutreach(tx: Tx, customerId: string, erased: string): Promise<void> {
  await tx.client.query(
    `update outreach.message set words = $2, receipt_words = case when receipt_words is not null then $2 end where customer_id = $1`,
    [customerId, erased],
  );
  await tx.client.query(
    `update outreach.stop set words = $2, lifted_words = case when lifted_words is not null then $2 end where customer_id = $1`,
    [customerId, erased],
  );
}
