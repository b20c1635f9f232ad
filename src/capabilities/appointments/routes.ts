import { Readable } from 'node:stream';
import { z } from 'zod';
import { openCustomer, scoped } from '../../platform/db/transaction.ts';
import { askedDay, nothing } from '../../platform/http/page.ts';
import { type Ctx, defineFileRoute, defineRoute, refusedWith } from '../../platform/http/route.ts';
import { seeCustomer } from '../coverage/index.ts';
import { appointmentInput, appointmentList, stepInput } from './contract.ts';
import { appointmentsOf, calendarOf } from './reads/appointments.ts';
import { makeAppointment, stepAppointment } from './service/appointments.ts';
import { calendarFeed } from './service/calendar-feed.ts';

const id = z.strictObject({ id: z.string().max(64) });
const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

const calendar = defineRoute({
  method: 'GET',
  url: '/api/appointments',
  name: 'listAppointments',
  summary: '日程：本人（或本机构某人）某段日子的预约',
  permission: 'follow-ups.read',
  params: nothing,
  query: z.strictObject({ from: askedDay, to: askedDay, staff: z.string().max(64).optional().describe('看谁的；默认自己') }),
  body: nothing,
  response: appointmentList,
  refusals: {},
  handler: (ctx, { query: { from, to, staff } }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const items = await calendarOf(tx, ctx.person, staff ?? ctx.person.scope.staffId, from, to, ctx.platform.now());
      ctx.looked({ kind: 'list.viewed', subject: 'appointments', body: { count: items.length, from, to } });
      return { items };
    }),
});

async function now(ctx: Ctx, customerId: string): Promise<z.input<typeof appointmentList> | undefined> {
  return scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
    const row = await seeCustomer(tx, ctx.person.scope, customerId);
    if (row === undefined) return undefined;
    await openCustomer(tx, row.customer_id);
    ctx.looked({
      kind: 'customer.viewed',
      subject: row.customer_id,
      customerId: row.customer_id,
      body: { part: 'appointments' },
    });
    return { items: await appointmentsOf(tx, ctx.person, row.customer_id, ctx.platform.now()) };
  });
}

const ofCustomer = defineRoute({
  method: 'GET',
  url: '/api/customers/:id/appointments',
  name: 'customerAppointments',
  summary: '一位客户的预约',
  permission: 'follow-ups.read',
  params: id,
  query: nothing,
  body: nothing,
  response: appointmentList,
  refusals: { 'not-found': 404 },
  handler: async (ctx, { params }) => (await now(ctx, params.id)) ?? refusedWith(...MISSING),
});

const make = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/appointments',
  name: 'makeAppointment',
  summary: '预约：时间重叠时先提示，知情后可仍然预约',
  permission: 'contacts.record',
  params: id,
  query: nothing,
  body: appointmentInput,
  response: appointmentList,
  refusals: { 'not-found': 404, clash: 409, 'hour-past': 422 },
  handler: async (ctx, { params, body }) => {
    await makeAppointment(ctx, params.id, body);
    return (await now(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const step = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/appointments/:appointmentId/step',
  name: 'stepAppointment',
  summary: '预约：改期、已赴约、未赴约或取消',
  permission: 'contacts.record',
  params: id.extend({ appointmentId: z.uuid() }),
  query: nothing,
  body: stepInput,
  response: appointmentList,
  refusals: { 'not-found': 404, clash: 409, 'hour-past': 422, 'not-possible': 409 },
  handler: async (ctx, { params, body }) => {
    await stepAppointment(ctx, { customerId: params.id, appointmentId: params.appointmentId }, body);
    return (await now(ctx, params.id)) ?? refusedWith(...MISSING);
  },
});

const feed = defineFileRoute({
  url: '/api/calendar/:key',
  name: 'calendarFeed',
  summary: '日程订阅（iCalendar）：凭个人密钥，只有时间和方式，没有客户姓名、地点和事由',
  permission: 'calendar.feed',
  params: z.strictObject({ key: z.string().max(100).describe('程序密钥，或 mine 为本人当前登录') }),
  query: nothing,
  refusals: {},
  handler: (ctx) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const { text, count } = await calendarFeed(tx, ctx.person.scope.staffId, ctx.platform.now());
      ctx.looked({ kind: 'list.viewed', subject: 'calendar-feed', body: { count } });
      return { fileName: 'guanhu.ics', contentType: 'text/calendar; charset=utf-8', stream: Readable.from([text]) };
    }),
});

export const APPOINTMENT_ROUTES = [feed, calendar, ofCustomer, make, step];
