import { z } from 'zod';
import { openCustomer, scoped } from '../../platform/db/transaction.ts';
import { nothing } from '../../platform/http/page.ts';
import { defineRoute, refusedWith } from '../../platform/http/route.ts';
import { seeCustomer } from '../coverage/index.ts';
import { customerInsight } from './contract.ts';
import { insightOf } from './reads/customer.ts';

const ofCustomer = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/insight',
  name: 'customerInsight',
  summary: '一位客户：产品结构、对本行的价值、到期、同类客户还持有什么',
  permission: 'customers.read',
  params: z.strictObject({ id: z.string().max(64) }),
  query: nothing,
  body: nothing,
  response: customerInsight,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const row = await seeCustomer(tx, ctx.person.scope, params.id);
      if (row === undefined)
        return refusedWith('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
      await openCustomer(tx, row.customer_id);
      ctx.looked({ kind: 'customer.viewed', subject: row.customer_id, customerId: row.customer_id, body: { part: 'insight' } });
      return insightOf(tx, row);
    }),
});

export const INSIGHT_ROUTES = [ofCustomer];
