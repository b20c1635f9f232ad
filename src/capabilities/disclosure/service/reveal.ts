import { startOfDay } from '../../../kernel/business-date.ts';
import { audit } from '../../../platform/audit/index.ts';
import { openCustomer, scoped, type Tx } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { type Secrets, unseal } from '../../../platform/secrets.ts';
import { findCustomer } from '../../coverage/index.ts';
import { isUnusual, type RevealedField, revealsADay } from '../rules/reveal.ts';
import { forgetUsage, peersMedian, takeQuota, type Use } from './usage.ts';

export interface RevealWish {
  readonly customerId: string;
  readonly field: RevealedField;
  readonly purpose: string;
  readonly words?: string | undefined;
}

const COLUMN = { mobile: 'mobile_sealed', idNumber: 'id_number_sealed', address: 'address_sealed' } as const;

/** Opens one field of one customer. It is counted and recorded first, in one transaction: without the entry the value does not leave. */
export function revealField(
  { platform, person, actor }: Ctx,
  wish: RevealWish,
): Promise<{ value: string | null; used: number; most: number } | 'not-found' | 'quota' | 'restricted'> {
  return scoped(platform.app, person.scope, async (tx) => {
    const row = await findCustomer(tx, person.scope, wish.customerId);
    if (row === undefined) return 'not-found';
    const { customer_id: customerId } = row;
    await openCustomer(tx, customerId);
    const mark = await tx.db
      .selectFrom('personal.mark')
      .select('restricted_at')
      .where('customer_id', '=', customerId)
      .executeTakeFirst();
    if (mark?.restricted_at != null) {
      await audit(tx, actor, {
        kind: 'reveal.refused',
        subject: customerId,
        customerId,
        body: { field: wish.field, restricted: true },
      });
      return 'restricted';
    }
    const now = platform.now();
    const use: Use = { staffId: person.staffId, role: person.role, kind: 'reveal', since: startOfDay(now) };
    const most = revealsADay(person.role);
    const used = await takeQuota(tx, use, 1, most);
    if (used === undefined) {
      await audit(tx, actor, { kind: 'reveal.refused', subject: customerId, customerId, body: { field: wish.field, most } });
      return 'quota';
    }
    await audit(tx, actor, {
      kind: 'customer.revealed',
      subject: customerId,
      customerId,
      body: { field: wish.field, purpose: wish.purpose, ...(wish.words !== undefined && { words: wish.words }) },
    });
    const median = await peersMedian(tx, use);
    if (isUnusual(used, median))
      await audit(tx, actor, { kind: 'reveal.unusual', subject: person.staffId, body: { used, peersMedian: median } });
    if (used === 1) await forgetUsage(tx, person.staffId, now);
    return { value: await openField(tx, platform.secrets, customerId, wish.field), used, most };
  });
}

async function openField(tx: Tx, secrets: Secrets, customerId: string, field: RevealedField): Promise<string | null> {
  const column = COLUMN[field];
  const row = await tx.db
    .selectFrom('customers.customer')
    .select(`${column} as sealed`)
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  return row?.sealed ? unseal(secrets, row.sealed) : null;
}
