import { z } from 'zod';
import { businessDate } from '../../../kernel/business-date.ts';
import { scoped } from '../../../platform/db/transaction.ts';
import { askedDay, nothing, pageQuery } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { handoverDetail, handoverItems as handoverItemsPage, handoverSuccessors, handoversPage } from '../handover-contract.ts';
import {
  findHandover,
  HANDOVER_FILTERS,
  handoverDetailOf,
  handoverItems,
  listHandovers,
  toHandoverItem,
  toHandoverRow,
  viewOfHandovers,
  viewOfItems,
} from '../reads/handovers.ts';
import { HANDOVER_KINDS } from '../rules/handover.ts';
import { successorsOf } from '../service/handover-successors.ts';
import {
  approveHandover,
  returnHandover,
  signHandover,
  splitHandover,
  startHandover,
  withdrawHandover,
} from '../service/handovers.ts';

const id = z.strictObject({ id: z.string().max(64) });
const staffId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/);
const day = askedDay;
const words = z.string().trim().min(1).max(500);
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

/** What the rule or the state says against a step. */
const AGAINST = {
  'not-found': 404,
  'handover-open': 409,
  'handover-decided': 409,
  'handover-outdated': 409,
  'not-yours-to-do': 409,
  'portfolio-full': 409,
  'portfolios-busy': 409,
  'no-scheme': 409,
  'nothing-to-hand-over': 422,
  'own-portfolio': 422,
  'absence-dates': 422,
} as const;

const list = defineRoute({
  method: 'GET',
  url: '/api/handovers',
  name: 'listHandovers',
  summary: '范围内的交接和本人参与的交接，新的在前',
  permission: 'transfers.read',
  params: nothing,
  query: pageQuery.extend({ state: z.enum(HANDOVER_FILTERS).optional() }),
  body: nothing,
  response: handoversPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const now = ctx.platform.now();
      const page = await listHandovers(tx, { scope: ctx.person.scope, now }, query.state, query);
      const view = await viewOfHandovers(tx, page.items);
      return { items: page.items.map((row) => toHandoverRow(view, ctx.person, row, now)), next: page.next };
    }),
});

function detailOf(ctx: Ctx, handoverId: string): Promise<z.input<typeof handoverDetail> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const now = ctx.platform.now();
    const row = await findHandover(tx, ctx.person.scope, now, handoverId);
    return row && handoverDetailOf(tx, ctx.person, row, now);
  });
}

const detail = defineRoute({
  method: 'GET',
  url: '/api/handovers/:id',
  name: 'getHandover',
  summary: '一笔交接：各步骤、各接收人的户数和下一步可做的事',
  permission: 'transfers.read',
  params: id,
  query: nothing,
  body: nothing,
  response: handoverDetail,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await detailOf(ctx, params.id)) ?? refusedWith(...MISSING),
});

const items = defineRoute({
  method: 'GET',
  url: '/api/handovers/:id/items',
  name: 'listHandoverItems',
  summary: '交接清单：逐户的接收人，资产从高到低',
  permission: 'transfers.read',
  params: id,
  query: pageQuery.extend({
    to: z.string().max(64).optional().describe('接收人员工号；nobody：无人可接 / a successor, or nobody'),
  }),
  body: nothing,
  response: handoverItemsPage,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params, query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const row = await findHandover(tx, ctx.person.scope, ctx.platform.now(), params.id);
      if (row === undefined) return refusedWith(...MISSING);
      const page = await handoverItems(tx, ctx.person.scope, { handoverId: params.id, to: query.to }, query);
      const view = await viewOfItems(tx, page.items);
      ctx.looked({ kind: 'list.viewed', subject: `handover:${params.id}`, body: { count: page.items.length } });
      return { items: page.items.map((item) => toHandoverItem(view, item)), next: page.next };
    }),
});

const successors = defineRoute({
  method: 'GET',
  url: '/api/handovers/:id/successors',
  name: 'listSuccessors',
  summary: '按席位规则可以接手的人、能接的户数和现有户数',
  permission: 'transfers.decide',
  params: id,
  query: nothing,
  body: nothing,
  response: handoverSuccessors,
  refusals: { 'not-found': 404, 'no-scheme': 409 },
  handler: async (ctx, { params }) => {
    const row = await scoped(ctx.platform.app, ctx.person.scope, (tx) =>
      findHandover(tx, ctx.person.scope, ctx.platform.now(), params.id),
    );
    return row === undefined ? refusedWith(...MISSING) : { items: await successorsOf(ctx.platform, row.staff_id) };
  },
});

