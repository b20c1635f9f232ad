import { z } from 'zod';
import { scoped, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import {
  backtestSchema,
  compareSchema,
  findingSchema,
  histogramSchema,
  schemeDetail,
  schemeRef,
  schemeSummary,
} from '../contract.ts';
import { backtestGrace } from '../reads/backtest.ts';
import { compareSchemes } from '../reads/compare.ts';
import { averageHistogram } from '../reads/histogram.ts';
import { bandRefsOf, schemeView } from '../reads/schemes.ts';
import { parseScheme } from '../rules/parse-scheme.ts';
import { bandsAscending, type Seat, seatRoles, seatTitle, shareWords, whenWords } from '../rules/scheme.ts';
import { activateScheme, checkScheme, findScheme, presetNames, saveScheme } from '../service/schemes.ts';

const id = z.strictObject({ id: schemeRef });
const MISSING = ['scheme-unknown', '没有找到这个方案。', 'There is no such scheme.'] as const;
const source = z
  .string()
  .min(1)
  .max(256 * 1024);

async function schemeRow(tx: Tx, schemeId: string) {
  return tx.db.selectFrom('coverage.scheme').selectAll().where('scheme_id', '=', schemeId).executeTakeFirst();
}
type SchemeRow = NonNullable<Awaited<ReturnType<typeof schemeRow>>>;

export function toSchemeSummary(row: SchemeRow): z.input<typeof schemeSummary> {
  return {
    schemeId: row.scheme_id,
    name: row.name,
    version: row.version,
    title: { zh: row.title_zh, en: row.title_en },
    state: z.enum(['draft', 'active', 'retired']).parse(row.state),
    measure: schemeView(row).scheme.measure,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    activatedOn: row.activated_on,
  };
}

const list = defineRoute({
  method: 'GET',
  url: '/api/schemes',
  name: 'listSchemes',
  summary: '分户方案的所有版本',
  permission: 'schemes.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: z.object({ items: z.array(schemeSummary) }),
  refusals: {},
  handler: async (ctx) => {
    // The shipped schemes are saved as first versions when somebody first looks.
    for (const name of await presetNames()) await findScheme(ctx.platform, ctx.actor, name);
    return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const rows = await tx.db.selectFrom('coverage.scheme').selectAll().orderBy('name').orderBy('version', 'desc').execute();
      return { items: rows.map(toSchemeSummary) };
    });
  },
});

const detail = defineRoute({
  method: 'GET',
  url: '/api/schemes/:id',
  name: 'getScheme',
  summary: '一个方案：层级、席位、上限和今天的检查结果',
  permission: 'schemes.read',
  params: id,
  query: nothing,
  body: nothing,
  response: schemeDetail,
  refusals: { 'scheme-unknown': 404 },
  handler: (ctx, { params }) => detailOf(ctx, params.id),
});

async function detailOf(ctx: Ctx, schemeId: string) {
  const row = await scoped(ctx.platform.app, ctx.person.scope, (tx) => schemeRow(tx, schemeId));
  if (row === undefined) return refusedWith(...MISSING);
  const { scheme } = schemeView(row);
  const bands = bandsAscending(scheme);
  return {
    ...toSchemeSummary(row),
    source: row.source,
    graceMonths: scheme.grace.months,
    findings: [...(await checkScheme(ctx.platform, scheme, row.source)).findings],
    bands: bandRefsOf(scheme).map((band, index) => ({
      ...band,
      seats: (bands[index]?.seats ?? []).map((seat) =>
        seatView(seat, seatTitle(scheme, seat), seatRoles(scheme, seat), shareWords(scheme, seat) ?? null),
      ),
    })),
  };
}

function seatView(seat: Seat, title: { zh: string; en: string }, roles: string[], share: { zh: string; en: string } | null) {
  return {
    seat: seat.seat,
    title,
    roles,
    pool: seat.pool,
    when: whenWords(seat) ?? null,
    limitInitial: seat.limit?.initial ?? null,
    limitAtMost: seat.limit?.at_most ?? null,
    share,
  };
}

const save = defineRoute({
  method: 'POST',
  url: '/api/schemes',
  name: 'saveScheme',
  summary: '保存为方案的新版本（草稿）',
  permission: 'bank.schemes',
  params: nothing,
  query: nothing,
  body: z.strictObject({ source }),
  response: schemeSummary,
  refusals: { 'scheme-unreadable': 422, 'scheme-unknown': 404 },
  handler: async (ctx, { body }) => {
    const { schemeId } = await saveScheme(ctx.platform, ctx.actor, body.source);
    const row = await scoped(ctx.platform.app, ctx.person.scope, (tx) => schemeRow(tx, schemeId));
    return row === undefined ? refusedWith(...MISSING) : toSchemeSummary(row);
  },
});

