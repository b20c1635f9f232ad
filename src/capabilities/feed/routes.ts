import { z } from 'zod';
import { businessDate, isBusinessDate } from '../../kernel/business-date.ts';
import type { Platform } from '../../platform/context.ts';
import { keyOfCursor, nothing, pageOf, pageQuery, toPage } from '../../platform/http/page.ts';
import {
  type AnyRoute,
  type Ctx,
  defineFileRoute,
  defineRoute,
  defineUploadRoute,
  refusedWith,
} from '../../platform/http/route.ts';
import { FEEDS, importSchema, undoPreviewSchema } from './contract.ts';
import { importById, listImports } from './reads.ts';
import { acceptImport, discardImport } from './service/accept.ts';
import type { Desk } from './service/desk.ts';
import { mendDownload } from './service/mend.ts';
import { receiveAndCheck } from './service/take.ts';
import { previewUndo, undoImport } from './service/undo.ts';

const byId = z.strictObject({ id: z.string().regex(/^[a-z-]{1,20}-\d{8}-[0-9a-f]{8}$/) });
const listQuery = pageQuery.extend({ feed: z.enum(FEEDS).optional() });
const flag = z.enum(['true', 'false']).default('false');
const uploadQuery = z.strictObject({
  date: z.custom<string>((text) => typeof text === 'string' && isBusinessDate(text)).optional(),
  delta: flag,
  holdUnknown: flag,
  tolerateBp: z.coerce.number().int().min(0).max(10_000).default(0),
});
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const UNKNOWN = { 'import-unknown': 404 } as const;
const DECIDED = { ...UNKNOWN, 'import-state': 409 } as const;
const UNDO = { ...UNKNOWN, 'undo-not-accepted': 409, 'undo-in-use': 409, 'undo-breaks': 409 } as const;

/** Those who see only a part of the bank see what became of a file, not the rows in it. */
async function showImport(ctx: Ctx, id: string): Promise<z.input<typeof importSchema> | undefined> {
  const record = await importById(ctx.platform.app, ctx.platform.secrets, id);
  return record && !ctx.person.wholeBank ? { ...record, problems: [] } : record;
}

/** The routes of feeds: sending, looking, deciding, taking back. */
export function feedRoutes(deskOf: (platform: Platform) => Desk): readonly AnyRoute[] {
  return [...readRoutes(deskOf), ...writeRoutes(deskOf)];
}

function readRoutes(deskOf: (platform: Platform) => Desk): readonly AnyRoute[] {
  return [
    defineRoute({
      method: 'GET',
      url: '/api/feeds',
      name: 'listFeeds',
      summary: '报送文件，最近的在前',
      permission: 'feeds.read',
      params: nothing,
      query: listQuery,
      body: nothing,
      response: pageOf(importSchema),
      refusals: {},
      handler: async (ctx, { query }) => {
        const before = keyOfCursor(query.after, z.tuple([z.number()]))?.[0];
        const found = await listImports(ctx.platform.app, before, query.limit + 1, query.feed);
        const page = toPage(found, query.limit, ({ seq }) => [seq]);
        return { items: page.items.map(({ record }) => record), next: page.next };
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/feeds/:id',
      name: 'getFeed',
      summary: '一次导入：状态、进度、影响、错误',
      permission: 'feeds.read',
      params: byId,
      query: nothing,
      body: nothing,
      response: importSchema,
      refusals: UNKNOWN,
      handler: async (ctx, { params }) =>
        (await showImport(ctx, params.id)) ?? refusedWith('import-unknown', '没有这次导入。', 'There is no such import.'),
    }),
    defineRoute({
      method: 'GET',
      url: '/api/feeds/:id/undo-preview',
      name: 'previewFeedUndo',
      summary: '撤回这次导入会改变什么',
      permission: 'bank.feeds',
      params: byId,
      query: nothing,
      body: nothing,
      response: undoPreviewSchema,
      refusals: UNDO,
      handler: (ctx, { params }) => previewUndo(deskOf(ctx.platform), params.id),
    }),
    defineFileRoute({
      url: '/api/feeds/:id/rejects.xlsx',
      name: 'downloadFeedRejects',
      summary: '错误行工作簿，改好后可直接再报送',
      permission: 'bank.feeds',
      params: byId,
      query: nothing,
      refusals: { ...UNKNOWN, 'no-rejects': 404 },
      handler: async (ctx, { params }) => {
        const { fileName, stream } = await mendDownload(deskOf(ctx.platform), params.id);
        return { fileName, contentType: XLSX, stream };
      },
    }),
  ];
}

function writeRoutes(deskOf: (platform: Platform) => Desk): readonly AnyRoute[] {
  const decide = {
    method: 'POST',
    permission: 'bank.feeds',
    params: byId,
    query: nothing,
    body: nothing,
    response: importSchema,
  } as const;
  return [
    defineUploadRoute({
      url: '/api/feeds',
      name: 'sendFeed',
      summary: '报送一个文件：先检查并说明影响，确认后才入库；control 为它的控制文件（.ctl）',
      permission: 'bank.feeds',
      query: uploadQuery,
      response: z.object({ importId: z.string(), unchanged: z.boolean() }),
      refusals: { 'feed-name': 422, 'part-unknown': 422, 'part-too-large': 422 },
      handler: async (ctx, { query, file }) => {
        const { received } = await receiveAndCheck(deskOf(ctx.platform), ctx.actor, {
          fileName: file.fileName,
          stream: file.stream,
          control: file.beside,
          date: query.date === undefined ? undefined : businessDate(query.date),
          delta: query.delta === 'true' ? true : undefined,
          options: { tolerateBp: query.tolerateBp, holdUnknown: query.holdUnknown === 'true', direct: false },
        });
        return { importId: received.importId, unchanged: received.unchanged };
      },
    }),
    defineRoute({
      ...decide,
      url: '/api/feeds/:id/accept',
      name: 'acceptFeed',
      summary: '确认入库',
      refusals: { ...DECIDED, 'import-outdated': 409, 'day-taken': 409 },
      handler: (ctx, { params }) => acceptImport(deskOf(ctx.platform), ctx.actor, params.id),
    }),
    defineRoute({
      ...decide,
      url: '/api/feeds/:id/discard',
      name: 'discardFeed',
      summary: '丢弃，不入库',
      refusals: DECIDED,
      handler: (ctx, { params }) => discardImport(deskOf(ctx.platform), ctx.actor, params.id),
    }),
    defineRoute({
      ...decide,
      url: '/api/feeds/:id/undo',
      name: 'undoFeed',
      summary: '撤回已入库的导入',
      refusals: { ...UNDO, ...DECIDED },
      handler: (ctx, { params }) => undoImport(deskOf(ctx.platform), ctx.actor, params.id),
    }),
  ];
}
