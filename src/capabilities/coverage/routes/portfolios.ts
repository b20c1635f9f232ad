import { z } from 'zod';
import { scoped } from '../../../platform/db/transaction.ts';
import { nothing, pageQuery } from '../../../platform/http/page.ts';
import { defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { portfolioRow, portfoliosPage } from '../contract.ts';
import { listPortfolios, type PortfolioRow } from '../reads/portfolios.ts';
import { allUnits, unitInScope } from '../reads/refs.ts';
import { activeScheme, type SchemeView } from '../reads/schemes.ts';

function toRow(scheme: SchemeView | undefined, row: PortfolioRow): z.input<typeof portfolioRow> {
  const caps = row.seats.map((seat) => seat.cap);
  const bounded = caps.length > 0 && caps.every((cap) => cap !== null);
  const initials = row.seats.map((seat) => scheme?.portfolios.get(seat.portfolio)?.initial ?? null);
  return {
    staffId: row.staff_id,
    name: row.name,
    role: row.role,
    unitName: row.unit_name,
    unitId: row.unit_id,
    customers: row.customers,
    cap: bounded ? caps.reduce<number>((total, cap) => total + (cap ?? 0), 0) : null,
    initial:
      initials.length > 0 && initials.every((initial) => initial !== null)
        ? initials.reduce<number>((total, initial) => total + (initial ?? 0), 0)
        : null,
    assetsFen: row.assets_fen,
    seats: row.seats.map((seat) => ({
      portfolio: seat.portfolio,
      title: scheme?.portfolios.get(seat.portfolio)?.title ?? { zh: seat.portfolio, en: seat.portfolio },
      customers: seat.customers,
      cap: seat.cap,
    })),
  };
}

const list = defineRoute({
  method: 'GET',
  url: '/api/portfolios',
  name: 'listPortfolios',
  summary: '管户包：按机构和人员',
  permission: 'portfolios.read',
  params: nothing,
  query: pageQuery.extend({ unit: z.string().max(64).optional(), role: z.string().max(40).optional() }),
  body: nothing,
  response: portfoliosPage,
  refusals: { 'not-found': 404 },
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const unit = query.unit === undefined ? undefined : unitInScope(await allUnits(tx), ctx.person.scope, query.unit);
      if (query.unit !== undefined && unit === undefined)
        return refusedWith('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
      const scheme = await activeScheme(tx);
      const page = await listPortfolios(
        tx,
        ctx.person.scope,
        { unit, role: query.role, seatRoles: scheme?.seatRoles ?? [] },
        query,
      );
      ctx.looked({ kind: 'list.viewed', subject: 'portfolios', body: { count: page.items.length } });
      return { items: page.items.map((row) => toRow(scheme, row)), next: page.next };
    }),
});

const one = defineRoute({
  method: 'GET',
  url: '/api/portfolios/:staffId',
  name: 'getPortfolio',
  summary: '一个人的管户包',
  permission: 'portfolios.read',
  params: z.strictObject({ staffId: z.string().max(64) }),
  query: nothing,
  body: nothing,
  response: portfolioRow,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const scheme = await activeScheme(tx);
      const page = await listPortfolios(tx, ctx.person.scope, { staffId: params.staffId, seatRoles: [] }, { limit: 1 });
      const row = page.items[0];
      return row === undefined
        ? refusedWith('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.')
        : toRow(scheme, row);
    }),
});

export const portfolioRoutes = [list, one];
