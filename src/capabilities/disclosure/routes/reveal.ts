import { z } from 'zod';
import { audit } from '../../../platform/audit/index.ts';
import { scoped } from '../../../platform/db/transaction.ts';
import { nothing } from '../../../platform/http/page.ts';
import { defineRoute, refusedWith } from '../../../platform/http/route.ts';
import { findByNumber, toCustomerRow, viewFor } from '../../coverage/index.ts';
import { foundSchema, revealedSchema } from '../contract.ts';
import { needsWords, PURPOSE_IDS, REVEALED_FIELDS, SEARCHES_A_MINUTE } from '../rules/reveal.ts';
import { revealField } from '../service/reveal.ts';
import { startOfMinute, takeQuota } from '../service/usage.ts';

const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;
const reason = z.string().trim().min(4).max(200);

const reveal = defineRoute({
  method: 'POST',
  url: '/api/customers/:id/reveal',
  name: 'revealField',
  summary: '查看一位客户的一项完整信息：须说明用途，先留痕再显示',
  permission: 'customers.reveal',
  params: z.strictObject({ id: z.string().max(64) }),
  query: nothing,
  body: z
    .strictObject({ field: z.enum(REVEALED_FIELDS), purpose: z.enum(PURPOSE_IDS), words: reason.optional() })
    .refine(({ field, purpose, words }) => words !== undefined || !needsWords(field, purpose), { path: ['words'] }),
  response: revealedSchema,
  refusals: { 'not-found': 404, 'second-factor-needed': 409, restricted: 409, 'reveal-quota': 429 },
  secret: true,
  handler: async (ctx, { params, body }) => {
    if (!ctx.person.strong)
      return refusedWith(
        'second-factor-needed',
        '查看完整信息须用动态口令登录：请先在“我的账户”中绑定，再重新登录。',
        'Full values take a sign-in with a second factor: set one up under “My account”, then sign in again.',
      );
    const done = await revealField(ctx, { ...body, customerId: params.id });
    if (done === 'not-found') return refusedWith(...MISSING);
    if (done === 'restricted')
      return refusedWith(
        'restricted',
        '客户已要求限制处理，完整信息不再查看；确有需要请联系分行管理。',
        'The customer has restricted what is done with their data: full values are not shown; ask the branch administration.',
      );
    if (done === 'quota')
      return refusedWith(
        'reveal-quota',
        '今天可查看完整信息的次数已用完，请明天再看，或由同事办理。',
        'Your reveals of today are used up: look again tomorrow, or ask a colleague.',
      );
    return done;
  },
});

const find = defineRoute({
  method: 'POST',
  url: '/api/customers/find',
  name: 'findCustomerByNumber',
  summary: '按完整的手机号或证件号码查找',
  permission: 'customers.read',
  params: nothing,
  query: nothing,
  body: z.strictObject({ number: z.string().min(1).max(64) }),
  response: foundSchema,
  refusals: { 'too-many-searches': 429 },
  secret: true,
  handler: (ctx, { body }) =>
    scoped(ctx.platform.app, ctx.person.scope, async (tx) => {
      const use = {
        staffId: ctx.person.staffId,
        role: ctx.person.role,
        kind: 'search' as const,
        since: startOfMinute(ctx.platform.now()),
      };
      const counted = await takeQuota(tx, use, 1, SEARCHES_A_MINUTE);
      if (counted === undefined)
        return refusedWith('too-many-searches', '查找过于频繁，请一分钟后再试。', 'Too many searches: try again in a minute.');
      const rows = await findByNumber(tx, ctx.person.scope, ctx.platform.secrets, body.number);
      // A miss and a hit out of scope are one and the same here too: the query knows nothing of the latter.
      await audit(tx, ctx.actor, { kind: 'customer.searched', subject: 'number', body: { count: rows.length } });
      const view = await viewFor(
        tx,
        rows.flatMap((row) => [row.lead_staff, row.joint_staff]),
      );
      return { items: rows.map((row) => toCustomerRow(view, row)) };
    }),
});

export const revealRoutes = [reveal, find];
