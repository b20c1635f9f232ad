import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Scope, Tx } from '../db/transaction.ts';
import { keyOfCursor, toPage } from '../http/page.ts';
import type { NoticeKind } from './kinds.ts';

/**
 * Tells people of something, in the transaction that does it: no change, no notice. `subject` is the id of what it is about; names and
 * amounts stay there, where the reader's scope decides. Nobody is told twice, and nobody of what is null.
 */
export async function notify(
  tx: Tx,
  at: Date,
  staffIds: readonly (string | null | undefined)[],
  { kind, subject }: { readonly kind: NoticeKind; readonly subject: string },
): Promise<void> {
  const told = [...new Set(staffIds)].filter((id) => id !== null && id !== undefined);
  if (told.length === 0) return;
  await tx.db
    .insertInto('platform.notice')
    .values(told.map((staffId) => ({ notice_id: randomUUID(), staff_id: staffId, kind, subject, at })))
    .execute();
}

/** Milliseconds of the notice and its id: newest first. */
const key = z.tuple([z.number().int().min(0).max(4_000_000_000_000), z.uuid()]);

/** A person's notices, newest first. Row security says once more whose they are. */
export async function listNotices(
  tx: Tx,
  { staffId }: Scope,
  { unread, after, limit }: { readonly unread: boolean; readonly after?: string | undefined; readonly limit: number },
) {
  const from = keyOfCursor(after, key);
  const { rows } = await tx.client.query<{ notice_id: string; kind: string; subject: string; at: Date; read_at: Date | null }>(
    `select notice_id, kind, subject, at, read_at from platform.notice
      where staff_id = $1 and (not $2 or read_at is null)
        and ($3::bigint is null or (at, notice_id) < (timestamptz 'epoch' + $3::bigint * interval '1 millisecond', $4::uuid))
      order by at desc, notice_id desc limit $5`,
    [staffId, unread, from?.[0] ?? null, from?.[1] ?? null, limit + 1],
  );
  return toPage(rows, limit, (row) => [row.at.getTime(), row.notice_id]);
}

export async function countUnread(tx: Tx, { staffId }: Scope): Promise<number> {
  const { rows } = await tx.client.query<{ n: number }>(
    'select count(*)::int as n from platform.notice where staff_id = $1 and read_at is null',
    [staffId],
  );
  return rows[0]?.n ?? 0;
}

/** Marks one notice read, or all of them; says whether there was such a one. What was read keeps its first time. */
export async function markRead(tx: Tx, { staffId }: Scope, at: Date, noticeId?: string): Promise<boolean> {
  const { rowCount } = await tx.client.query(
    `update platform.notice set read_at = coalesce(read_at, $2)
      where staff_id = $1 and case when $3::uuid is null then read_at is null else notice_id = $3::uuid end`,
    [staffId, at, noticeId ?? null],
  );
  return (rowCount ?? 0) > 0;
}