const start = defineRoute({
  method: 'POST',
  url: '/api/handovers',
  name: 'startHandover',
  summary: '发起交接：自此该管户包冻结',
  permission: 'transfers.decide',
  params: nothing,
  query: nothing,
  body: z.strictObject({
    staffId,
    kind: z.enum(HANDOVER_KINDS),
    onDate: day.describe('最后在岗日，或离岗首日 / the last day, or the first of the absence'),
    backOn: day.optional().describe('返岗日期，仅长期离岗 / day of return, of an absence only'),
    words,
  }),
  response: handoverDetail,
  refusals: AGAINST,
  handler: async (ctx, { body }) => {
    const { onDate, backOn, ...rest } = body;
    const wish = { ...rest, onDate: businessDate(onDate), backOn: backOn === undefined ? undefined : businessDate(backOn) };
    return (await detailOf(ctx, await startHandover(ctx.platform, ctx, wish))) ?? refusedWith(...MISSING);
  },
});

const split = defineRoute({
  method: 'POST',
  url: '/api/handovers/:id/split',
  name: 'splitHandover',
  summary: '拆分管户包：按席位规则、上限和均衡分给接收人；此前的拆分和签字作废',
  permission: 'transfers.decide',
  params: id,
  query: nothing,
  body: z.strictObject({
    successors: z
      .array(staffId)
      .min(1)
      .max(200)
      .optional()
      .describe('只分给这些人；省略即所有可接的人 / only these; all when left out'),
    oftenWords: words
      .optional()
      .describe('近期已多次换管户人的客户仍要移交的理由；省略则不移交 / why those who changed hands too often go too'),
  }),
  response: handoverDetail,
  refusals: AGAINST,
  handler: async (ctx, { params, body }) => {
    await splitHandover(ctx.platform, ctx, { handoverId: params.id, ...body });
    return (await detailOf(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const sign = defineRoute({
  method: 'POST',
  url: '/api/handovers/:id/sign',
  name: 'signHandover',
  summary: '签字：移交人、接收人各签各的；移交人已离岗的，由负责人代签',
  permission: 'transfers.read',
  params: id,
  query: nothing,
  body: z.strictObject({ forOwner: z.literal(true).optional().describe('代移交人签 / for an owner who is gone') }),
  response: handoverDetail,
  refusals: AGAINST,
  handler: async (ctx, { params, body }) => {
    await signHandover(ctx.platform, ctx, { handoverId: params.id, action: body.forOwner === true ? 'sign-for' : 'sign' });
    return (await detailOf(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const approve = defineRoute({
  method: 'POST',
  url: '/api/handovers/:id/approve',
  name: 'approveHandover',
  summary: '审批交接：全部客户当即一并移交，上限以数据库为准',
  permission: 'transfers.decide',
  params: id,
  query: nothing,
  body: nothing,
  response: handoverDetail,
  refusals: AGAINST,
  handler: async (ctx, { params }) => {
    await approveHandover(ctx.platform, ctx, params.id);
    return (await detailOf(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const withdraw = defineRoute({
  method: 'POST',
  url: '/api/handovers/:id/withdraw',
  name: 'withdrawHandover',
  summary: '撤回未审批的交接，管户包解冻',
  permission: 'transfers.decide',
  params: id,
  query: nothing,
  body: nothing,
  response: handoverDetail,
  refusals: AGAINST,
  handler: async (ctx, { params }) => {
    await withdrawHandover(ctx.platform, ctx, params.id);
    return (await detailOf(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const giveBack = defineRoute({
  method: 'POST',
  url: '/api/handovers/:id/return',
  name: 'returnHandover',
  summary: '返岗交还：把仍由接收人管户的客户交还本人',
  permission: 'transfers.decide',
  params: id,
  query: nothing,
  body: nothing,
  response: handoverDetail,
  refusals: AGAINST,
  handler: async (ctx, { params }) => {
    await returnHandover(ctx.platform, ctx, params.id);
    return (await detailOf(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

export const handoverRoutes = [list, detail, items, successors, start, split, sign, approve, withdraw, giveBack];
