import { z } from 'zod';
import { todayOf } from '../../kernel/business-date.ts';
import { scoped } from '../../platform/db/transaction.ts';
import { askedDay, nothing, pageQuery } from '../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../platform/http/route.ts';
import { category } from '../insight/contract.ts';
import {
  askedMonth,
  correctionInput,
  correctionRow,
  correctionStep,
  correctionsPage,
  logDay,
  logInput,
  overviewPage,
  registerPage,
  saleInput,
  salesPage,
} from './contract.ts';
import { correctionsOf, toCorrectionRows } from './reads/corrections.ts';
import { overviewOf, registerOf } from './reads/registers.ts';
import { salesOf, salesTotal, toSaleRows } from './reads/sales.ts';
import { workLogOf } from './reads/work-log.ts';
import { askCorrection, stepCorrection } from './service/corrections.ts';
import { recordSale } from './service/sales.ts';
import { reverseLog, writeLog } from './service/work-log.ts';

const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;
const id = z.string().max(64);
const customer = z.strictObject({ id });
const staff = id.optional().describe('看谁的');

const overview = defineRoute({
  method: 'GET',
  url: '/api/ledgers/overview',
  name: 'ledgerOverview',
  summary: '台账：贵宾客户总体情况，每人一行',
  permission: 'follow-ups.read',
  params: nothing,
  query: pageQuery,
  body: nothing,
  response: overviewPage,
  refusals: {},
  handler: (ctx, { query }) => scoped(ctx.platform.app, ctx.person.scope, (tx) => overviewOf(tx, ctx.person, query)),
});

const customers = defineRoute({
  method: 'GET',
  url: '/api/ledgers/customers',
  name: 'ledgerCustomers',
  summary: '台账：贵宾客户基本情况表和已开通产品',
  permission: 'follow-ups.read',
  params: nothing,
  query: pageQuery.extend({ staff }),
  body: nothing,
  response: registerPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const page = await registerOf(ctx.platform, tx, ctx.person, query.staff, query);
      ctx.looked({ kind: 'list.viewed', subject: 'ledger-customers', body: { count: page.items.length } });
      return page;
    }),
});

const sales = defineRoute({
  method: 'GET',
  url: '/api/ledgers/sales',
  name: 'ledgerSales',
  summary: '台账：销售登记，新的在前',
  permission: 'follow-ups.read',
  params: nothing,
  query: pageQuery.extend({
    month: askedMonth.optional(),
    category: category.optional(),
    staff,
    all: z.literal('yes').optional().describe('含已更正、已冲销的'),
  }),
  body: nothing,
  response: salesPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const filter = { month: query.month, category: query.category, staffId: query.staff, all: query.all === 'yes' };
      const page = await salesOf(tx, ctx.person.scope, filter, query);
      ctx.looked({ kind: 'list.viewed', subject: 'ledger-sales', body: { count: page.items.length } });
      return {
        items: await toSaleRows(tx, ctx.person, page.items),
        next: page.next,
        total: query.after === undefined ? await salesTotal(tx, ctx.person.scope, filter) : null,
      };
    }),
});

const record = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/sales',
  name: 'recordSale',
  summary: '登记一笔销售：归属按当日的推荐人、认领人和管户人记录，重复提交只记一次',
  permission: 'contacts.record',
  params: customer,
  query: nothing,
  body: saleInput,
  response: z.object({ saleId: z.string() }),
  refusals: { 'not-found': 404, 'sale-day': 422, 'no-product': 422 },
  handler: async (ctx, { params, body }) => {
    await recordSale(ctx, params.id, body);
    return { saleId: body.saleId };
  },
});

