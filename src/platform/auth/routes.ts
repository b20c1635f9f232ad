import { z } from 'zod';
import type { Refusal } from '../../kernel/refusal.ts';
import { audit } from '../audit/index.ts';
import { unscoped } from '../db/transaction.ts';
import { nothing } from '../http/page.ts';
import { type AnyRoute, type Ctx, defineRoute, refusedWith } from '../http/route.ts';
import { changePassword, confirmPassword, makeLink } from './account.ts';
import { DEPUTY_ROUTES } from './deputy-routes.ts';
import { needsSecondFactor } from './roles.ts';
import { beginSecondFactor, endSecondFactor } from './second-factor.ts';
import { endAccess, endOtherSessions, sessionsOf } from './session.ts';
import { TOKEN_ROUTES } from './token-routes.ts';

const done = z.object({ done: z.literal(true) });
const password = z.string().min(1).max(512);
const staffParam = z.strictObject({ staffId: z.string().max(64) });
const DONE = { done: true } as const;

const PASSWORD_REFUSALS = {
  'password-wrong': 422,
  'password-length': 422,
  'password-common': 422,
  'password-own-name': 422,
  'sign-in-shut': 429,
} as const;

/** A refusal of the rules as this route declared it. */
function declared(problem: Refusal) {
  const code = z
    .enum(['password-wrong', 'password-length', 'password-common', 'password-own-name', 'sign-in-shut'])
    .parse(problem.code);
  return refusedWith(code, problem.words.zh, problem.words.en);
}

const nobody = () => refusedWith('staff-unknown', '在岗人员中没有这个员工号。', 'Nobody on the staff has this number.');

async function accountOf({ platform, person }: Ctx) {
  const { rows } = await platform.app.query<{ password_set_at: Date | null; enrolled: boolean; codes: number }>(
    `select a.password_set_at, a.totp_secret is not null as enrolled,
            (select count(*)::int from platform.recovery_code r where r.staff_id = a.staff_id) as codes
       from platform.account a where a.staff_id = $1`,
    [person.staffId],
  );
  const row = rows[0];
  return {
    passwordSetAt: row?.password_set_at?.toISOString() ?? null,
    secondFactor: row?.enrolled ?? false,
    secondFactorNeeded: needsSecondFactor(person.role),
    recoveryCodes: row?.codes ?? 0,
  };
}

