import { z } from 'zod';
import { isBusinessDate } from '../../kernel/business-date.ts';
import { openCustomer, scoped } from '../../platform/db/transaction.ts';
import { nothing, pageQuery } from '../../platform/http/page.ts';
import { type Ctx, defineRoute, refusedWith } from '../../platform/http/route.ts';
import { seeCustomer } from '../coverage/index.ts';
import {
  BUCKETS,
  contactInput,
  customerWork,
  deskPage,
  profileInput,
  teamSchema,
  themesSchema,
  workbenchSchema,
} from './contract.ts';
import { customerWorkOf } from './reads/customer-work.ts';
import { queueOf } from './reads/queue.ts';
import { themesOf } from './reads/themes.ts';
import { teamOf, workbenchOf } from './reads/workbench.ts';
import { RULE_ROUTES } from './routes/rules.ts';
import { THEMES } from './rules/theme.ts';
import { recordContact, reverseContact } from './service/contacts.ts';
import { recordProfile } from './service/profiles.ts';
import { stepFollowUp } from './service/steps.ts';
import { giveTask } from './service/tasks.ts';

const id = z.strictObject({ id: z.string().max(64) });
const words = z.string().trim().min(2).max(200);
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

const workbench = defineRoute({
  method: 'GET',
  url: '/api/workbench',
  name: 'getWorkbench',
  summary: '工作台：待跟进概况和达标情况',
  permission: 'follow-ups.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: workbenchSchema,
  refusals: {},
  handler: (ctx) => scoped(ctx.platform.app, ctx.person.scope, (tx) => workbenchOf(tx, ctx.person, ctx.platform.now())),
});

const themes = defineRoute({
  method: 'GET',
  url: '/api/workbench/themes',
  name: 'getThemes',
  summary: '工作台：级别将动、资金进出、生日，各列最先要看的几户',
  permission: 'follow-ups.read',
  params: nothing,
  query: nothing,
  body: nothing,
  response: themesSchema,
  refusals: {},
  handler: (ctx) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const answer = await themesOf(tx, ctx.person);
      const count = answer.items.reduce((sum, { first }) => sum + first.length, 0);
      ctx.looked({ kind: 'list.viewed', subject: 'themes', body: { count } });
      return answer;
    }),
});

const queue = defineRoute({
  method: 'GET',
  url: '/api/follow-ups',
  name: 'listFollowUps',
  summary: '待跟进客户：逾期在前，其次按涉及金额',
  permission: 'follow-ups.read',
  params: nothing,
  query: pageQuery.extend({
    bucket: z.enum(BUCKETS).optional(),
    rule: z.string().max(40).optional(),
    theme: z.enum(THEMES).optional().describe('级别将动、资金进出或生日'),
    staff: z.string().max(64).optional().describe('看谁的；默认自己'),
    team: z.enum(['yes']).optional().describe('本机构全部人员的，只列一周内到期的'),
  }),
  body: nothing,
  response: deskPage,
  refusals: {},
  handler: (ctx, { query }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const { bucket, rule, theme, staff, team } = query;
      const page = await queueOf(
        tx,
        ctx.person,
        { bucket, rule, theme, staffId: staff, team: team !== undefined },
        query,
        ctx.platform.now(),
      );
      ctx.looked({ kind: 'list.viewed', subject: 'follow-ups', body: { count: page.items.length, filter: Object.keys(query) } });
      return page;
    }),
});

const team = defineRoute({
  method: 'GET',
  url: '/api/workbench/team',
  name: 'getTeamWork',
  summary: '本机构各人的待跟进情况',
  permission: 'follow-ups.team',
  params: nothing,
  query: nothing,
  body: nothing,
  response: teamSchema,
  refusals: {},
  handler: (ctx) => scoped(ctx.platform.app, ctx.person.scope, (tx) => teamOf(tx, ctx.person)),
});

