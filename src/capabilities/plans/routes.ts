import { z } from 'zod';
import { scoped, type Tx } from '../../platform/db/transaction.ts';
import { nothing } from '../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../platform/http/route.ts';
import { allUnits, type UnitRow, unitInScope } from '../coverage/index.ts';
import { askedPeriod, metric, minePlans, planInput, planPreview, planSchema, teamInput, teamList } from './contract.ts';
import { mineOf, planOf } from './reads/plan.ts';
import type { Metric } from './rules/metric.ts';
import { parsePeriod } from './rules/period.ts';
import { previewPlan, putInForce } from './service/plans.ts';
import { endTeam, makeTeam, teamsOf } from './service/teams.ts';

const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;
const unit = z.string().max(64).optional().describe('机构；默认本机构');

/** The unit that is asked for, when it lies in one's scope. */
async function unitOf(tx: Tx, { person }: Ctx, id: string | undefined): Promise<UnitRow | undefined> {
  return unitInScope(await allUnits(tx), person.scope, id ?? person.unitId);
}

function planNow(ctx: Ctx, asked: { unit?: string | undefined; metric: Metric; period: string }) {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const found = await unitOf(tx, ctx, asked.unit);
    const period = parsePeriod(asked.period);
    if (found === undefined || period === undefined) return undefined;
    return planOf(ctx.platform, tx, ctx.person, found, asked.metric, period);
  });
}

const plan = defineRoute({
  method: 'GET',
  url: '/api/plans',
  name: 'getPlan',
  summary: '计划：一个机构某指标某期间的目标、完成和应达进度',
  permission: 'follow-ups.team',
  params: nothing,
  query: z.strictObject({ unit, metric, period: askedPeriod }),
  body: nothing,
  response: planSchema,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { query }) => (await planNow(ctx, query)) ?? refusedWith(...MISSING),
});

const preview = defineRoute({
  method: 'POST',
  url: '/api/plans/preview',
  name: 'previewPlan',
  summary: '计划试算：按份额或去年同期加增幅分解，手工调整后其余自动平衡，不保存',
  permission: 'transfers.decide',
  params: nothing,
  query: nothing,
  body: planInput,
  response: planPreview,
  refusals: { 'not-found': 404, 'plan-unfit': 422 },
  handler: (ctx, { body }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const found = await unitOf(tx, ctx, body.unit);
      return found === undefined ? refusedWith(...MISSING) : previewPlan(ctx, tx, found, body);
    }),
});

const make = defineRoute({
  method: 'POST',
  url: '/api/plans',
  name: 'makePlan',
  summary: '下达计划：替换同机构同指标同期间的原计划，原计划保留',
  permission: 'transfers.decide',
  params: nothing,
  query: nothing,
  body: planInput,
  response: planSchema,
  refusals: { 'not-found': 404, 'plan-unfit': 422 },
  handler: async (ctx, { body }) => {
    const found = await scoped(ctx.platform.app, ctx.person.scope, (tx) => unitOf(tx, ctx, body.unit));
    if (found === undefined) return refusedWith(...MISSING);
    await putInForce(ctx, found, body);
    return (await planNow(ctx, body)) ?? refusedWith(...MISSING);
  },
});

const mine = defineRoute({
  method: 'GET',
  url: '/api/plans/mine',
  name: 'listMyPlans',
  summary: '本人的计划进度',
  permission: 'follow-ups.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: minePlans,
  refusals: {},
  handler: (ctx) => scoped(ctx.platform.app, ctx.person.scope, (tx) => mineOf(ctx.platform, tx, ctx.person)),
});

function teamsNow(ctx: Ctx, id: string | undefined) {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const found = await unitOf(tx, ctx, id);
    return found && teamsOf(tx, ctx, found);
  });
}

const teams = defineRoute({
  method: 'GET',
  url: '/api/plan-teams',
  name: 'listPlanTeams',
  summary: '小组和组长',
  permission: 'follow-ups.team',
  params: nothing,
  query: z.strictObject({ unit }),
  body: nothing,
  response: teamList,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { query }) => (await teamsNow(ctx, query.unit)) ?? refusedWith(...MISSING),
});

const formTeam = defineRoute({
  method: 'POST',
  url: '/api/plan-teams',
  name: 'makePlanTeam',
  summary: '设立小组：组长和组员须为本机构人员',
  permission: 'transfers.decide',
  params: nothing,
  query: nothing,
  body: teamInput,
  response: teamList,
  refusals: { 'not-found': 404, 'team-unfit': 422 },
  handler: async (ctx, { body }) => {
    const found = await scoped(ctx.platform.app, ctx.person.scope, (tx) => unitOf(tx, ctx, body.unit));
    if (found === undefined) return refusedWith(...MISSING);
    await makeTeam(ctx, found, body);
    return (await teamsNow(ctx, body.unit)) ?? refusedWith(...MISSING);
  },
});

const dissolve = defineRoute({
  method: 'POST',
  url: '/api/plan-teams/:id/end',
  name: 'endPlanTeam',
  summary: '撤销小组',
  permission: 'transfers.decide',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  response: teamList,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await teamsNow(ctx, await endTeam(ctx, params.id))) ?? refusedWith(...MISSING),
});

export const PLAN_ROUTES = [plan, preview, make, mine, teams, formTeam, dissolve];
