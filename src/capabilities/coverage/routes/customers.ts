import { z } from 'zod';
import { todayOf } from '../../../kernel/business-date.ts';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import { openCustomer, scoped, type Tx } from '../../../platform/db/transaction.ts';
import { nothing, pageQuery } from '../../../platform/http/page.ts';
import { defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { curveSchema, customerDetail, customersPage, whySchema } from '../contract.ts';
import { customerCurve } from '../reads/curve.ts';
import { listCustomers } from '../reads/customer-list.ts';
import { findCustomer, searchCustomers } from '../reads/customers.ts';
import { customerDetailOf } from '../reads/detail.ts';
import { allUnits, unitInScope } from '../reads/refs.ts';
import { activeScheme } from '../reads/schemes.ts';
import { seeCustomer } from '../reads/teams.ts';
import { toCustomerRow, viewFor } from '../reads/view.ts';
import { whyOf } from '../reads/why.ts';

const yes = z.enum(['yes', 'no']);
const isYes = (text: 'yes' | 'no' | undefined): boolean | undefined => (text === undefined ? undefined : text === 'yes');
const id = z.strictObject({ id: z.string().max(64) });
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

/** Bands of the scheme in force that have seats; none before one is in force. */
async function seatedBands(tx: Tx): Promise<number[]> {
  return (await activeScheme(tx))?.bands.flatMap((row) => (row.hasSeats ? [row.band] : [])) ?? [];
}

const list = defineRoute({
  method: 'GET',
  url: '/api/customers',
  name: 'listCustomers',
  summary: '范围内的客户，资产从高到低',
  permission: 'customers.read',
  params: nothing,
  query: pageQuery.extend({
    unit: z.string().max(64).optional(),
    staff: z.string().max(64).optional(),
    tier: z.coerce.number().int().min(0).max(9).optional(),
    band: z.coerce.number().int().min(-1).max(20).optional(),
    covered: yes.optional(),
    due: yes.optional().describe('是否应管：所在层级是否设席位 / whether the band has seats'),
    atRisk: yes.optional(),
  }),
  body: nothing,
  response: customersPage,
  refusals: { 'not-found': 404 },
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const unit = query.unit === undefined ? undefined : unitInScope(await allUnits(tx), ctx.person.scope, query.unit);
      if (query.unit !== undefined && unit === undefined) return refusedWith(...MISSING);
      const place = unit ?? (ctx.person.scope.lo === undefined ? undefined : (await allUnits(tx)).get(ctx.person.unitId));
      const filter = {
        unit: place && { id: place.id, level: place.level, lo: place.unit_no, hi: place.last_no },
        staffId: query.staff,
        tier: query.tier,
        band: query.band,
        covered: isYes(query.covered),
        due: query.due === undefined ? undefined : { is: query.due === 'yes', bands: await seatedBands(tx) },
        atRisk: isYes(query.atRisk),
      };
      const page = await listCustomers(tx, ctx.person.scope, filter, query);
      const view = await viewFor(
        tx,
        page.items.flatMap((row) => [row.lead_staff, row.joint_staff]),
      );
      ctx.looked({
        kind: 'list.viewed',
        subject: 'customers',
        body: { count: page.items.length, filter: Object.keys(query) },
      });
      return { items: page.items.map((row) => toCustomerRow(view, row)), next: page.next };
    }),
});

const search = defineRoute({
  method: 'GET',
  url: '/api/customers/search',
  name: 'searchCustomers',
  summary: '按姓名、拼音首字母、客户号或手机后四位查找',
  permission: 'customers.read',
  params: nothing,
  query: pageQuery.extend({ q: z.string().trim().min(1).max(40) }),
  body: nothing,
  response: customersPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const branchId = (await allUnits(tx)).get(ctx.person.unitId)?.branch_id ?? null;
      const page = await searchCustomers(tx, { scope: ctx.person.scope, branchId }, query.q, query);
      const view = await viewFor(
        tx,
        page.items.flatMap((row) => [row.lead_staff, row.joint_staff]),
      );
      ctx.looked({ kind: 'customer.searched', subject: 'customers', body: { count: page.items.length } });
      return { items: page.items.map((row) => toCustomerRow(view, row)), next: page.next };
    }),
});

const detail = defineRoute({
  method: 'GET',
  url: '/api/customers/:id',
  name: 'getCustomer',
  summary: '一位客户：基本信息（脱敏）、持有、管户历史',
  permission: 'customers.read',
  params: id,
  query: nothing,
  body: nothing,
  response: customerDetail,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const row = await seeCustomer(tx, ctx.person.scope, params.id);
      if (row === undefined) return refusedWith(...MISSING);
      await openCustomer(tx, row.customer_id);
      ctx.looked({ kind: 'customer.viewed', subject: row.customer_id, customerId: row.customer_id });
      const detailed = await customerDetailOf(tx, row, ctx.platform.secrets, todayOf(ctx.platform.now()));
      return { ...detailed, may: await mayWith(tx, ctx.person, row.customer_id) };
    }),
});

async function mayWith(
  tx: Tx,
  { scope, permissions }: Person,
  customerId: string,
): Promise<z.input<typeof customerDetail>['may']> {
  if ((await findCustomer(tx, scope, customerId)) === undefined) return [];
  return [
    ...(permissions.has('transfers.request') ? (['transfer'] as const) : []),
    ...(permissions.has('customers.reveal') ? (['reveal'] as const) : []),
  ];
}

const why = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/why',
  name: 'whyCustomer',
  summary: '管户原因：逐条理由和依据',
  permission: 'customers.read',
  params: id,
  query: nothing,
  body: nothing,
  response: whySchema,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const row = await seeCustomer(tx, ctx.person.scope, params.id);
      if (row === undefined) return refusedWith(...MISSING);
      await openCustomer(tx, row.customer_id);
      ctx.looked({
        kind: 'customer.viewed',
        subject: row.customer_id,
        customerId: row.customer_id,
        body: { part: 'why' },
      });
      const explained = await whyOf(tx, row.customer_id);
      return explained === undefined ? refusedWith(...MISSING) : { ...explained, name: maskName(row.name) };
    }),
});

const curve = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/curve',
  name: 'customerCurve',
  summary: '资产曲线和年日均线',
  permission: 'customers.read',
  params: id,
  query: nothing,
  body: nothing,
  response: curveSchema,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const row = await seeCustomer(tx, ctx.person.scope, params.id);
      if (row === undefined) return refusedWith(...MISSING);
      await openCustomer(tx, row.customer_id);
      ctx.looked({
        kind: 'customer.viewed',
        subject: row.customer_id,
        customerId: row.customer_id,
        body: { part: 'curve' },
      });
      return (await customerCurve(tx, row.customer_id)) ?? refusedWith(...MISSING);
    }),
});

export const customerRoutes = [list, search, detail, why, curve];
