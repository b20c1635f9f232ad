import { z } from 'zod';
import { audit } from '../../../platform/audit/index.ts';
import { scoped } from '../../../platform/db/transaction.ts';
import { askedDay, nothing } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { seatSchema } from '../contract.ts';
import { batchOf, listBatches, sidesOf } from '../reads/transfer-batches.ts';
import { TRANSFER_ACTIONS, TRANSFER_REASON_IDS } from '../rules/transfer.ts';
import { checkBatch, decideBatch, requestBatch } from '../service/transfer-batches.ts';
import { batchCheckedSchema, batchDetail, batchesSchema } from '../transfer-contract.ts';
import { AGAINST, MISSING } from './transfers.ts';

/** More would keep the portfolios of a branch locked for too long at the approval. */
const ROWS_MAX = 500;
const row = z.strictObject({
  line: z.number().int().min(1).max(999_999),
  customerId: z.string().min(1).max(64),
  seat: seatSchema,
  toStaff: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .nullable(),
  reason: z.enum(TRANSFER_REASON_IDS),
  words: z.string().trim().min(1).max(500),
  on: askedDay.optional(),
});
const rows = z
  .array(row)
  .min(1)
  .max(ROWS_MAX)
  .refine((all) => new Set(all.map((one) => one.line)).size === all.length);
const id = z.strictObject({ id: z.string().max(64) });

function detail(ctx: Ctx, batchId: string): Promise<z.input<typeof batchDetail> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const found = await batchOf(tx, ctx.person, batchId);
    if (found !== undefined)
      await audit(tx, ctx.actor, { kind: 'list.viewed', subject: 'batch', body: { batch: batchId, count: found.items.length } });
    return found;
  });
}

const list = defineRoute({
  method: 'GET',
  url: '/api/transfer-batches',
  name: 'listTransferBatches',
  summary: '范围内的批量调户，新的在前',
  permission: 'transfers.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: batchesSchema,
  refusals: {},
  handler: (ctx) => scoped(ctx.platform.app, ctx.person.scope, async (tx) => ({ items: await listBatches(tx, ctx.person) })),
});

const get = defineRoute({
  method: 'GET',
  url: '/api/transfer-batches/:id',
  name: 'getTransferBatch',
  summary: '一批调户：每一笔、各人增减和下一步可做的事',
  permission: 'transfers.read',
  params: id,
  query: nothing,
  body: nothing,
  response: batchDetail,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await detail(ctx, params.id)) ?? refusedWith(...MISSING),
});

const check = defineRoute({
  method: 'POST',
  url: '/api/transfer-batches/check',
  name: 'checkTransferBatch',
  summary: '整批检查，不提交：每个问题行及原因，各人增减',
  permission: 'transfers.request',
  params: nothing,
  query: nothing,
  body: z.strictObject({ rows }),
  response: batchCheckedSchema,
  refusals: {},
  handler: async (ctx, { body }) => {
    const { problems, sides } = await checkBatch(ctx.platform, ctx, body.rows);
    return scoped(ctx.platform.app, ctx.person.scope, async (tx) => ({
      problems: [...problems],
      sides: await sidesOf(tx, sides),
    }));
  },
});

const request = defineRoute({
  method: 'POST',
  url: '/api/transfer-batches',
  name: 'requestTransferBatch',
  summary: '整批申请调户：一行有误则全部不提交',
  permission: 'transfers.request',
  params: nothing,
  query: nothing,
  body: z.strictObject({ fileName: z.string().trim().min(1).max(200), rows }),
  response: batchDetail,
  refusals: { ...AGAINST, 'batch-rows': 422 },
  handler: async (ctx, { body }) => {
    const batchId = await requestBatch(ctx.platform, ctx, body);
    return (await detail(ctx, batchId)) ?? refusedWith(...MISSING);
  },
});

const decide = defineRoute({
  method: 'POST',
  url: '/api/transfer-batches/:id/decide',
  name: 'decideTransferBatch',
  summary: '整批同意、驳回或撤回',
  permission: 'transfers.read',
  params: id,
  query: nothing,
  body: z.strictObject({ action: z.enum(TRANSFER_ACTIONS), note: z.string().trim().min(1).max(500).optional() }),
  response: batchDetail,
  refusals: { ...AGAINST, 'batch-rows': 409, 'note-missing': 422 },
  handler: async (ctx, { params, body }) => {
    if (body.action === 'reject' && body.note === undefined)
      return refusedWith('note-missing', '请写明驳回的原因。', 'Say why it is rejected.');
    await decideBatch(ctx.platform, ctx, { batchId: params.id, ...body });
    return (await detail(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

export const batchRoutes = [list, get, check, request, decide];
