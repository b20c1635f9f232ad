import { sql } from 'kysely';
import type { Tx } from './db/transaction.ts';

/** What the platform keeps no longer than needed: since when it is over, and how many days it stays after that. */
const DEAD = [
  { what: 'session', table: 'platform.session', over: 'expires_at', days: 30 },
  { what: 'known-device', table: 'platform.known_device', over: 'expires_at', days: 30 },
  { what: 'setup-link', table: 'platform.setup_link', over: 'expires_at', days: 30 },
  { what: 'api-token', table: 'platform.api_token', over: 'expires_at', days: 30 },
  { what: 'kept-answer', table: 'platform.idempotency', over: 'created_at', days: 30 },
  { what: 'attempt', table: 'platform.attempt', over: 'since', days: 30 },
  { what: 'usage', table: 'disclosure.usage', over: 'since', days: 30 },
  { what: 'notice', table: 'platform.notice', over: 'at', days: 365 },
] as const;

const DAY_MS = 86_400_000;

export interface Kept {
  readonly what: string;
  /** How many are past their time. */
  readonly due: number;
  /** How many of them are gone now. */
  readonly removed: number;
}

/** Counts what is past its time, and removes it when told to. */
export async function removeDead(tx: Tx, now: Date, apply: boolean): Promise<Kept[]> {
  const found: Kept[] = [];
  for (const { what, table, over, days } of DEAD) {
    const past = sql`${sql.ref(over)} < ${new Date(now.getTime() - days * DAY_MS)}`;
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} where ${past}`.execute(tx.db);
    const due = rows[0]?.n ?? 0;
    if (apply && due > 0) await sql`delete from ${sql.table(table)} where ${past}`.execute(tx.db);
    found.push({ what, due, removed: apply ? due : 0 });
  }
  return found;
}
