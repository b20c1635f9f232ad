import { z } from 'zod';
import { openCustomer, scoped } from '../../platform/db/transaction.ts';
import { nothing, pageQuery } from '../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../platform/http/route.ts';
import { seeCustomer } from '../coverage/index.ts';
import {
  countSchema,
  customerGroups,
  fieldsSchema,
  groupSchema,
  groupsSchema,
  membersPage,
  ruleText,
  SHOWN,
  titleText,
} from './contract.ts';
import { fieldsFor, groupsFor, groupsOfCustomer, listGroups, membersOf } from './reads/groups.ts';
import { changeGroup, countRule, makeGroup, retireGroup } from './service/groups.ts';
import { setTags } from './service/tags.ts';

const id = z.strictObject({ id: z.string().max(64) });
const MISSING = ['not-found', '没有这个客群，或者不在您的范围内。', 'No such group, or not within your scope.'] as const;
const NOBODY = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

const list = defineRoute({
  method: 'GET',
  url: '/api/groups',
  name: 'listGroups',
  summary: '客群：范围内的人数，以及最近一次日终进入和离开的人数',
  permission: 'groups.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: groupsSchema,
  refusals: {},
  handler: (ctx) => scoped(ctx.platform.app, ctx.person.scope, (tx) => listGroups(tx, ctx.person)),
});

const fields = defineRoute({
  method: 'GET',
  url: '/api/groups/fields',
  name: 'groupFields',
  summary: '客群规则可用的项目和取值',
  permission: 'groups.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: fieldsSchema,
  refusals: {},
  handler: (ctx) => scoped(ctx.platform.app, ctx.person.scope, (tx) => fieldsFor(tx, ctx.person)),
});

const count = defineRoute({
  method: 'POST',
  url: '/api/groups/count',
  name: 'countGroup',
  summary: '按规则数一数：范围内有多少客户符合，不保存',
  permission: 'groups.make',
  params: nothing,
  query: nothing,
  body: z.strictObject({ rule: ruleText }),
  response: countSchema,
  refusals: { 'rule-faulty': 422, 'count-slow': 503 },
  handler: (ctx, { body }) => countRule(ctx, body.rule),
});

/** One group as it stands now, for an answer. */
function groupNow(ctx: Ctx, groupId: string): Promise<z.input<typeof groupSchema> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => (await listGroups(tx, ctx.person, groupId)).items[0]);
}

const make = defineRoute({
  method: 'POST',
  url: '/api/groups',
  name: 'makeGroup',
  summary: '建立客群：个人的，或本机构的；当即划入最近一次日终符合的客户',
  permission: 'groups.make',
  params: nothing,
  query: nothing,
  body: z.strictObject({ title: titleText, rule: ruleText, shared: z.boolean().default(false) }),
  response: groupSchema,
  refusals: { 'not-found': 404, 'rule-faulty': 422, 'not-to-share': 409, 'too-many-groups': 409 },
  handler: async (ctx, { body }) => (await groupNow(ctx, await makeGroup(ctx, body))) ?? refusedWith(...MISSING),
});

const change = defineRoute({
  method: 'PUT',
  url: '/api/groups/:id',
  name: 'changeGroup',
  summary: '修改客群的名称和规则：不再符合的当即离开',
  permission: 'groups.make',
  params: id,
  query: nothing,
  body: z.strictObject({ title: titleText, rule: ruleText }),
  response: groupSchema,
  refusals: { 'not-found': 404, 'rule-faulty': 422, 'not-yours-to-change': 409 },
  handler: async (ctx, { params, body }) => {
    await changeGroup(ctx, params.id, body);
    return (await groupNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const retire = defineRoute({
  method: 'POST',
  url: '/api/groups/:id/retire',
  name: 'retireGroup',
  summary: '停用客群：成员离开，历史保留',
  permission: 'groups.make',
  params: id,
  query: nothing,
  body: nothing,
  response: z.object({ groupId: z.string() }),
  refusals: { 'not-found': 404, 'not-yours-to-change': 409 },
  handler: async (ctx, { params }) => {
    await retireGroup(ctx, params.id);
    return { groupId: params.id };
  },
});

const members = defineRoute({
  method: 'GET',
  url: '/api/groups/:id/members',
  name: 'listGroupMembers',
  summary: '客群里范围内的客户，资产从高到低；也可只看最近一次日终进入或离开的',
  permission: 'groups.read',
  params: id,
  query: pageQuery.extend({ show: z.enum(SHOWN).default('in') }),
  body: nothing,
  response: membersPage,
  refusals: { 'not-found': 404 },
  handler: (ctx, { params, query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const { groups } = await groupsFor(tx, ctx.person);
      if (!groups.some(({ groupId }) => groupId === params.id)) return refusedWith(...MISSING);
      const page = await membersOf(tx, ctx.person.scope, { groupId: params.id, shown: query.show }, query);
      ctx.looked({
        kind: 'list.viewed',
        subject: 'groups',
        body: { group: params.id, show: query.show, count: page.items.length },
      });
      return page;
    }),
});

/** What stands now of a customer's groups; undefined when the customer is not one's to see. */
function ofCustomer(ctx: Ctx, customerId: string): Promise<z.input<typeof customerGroups> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const row = await seeCustomer(tx, ctx.person.scope, customerId);
    if (row === undefined) return undefined;
    await openCustomer(tx, row.customer_id);
    ctx.looked({ kind: 'customer.viewed', subject: row.customer_id, customerId: row.customer_id, body: { part: 'groups' } });
    return groupsOfCustomer(tx, ctx.person, row.customer_id);
  });
}

const customer = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/groups',
  name: 'customerGroups',
  summary: '一位客户：所属客群和标签',
  permission: 'groups.read',
  params: id,
  query: nothing,
  body: nothing,
  response: customerGroups,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await ofCustomer(ctx, params.id)) ?? refusedWith(...NOBODY),
});

const tag = defineRoute({
  method: 'PUT',
  url: '/api/customers/:id/tags',
  name: 'setTags',
  summary: '设置客户标签：整体替换，下次日终起用于客群',
  permission: 'contacts.record',
  params: id,
  query: nothing,
  body: z.strictObject({ tags: z.array(z.string().trim().min(1).max(12)).max(10) }),
  response: customerGroups,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params, body }) => {
    await setTags(ctx, params.id, [...new Set(body.tags)]);
    return (await ofCustomer(ctx, params.id)) ?? refusedWith(...NOBODY);
  },
});

export const GROUP_ROUTES = [list, fields, count, make, change, retire, members, customer, tag];
