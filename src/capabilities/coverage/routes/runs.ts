import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import { scoped } from '../../../platform/db/transaction.ts';
import { nothing, pageQuery } from '../../../platform/http/page.ts';
import { defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { decisionsPage, RUN_KINDS, runPool, runsPage } from '../contract.ts';
import { allUnits, staffRefOf, staffRefs, unitRefOf } from '../reads/refs.ts';
import { DECISION_KINDS, findRun, listRuns, runDecisions, runPools } from '../reads/runs.ts';
import { schemeViewById } from '../reads/schemes.ts';
import { reasonWords, remedyWords } from '../reads/words.ts';
import { poolPeople, summariesOf, unitFilter } from './run-summary.ts';

const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;
const runId = z.strictObject({ id: z.string().max(64) });
const list = defineRoute({
  method: 'GET',
  url: '/api/runs',
  name: 'listRuns',
  summary: '分户记录，新的在前；合计只算范围内的机构',
  permission: 'runs.read',
  params: nothing,
  query: pageQuery.extend({
    kind: z.enum(RUN_KINDS).optional().describe('全面分户或每晚调整；不填则都列 / full runs or nightly ones'),
  }),
  body: nothing,
  response: runsPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const page = await listRuns(tx, query.kind, query);
      return { items: await summariesOf(tx, ctx.person, page.items), next: page.next };
    }),
});

const pools = defineRoute({
  method: 'GET',
  url: '/api/runs/:id/pools',
  name: 'listRunPools',
  summary: '一次分户的池：每人分前、分后、上限',
  permission: 'runs.read',
  params: runId,
  query: z.strictObject({ unit: z.string().max(64).optional(), band: z.coerce.number().int().optional() }),
  body: nothing,
  response: z.object({ items: z.array(runPool) }),
  refusals: { 'not-found': 404 },
  handler: (ctx, { params, query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const run = await findRun(tx, params.id);
      const unit = await unitFilter(tx, ctx.person, query.unit);
      if (run === undefined || unit === 'missing') return refusedWith(...MISSING);
      const rows = await runPools(tx, ctx.person.scope, params.id, { unit, band: query.band });
      const people = rows.map((row) => poolPeople.parse(row.staff));
      const staff = await staffRefs(
        tx,
        people.flat().map((person) => person.staffId),
      );
      const units = await allUnits(tx);
      const scheme = await schemeViewById(tx, run.scheme_id);
      return {
        items: rows.map((row, i) => ({
          poolNo: row.pool_no,
          unit: unitRefOf(units, row.unit_id) ?? { id: row.unit_id, name: row.unit_id, level: '' },
          band: row.band,
          bandTitle: scheme?.bands[row.band]?.title ?? { zh: '', en: '' },
          seat: row.seat === 'joint' ? ('joint' as const) : ('lead' as const),
          customers: row.customers,
          covered: row.covered,
          uncovered: row.uncovered,
          kept: row.kept,
          moved: row.moved,
          fresh: row.fresh,
          staffNeeded: row.staff_needed,
          overInitial: row.over_initial,
          staff: (people[i] ?? []).map(({ staffId, ...counts }) => ({
            staffId,
            name: staffId,
            role: '',
            unitName: '',
            ...staff.get(staffId),
            ...counts,
          })),
        })),
      };
    }),
});

const decisions = defineRoute({
  method: 'GET',
  url: '/api/runs/:id/decisions',
  name: 'listRunDecisions',
  summary: '一次分户的逐户结果：待安排、变动、新增、解除、沿用',
  permission: 'runs.read',
  params: runId,
  query: pageQuery.extend({
    kind: z.enum(DECISION_KINDS),
    unit: z.string().max(64).optional(),
    band: z.coerce.number().int().optional(),
    reason: z.string().max(40).optional(),
  }),
  body: nothing,
  response: decisionsPage,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params, query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const run = await findRun(tx, params.id);
      const unit = await unitFilter(tx, ctx.person, query.unit);
      if (run === undefined || unit === 'missing') return refusedWith(...MISSING);
      const page = await runDecisions(tx, ctx.person.scope, params.id, { ...query, unit }, query);
      const staff = await staffRefs(
        tx,
        page.items.flatMap((row) => [row.before_staff, row.staff_id]),
      );
      const units = await allUnits(tx);
      const scheme = await schemeViewById(tx, run.scheme_id);
      return {
        items: page.items.map((row) => ({
          customerId: row.customer_id,
          name: maskName(row.name ?? ''),
          seat: row.seat === 'joint' ? ('joint' as const) : ('lead' as const),
          bandTitle: scheme?.bands[row.band]?.title ?? { zh: '无席位层级', en: 'No seat' },
          outlet: unitRefOf(units, row.outlet_id),
          averageFen: row.average_fen,
          before: staffRefOf(staff, row.before_staff),
          after: staffRefOf(staff, row.staff_id),
          reason: row.reason,
          reasonText: reasonWords(row.reason),
          remedy: remedyWords(row.reason),
        })),
        next: page.next,
      };
    }),
});

export const runReadRoutes = [list, pools, decisions];
