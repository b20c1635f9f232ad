import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Refusal } from '../../kernel/refusal.ts';

/** RFC 9457 with words in both languages. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  requestId: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});

const WORDS = {
  'not-found': { status: 404, zh: '没有找到，或者不在您的范围内。', en: 'Not found, or not within your scope.' },
  'signed-out': { status: 401, zh: '请先登录。', en: 'Please sign in.' },
  'not-allowed': { status: 403, zh: '您的岗位没有这项权限。', en: 'Your role may not do this.' },
  'bad-request': { status: 400, zh: '请求内容不正确，请检查标出的字段。', en: 'The request is not right; see the fields named.' },
  'cross-site': { status: 403, zh: '请求来自别的网站，已拒绝。', en: 'The request came from another site and was refused.' },
  'too-large': { status: 413, zh: '内容过大。', en: 'Too large.' },
  busy: { status: 503, zh: '系统繁忙，请稍后再试。', en: 'Too busy; try again shortly.' },
  'too-many': { status: 429, zh: '操作过于频繁，请稍后再试。', en: 'Too many requests; try again shortly.' },
  'key-reused': {
    status: 409,
    zh: '这个 Idempotency-Key 已用于另一项请求。',
    en: 'This Idempotency-Key was used for another request.',
  },
  'disk-full': {
    status: 503,
    zh: '服务器磁盘空间不足，本次没有办成；请联系管理员腾出空间后重试。',
    en: 'The server has no room on its disk, and this was not carried out. Ask the administrator to make room, then try again.',
  },
  'database-away': {
    status: 503,
    zh: '数据库暂时连不上，请稍后再试。',
    en: 'The database cannot be reached just now; try again shortly.',
  },
  'outcome-unknown': {
    status: 503,
    zh: '办理时与数据库的连接中断，这次操作可能已经办成：请稍后刷新核对，再决定是否重办。',
    en: 'The connection to the database was lost meanwhile; this may have been carried out. Look again shortly before you repeat it.',
  },
  'key-done': {
    status: 409,
    zh: '这项请求已经办成，只是当时的应答没有送达；请查询结果，不必重办。',
    en: 'This request was carried out, only its answer was lost; look the result up, and do not repeat it.',
  },
  'key-in-use': { status: 409, zh: '同一项请求正在处理。', en: 'The same request is being handled.' },
  fault: {
    status: 500,
    zh: '系统出错，数据没有改动。请把请求编号告诉管理员。',
    en: 'Something broke; nothing was changed. Tell the administrator the request id.',
  },
} as const;
export type CommonProblem = keyof typeof WORDS;

const RETRY_AFTER_SECONDS = '5';

export function sendProblem(reply: FastifyReply, requestId: string, status: number, refusal: Refusal): FastifyReply {
  if (status === 503) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send({
      type: 'about:blank',
      title: refusal.words.en,
      status,
      code: refusal.code,
      zh: refusal.words.zh,
      en: refusal.words.en,
      requestId,
      ...(refusal.details === undefined ? {} : { details: refusal.details }),
    });
}

export function sendCommon(
  reply: FastifyReply,
  requestId: string,
  code: CommonProblem,
  details?: Readonly<Record<string, unknown>>,
): FastifyReply {
  const { status, zh, en } = WORDS[code];
  return sendProblem(reply, requestId, status, { code, words: { zh, en }, ...(details === undefined ? {} : { details }) });
}
