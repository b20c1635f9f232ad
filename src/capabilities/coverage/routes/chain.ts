import { z } from 'zod';
import { openCustomer, scoped } from '../../../platform/db/transaction.ts';
import { askedDay, nothing, pageQuery } from '../../../platform/http/page.ts';
import { defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { chainSchema, hadOnSchema } from '../contract.ts';
import { chainOf, countHadOn, hadOn, ownerOn, toHadRow, toTurn } from '../reads/chain.ts';
import { seeCustomer } from '../reads/teams.ts';
import { viewFor } from '../reads/view.ts';

const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

const chain = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/coverage',
  name: 'customerCoverage',
  summary: '历任管户人和由来；给出日期则是那一天的管户人',
  permission: 'customers.read',
  params: z.strictObject({ id: z.string().max(64) }),
  query: z.strictObject({ on: askedDay.optional().describe('某一天 / as of a day') }),
  body: nothing,
  response: chainSchema,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params, query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const found = await seeCustomer(tx, ctx.person.scope, params.id);
      if (found === undefined) return refusedWith(...MISSING);
      const customerId = found.customer_id;
      await openCustomer(tx, customerId);
      ctx.looked({ kind: 'customer.viewed', subject: customerId, customerId, body: { part: 'coverage' } });
      const rows = await chainOf(tx, customerId, query.on);
      const view = await viewFor(
        tx,
        rows.map((row) => row.staff_id),
      );
      return { customerId, on: query.on ?? null, turns: rows.map((row) => toTurn(view, row)) };
    }),
});

const portfolioOn = defineRoute({
  method: 'GET',
  url: '/api/portfolios/:staffId/on/:day',
  name: 'portfolioOn',
  summary: '某一天的管户包：那天由此人管户、现在仍在您范围内的客户',
  permission: 'portfolios.read',
  params: z.strictObject({ staffId: z.string().max(64), day: askedDay }),
  query: pageQuery,
  body: nothing,
  response: hadOnSchema,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params, query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const { staffId, day: on } = params;
      const owner = await ownerOn(tx, ctx.person.scope, staffId, on);
      if (owner === undefined) return refusedWith(...MISSING);
      const page = await hadOn(tx, { staffId, on }, query);
      const view = await viewFor(tx, []);
      ctx.looked({
        kind: 'list.viewed',
        subject: `portfolio:${staffId}`,
        body: { count: page.items.length, on },
      });
      const { name, role, unit_name: unitName } = owner;
      return {
        owner: { staffId, name, role, unitName },
        on,
        customers: await countHadOn(tx, staffId, on),
        items: page.items.map((row) => toHadRow(view, row)),
        next: page.next,
      };
    }),
});

export const chainRoutes = [chain, portfolioOn];
