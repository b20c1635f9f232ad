import { z } from 'zod';
import { scoped } from '../db/transaction.ts';
import { nothing, pageOf, pageQuery } from '../http/page.ts';
import { type AnyRoute, defineRoute, refusedWith } from '../http/route.ts';
import { countUnread, listNotices, markRead } from './index.ts';
import { isNoticeKind, NOTICE_PLACES, NOTICES } from './kinds.ts';

const done = z.object({ done: z.literal(true) });
const DONE = { done: true } as const;
const notice = z.object({
  noticeId: z.string(),
  text: z.object({ zh: z.string(), en: z.string() }),
  /** Where it leads: the page, and the id of what it is about. */
  to: z.enum(NOTICE_PLACES).nullable(),
  subject: z.string(),
  at: z.string(),
  read: z.boolean(),
});

/** What the person of the session was told of. */
export const NOTICE_ROUTES: readonly AnyRoute[] = [
  defineRoute({
    method: 'GET',
    url: '/api/notices',
    name: 'listNotices',
    summary: '自己的站内通知，新的在前',
    permission: 'session.own',
    params: nothing,
    query: pageQuery.extend({ unread: z.literal('yes').optional().describe('只看未读 / only unread ones') }),
    body: nothing,
    response: pageOf(notice).extend({ unread: z.number() }),
    refusals: {},
    handler: ({ platform, person }, { query }) =>
      scoped(platform.app, person.scope, async (tx) => {
        const page = await listNotices(tx, person.scope, { ...query, unread: query.unread === 'yes' });
        const items = page.items.map((row) => {
          // A notice of a later version, read after going back to this one, still says that it is there.
          const known = isNoticeKind(row.kind) ? NOTICES[row.kind] : undefined;
          return {
            noticeId: row.notice_id,
            text: known?.words ?? { zh: row.kind, en: row.kind },
            to: known?.to ?? null,
            subject: row.subject,
            at: row.at.toISOString(),
            read: row.read_at !== null,
          };
        });
        return { items, next: page.next, unread: await countUnread(tx, person.scope) };
      }),
  }),
  defineRoute({
    method: 'POST',
    url: '/api/notices/:noticeId/read',
    name: 'readNotice',
    summary: '把一条通知标为已读',
    permission: 'session.own',
    params: z.strictObject({ noticeId: z.string().max(64) }),
    query: nothing,
    body: nothing,
    response: done,
    refusals: { 'not-found': 404 },
    handler: async ({ platform, person }, { params }) => {
      const id = z.uuid().safeParse(params.noticeId);
      const found =
        id.success && (await scoped(platform.app, person.scope, (tx) => markRead(tx, person.scope, platform.now(), id.data)));
      return found ? DONE : refusedWith('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    },
  }),
  defineRoute({
    method: 'POST',
    url: '/api/notices/read-all',
    name: 'readAllNotices',
    summary: '把全部通知标为已读',
    permission: 'session.own',
    params: nothing,
    query: nothing,
    body: nothing,
    response: done,
    refusals: {},
    handler: async ({ platform, person }) => {
      await scoped(platform.app, person.scope, (tx) => markRead(tx, person.scope, platform.now()));
      return DONE;
    },
  }),
];
