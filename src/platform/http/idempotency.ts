import type pg from 'pg';
import { z } from 'zod';

const stored = z.object({ request_digest: z.string(), status: z.number().nullable(), response: z.unknown() });
export type Claim =
  | { readonly state: 'mine' }
  | { readonly state: 'in-use' | 'reused' }
  | { readonly state: 'done'; readonly status: number; readonly response: unknown };

/** Claims a key for one request of one person: the first wins, later ones get its answer. */
export async function claimKey(
  pool: pg.Pool,
  staffId: string,
  key: string,
  route: string,
  digest: string,
  now: Date,
): Promise<Claim> {
  const inserted = await pool.query(
    'insert into platform.idempotency (staff_id, key, route, request_digest, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [staffId, key, route, digest, now],
  );
  if (inserted.rowCount === 1) return { state: 'mine' };
  const { rows } = await pool.query(
    'select request_digest, status, response from platform.idempotency where staff_id = $1 and key = $2',
    [staffId, key],
  );
  const row = stored.parse(rows[0]);
  if (row.request_digest !== digest) return { state: 'reused' };
  return row.status === null ? { state: 'in-use' } : { state: 'done', status: row.status, response: row.response };
}

/** Keeps the answer under the key; a failed request frees it, so that it can be sent again. */
export async function settleKey(pool: pg.Pool, staffId: string, key: string, status: number, response: unknown): Promise<void> {
  if (status >= 500) {
    await pool.query('delete from platform.idempotency where staff_id = $1 and key = $2', [staffId, key]);
    return;
  }
  await pool.query('update platform.idempotency set status = $3, response = $4 where staff_id = $1 and key = $2', [
    staffId,
    key,
    status,
    JSON.stringify(response),
  ]);
}
