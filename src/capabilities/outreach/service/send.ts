import type pg from 'pg';
import type { z } from 'zod';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { openCustomer, scoped, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { findCustomer } from '../../coverage/index.ts';
import { messageState, type outreachAnswer, type outreachInput } from '../contract.ts';
import { type Refused, refusals, type Wish } from '../rules/gate.ts';
import type { Policy } from '../rules/policy.ts';
import { policyInForce } from './policy.ts';
import { reachable, riskNumber } from './reachable.ts';

export type NewOutreach = z.output<typeof outreachInput>;
type Answer = z.input<typeof outreachAnswer>['items'][number];

const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

/**
 * Puts a message or call for each customer into the queue of the bank's gateway, or keeps the refusal with its reasons. One customer who is
 * not one's to see refuses all and names none. Sending the same once more changes nothing.
 */
export async function sendOutreach(ctx: Ctx, wish: NewOutreach): Promise<Answer[]> {
  const ids = [...new Set(wish.customerIds)].toSorted();
  return unscoped(ctx.platform.worker, async (tx) => {
    const asked = await askedOf(tx, wish);
    await allInScope(tx, ctx, ids);
    const items: Answer[] = [];
    for (const customerId of ids) items.push(await sendOne(tx, ctx, asked, customerId));
    return items;
  });
}

/** What the gate would say, and nothing is kept. */
export async function checkOutreach(ctx: Ctx, wish: NewOutreach): Promise<Answer[]> {
  const now = ctx.platform.now();
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const asked = await askedOf(tx, wish);
    const items: Answer[] = [];
    await allInScope(tx, ctx, wish.customerIds);
    for (const customerId of [...new Set(wish.customerIds)]) {
      await openCustomer(tx, customerId);
      const found = await gate(tx, asked, customerId, now);
      items.push({ customerId, state: found.length === 0 ? 'waiting' : 'refused', refusals: found.map(plain) });
    }
    return items;
  });
}

type Asked = NewOutreach & Wish & { readonly policy: Policy };

async function askedOf(tx: Tx, wish: NewOutreach): Promise<Asked> {
  const { content: policy } = await policyInForce(tx);
  return { ...wish, policy, productRisk: await productRisk(tx, wish.productCode) };
}

async function allInScope(tx: Tx, ctx: Ctx, ids: readonly string[]): Promise<void> {
  for (const id of ids) if ((await findCustomer(tx, ctx.person.scope, id)) === undefined) refuse(...MISSING);
}

const plain = ({ because, words }: Refused) => ({ because, words: { ...words } });

async function sendOne(tx: Tx, ctx: Ctx, wish: Asked, customerId: string): Promise<Answer> {
  const now = ctx.platform.now();
  await takeTurn(tx.client, customerId);
  const found = await gate(tx, wish, customerId, now, wish.messageId);
  const state = found.length === 0 ? 'waiting' : 'refused';
  const { person, actor } = ctx;
  const { rowCount } = await tx.client.query(
    `insert into outreach.message (customer_id, message_id, staff_id, role, unit_no, on_behalf_of, channel, purpose, product_code, words, state,
       refused_for, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (customer_id, message_id) do nothing`,
    [
      ...[
        customerId,
        wish.messageId,
        actor.staffId,
        person.role,
        person.unitNo,
        actor.onBehalfOf ?? null,
        wish.channel,
        wish.purpose,
      ],
      ...[wish.productCode, wish.words, state, found.map(({ because }) => because), now],
    ],
  );
  if (rowCount === 0) return keptAnswer(tx, customerId, wish.messageId, found);
  const { channel, purpose, productCode } = wish;
  await audit(tx, actor, {
    kind: state === 'waiting' ? 'outreach.queued' : 'outreach.refused',
    subject: wish.messageId,
    customerId,
    body: { channel, purpose, productCode, refusedFor: found.map(({ because }) => because) },
  });
  return { customerId, state, refusals: found.map(plain) };
}

/** Two people who want to reach the same customer wait for one another, so that the second counts the first. */
export async function takeTurn(client: pg.ClientBase, customerId: string): Promise<void> {
  await client.query(
    'insert into outreach.turn (customer_id) values ($1) on conflict (customer_id) do update set customer_id = excluded.customer_id',
    [customerId],
  );
}

/** Reasons against a message now. A customer who is not there is refused as one who has left. */
export async function gate(
  tx: Tx,
  wish: Wish & { readonly policy: Policy },
  customerId: string,
  now: Date,
  except?: string,
): Promise<Refused[]> {
  const customer = await reachable(tx, customerId, now, except);
  if (customer === undefined)
    return [{ because: 'closed', words: { zh: '客户已不在册。', en: 'The customer is no longer there.' } }];
  return refusals(wish.policy, customer, wish, now);
}

async function keptAnswer(tx: Tx, customerId: string, messageId: string, found: readonly Refused[]): Promise<Answer> {
  const { state } = await tx.db
    .selectFrom('outreach.message')
    .select('state')
    .where('customer_id', '=', customerId)
    .where('message_id', '=', messageId)
    .executeTakeFirstOrThrow();
  return { customerId, state: messageState(state), refusals: state === 'refused' ? found.map(plain) : [] };
}

/** The risk of a product, R1–R5 as a number; null = none named, or one without a rating. Refuses a product that the bank does not have. */
export async function productRisk(tx: Tx, code: string | null): Promise<number | null> {
  if (code === null) return null;
  const product = await tx.db.selectFrom('products.product').select('risk_rating').where('code', '=', code).executeTakeFirst();
  if (product === undefined)
    return refuse('product-unknown', `没有代码为 ${code} 的产品。`, `There is no product with the code ${code}.`);
  return riskNumber(product.risk_rating);
}
