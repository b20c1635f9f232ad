import { todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { findCustomer } from '../../coverage/index.ts';

/** Sets the free words on a customer; those that stay keep who wrote them and when. Groups take them up with the next close. */
export function setTags(
  { platform, person, actor }: Pick<Ctx, 'platform' | 'person' | 'actor'>,
  customerId: string,
  tags: readonly string[],
): Promise<void> {
  const today = todayOf(platform.now());
  return unscoped(platform.worker, async (tx) => {
    if ((await findCustomer(tx, person.scope, customerId)) === undefined)
      refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    await tx.client.query('delete from groups.tag where customer_id = $1 and tag <> all($2)', [customerId, tags]);
    await tx.client.query(
      `insert into groups.tag (customer_id, tag, staff_id, on_date) select $1, t, $3, $4 from unnest($2::text[]) t
       on conflict (customer_id, tag) do nothing`,
      [customerId, tags, actor.staffId, today],
    );
    await audit(tx, actor, { kind: 'customer.tagged', subject: customerId, customerId, body: { tags: tags.length } });
  });
}