/** One's own account: the devices where one is signed in, the password, the second factor. */
const OWN: readonly AnyRoute[] = [
  defineRoute({
    method: 'GET',
    url: '/api/account',
    name: 'getAccount',
    summary: '自己的登录设置',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: nothing,
    response: z.object({
      passwordSetAt: z.string().nullable(),
      secondFactor: z.boolean(),
      secondFactorNeeded: z.boolean(),
      recoveryCodes: z.number(),
    }),
    refusals: {},
    handler: accountOf,
  }),
  defineRoute({
    method: 'GET',
    url: '/api/account/sessions',
    name: 'listSessions',
    summary: '自己在哪些设备上登录着',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: nothing,
    response: z.object({
      items: z.array(
        z.object({
          sessionId: z.string(),
          address: z.string(),
          agent: z.string(),
          openedAt: z.string(),
          seenAt: z.string(),
          current: z.boolean(),
        }),
      ),
    }),
    refusals: {},
    handler: async ({ platform, person }) => {
      const sessions = await sessionsOf(platform.app, person.staffId, platform.now());
      return { items: sessions.map((session) => ({ ...session, current: session.sessionId === person.sessionId })) };
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/account/sessions/:sessionId/end',
    name: 'endSession',
    summary: '结束自己在另一台设备上的登录',
    permission: 'session.own',
    params: z.strictObject({ sessionId: z.uuid() }),
    query: nothing,
    body: nothing,
    response: done,
    refusals: { 'session-unknown': 404 },
    handler: async ({ platform, actor, person }, { params }) => {
      const ended = await unscoped(platform.app, async (tx) => {
        const { rowCount } = await tx.client.query('delete from platform.session where staff_id = $1 and session_id = $2', [
          person.staffId,
          params.sessionId,
        ]);
        if (rowCount === 1) await audit(tx, actor, { kind: 'session.ended', subject: person.staffId });
        return rowCount === 1;
      });
      return ended ? DONE : refusedWith('session-unknown', '这次登录已经结束。', 'That session has ended already.');
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/account/sessions/end-others',
    name: 'endOtherSessions',
    summary: '结束自己在其他所有设备上的登录',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: nothing,
    response: done,
    refusals: {},
    handler: async ({ platform, actor, person }) => {
      await unscoped(platform.app, async (tx) => {
        await endOtherSessions(tx, [person.staffId], person.sessionId);
        await audit(tx, actor, { kind: 'session.ended', subject: person.staffId, body: { others: true } });
      });
      return DONE;
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/account/password',
    name: 'changePassword',
    summary: '修改自己的密码；其他设备上的登录随之结束',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: z.strictObject({ current: password, password }),
    response: done,
    refusals: PASSWORD_REFUSALS,
    secret: true,
    handler: async ({ platform, actor, person }, { body }) => {
      const problem = await changePassword(platform, actor, person, body);
      return problem === undefined ? DONE : declared(problem);
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/account/second-factor',
    name: 'beginSecondFactor',
    summary: '启用或更换动态口令：得到密钥，用验证器扫码',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: z.strictObject({ password }),
    response: z.object({ secret: z.string(), uri: z.string() }),
    refusals: PASSWORD_REFUSALS,
    secret: true,
    handler: async ({ platform, person }, { body }) => {
      const problem = await confirmPassword(platform, person, body.password);
      return problem === undefined ? beginSecondFactor(platform, person.staffId) : declared(problem);
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/account/second-factor/confirm',
    name: 'endSecondFactor',
    summary: '用第一个动态口令完成启用，得到恢复码',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: z.strictObject({ code: z.string().trim().max(32) }),
    response: z.object({ recoveryCodes: z.array(z.string()) }),
    refusals: { 'code-wrong': 422 },
    secret: true,
    handler: async ({ platform, actor, person }, { body }) => {
      const codes = await endSecondFactor(platform, actor, person, body.code);
      return codes === undefined
        ? refusedWith(
            'code-wrong',
            '动态口令不正确：请确认手机时间准确，再输入当前的六位数字。',
            'The code is not right: check the clock of the phone and enter the six digits it shows now.',
          )
        : { recoveryCodes: [...codes] };
    },
  }),
];

/** Other people's: the administrator opens doors and ends sessions, and never sees or sets a password. */
const OTHERS: readonly AnyRoute[] = [
  defineRoute({
    method: 'POST',
    url: '/api/accounts/:staffId/link',
    name: 'makeAccountLink',
    summary: '给一名员工开通或重置登录：一次性链接，30 分钟有效，只显示一次',
    permission: 'bank.accounts',
    params: staffParam,
    query: nothing,
    body: nothing,
    response: z.object({ staffId: z.string(), path: z.string(), expiresAt: z.string() }),
    refusals: { 'staff-unknown': 404 },
    secret: true,
    handler: async ({ platform, actor }, { params }) => {
      const link = await makeLink(platform.app, actor, params.staffId, platform.now());
      return link === undefined ? nobody() : { ...link, expiresAt: link.expiresAt.toISOString() };
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/accounts/:staffId/end-sessions',
    name: 'endSessionsOf',
    summary: '结束一名员工的全部登录，并作废其程序密钥',
    permission: 'bank.accounts',
    params: staffParam,
    query: nothing,
    body: nothing,
    response: done,
    refusals: {},
    handler: async ({ platform, actor }, { params }) => {
      await unscoped(platform.app, async (tx) => {
        await endAccess(tx, [params.staffId]);
        await audit(tx, actor, { kind: 'session.ended', subject: params.staffId, body: { by: 'administrator' } });
      });
      return DONE;
    },
  }),
];

export const ACCOUNT_ROUTES: readonly AnyRoute[] = [...OWN, ...TOKEN_ROUTES, ...DEPUTY_ROUTES, ...OTHERS];
