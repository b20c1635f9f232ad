import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { enterBySso, ProviderAway, recordRefusedSso, type SingleSignOn } from '../auth/sso.ts';
import type { Platform } from '../context.ts';
import { logFault } from '../log.ts';
import { clearTicketCookie, setSessionCookie, setTicketCookie, ticketOf } from './cookies.ts';
import { problemSchema, sendCommon } from './problem.ts';

/** A path of ours: one slash at the beginning, nothing that a browser takes for another host. */
const LOCAL = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}$/;

/** How one may sign in, and the two halves of single sign-on: away to the provider, and back. */
export function addSsoRoutes(api: FastifyInstance, platform: Platform, sso: SingleSignOn | undefined): void {
  api.get(
    '/api/sign-in',
    { schema: { summary: '登录方式', operationId: 'getSignIn', response: { 200: z.object({ sso: z.boolean() }) } } },
    async () => ({ sso: sso !== undefined }),
  );
  const answers = { 303: z.null().describe('转到统一认证 / to the provider'), 404: problemSchema };
  api.get(
    '/api/sso',
    {
      schema: {
        summary: '用统一认证登录：转到统一认证',
        operationId: 'beginSso',
        querystring: z.object({ next: z.string().max(600).optional() }),
        response: answers,
      },
    },
    async (request, reply) => {
      if (sso === undefined) return sendCommon(reply, request.id, 'not-found');
      const { next } = z.object({ next: z.string().regex(LOCAL).catch('/').default('/') }).parse(request.query);
      try {
        const { url, ticket } = await sso.begin(next);
        setTicketCookie(request, reply, ticket);
        return goTo(reply, url);
      } catch (error) {
        return backWith(reply, error);
      }
    },
  );
  api.get(
    '/api/sso/callback',
    { schema: { summary: '统一认证回到这里', operationId: 'finishSso', response: answers } },
    async (request, reply) => {
      if (sso === undefined) return sendCommon(reply, request.id, 'not-found');
      const ticket = ticketOf(request);
      clearTicketCookie(request, reply);
      try {
        const found = ticket === undefined ? undefined : await sso.finish(ticket, request.url.split('?')[1] ?? '');
        const caller = { address: request.ip, agent: request.headers['user-agent'] ?? '', requestId: request.id };
        if (found === undefined) await recordRefusedSso(platform, caller);
        const token = found && (await enterBySso(platform, found.staffId, caller));
        if (found === undefined || token === undefined) return goTo(reply, '/?sso=refused');
        setSessionCookie(request, reply, token);
        return goTo(reply, found.next);
      } catch (error) {
        return backWith(reply, error);
      }
    },
  );
}

function goTo(reply: FastifyReply, url: string): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(url, 303);
}

/** To the sign-in page, which says that the provider does not answer; a fault of ours stays one. */
function backWith(reply: FastifyReply, error: unknown): FastifyReply {
  if (!(error instanceof ProviderAway)) throw error;
  logFault('single sign-on does not answer', error.cause instanceof Error ? error.cause : error);
  return goTo(reply, '/?sso=away');
}