const check = defineRoute({
  method: 'POST',
  url: '/api/schemes/check',
  name: 'checkScheme',
  summary: '检查方案文本：重叠、缺口、空岗、上限、今天缺多少人',
  permission: 'schemes.read',
  params: nothing,
  query: nothing,
  body: z.strictObject({ source }),
  response: z.object({ findings: z.array(findingSchema) }),
  refusals: {},
  handler: async (ctx, { body }) => {
    const parsed = parseScheme(body.source);
    if ('ok' in parsed) return { findings: [...(await checkScheme(ctx.platform, parsed.ok, body.source)).findings] };
    return {
      findings: parsed.problems.map((problem) => ({
        severity: 'error' as const,
        code: 'unreadable',
        path: problem.path,
        line: problem.line,
        text: problem.words,
      })),
    };
  },
});

const activate = defineRoute({
  method: 'POST',
  url: '/api/schemes/:id/activate',
  name: 'activateScheme',
  summary: '启用方案；启用后不可修改',
  permission: 'bank.schemes',
  params: id,
  query: nothing,
  body: nothing,
  response: schemeSummary,
  refusals: { 'scheme-unknown': 404, 'scheme-has-errors': 409 },
  handler: async (ctx, { params }) => {
    await activateScheme(ctx.platform, ctx.actor, params.id);
    const row = await scoped(ctx.platform.app, ctx.person.scope, (tx) => schemeRow(tx, params.id));
    return row === undefined ? refusedWith(...MISSING) : toSchemeSummary(row);
  },
});

const histogram = defineRoute({
  method: 'GET',
  url: '/api/schemes/:id/histogram',
  name: 'schemeHistogram',
  summary: '年日均的分布：拖动层级和上限时即时重算用',
  permission: 'schemes.read',
  params: id,
  query: nothing,
  body: nothing,
  response: histogramSchema,
  refusals: { 'scheme-unknown': 404, 'day-not-closed': 409 },
  handler: async (ctx, { params }) => {
    const row = await scoped(ctx.platform.app, ctx.person.scope, (tx) => schemeRow(tx, params.id));
    if (row === undefined) return refusedWith(...MISSING);
    const result = await unscoped(ctx.platform.worker, (tx) => averageHistogram(tx, schemeView(row).scheme, ctx.person.scope));
    return result ?? refusedWith('day-not-closed', '还没有日终数据。', 'No day is closed yet.');
  },
});

const compare = defineRoute({
  method: 'GET',
  url: '/api/schemes/compare',
  name: 'compareSchemes',
  summary: '比较两个版本：谁换层级、谁换管户人',
  permission: 'bank.schemes',
  params: nothing,
  query: z.strictObject({ a: schemeRef, b: schemeRef }),
  body: nothing,
  response: compareSchema,
  refusals: { 'scheme-unknown': 404, 'day-not-closed': 409 },
  handler: async (ctx, { query }) => {
    const rows = await scoped(ctx.platform.app, ctx.person.scope, async (tx) => ({
      a: await schemeRow(tx, query.a),
      b: await schemeRow(tx, query.b),
    }));
    if (rows.a === undefined || rows.b === undefined) return refusedWith(...MISSING);
    const result = await unscoped(ctx.platform.worker, (tx) => compareSchemes(tx, query.a, query.b));
    if (result === undefined) return refusedWith('day-not-closed', '还没有日终数据。', 'No day is closed yet.');
    return { a: toSchemeSummary(rows.a), b: toSchemeSummary(rows.b), ...result };
  },
});

const backtest = defineRoute({
  method: 'GET',
  url: '/api/schemes/:id/backtest',
  name: 'backtestScheme',
  summary: '回测宽限月数：免去多少次降层、只是推迟多少次',
  permission: 'schemes.read',
  params: id,
  query: nothing,
  body: nothing,
  response: backtestSchema,
  refusals: { 'scheme-unknown': 404, 'day-not-closed': 409 },
  handler: async (ctx, { params }) => {
    const row = await scoped(ctx.platform.app, ctx.person.scope, (tx) => schemeRow(tx, params.id));
    if (row === undefined) return refusedWith(...MISSING);
    const result = await unscoped(ctx.platform.worker, (tx) => backtestGrace(tx, schemeView(row).scheme));
    return result ?? refusedWith('day-not-closed', '还没有日终数据。', 'No day is closed yet.');
  },
});

export const schemeRoutes = [list, compare, detail, save, check, activate, histogram, backtest];
