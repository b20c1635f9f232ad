import { Readable } from 'node:stream';
import { z } from 'zod';
import { scoped, type Tx } from '../../platform/db/transaction.ts';
import { nothing } from '../../platform/http/page.ts';
import { type Ctx, defineFileRoute, defineRoute, refusedWith } from '../../platform/http/route.ts';
import { allUnits, type UnitRow, unitInScope } from '../coverage/index.ts';
import { actionList, actionStep, boardSchema, minutesInput, PACKS, packSchema } from './contract.ts';
import { packPdf } from './pdf.ts';
import { actionsOf } from './reads/actions.ts';
import { boardOf, packOf } from './reads/pack.ts';
import { stepAction } from './service/actions.ts';
import { keepMinutes } from './service/minutes.ts';

const asked = z.strictObject({
  unit: z.string().max(64).optional().describe('机构；默认本机构'),
  kind: z.enum(PACKS).default('week').describe('周例会或晨会'),
});
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

/** The unit that is asked for, when it lies in one's scope. */
async function unitOf(tx: Tx, { person }: Ctx, id: string | undefined): Promise<UnitRow | undefined> {
  const units = await allUnits(tx);
  return id === undefined ? units.get(person.unitId) : unitInScope(units, person.scope, id);
}

const board = defineRoute({
  method: 'GET',
  url: '/api/board',
  name: 'getBoard',
  summary: '网点看板：机构和各人的进度，不含客户信息',
  permission: 'follow-ups.team',
  params: nothing,
  query: asked,
  body: nothing,
  response: boardSchema,
  refusals: { 'not-found': 404 },
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const unit = await unitOf(tx, ctx, query.unit);
      return unit === undefined ? refusedWith(...MISSING) : boardOf(tx, unit, query.kind);
    }),
});

const packFor = (ctx: Ctx, query: z.output<typeof asked>) =>
  scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const unit = await unitOf(tx, ctx, query.unit);
    if (unit === undefined) return undefined;
    const pack = await packOf(tx, ctx.person, unit, query.kind, ctx.platform.now());
    const count = pack.complaints.length + pack.questions.length;
    ctx.looked({ kind: 'list.viewed', subject: 'meeting', body: { count, unit: unit.id, pack: query.kind } });
    return pack;
  });

const pack = defineRoute({
  method: 'GET',
  url: '/api/meeting',
  name: 'getMeetingPack',
  summary: '例会材料：资产、开户、升降级、客户疑问、各人进度',
  permission: 'follow-ups.team',
  params: nothing,
  query: asked,
  body: nothing,
  response: packSchema,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { query }) => (await packFor(ctx, query)) ?? refusedWith(...MISSING),
});

const pdf = defineFileRoute({
  url: '/api/meeting.pdf',
  name: 'getMeetingPdf',
  summary: '例会材料（PDF，一页）',
  permission: 'follow-ups.team',
  params: nothing,
  query: asked,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { query }) => {
    const found = await packFor(ctx, query);
    if (found === undefined) return refusedWith(...MISSING);
    const { name, staffId } = ctx.person;
    const bytes = await packPdf(found, query.kind, { by: `${name} ${staffId}`, at: ctx.platform.now() });
    const stream = Readable.from([bytes]);
    return { fileName: `例会材料-${found.unitName}-${found.day ?? ''}.pdf`, contentType: 'application/pdf', stream };
  },
});

const minute = defineRoute({
  method: 'POST',
  url: '/api/meeting/minutes',
  name: 'keepMinutes',
  summary: '记会议纪要并布置事项：记在最近日终日名下，不可修改',
  permission: 'transfers.decide',
  params: nothing,
  query: nothing,
  body: minutesInput,
  response: packSchema,
  refusals: { 'not-found': 404, 'no-day': 409, 'due-day': 422, 'not-theirs': 422 },
  handler: async (ctx, { body }) => {
    const unit = await scoped(ctx.platform.app, ctx.person.scope, (tx) => unitOf(tx, ctx, body.unit));
    if (unit === undefined) return refusedWith(...MISSING);
    await keepMinutes(ctx, unit, body);
    return (await packFor(ctx, body)) ?? refusedWith(...MISSING);
  },
});

const mine = defineRoute({
  method: 'GET',
  url: '/api/meeting/actions',
  name: 'listActions',
  summary: '会议布置给本人、还没有办完的事项',
  permission: 'follow-ups.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: actionList,
  refusals: {},
  handler: (ctx) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => ({
      items: await actionsOf(tx, ctx.person, ctx.platform.now()),
    })),
});

const step = defineRoute({
  method: 'POST',
  url: '/api/meeting/actions/:id/step',
  name: 'stepAction',
  summary: '会议布置的事项：办完，或由负责人撤销',
  permission: 'contacts.record',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: actionStep,
  response: z.object({ done: z.literal(true) }),
  refusals: { 'not-found': 404, 'not-possible': 409 },
  handler: async (ctx, { params, body }) => {
    await stepAction(ctx, params.id, body);
    return { done: true as const };
  },
});

export const MEETING_ROUTES = [minute, mine, step, board, pack, pdf];
