import { randomUUID } from 'node:crypto';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { unseal } from '../../../platform/secrets.ts';
import { outreachWish } from '../contract.ts';
import type { Policy } from '../rules/policy.ts';
import type { Outgoing, OutreachAdapter } from './adapter.ts';
import { policyInForce } from './policy.ts';
import { gate, productRisk, takeTurn } from './send.ts';

/** At most so many messages in one list. */
const LIST_MAX = 10_000;

/**
 * Hands what waits to the gateway. Each message stands before the gate once more: consent may have gone since. One whose only hindrance is
 * the hour goes on waiting. Killed at any instant, the next call finishes the same list.
 */
export async function handOver(platform: Platform, actor: Actor, adapter: OutreachAdapter): Promise<HandedOver> {
  const id = (await unwritten(platform)) ?? (await begin(platform, actor));
  if (id === undefined) return { id: null, handed: 0, refused: 0, waiting: 0 };
  return unscoped(platform.worker, async (tx) => {
    const counts = { handed: 0, refused: 0, waiting: 0 };
    const messages: Outgoing[] = [];
    const { content: policy } = await policyInForce(tx);
    for (const row of await messagesOf(tx, id)) {
      const verdict = await judge(tx, policy, platform.now(), row);
      counts[verdict.state] += 1;
      if (verdict.state === 'handed') messages.push(await outgoing(tx, platform, row));
      else await putBack(tx, actor, row, verdict);
    }
    await adapter.deliver({ id, messages });
    await tx.db
      .updateTable('outreach.handover')
      .set({ written_at: platform.now(), messages: messages.length })
      .where('handover_id', '=', id)
      .execute();
    await audit(tx, actor, { kind: 'outreach.handed', subject: id, body: counts });
    return { id, ...counts };
  });
}

export interface HandedOver {
  readonly id: string | null;
  readonly handed: number;
  readonly refused: number;
  readonly waiting: number;
}

async function unwritten(platform: Platform): Promise<string | undefined> {
  return unscoped(platform.worker, async (tx) => {
    const row = await tx.db
      .selectFrom('outreach.handover')
      .select('handover_id')
      .where('written_at', 'is', null)
      .orderBy('made_at')
      .limit(1)
      .executeTakeFirst();
    return row?.handover_id;
  });
}

/** Marks what waits as belonging to a list with a name of its own. */
async function begin(platform: Platform, actor: Actor): Promise<string | undefined> {
  return unscoped(platform.worker, async (tx) => {
    const id = randomUUID();
    const waiting = await tx.db
      .selectFrom('outreach.message')
      .select(['customer_id', 'message_id'])
      .where('state', '=', 'waiting')
      .orderBy('made_at')
      .limit(LIST_MAX)
      .execute();
    if (waiting.length === 0) return undefined;
    await tx.client.query(
      `update outreach.message set state = 'handed', handed_in = $1 where customer_id = any($2) and message_id = any($3) and state = 'waiting'`,
      [id, waiting.map((one) => one.customer_id), waiting.map((one) => one.message_id)],
    );
    await tx.db
      .insertInto('outreach.handover')
      .values({ handover_id: id, made_at: platform.now(), made_by: actor.staffId, messages: waiting.length })
      .execute();
    return id;
  });
}

type Row = Awaited<ReturnType<typeof messagesOf>>[number];

function messagesOf(tx: Tx, id: string) {
  return tx.db
    .selectFrom('outreach.message')
    .select(['customer_id', 'message_id', 'channel', 'purpose', 'product_code', 'words'])
    .where('handed_in', '=', id)
    .where('state', '=', 'handed')
    .orderBy('customer_id')
    .orderBy('message_id')
    .execute();
}

type Verdict = { readonly state: 'handed' | 'waiting' } | { readonly state: 'refused'; readonly because: string[] };

async function judge(tx: Tx, policy: Policy, now: Date, row: Row): Promise<Verdict> {
  await takeTurn(tx.client, row.customer_id);
  const wish = { ...outreachWish.parse(row), policy, productRisk: await productRisk(tx, row.product_code) };
  const found = (await gate(tx, wish, row.customer_id, now, row.message_id)).map(({ because }) => because);
  if (found.length === 0) return { state: 'handed' };
  return found.every((because) => because === 'quiet-hours') ? { state: 'waiting' } : { state: 'refused', because: found };
}

async function putBack(tx: Tx, actor: Actor, row: Row, verdict: Verdict): Promise<void> {
  const because = verdict.state === 'refused' ? verdict.because : [];
  await tx.db
    .updateTable('outreach.message')
    .set({ state: verdict.state, refused_for: because, handed_in: null })
    .where('customer_id', '=', row.customer_id)
    .where('message_id', '=', row.message_id)
    .execute();
  if (verdict.state === 'refused')
    await audit(tx, actor, {
      kind: 'outreach.refused',
      subject: row.message_id,
      customerId: row.customer_id,
      body: { channel: row.channel, purpose: row.purpose, productCode: row.product_code, refusedFor: because },
    });
}

async function outgoing(tx: Tx, { secrets }: Platform, row: Row): Promise<Outgoing> {
  const { name, mobile_sealed } = await tx.db
    .selectFrom('customers.customer')
    .select(['name', 'mobile_sealed'])
    .where('customer_id', '=', row.customer_id)
    .executeTakeFirstOrThrow();
  return {
    ...{ messageId: row.message_id, customerId: row.customer_id, channel: row.channel, purpose: row.purpose, words: row.words },
    ...{ name, mobile: mobile_sealed === null ? null : unseal(secrets, mobile_sealed) },
  };
}
