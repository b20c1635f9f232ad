import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/transaction.ts';

export interface Use {
  readonly staffId: string;
  readonly role: string;
  readonly kind: 'reveal' | 'search' | 'export-rows';
  /** Start of the day or minute that is counted. */
  readonly since: Date;
}

/** Counts `n` more if that stays within `most`, also when asked at once; gives the sum, or undefined when it would go beyond. */
export async function takeQuota(
  tx: Tx,
  { staffId, role, kind, since }: Use,
  n: number,
  most: number,
): Promise<number | undefined> {
  if (n > most) return undefined;
  const { rows } = await sql<{ used: number }>`
    insert into disclosure.usage as u (staff_id, kind, since, role, used) values (${staffId}, ${kind}, ${since}, ${role}, ${n})
    on conflict (staff_id, kind, since) do update set used = u.used + excluded.used where u.used + excluded.used <= ${most}
    returning used`.execute(tx.db);
  return rows[0]?.used;
}

export async function usedOf(tx: Tx, { staffId, kind, since }: Use): Promise<number> {
  const row = await tx.db
    .selectFrom('disclosure.usage')
    .select('used')
    .where('staff_id', '=', staffId)
    .where('kind', '=', kind)
    .where('since', '=', since)
    .executeTakeFirst();
  return row?.used ?? 0;
}

/** What the others of the same role do on the middle one of their days, over the last thirty; 0 when there are none. */
export async function peersMedian(tx: Tx, { staffId, role, kind, since }: Use): Promise<number> {
  const { rows } = await sql<{ median: number | null }>`
    select percentile_disc(0.5) within group (order by used) as median from disclosure.usage
     where kind = ${kind} and role = ${role} and staff_id <> ${staffId}
       and since between ${since}::timestamptz - interval '30 days' and ${since}`.execute(tx.db);
  return rows[0]?.median ?? 0;
}

/** Drops what no quota and no comparison asks for any more. */
export async function forgetUsage(tx: Tx, staffId: string, now: Date): Promise<void> {
  await sql`delete from disclosure.usage where staff_id = ${staffId}
     and since < ${now}::timestamptz - case kind when 'search' then interval '1 hour' else interval '31 days' end`.execute(tx.db);
}

export function startOfMinute(now: Date): Date {
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000);
}