const corrections = defineRoute({
  method: 'GET',
  url: '/api/ledgers/corrections',
  name: 'listCorrections',
  summary: '台账：销售归属更正，新的在前',
  permission: 'follow-ups.read',
  params: nothing,
  query: pageQuery.extend({ waiting: z.literal('yes').optional().describe('只看待审核的') }),
  body: nothing,
  response: correctionsPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const page = await correctionsOf(tx, ctx.person, { waiting: query.waiting === 'yes' }, query);
      ctx.looked({ kind: 'list.viewed', subject: 'corrections', body: { count: page.items.length } });
      return { items: await toCorrectionRows(tx, ctx.person, page.items), next: page.next };
    }),
});

async function correctionNow(ctx: Ctx, correctionId: string): Promise<z.input<typeof correctionRow> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const { items } = await correctionsOf(tx, ctx.person, { correctionId }, { limit: 1 });
    return (await toCorrectionRows(tx, ctx.person, items))[0];
  });
}

const AGAINST = { 'not-found': 404, 'sale-changed': 409, 'shares-unfit': 422, 'not-yours-to-decide': 409 } as const;

const ask = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/sales/:saleId/corrections',
  name: 'askCorrection',
  summary: '申请更正一笔销售的归属，或冲销：由没有份额的另一人审核',
  permission: 'contacts.record',
  params: customer.extend({ saleId: id }),
  query: nothing,
  body: correctionInput,
  response: correctionRow,
  refusals: AGAINST,
  handler: async (ctx, { params, body }) => {
    await askCorrection(ctx, { customerId: params.id, saleId: params.saleId }, body);
    return (await correctionNow(ctx, body.correctionId)) ?? refusedWith(...MISSING);
  },
});

const step = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/corrections/:correctionId/step',
  name: 'stepCorrection',
  summary: '审核或撤回一笔归属更正',
  permission: 'follow-ups.read',
  params: customer.extend({ correctionId: z.uuid() }),
  query: nothing,
  body: correctionStep,
  response: correctionRow,
  refusals: AGAINST,
  handler: async (ctx, { params, body }) => {
    await stepCorrection(ctx, { customerId: params.id, correctionId: params.correctionId }, body);
    return (await correctionNow(ctx, params.correctionId)) ?? refusedWith(...MISSING);
  },
});

function logNow(ctx: Ctx, on: string, staffId = ctx.person.scope.staffId): Promise<z.input<typeof logDay>> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const day = await workLogOf(tx, ctx.person, staffId, on);
    ctx.looked({ kind: 'list.viewed', subject: 'work-log', body: { of: staffId, on, count: day.contacts.length } });
    return day;
  });
}

const log = defineRoute({
  method: 'GET',
  url: '/api/ledgers/work-log',
  name: 'getWorkLog',
  summary: '台账：一天的工作日志，由当天的登记自动汇成，另有本人的建议、感悟和备忘',
  permission: 'follow-ups.read',
  params: nothing,
  query: z.strictObject({ on: askedDay.optional().describe('默认今天'), staff }),
  body: nothing,
  response: logDay,
  refusals: {},
  handler: (ctx, { query }) => logNow(ctx, query.on ?? todayOf(ctx.platform.now()), query.staff),
});

const write = defineRoute({
  method: 'POST',
  url: '/api/ledgers/work-log',
  name: 'writeWorkLog',
  summary: '在工作日志里写下建议、感悟或备忘',
  permission: 'contacts.record',
  params: nothing,
  query: nothing,
  body: logInput,
  response: logDay,
  refusals: { 'log-day': 422 },
  handler: async (ctx, { body }) => {
    await writeLog(ctx, body);
    return logNow(ctx, body.on);
  },
});

const reverse = defineRoute({
  method: 'POST',
  url: '/api/ledgers/work-log/:id/reverse',
  name: 'reverseWorkLog',
  summary: '撤销本人写在工作日志里的一条',
  permission: 'contacts.record',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  response: logDay,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => logNow(ctx, (await reverseLog(ctx, params.id)).on),
});

export const LEDGER_ROUTES = [overview, customers, sales, record, corrections, ask, step, log, write, reverse];
