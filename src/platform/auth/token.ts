import type pg from 'pg';
import type { Words } from '../../kernel/refusal.ts';
import { type Actor, audit } from '../audit/index.ts';
import type { Platform } from '../context.ts';
import { unscoped } from '../db/transaction.ts';
import { needsSecondFactor, type Permission } from './roles.ts';
import { newToken, type Person, personById, type SignedIn, tokenHash } from './session.ts';

/** So that a scanner for leaked secrets knows one when it sees it. */
const MARK = 'guanhu_';
const DAY_MS = 86_400_000;

/** What a program may be allowed at all; what is not here takes a person. */
export const GRANTABLE = {
  'calendar.feed': { zh: '订阅日程', en: 'subscribe to the calendar' },
  'overview.read': { zh: '看总览', en: 'read the overview' },
  'customers.read': { zh: '看客户', en: 'read customers' },
  'portfolios.read': { zh: '看管户包', en: 'read portfolios' },
  'organisation.read': { zh: '看机构人员', en: 'read units and staff' },
  'schemes.read': { zh: '看方案', en: 'read schemes' },
  'runs.read': { zh: '看分户', en: 'read runs' },
  'exports.make': { zh: '导出', en: 'export' },
  'feeds.read': { zh: '看导入', en: 'read imports' },
  'bank.feeds': { zh: '报送文件', en: 'send files' },
} as const satisfies Partial<Record<Permission, Words>>;
type Grantable = keyof typeof GRANTABLE;
export const GRANTABLES: readonly Grantable[] = [
  'calendar.feed',
  'overview.read',
  'customers.read',
  'portfolios.read',
  'organisation.read',
  'schemes.read',
  'runs.read',
  'exports.make',
  'feeds.read',
  'bank.feeds',
];

/** The owner behind a key, with only what both the key and the owner's role allow now; undefined when it counts no more. */
export async function personOfToken(pool: pg.Pool, token: string, now: Date): Promise<SignedIn | undefined> {
  if (!token.startsWith(MARK)) return undefined;
  const { rows } = await pool.query<{ token_id: string; staff_id: string; permissions: string[]; enrolled: boolean }>(
    `update platform.api_token t set used_at = $2 where token_hash = $1 and expires_at > $2
     returning token_id, staff_id, permissions,
       exists (select 1 from platform.account a where a.staff_id = t.staff_id and a.totp_secret is not null) as enrolled`,
    [tokenHash(token), now],
  );
  const row = rows[0];
  const person: Person | undefined = row && (await personById(pool, row.staff_id, now));
  if (row === undefined || person === undefined) return undefined;
  if (needsSecondFactor(person.role) && !row.enrolled) return undefined;
  const permissions = new Set([...person.permissions].filter((permission) => row.permissions.includes(permission)));
  return { ...person, permissions, sessionId: row.token_id, mustEnrol: false, strong: false, actsFor: undefined };
}

export interface KeyWish {
  readonly label: string;
  readonly permissions: readonly Grantable[];
  readonly days: number;
}

/** Makes a key; its text is only in the answer. Undefined when it asks for more than its owner may. */
export async function makeKey(platform: Platform, actor: Actor, person: SignedIn, wish: KeyWish): Promise<string | undefined> {
  if (wish.permissions.some((permission) => !person.permissions.has(permission))) return undefined;
  const token = `${MARK}${newToken()}`;
  const now = platform.now();
  await unscoped(platform.app, async (tx) => {
    await tx.client.query(
      'insert into platform.api_token (token_hash, staff_id, label, permissions, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
      [tokenHash(token), person.staffId, wish.label, wish.permissions, now, new Date(now.getTime() + wish.days * DAY_MS)],
    );
    await audit(tx, actor, {
      kind: 'token.made',
      subject: person.staffId,
      body: { permissions: wish.permissions, days: wish.days },
    });
  });
  return token;
}

interface KeyRow {
  token_id: string;
  label: string;
  permissions: string[];
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

/** A person's keys that still count, the newest first. */
export async function keysOf(pool: pg.Pool, staffId: string, now: Date) {
  const { rows } = await pool.query<KeyRow>(
    `select token_id, label, permissions, created_at, expires_at, used_at from platform.api_token
      where staff_id = $1 and expires_at > $2 order by created_at desc, token_id`,
    [staffId, now],
  );
  return rows.map((row) => ({
    tokenId: row.token_id,
    label: row.label,
    permissions: row.permissions,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    usedAt: row.used_at?.toISOString() ?? null,
  }));
}

/** Ends a key of one's own; false when there is none. */
export function endKey(platform: Platform, actor: Actor, staffId: string, tokenId: string): Promise<boolean> {
  return unscoped(platform.app, async (tx) => {
    const { rowCount } = await tx.client.query('delete from platform.api_token where staff_id = $1 and token_id = $2', [
      staffId,
      tokenId,
    ]);
    if (rowCount === 1) await audit(tx, actor, { kind: 'token.ended', subject: staffId });
    return rowCount === 1;
  });
}
