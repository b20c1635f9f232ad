import { z } from 'zod';
import { businessDate, isBusinessDate } from '../../../kernel/business-date.ts';
import { scoped, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { type runCounts, runDetail, runSummary, schemeRef } from '../contract.ts';
import { findRun, runPools } from '../reads/runs.ts';
import { applyRun, discardRun } from '../service/apply.ts';
import { basisSchema, changesOf, readBasis } from '../service/basis.ts';
import { findScheme, schemeById } from '../service/schemes.ts';
import { simulate } from '../service/simulate.ts';
import { detailOf, poolPeople, summariesOf, unitFilter } from './run-summary.ts';

const id = z.strictObject({ id: z.string().max(64) });
const day = z.string().refine(isBusinessDate).transform(businessDate);
const MISSING = ['run-unknown', '没有找到这次分户。', 'There is no such run.'] as const;

async function summaryOf(ctx: Ctx, runId: string): Promise<z.input<typeof runSummary> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const row = await findRun(tx, runId);
    return row && (await summariesOf(tx, ctx.person, [row]))[0];
  });
}

const detail = defineRoute({
  method: 'GET',
  url: '/api/runs/:id',
  name: 'getRun',
  summary: '一次分户：范围内或某一机构的结果、应用后会改变什么、试算后数据有无变化',
  permission: 'runs.read',
  params: id,
  query: z.strictObject({ unit: z.string().max(64).optional() }),
  body: nothing,
  response: runDetail,
  refusals: { 'run-unknown': 404 },
  handler: async (ctx, { params, query }) => {
    const found = await scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const row = await findRun(tx, params.id);
      const unit = await unitFilter(tx, ctx.person, query.unit);
      if (row === undefined || unit === 'missing') return undefined;
      const shown = await detailOf(tx, ctx.person, row, unit);
      // What applying writes does not depend on what is looked at.
      const all = unit === undefined ? shown : await detailOf(tx, ctx.person, row, undefined);
      return { shown, effect: all.totals && effectOf(all.totals, await runPools(tx, ctx.person.scope, params.id, {})) };
    });
    if (found === undefined) return refusedWith(...MISSING);
    const open = found.shown.state === 'simulated';
    const changes = open ? await unscoped(ctx.platform.worker, (tx) => changesSince(tx, params.id)) : [];
    return { ...found.shown, changes, effect: found.effect };
  },
});

function effectOf(totals: z.output<typeof runCounts>, pools: readonly { staff: unknown }[]) {
  const moved = totals.moved + totals.replaced;
  const staff = new Set(pools.flatMap((pool) => poolPeople.parse(pool.staff).map((person) => person.staffId))).size;
  return { opened: totals.fresh + moved, ended: moved + totals.released, staff };
}

/** What has changed under a simulation since it was made; counts and digests only, so the job's role may read it. */
async function changesSince(tx: Tx, runId: string) {
  const run = await findRun(tx, runId);
  const was = basisSchema.safeParse(run?.basis);
  if (run === undefined || !was.success) return [];
  const { digest } = await schemeById(tx, run.scheme_id);
  return changesOf(was.data, await readBasis(tx, digest, businessDate(run.business_date)));
}

const start = defineRoute({
  method: 'POST',
  url: '/api/runs',
  name: 'simulateRun',
  summary: '试算一次分户；别人看不到任何变化',
  permission: 'bank.runs',
  params: nothing,
  query: nothing,
  body: z.strictObject({
    schemeId: schemeRef,
    date: day.optional(),
    moveBudget: z.number().int().min(0).max(10_000_000).optional(),
  }),
  response: runSummary,
  refusals: { 'run-unknown': 404, 'scheme-unknown': 404, 'day-not-closed': 409 },
  handler: async (ctx, { body }) => {
    const { platform, actor } = ctx;
    const date = body.date ?? (await unscoped(platform.worker, lastClosedDay));
    if (date === undefined)
      return refusedWith(
        'day-not-closed',
        '还没有任何一天日终，不能分户。',
        'No day is closed yet, so nothing can be allocated.',
      );
    const scheme = await findScheme(platform, actor, body.schemeId);
    const runId = await simulate(platform, actor, { scheme, date, moveBudget: body.moveBudget });
    return (await summaryOf(ctx, runId)) ?? refusedWith(...MISSING);
  },
});

const apply = defineRoute({
  method: 'POST',
  url: '/api/runs/:id/apply',
  name: 'applyRun',
  summary: '应用一次分户；数据已变时拒绝并说明变了什么',
  permission: 'bank.runs',
  params: id,
  query: nothing,
  body: z.strictObject({ effectiveFrom: day.optional() }),
  response: runSummary,
  refusals: { 'run-unknown': 404, 'run-stale': 409 },
  handler: async (ctx, { params, body }) => {
    // An answer never repeats what was asked for.
    if ((await summaryOf(ctx, params.id)) === undefined) return refusedWith(...MISSING);
    await applyRun(ctx.platform, ctx.actor, { runId: params.id, effectiveFrom: body.effectiveFrom });
    return (await summaryOf(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const discard = defineRoute({
  method: 'POST',
  url: '/api/runs/:id/discard',
  name: 'discardRun',
  summary: '放弃一次试算',
  permission: 'bank.runs',
  params: id,
  query: nothing,
  body: nothing,
  response: z.object({ discarded: z.boolean() }),
  refusals: { 'run-unknown': 404 },
  handler: async (ctx, { params }) => {
    if ((await summaryOf(ctx, params.id)) === undefined) return refusedWith(...MISSING);
    await discardRun(ctx.platform, ctx.actor, params.id);
    return { discarded: true };
  },
});

export const runActionRoutes = [start, detail, apply, discard];
