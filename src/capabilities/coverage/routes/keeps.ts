import { z } from 'zod';
import { scoped } from '../../../platform/db/transaction.ts';
import { nothing, pageQuery } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { keepOffers, keepRow, keepsPage, talentSchema } from '../keep-contract.ts';
import { listKeeps, talentPool } from '../reads/keeps.ts';
import { KEEP_ACTIONS, KEEP_STATES } from '../rules/keep.ts';
import { askToKeep, offersFor, stepKeep } from '../service/keeps.ts';

const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

const list = defineRoute({
  method: 'GET',
  url: '/api/keeps',
  name: 'listKeeps',
  summary: '柜员名单：柜员申请保留由其培养为贵宾的客户，新的在前',
  permission: 'transfers.read',
  params: nothing,
  query: pageQuery.extend({ state: z.enum(KEEP_STATES).optional(), staff: z.string().max(64).optional() }),
  body: nothing,
  response: keepsPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const page = await listKeeps(tx, ctx.person, { state: query.state, staffId: query.staff }, query);
      ctx.looked({ kind: 'list.viewed', subject: 'keeps', body: { count: page.items.length } });
      return page;
    }),
});

const offers = defineRoute({
  method: 'GET',
  url: '/api/keeps/offers',
  name: 'listKeepOffers',
  summary: '本人可以申请列入名单的客户：由本人负责时未达贵宾，如今达到',
  permission: 'transfers.request',
  params: nothing,
  query: nothing,
  body: nothing,
  response: keepOffers,
  refusals: {},
  handler: async (ctx) => {
    const found = await offersFor(ctx);
    ctx.looked({ kind: 'list.viewed', subject: 'keep-offers', body: { count: found.items.length } });
    return found;
  },
});

const talent = defineRoute({
  method: 'GET',
  url: '/api/talent-pool',
  name: 'getTalentPool',
  summary: '人才库：名单上的贵宾达到五十户的柜员，以及其他柜员的进度',
  permission: 'transfers.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: talentSchema,
  refusals: {},
  handler: (ctx) => scoped(ctx.platform.app, ctx.person.scope, (tx) => talentPool(tx, ctx.person)),
});

function rowOf(ctx: Ctx, keepId: string): Promise<z.input<typeof keepRow> | undefined> {
  return scoped(
    ctx.platform.app,
    ctx.person.scope,
    async (tx) => (await listKeeps(tx, ctx.person, { keepId }, { limit: 1 })).items[0],
  );
}

const request = defineRoute({
  method: 'POST',
  url: '/api/keeps',
  name: 'askToKeep',
  summary: '柜员申请把由其培养为贵宾的客户列入名单，由网点负责人审批',
  permission: 'transfers.request',
  params: nothing,
  query: nothing,
  body: z.strictObject({ customerId: z.string().min(1).max(64), words: z.string().trim().min(2).max(200) }),
  response: keepRow,
  refusals: { 'not-found': 404, 'not-a-teller': 409, 'not-raised': 422, 'kept-already': 409 },
  handler: async (ctx, { body }) => (await rowOf(ctx, await askToKeep(ctx, body))) ?? refusedWith(...MISSING),
});

const step = defineRoute({
  method: 'POST',
  url: '/api/keeps/:id/step',
  name: 'stepKeep',
  summary: '柜员名单申请：同意、驳回或撤回；不能审批自己的申请',
  permission: 'transfers.request',
  params: z.strictObject({ id: z.string().max(64) }),
  query: nothing,
  body: z.strictObject({ action: z.enum(KEEP_ACTIONS), note: z.string().trim().max(200).default('') }),
  response: keepRow,
  refusals: { 'not-found': 404, 'not-yours-to-decide': 409 },
  handler: async (ctx, { params, body }) => {
    await stepKeep(ctx, { keepId: params.id, ...body });
    return (await rowOf(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

export const keepRoutes = [list, offers, talent, request, step];
