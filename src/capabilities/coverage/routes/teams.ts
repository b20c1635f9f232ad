import { z } from 'zod';
import { openCustomer, scoped } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { seeCustomer, teamCustomersOf, teamOf } from '../reads/teams.ts';
import { joinTeam, leaveTeam } from '../service/teams.ts';
import { TEAM_MAY, teamCustomers, teamOfCustomer } from '../team-contract.ts';

const id = z.strictObject({ id: z.string().max(64) });
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

function teamNow(ctx: Ctx, customerId: string): Promise<z.input<typeof teamOfCustomer> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const row = await seeCustomer(tx, ctx.person.scope, customerId);
    if (row === undefined) return undefined;
    await openCustomer(tx, row.customer_id);
    ctx.looked({ kind: 'customer.viewed', subject: row.customer_id, customerId: row.customer_id, body: { part: 'team' } });
    return teamOf(tx, ctx.person, row);
  });
}

const team = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/team',
  name: 'customerTeam',
  summary: '一位私人银行客户的柔性团队：成员、权限和分工',
  permission: 'customers.read',
  params: id,
  query: nothing,
  body: nothing,
  response: teamOfCustomer,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await teamNow(ctx, params.id)) ?? refusedWith(...MISSING),
});

const join = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/team',
  name: 'joinTeam',
  summary: '把客户所在分行的一位员工加入柔性团队：只可查看，或可登记联系和档案',
  permission: 'contacts.record',
  params: id,
  query: nothing,
  body: z.strictObject({ staffId: z.string().min(1).max(64), may: z.enum(TEAM_MAY), words: z.string().trim().min(2).max(100) }),
  response: teamOfCustomer,
  refusals: { 'not-found': 404, 'not-private': 422, 'no-member': 422, 'team-full': 409, 'in-team-already': 409 },
  handler: async (ctx, { params, body }) => {
    await joinTeam(ctx, { customerId: params.id, ...body });
    return (await teamNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const leave = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/team/:memberId/end',
  name: 'leaveTeam',
  summary: '让一位成员退出柔性团队：随即不能再看到该客户',
  permission: 'contacts.record',
  params: id.extend({ memberId: z.uuid() }),
  query: nothing,
  body: nothing,
  response: teamOfCustomer,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => {
    await leaveTeam(ctx, params.id, params.memberId);
    return (await teamNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const mine = defineRoute({
  method: 'GET',
  url: '/api/team-customers',
  name: 'listTeamCustomers',
  summary: '本人作为柔性团队成员参与服务的客户',
  permission: 'customers.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: teamCustomers,
  refusals: {},
  handler: (ctx) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const found = await teamCustomersOf(tx, ctx.person);
      ctx.looked({ kind: 'list.viewed', subject: 'team-customers', body: { count: found.items.length } });
      return found;
    }),
});

export const teamRoutes = [team, join, leave, mine];
