import { z } from 'zod';
import { openCustomer, scoped } from '../../platform/db/transaction.ts';
import { nothing, pageQuery } from '../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../platform/http/route.ts';
import { seeCustomer } from '../coverage/index.ts';
import { customerOutreach, MESSAGE_STATES, messagePage, outreachAnswer, outreachInput, productList } from './contract.ts';
import { messagesOf, outreachOf } from './reads/messages.ts';
import { productsLike } from './reads/products.ts';
import { checkOutreach, sendOutreach } from './service/send.ts';
import { setStop } from './service/stops.ts';

const id = z.strictObject({ id: z.string().max(64) });
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

const list = defineRoute({
  method: 'GET',
  url: '/api/outreach',
  name: 'listOutreach',
  summary: '触达记录：本人的，负责人看本机构的',
  permission: 'follow-ups.read',
  params: nothing,
  query: pageQuery.extend({ state: z.enum(MESSAGE_STATES).optional() }),
  body: nothing,
  response: messagePage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const page = await messagesOf(tx, ctx.person, query, query);
      ctx.looked({ kind: 'list.viewed', subject: 'outreach', body: { count: page.items.length, filter: Object.keys(query) } });
      return page;
    }),
});

const check = defineRoute({
  method: 'POST',
  url: '/api/outreach/check',
  name: 'checkOutreach',
  summary: '预检：闸门会不会拦截，不留记录',
  permission: 'contacts.record',
  params: nothing,
  query: nothing,
  body: outreachInput,
  response: outreachAnswer,
  refusals: { 'not-found': 404, 'product-unknown': 422 },
  handler: async (ctx, { body }) => {
    const items = await checkOutreach(ctx, body);
    ctx.looked({ kind: 'list.viewed', subject: 'outreach-check', body: { count: items.length } });
    return { items };
  },
});

const send = defineRoute({
  method: 'POST',
  url: '/api/outreach',
  name: 'sendOutreach',
  summary: '触达：通过闸门的排入待发，拦截的记下原因，重复提交只算一次',
  permission: 'contacts.record',
  params: nothing,
  query: nothing,
  body: outreachInput,
  response: outreachAnswer,
  refusals: { 'not-found': 404, 'product-unknown': 422 },
  handler: async (ctx, { body }) => ({ items: await sendOutreach(ctx, body) }),
});

async function outreachNow(ctx: Ctx, customerId: string): Promise<z.input<typeof customerOutreach> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const row = await seeCustomer(tx, ctx.person.scope, customerId);
    if (row === undefined) return undefined;
    await openCustomer(tx, row.customer_id);
    ctx.looked({ kind: 'customer.viewed', subject: row.customer_id, customerId: row.customer_id, body: { part: 'outreach' } });
    return outreachOf(tx, ctx.person, row.customer_id, ctx.platform.now());
  });
}

const ofCustomer = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/outreach',
  name: 'customerOutreach',
  summary: '一位客户：此刻可否触达、勿扰、触达记录',
  permission: 'follow-ups.read',
  params: id,
  query: nothing,
  body: nothing,
  response: customerOutreach,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await outreachNow(ctx, params.id)) ?? refusedWith(...MISSING),
});

const stop = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/do-not-contact',
  name: 'setDoNotContact',
  summary: '登记或解除客户勿扰',
  permission: 'contacts.record',
  params: id,
  query: nothing,
  body: z.strictObject({ stop: z.boolean(), words: z.string().trim().min(2).max(200) }),
  response: customerOutreach,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params, body }) => {
    await setStop(ctx, params.id, body);
    return (await outreachNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const products = defineRoute({
  method: 'GET',
  url: '/api/products',
  name: 'searchProducts',
  summary: '产品：按名称或代码',
  permission: 'follow-ups.read',
  params: nothing,
  query: z.strictObject({ q: z.string().max(40).default('') }),
  body: nothing,
  response: productList,
  refusals: {},
  handler: (ctx, { query }) => scoped(ctx.platform.app, ctx.person.scope, (tx) => productsLike(tx, query.q)),
});

export const OUTREACH_ROUTES = [products, list, check, send, ofCustomer, stop];
