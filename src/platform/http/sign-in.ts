import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refusal } from '../../kernel/refusal.ts';
import { SHUT, setPasswordByLink } from '../auth/account.ts';
import { needsSecondFactor } from '../auth/roles.ts';
import { signIn } from '../auth/sign-in.ts';
import type { Platform } from '../context.ts';
import { deviceToken, setDeviceCookie, setSessionCookie } from './cookies.ts';
import { problemSchema, sendProblem } from './problem.ts';
import { describePerson, personSchema } from './session.ts';

const signInBody = z.strictObject({
  staffId: z.string().min(1).max(64).describe('员工号'),
  password: z.string().min(1).max(512),
  code: z.string().trim().min(6).max(32).optional().describe('动态口令六位数字，或一个恢复码'),
});
const setupBody = z.strictObject({ code: z.string().min(1).max(64), password: z.string().min(1).max(512) });

const REFUSED = refusal(
  'sign-in-refused',
  '员工号、密码或动态口令不正确，或者尚未开通登录。',
  'Staff number, password or code is not right, or sign-in has not been opened for you.',
);
const CODE_NEEDED = refusal('code-needed', '请输入动态口令。', 'Enter the code of your authenticator.');

/** The two doors that are open to whoever is signed out: signing in, and setting a password with a one-time link. */
export function addSignInRoutes(api: FastifyInstance, platform: Platform, demo: boolean): void {
  api.post(
    '/api/session',
    {
      schema: {
        summary: '登录',
        operationId: 'openSession',
        body: signInBody,
        response: { 200: personSchema, 400: problemSchema, 401: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { staffId, password, code } = signInBody.parse(request.body);
      const result = await signIn(platform, {
        staffId,
        password,
        code,
        address: request.ip,
        agent: request.headers['user-agent'] ?? '',
        device: deviceToken(request),
        requestId: request.id,
      });
      if (result.state === 'shut') return sendProblem(reply, request.id, 429, SHUT);
      if (result.state !== 'in') return sendProblem(reply, request.id, 401, result.state === 'refused' ? REFUSED : CODE_NEEDED);
      setSessionCookie(request, reply, result.token);
      setDeviceCookie(request, reply, result.device);
      return describePerson(result.person, demo, needsSecondFactor(result.person.role) && !result.proven);
    },
  );
  api.post(
    '/api/setup',
    {
      schema: {
        summary: '用一次性链接设置密码',
        operationId: 'setUpAccount',
        body: setupBody,
        response: { 200: z.object({ staffId: z.string() }), 400: problemSchema, 422: problemSchema },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const result = await setPasswordByLink(platform, { ...setupBody.parse(request.body), requestId: request.id });
      return 'staffId' in result ? result : sendProblem(reply, request.id, 422, result);
    },
  );
}
