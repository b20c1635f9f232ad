import { z } from 'zod';
import { openCustomer, scoped } from '../../../platform/db/transaction.ts';
import { askedDay, nothing, pageQuery } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { seatSchema } from '../contract.ts';
import { findCustomer } from '../reads/customers.ts';
import {
  candidatesOf,
  findTransfer,
  listTransfers,
  TRANSFER_FILTERS,
  toTransferRow,
  transferDetailOf,
  viewOfTransfers,
} from '../reads/transfers.ts';
import { TRANSFER_REASON_IDS, type TransferAction } from '../rules/transfer.ts';
import { decideTransfer, requestTransfer } from '../service/transfers.ts';
import { candidatesSchema, transferDetail, transfersPage } from '../transfer-contract.ts';

const id = z.strictObject({ id: z.string().max(64) });
const staffId = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/);
const note = z.string().trim().min(1).max(500);
export const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

/** What the rule or the state says against a request or a decision. */
export const AGAINST = {
  'not-found': 404,
  'transfer-open': 409,
  'transfer-decided': 409,
  'transfer-outdated': 409,
  'not-yours-to-decide': 409,
  'portfolios-busy': 409,
  'portfolio-frozen': 409,
  'no-scheme': 409,
  'customer-gone': 409,
  'in-batch': 409,
  'portfolio-full': 409,
  'same-manager': 422,
  'has-other-seat': 422,
  'not-in-pool': 422,
  'day-not-coming': 422,
  left: 422,
  'wrong-role': 422,
  'wrong-group': 422,
  'no-such-seat': 422,
  'no-home-outlet': 422,
  'must-be-covered': 422,
  'nobody-there': 422,
} as const;

const list = defineRoute({
  method: 'GET',
  url: '/api/transfers',
  name: 'listTransfers',
  summary: '范围内的调户，新的在前',
  permission: 'transfers.read',
  params: nothing,
  query: pageQuery.extend({
    state: z.enum(TRANSFER_FILTERS).optional(),
    mine: z.literal('yes').optional().describe('只看本人发起的 / only what one asked for'),
  }),
  body: nothing,
  response: transfersPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const page = await listTransfers(tx, ctx.person.scope, { state: query.state, mine: query.mine === 'yes' }, query);
      const view = await viewOfTransfers(tx, page.items);
      ctx.looked({ kind: 'list.viewed', subject: 'transfers', body: { count: page.items.length } });
      return { items: page.items.map((row) => toTransferRow(view, ctx.person, row)), next: page.next };
    }),
});

/** One transfer as its reader sees it; undefined when there is none in the scope. Looking at it is looking at the customer. */
export function detailOf(ctx: Ctx, transferId: string): Promise<z.input<typeof transferDetail> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const row = await findTransfer(tx, ctx.person.scope, transferId);
    if (row === undefined) return undefined;
    if (row.name !== null) await openCustomer(tx, row.customer_id);
    ctx.looked({
      kind: 'customer.viewed',
      subject: row.customer_id,
      customerId: row.customer_id,
      body: { part: 'transfer', transfer: transferId },
    });
    return transferDetailOf(tx, ctx.person, row, ctx.platform.now());
  });
}

const detail = defineRoute({
  method: 'GET',
  url: '/api/transfers/:id',
  name: 'getTransfer',
  summary: '一笔调户：双方户数、上限和下一步可做的事',
  permission: 'transfers.read',
  params: id,
  query: nothing,
  body: nothing,
  response: transferDetail,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await detailOf(ctx, params.id)) ?? refusedWith(...MISSING),
});

const request = defineRoute({
  method: 'POST',
  url: '/api/transfers',
  name: 'requestTransfer',
  summary: '申请调户：由另一人审批后生效',
  permission: 'transfers.request',
  params: nothing,
  query: nothing,
  body: z.strictObject({
    customerId: z.string().min(1).max(64),
    seat: seatSchema,
    toStaff: staffId.nullable().describe('null：解除管户 / releases the customer'),
    reason: z.enum(TRANSFER_REASON_IDS),
    words: note,
    evidence: note.optional(),
    on: askedDay.optional().describe('从哪一天起，不填则同意后当即 / from which coming day'),
  }),
  response: transferDetail,
  refusals: AGAINST,
  handler: async (ctx, { body }) => {
    const transferId = await requestTransfer(ctx.platform, ctx, body);
    return (await detailOf(ctx, transferId)) ?? refusedWith(...MISSING);
  },
});

/** One of the three ways on; the answer is the transfer as it is afterwards. */
async function decide(ctx: Ctx, action: TransferAction, transferId: string, text: string | undefined) {
  await decideTransfer(ctx.platform, ctx, { transferId, action, note: text });
  return (await detailOf(ctx, transferId)) ?? refusedWith(...MISSING);
}

const approve = defineRoute({
  method: 'POST',
  url: '/api/transfers/:id/approve',
  name: 'approveTransfer',
  summary: '同意调户：当即变更管户关系，上限以数据库为准',
  permission: 'transfers.decide',
  params: id,
  query: nothing,
  body: z.strictObject({ note: note.optional() }),
  response: transferDetail,
  refusals: AGAINST,
  handler: (ctx, { params, body }) => decide(ctx, 'approve', params.id, body.note),
});

const reject = defineRoute({
  method: 'POST',
  url: '/api/transfers/:id/reject',
  name: 'rejectTransfer',
  summary: '驳回调户，说明原因',
  permission: 'transfers.decide',
  params: id,
  query: nothing,
  body: z.strictObject({ note }),
  response: transferDetail,
  refusals: AGAINST,
  handler: (ctx, { params, body }) => decide(ctx, 'reject', params.id, body.note),
});

const withdraw = defineRoute({
  method: 'POST',
  url: '/api/transfers/:id/withdraw',
  name: 'withdrawTransfer',
  summary: '撤回本人的调户申请',
  permission: 'transfers.request',
  params: id,
  query: nothing,
  body: nothing,
  response: transferDetail,
  refusals: AGAINST,
  handler: (ctx, { params }) => decide(ctx, 'withdraw', params.id, undefined),
});

const candidates = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/candidates',
  name: 'listCandidates',
  summary: '可以接管该客户席位的人、各自户数和上限',
  permission: 'transfers.request',
  params: id,
  query: z.strictObject({ seat: seatSchema.default('lead') }),
  body: nothing,
  response: candidatesSchema,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params, query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const found = await findCustomer(tx, ctx.person.scope, params.id);
      if (found === undefined) return refusedWith(...MISSING);
      ctx.looked({
        kind: 'customer.viewed',
        subject: found.customer_id,
        customerId: found.customer_id,
        body: { part: 'candidates' },
      });
      return candidatesOf(tx, found, query.seat, ctx.platform.now());
    }),
});

export const transferRoutes = [list, detail, request, approve, reject, withdraw, candidates];
