import { z } from 'zod';
import { scoped, type Tx } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { overviewSchema } from '../contract.ts';
import { decisionsToday } from '../reads/decisions-today.ts';
import { type CountRow, portfolioCounts, staffNeeded, unitCounts } from '../reads/overview.ts';
import { allUnits, type UnitRow, unitInScope } from '../reads/refs.ts';
import { activeScheme, type SchemeView } from '../reads/schemes.ts';
import { TIERS } from '../reads/tiers.ts';

type Overview = z.input<typeof overviewSchema>;
const toRef = (unit: UnitRow) => ({ id: unit.id, name: unit.name, level: unit.level });

const overview = defineRoute({
  method: 'GET',
  url: '/api/overview',
  name: 'getOverview',
  summary: '总览：客户和资产的管户覆盖、金字塔、今天要决定的事',
  permission: 'overview.read',
  params: nothing,
  query: z.strictObject({ unit: z.string().max(64).optional() }),
  body: nothing,
  response: overviewSchema,
  refusals: { 'not-found': 404 },
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const units = await allUnits(tx);
      const own = units.get(ctx.person.unitId);
      const unit = query.unit === undefined ? own : unitInScope(units, ctx.person.scope, query.unit);
      if (unit === undefined)
        return refusedWith('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
      return overviewOf(tx, ctx, units, unit);
    }),
});

async function overviewOf(tx: Tx, ctx: Ctx, units: ReadonlyMap<string, UnitRow>, unit: UnitRow): Promise<Overview> {
  const { scope } = ctx.person;
  const seesUnit = scope.lo !== undefined;
  const scheme = await activeScheme(tx);
  const children = seesUnit ? [...units.values()].filter((candidate) => candidate.parent_id === unit.id) : [];
  const counts = seesUnit
    ? await unitCounts(tx, [unit.id, ...children.map((child) => child.id)])
    : await portfolioCounts(tx, scope);
  const here = seesUnit ? counts.filter((row) => row.unit_id === unit.id) : counts;
  const day = await tx.db
    .selectFrom('closing.day')
    .select(['business_date', 'closed_at'])
    .orderBy('business_date', 'desc')
    .executeTakeFirst();
  const due = here.filter((row) => isDue(scheme, row));
  return {
    businessDate: day?.business_date ?? null,
    closedAt: day?.closed_at.toISOString() ?? null,
    unit: toRef(unit),
    path: seesUnit ? pathTo(units, unit, ctx.person.unitNo) : [],
    children: children.map((child) => {
      const rows = counts.filter((row) => row.unit_id === child.id);
      const dueRows = rows.filter((row) => isDue(scheme, row));
      return {
        ...toRef(child),
        customers: sum(rows, 'customers'),
        covered: sum(dueRows, 'covered'),
        due: sum(dueRows, 'customers'),
      };
    }),
    scheme: scheme === undefined ? null : { schemeId: scheme.schemeId, title: scheme.title },
    due: { customers: sum(due, 'customers'), assetsFen: sum(due, 'assets_fen') },
    covered: { customers: sum(due, 'covered'), assetsFen: sum(due, 'covered_assets_fen') },
    all: { customers: sum(here, 'customers'), assetsFen: sum(here, 'assets_fen') },
    pyramid: TIERS.map((tier) => {
      const rows = here.filter((row) => row.tier === tier.tier);
      return { ...tier, customers: sum(rows, 'customers'), assetsFen: sum(rows, 'assets_fen'), covered: sum(rows, 'covered') };
    }),
    bands: await bandLines(tx, ctx, scheme, here, unit),
    decisions: await decisionsToday(tx, ctx.person, unit),
  };
}

async function bandLines(
  tx: Tx,
  ctx: Ctx,
  scheme: SchemeView | undefined,
  here: readonly CountRow[],
  unit: UnitRow,
): Promise<Overview['bands']> {
  if (scheme === undefined) return [];
  const { scope } = ctx.person;
  const needed = scope.lo === undefined ? new Map<number, number>() : await staffNeeded(tx, unit.unit_no, unit.last_no);
  return scheme.bands.map((band) => {
    const rows = here.filter((row) => row.band === band.band);
    return {
      ...band,
      customers: sum(rows, 'customers'),
      assetsFen: sum(rows, 'assets_fen'),
      covered: sum(rows, 'covered'),
      atRisk: sum(rows, 'at_risk'),
      staffNeeded: needed.get(band.band) ?? 0,
    };
  });
}

function isDue(scheme: SchemeView | undefined, row: CountRow): boolean {
  return scheme?.bands.some((band) => band.band === row.band && band.hasSeats) ?? false;
}

function sum(
  rows: readonly CountRow[],
  column: 'customers' | 'covered' | 'at_risk' | 'assets_fen' | 'covered_assets_fen',
): number {
  return rows.reduce((total, row) => total + row[column], 0);
}

/** From one's own unit down to the unit shown. */
function pathTo(
  units: ReadonlyMap<string, UnitRow>,
  unit: UnitRow,
  topNo: number,
): { id: string; name: string; level: string }[] {
  const path = [toRef(unit)];
  for (let at = unit; at.unit_no !== topNo && at.parent_id !== null; ) {
    const parent = units.get(at.parent_id);
    if (parent === undefined) break;
    path.unshift(toRef(parent));
    at = parent;
  }
  return path;
}

export const overviewRoutes = [overview];
