import type pg from 'pg';
import { z } from 'zod';

const stored = z.object({
  request_digest: z.string(),
  status: z.number().nullable(),
  response: z.unknown(),
  carried_out: z.boolean().nullable(),
});
export type Claim =
  | { readonly state: 'mine' }
  /** `unanswered`: it was carried out, but its answer was lost before it was kept. */
  | { readonly state: 'in-use' | 'reused' | 'unanswered' }
  | { readonly state: 'done'; readonly status: number; readonly response: unknown };

/** A request without an answer for so long has ended: no statement and no transaction of a request may take that long. */
const GIVEN_UP_MS = 120_000;

/** Claims a key for one request of one person: the first wins, later ones get its answer. */
export async function claimKey(
  pool: pg.Pool,
  staffId: string,
  key: string,
  route: string,
  digest: string,
  requestId: string,
  now: Date,
): Promise<Claim> {
  const inserted = await pool.query(
    `insert into platform.idempotency as i (staff_id, key, route, request_digest, request_id, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (staff_id, key) do update set request_id = $5, created_at = $6
      where i.status is null and i.request_digest = $4 and i.created_at <= $7
        and not coalesce(audit.was_carried_out(i.staff_id, i.created_at, i.request_id), false)`,
    [staffId, key, route, digest, requestId, now, new Date(now.getTime() - GIVEN_UP_MS)],
  );
  if (inserted.rowCount === 1) return { state: 'mine' };
  const { rows } = await pool.query(
    `select request_digest, status, response, audit.was_carried_out(staff_id, created_at, request_id) as carried_out
       from platform.idempotency where staff_id = $1 and key = $2`,
    [staffId, key],
  );
  const row = stored.parse(rows[0]);
  if (row.request_digest !== digest) return { state: 'reused' };
  if (row.status === null) return { state: row.carried_out === true ? 'unanswered' : 'in-use' };
  return { state: 'done', status: row.status, response: row.response };
}

/** Keeps the answer under the key. */
export async function settleKey(pool: pg.Pool, staffId: string, key: string, status: number, response: unknown): Promise<void> {
  await pool.query('update platform.idempotency set status = $3, response = $4 where staff_id = $1 and key = $2', [
    staffId,
    key,
    status,
    JSON.stringify(response),
  ]);
}

/** Frees the key of a request that failed, so that it can be sent again. */
export async function freeKey(pool: pg.Pool, staffId: string, key: string): Promise<void> {
  await pool.query('delete from platform.idempotency where staff_id = $1 and key = $2', [staffId, key]);
}
