import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { audit } from '../../../platform/audit/index.ts';
import { scoped } from '../../../platform/db/transaction.ts';
import { nothing, pageQuery } from '../../../platform/http/page.ts';
import { type Ctx, defineFileRoute, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { exportRow, exportsPage } from '../contract.ts';
import { listExports, toExportRows } from '../reads/exports.ts';
import { EXPORT_KINDS, EXPORT_PURPOSE_IDS } from '../rules/export.ts';
import { decideExport, requestExport, takeExport } from '../service/exports.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;
const id = z.strictObject({ id: z.string().max(64) });
const note = z.string().trim().min(1).max(500);

const AGAINST = {
  'not-found': 404,
  'export-over': 409,
  'export-decided': 409,
  'export-grown': 409,
  'not-yours-to-decide': 409,
  'export-quota': 429,
} as const;

const list = defineRoute({
  method: 'GET',
  url: '/api/exports',
  name: 'listExports',
  summary: '导出申请：本人的，以及范围内的，新的在前',
  permission: 'exports.make',
  params: nothing,
  query: pageQuery.extend({ waiting: z.literal('yes').optional().describe('只看待审批的 / only those that wait') }),
  body: nothing,
  response: exportsPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const page = await listExports(tx, ctx.person, { waiting: query.waiting === 'yes' }, query);
      await audit(tx, ctx.actor, { kind: 'list.viewed', subject: 'exports', body: { count: page.items.length } });
      return { items: await toExportRows(tx, ctx.person, page.items, ctx.platform.now()), next: page.next };
    }),
});

function rowOf(ctx: Ctx, exportId: string): Promise<z.input<typeof exportRow> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const { items } = await listExports(tx, ctx.person, { exportId }, { limit: 1 });
    return (await toExportRows(tx, ctx.person, items, ctx.platform.now()))[0];
  });
}

const detail = defineRoute({
  method: 'GET',
  url: '/api/exports/:id',
  name: 'getExport',
  summary: '一笔导出申请和下一步可做的事',
  permission: 'exports.make',
  params: id,
  query: nothing,
  body: nothing,
  response: exportRow,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await rowOf(ctx, params.id)) ?? refusedWith(...MISSING),
});

const request = defineRoute({
  method: 'POST',
  url: '/api/exports',
  name: 'requestExport',
  summary: '申请导出：须说明用途；超过 1,000 行由另一人审批',
  permission: 'exports.make',
  params: nothing,
  query: nothing,
  body: z.strictObject({
    kind: z.enum(EXPORT_KINDS),
    subject: z
      .string()
      .min(1)
      .max(64)
      .describe(
        '员工号（某一天的：员工号@日期）、分户编号、交接编号、客群编号，台账的月份（某类产品：月份@类别）或 all / a staff number (as of a day: number@day), a run, a handover, a group, a month of a ledger (of a kind of product: month@category), or all',
      ),
    unit: z.string().max(64).optional().describe('分户结果只取该机构 / of a run, only this unit'),
    purpose: z.enum(EXPORT_PURPOSE_IDS),
    words: z.string().trim().min(4).max(200),
  }),
  response: exportRow,
  refusals: AGAINST,
  handler: async (ctx, { body: { unit, ...wish } }) => {
    const exportId = await requestExport(ctx, { ...wish, unitId: unit ?? null });
    return (await rowOf(ctx, exportId)) ?? refusedWith(...MISSING);
  },
});

async function decide(ctx: Ctx, action: 'approve' | 'reject' | 'withdraw', exportId: string, text?: string) {
  await decideExport(ctx, { exportId, action, note: text });
  return (await rowOf(ctx, exportId)) ?? refusedWith(...MISSING);
}

const approve = defineRoute({
  method: 'POST',
  url: '/api/exports/:id/approve',
  name: 'approveExport',
  summary: '同意导出：申请人可在 24 小时内领取一次',
  permission: 'exports.approve',
  params: id,
  query: nothing,
  body: z.strictObject({ note: note.optional() }),
  response: exportRow,
  refusals: AGAINST,
  handler: (ctx, { params, body }) => decide(ctx, 'approve', params.id, body.note),
});

const reject = defineRoute({
  method: 'POST',
  url: '/api/exports/:id/reject',
  name: 'rejectExport',
  summary: '驳回导出，说明原因',
  permission: 'exports.approve',
  params: id,
  query: nothing,
  body: z.strictObject({ note }),
  response: exportRow,
  refusals: AGAINST,
  handler: (ctx, { params, body }) => decide(ctx, 'reject', params.id, body.note),
});

const withdraw = defineRoute({
  method: 'POST',
  url: '/api/exports/:id/withdraw',
  name: 'withdrawExport',
  summary: '撤回本人的导出申请',
  permission: 'exports.make',
  params: id,
  query: nothing,
  body: nothing,
  response: exportRow,
  refusals: AGAINST,
  handler: (ctx, { params }) => decide(ctx, 'withdraw', params.id),
});

const file = defineFileRoute({
  url: '/api/exports/:id/file.xlsx',
  name: 'fetchExport',
  summary: '领取导出的文件：仅一次，带水印',
  permission: 'exports.make',
  params: id,
  query: nothing,
  refusals: AGAINST,
  handler: async (ctx, { params }) => {
    const { fileName, file: made } = await takeExport(ctx, params.id);
    const stream = createReadStream(made.path);
    stream.on('close', () => void made.drop());
    return { fileName, contentType: XLSX, stream };
  },
});

export const exportRoutes = [list, detail, request, approve, reject, withdraw, file];
