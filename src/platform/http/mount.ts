import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { digestOf } from '../../kernel/digest.ts';
import { type Refusal, Refused } from '../../kernel/refusal.ts';
import type { Actor, AuditEntry } from '../audit/index.ts';
import type { Looks } from '../audit/looks.ts';
import type { SignedIn } from '../auth/session.ts';
import type { Platform } from '../context.ts';
import { isAway, OutcomeUnknown } from '../db/away.ts';
import { claimKey, freeKey, settleKey } from './idempotency.ts';
import { problemSchema, sendCommon, sendProblem } from './problem.ts';
import type { AnyRoute, Ctx, FileAnswer, FileRoute, Route, UploadRoute } from './route.ts';
import { findUpload, UPLOAD } from './upload.ts';

const PATH_PARAMETER = /:\w+/;
/** Answers that say no: not allowed, not there for this person. */
const REFUSED: ReadonlySet<number> = new Set([403, 404]);
const refused = z.object({
  refused: z.literal(true),
  code: z.string(),
  words: z.object({ zh: z.string(), en: z.string() }),
  details: z.record(z.string(), z.unknown()).optional(),
});
const idempotencyHeader = z.string().regex(/^[\x21-\x7e]{1,100}$/);

/** Mounts one route: sign-in, permission, input, handler, declared refusals, output. */
export function mountRoute(server: FastifyInstance, platform: Platform, looks: Looks, route: AnyRoute): void {
  const problems = Object.fromEntries(
    [...new Set([400, 401, 403, 404, ...Object.values(route.refusals)])].map((status) => [status, problemSchema]),
  );
  server.route({
    method: route.method,
    url: route.url,
    // Looking whether a file is there must not count as fetching it.
    exposeHeadRoute: route.kind !== 'file',
    schema: {
      operationId: route.name,
      summary: route.summary,
      security: [{ session: [] }],
      querystring: route.query,
      ...(route.kind !== 'upload' && PATH_PARAMETER.test(route.url) ? { params: route.params } : {}),
      ...(route.kind === 'json' && route.method !== 'GET' ? { body: route.body } : {}),
      ...(route.kind === 'upload' ? { consumes: [UPLOAD] } : {}),
      response: { ...(route.kind === 'file' ? {} : { 200: route.response }), ...problems },
    },
    // Before the input is looked at: who may not use the route learns nothing of its shape.
    preValidation: async (request, reply) => {
      if (request.person === undefined) return sendCommon(reply, request.id, 'signed-out');
      if (!request.person.permissions.has(route.permission)) return sendCommon(reply, request.id, 'not-allowed');
      return undefined;
    },
    // Before the first byte leaves: what is not on record is not told.
    onSend: async (request, reply) => {
      const { person, seen } = request;
      if (person === undefined) return;
      request.seen = [];
      const entries = seen ?? [];
      if (REFUSED.has(reply.statusCode))
        entries.push({ kind: 'access.refused', subject: route.name, body: { status: reply.statusCode } });
      await looks.write(actorOf(person, request), entries);
    },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { person } = request;
      if (person === undefined) return sendCommon(reply, request.id, 'signed-out');
      const seen: AuditEntry[] = [];
      request.seen = seen;
      const looked = (entry: AuditEntry) => void seen.push(entry);
      const ctx: Ctx = { platform, person, actor: actorOf(person, request), requestId: request.id, looked };
      if (route.kind === 'file') return sendFile(ctx, route, request, reply);
      if (route.kind === 'upload') return sendUpload(ctx, route, request, reply);
      return sendJson(ctx, route, request, reply);
    },
  });
}

function actorOf({ staffId, role, unitNo, actsFor, identities }: SignedIn, { id, ip }: FastifyRequest): Actor {
  return { staffId, role, unitNo, requestId: id, origin: ip, identities, ...(actsFor && { onBehalfOf: actsFor.staffId }) };
}

async function sendJson(ctx: Ctx, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const header = request.method === 'GET' || route.secret ? undefined : request.headers['idempotency-key'];
  if (header === undefined) return answer(route.refusals, ctx, reply, await run(route, ctx, request));
  const key = idempotencyHeader.parse(header);
  const digest = digestOf({ url: request.url, body: request.body });
  const claim = await claimKey(ctx.platform.app, ctx.person.staffId, key, route.name, digest, request.id, ctx.platform.now());
  if (claim.state === 'unanswered') return sendCommon(reply, request.id, 'key-done');
  if (claim.state === 'in-use') return sendCommon(reply, request.id, 'key-in-use');
  if (claim.state === 'reused') return sendCommon(reply, request.id, 'key-reused');
  if (claim.state === 'done') return claim.status === 200 ? claim.response : sendStored(reply, claim.status, claim.response);
  try {
    const result = await run(route, ctx, request);
    const refusal = refused.safeParse(result);
    const status = refusal.success ? (route.refusals[refusal.data.code] ?? 422) : 200;
    await settleKey(ctx.platform.app, ctx.person.staffId, key, status, result);
    return answer(route.refusals, ctx, reply, result);
  } catch (error) {
    // Whether it was carried out is not known: the key stays, and whoever brings it again is told.
    if (!(error instanceof OutcomeUnknown) && !isAway(error)) await freeKey(ctx.platform.app, ctx.person.staffId, key);
    throw error;
  }
}

function sendStored(reply: FastifyReply, status: number, response: unknown): FastifyReply {
  return sendProblem(reply, reply.request.id, status, toRefusal(refused.parse(response)));
}

async function run(route: Route, ctx: Ctx, request: FastifyRequest): Promise<unknown> {
  try {
    return await route.handle(ctx, { params: request.params, query: request.query, body: request.body ?? {} });
  } catch (error) {
    return refusedBy(error);
  }
}

/** A refusal that came as an exception, out of a transaction; anything else is a fault and goes on. */
function refusedBy(error: unknown): Refusal & { refused: true } {
  if (error instanceof Refused) return { ...error.refusal, refused: true };
  throw error;
}

function answer(refusals: Route['refusals'], ctx: Ctx, reply: FastifyReply, result: unknown): unknown {
  const refusal = refused.safeParse(result);
  if (!refusal.success) return result;
  return sendProblem(reply, ctx.requestId, refusals[refusal.data.code] ?? 422, toRefusal(refusal.data));
}

function toRefusal(found: z.output<typeof refused>): Refusal {
  return { code: found.code, words: found.words, ...(found.details === undefined ? {} : { details: found.details }) };
}

async function sendFile(ctx: Ctx, route: FileRoute, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const result = await route.handle(ctx, { params: request.params, query: request.query }).catch(refusedBy);
  if (!isFile(result)) return answer(route.refusals, ctx, reply, result);
  return reply
    .type(result.contentType)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(result.fileName)}`)
    .send(result.stream);
}

function isFile(result: FileAnswer | Refusal): result is FileAnswer {
  return 'stream' in result;
}

async function sendUpload(ctx: Ctx, route: UploadRoute, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const file = await findUpload(request.parts());
  if (file === undefined) return sendCommon(reply, request.id, 'bad-request', { fields: ['file'] });
  return answer(route.refusals, ctx, reply, await route.handle(ctx, { query: request.query, file }));
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What it has looked at and the audit does not know yet. */
    seen?: AuditEntry[];
  }
}