/** What stands now of a customer's work, for an answer; undefined when the customer is not one's to see. */
async function workNow(ctx: Ctx, customerId: string): Promise<z.input<typeof customerWork> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const row = await seeCustomer(tx, ctx.person.scope, customerId);
    if (row === undefined) return undefined;
    await openCustomer(tx, row.customer_id);
    ctx.looked({ kind: 'customer.viewed', subject: row.customer_id, customerId: row.customer_id, body: { part: 'work' } });
    return customerWorkOf(tx, ctx.person, row);
  });
}

const work = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/work',
  name: 'customerWork',
  summary: '一位客户：待跟进、联系记录、客户档案',
  permission: 'follow-ups.read',
  params: id,
  query: nothing,
  body: nothing,
  response: customerWork,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await workNow(ctx, params.id)) ?? refusedWith(...MISSING),
});

const record = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/contacts',
  name: 'recordContact',
  summary: '登记一次联系：由此了结的待跟进即时了结，重复提交只记一次',
  permission: 'contacts.record',
  params: id,
  query: nothing,
  body: contactInput,
  response: customerWork,
  refusals: { 'not-found': 404, 'outcome-unfit': 422, 'contact-day': 422, 'next-day': 422 },
  handler: async (ctx, { params, body }) => {
    await recordContact(ctx.platform, ctx, { customerId: params.id, ...body });
    return (await workNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const task = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/tasks',
  name: 'giveTask',
  summary: '布置跟进：请管户人在某日前办，由此产生待跟进',
  permission: 'contacts.record',
  params: id,
  query: nothing,
  body: z.strictObject({ taskId: z.uuid(), words, dueOn: z.iso.date().refine((text) => isBusinessDate(text)) }),
  response: customerWork,
  refusals: { 'not-found': 404, 'due-day': 422 },
  handler: async (ctx, { params, body }) => {
    await giveTask(ctx.platform, ctx, { customerId: params.id, ...body });
    return (await workNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const reverse = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/contacts/:contactId/reverse',
  name: 'reverseContact',
  summary: '冲正本人登记的一条联系记录：原记录保留，由它了结的待跟进恢复',
  permission: 'contacts.record',
  params: id.extend({ contactId: z.uuid() }),
  query: nothing,
  body: z.strictObject({ words }),
  response: customerWork,
  refusals: { 'not-found': 404, 'not-reversible': 409 },
  handler: async (ctx, { params, body }) => {
    await reverseContact(ctx.platform, ctx, { customerId: params.id, contactId: params.contactId, words: body.words });
    return (await workNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const stepSchema = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('postpone'), to: z.iso.date().refine((text) => isBusinessDate(text)), words }),
  z.strictObject({ step: z.literal('leave'), words }),
  z.strictObject({ step: z.literal('give'), toStaff: z.string().min(1).max(64) }),
]);

const step = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/follow-ups',
  name: 'stepFollowUp',
  summary: '待跟进：延期、不再跟进或转交',
  permission: 'contacts.record',
  params: id,
  query: nothing,
  body: z.strictObject({ rule: z.string().max(40), cause: z.string().max(200), do: stepSchema }),
  response: customerWork,
  refusals: {
    'not-found': 404,
    'follow-up-over': 409,
    'follow-up-foreign': 409,
    'not-postponable': 409,
    'postponed-too-far': 422,
    'no-taker': 422,
    'no-day': 409,
  },
  handler: async (ctx, { params, body }) => {
    await stepFollowUp(ctx.platform, ctx, { customerId: params.id, rule: body.rule, cause: body.cause }, body.do);
    return (await workNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const profile = defineRoute({
  method: 'PUT',
  url: '/api/customers/:id/profile',
  name: 'recordProfile',
  summary: '登记客户档案：逐项记下日期，家庭成员整体替换',
  permission: 'contacts.record',
  params: id,
  query: nothing,
  body: profileInput,
  response: customerWork,
  refusals: { 'not-found': 404, 'field-unknown': 422 },
  handler: async (ctx, { params, body }) => {
    await recordProfile(ctx.platform, ctx, params.id, body);
    return (await workNow(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

export const ENGAGEMENT_ROUTES = [...RULE_ROUTES, workbench, themes, queue, team, work, record, task, reverse, step, profile];
