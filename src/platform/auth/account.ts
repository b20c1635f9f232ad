import type pg from 'pg';
import { todayOf } from '../../kernel/business-date.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import { type Actor, audit } from '../audit/index.ts';
import type { Platform } from '../context.ts';
import { type Tx, unscoped } from '../db/transaction.ts';
import { givePlaceBack, takePlace } from './guard.ts';
import { fitsPassword, hashPassword, passwordProblem } from './password.ts';
import { endAccess, newToken, type Person, personById, type SignedIn, tokenHash } from './session.ts';

const LINK_MS = 30 * 60_000;

export interface SetupLink {
  readonly staffId: string;
  /** Path and fragment: a fragment is never sent, so no log of a server or proxy has the code. */
  readonly path: string;
  readonly expiresAt: Date;
}

/** Makes a one-time link with which somebody sets their password; former ones stop working. Undefined when they are not on the staff. */
export async function makeLink(
  pool: pg.Pool,
  actor: Actor,
  staffId: string,
  now: Date,
  alsoSecondFactor = false,
): Promise<SetupLink | undefined> {
  if ((await personById(pool, staffId, now)) === undefined) return undefined;
  const code = newToken();
  const expiresAt = new Date(now.getTime() + LINK_MS);
  await unscoped(pool, async (tx) => {
    await tx.client.query('insert into platform.account (staff_id, created_at) values ($1, $2) on conflict do nothing', [
      staffId,
      now,
    ]);
    if (alsoSecondFactor) await dropSecondFactor(tx, staffId);
    await tx.client.query('delete from platform.setup_link where staff_id = $1 or expires_at <= $2', [staffId, now]);
    await tx.client.query('insert into platform.setup_link (code_hash, staff_id, made_by, expires_at) values ($1, $2, $3, $4)', [
      tokenHash(code),
      staffId,
      actor.staffId,
      expiresAt,
    ]);
    await audit(tx, actor, { kind: 'account.link-made', subject: staffId, body: { secondFactor: alsoSecondFactor } });
  });
  return { staffId, path: `/setup#${code}`, expiresAt };
}

async function dropSecondFactor(tx: Tx, staffId: string): Promise<void> {
  await tx.client.query('update platform.account set totp_secret = null, totp_pending = null where staff_id = $1', [staffId]);
  await tx.client.query('delete from platform.recovery_code where staff_id = $1', [staffId]);
  await endAccess(tx, [staffId]);
}

/** The system administrator of the whole bank to whom the first link goes, while nobody has an account. */
export async function firstAdministrator(pool: pg.Pool, now: Date): Promise<string | 'has-accounts' | undefined> {
  const used = await pool.query('select 1 from platform.account where password_hash is not null limit 1');
  if (used.rowCount !== 0) return 'has-accounts';
  const { rows } = await pool.query<{ id: string }>(
    `select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.role = 'system-admin' and u.level = 'head-office' and (s.left_on is null or s.left_on > $1::date) order by s.id limit 1`,
    [todayOf(now)],
  );
  return rows[0]?.id;
}

const INVALID = refusal(
  'link-invalid',
  '链接无效：已用过、已过期（30 分钟内有效）或不完整，请向管理员要一个新链接。',
  'The link is not valid: used, expired (it lasts 30 minutes) or incomplete. Ask your administrator for a new one.',
);

/** Sets a password with a one-time link. All sessions of that person end, and their browsers have to become known again. */
export async function setPasswordByLink(
  platform: Platform,
  { code, password, requestId }: { code: string; password: string; requestId: string },
): Promise<{ staffId: string } | Refusal> {
  const now = platform.now();
  const found = await platform.app.query<{ staff_id: string }>(
    'select staff_id from platform.setup_link where code_hash = $1 and expires_at > $2',
    [tokenHash(code), now],
  );
  const person = await personById(platform.app, found.rows[0]?.staff_id ?? '', now);
  if (person === undefined) return INVALID;
  const problem = passwordProblem(password, person);
  if (problem !== undefined) return problem;
  const hash = await hashPassword(password);
  const actor = { staffId: person.staffId, role: person.role, unitNo: person.unitNo, requestId };
  return unscoped(platform.app, async (tx) => {
    const used = await tx.client.query('delete from platform.setup_link where code_hash = $1', [tokenHash(code)]);
    if (used.rowCount === 0) return INVALID;
    await tx.client.query('delete from platform.known_device where staff_id = $1', [person.staffId]);
    await writePassword(tx, person, hash, now);
    await endAccess(tx, [person.staffId]);
    await audit(tx, actor, { kind: 'account.password-set', subject: person.staffId, body: { by: 'link' } });
    return { staffId: person.staffId };
  });
}

async function writePassword(tx: Tx, { staffId }: Person, hash: string, now: Date): Promise<void> {
  await tx.client.query('update platform.account set password_hash = $2, password_set_at = $3 where staff_id = $1', [
    staffId,
    hash,
    now,
  ]);
}

/** Whether the person at this session still knows the password; five wrong ones shut the question for 15 minutes. */
export async function confirmPassword(platform: Platform, person: SignedIn, password: string): Promise<Refusal | undefined> {
  const { app } = platform;
  const now = platform.now();
  const caller = { staffId: person.staffId, address: '', device: Buffer.from(person.sessionId) };
  if ((await takePlace(app, caller, now)) === 'shut') return SHUT;
  const { rows } = await app.query<{ password_hash: string | null }>(
    'select password_hash from platform.account where staff_id = $1',
    [person.staffId],
  );
  if (!(await fitsPassword(password, rows[0]?.password_hash ?? null)))
    return refusal('password-wrong', '当前密码不正确。', 'The current password is not right.');
  await givePlaceBack(app, caller, now);
  return undefined;
}

export const SHUT = refusal(
  'sign-in-shut',
  '尝试次数过多，请 15 分钟后再试。您常用的浏览器不受别处尝试的影响。',
  'Too many attempts: try again in 15 minutes. Attempts elsewhere do not lock the browser that you always use.',
);

/** Changes one's own password; one's other sessions end. */
export async function changePassword(
  platform: Platform,
  actor: Actor,
  person: SignedIn,
  input: { current: string; password: string },
): Promise<Refusal | undefined> {
  const problem = (await confirmPassword(platform, person, input.current)) ?? passwordProblem(input.password, person);
  if (problem !== undefined) return problem;
  const hash = await hashPassword(input.password);
  await unscoped(platform.app, async (tx) => {
    await writePassword(tx, person, hash, platform.now());
    await endAccess(tx, [person.staffId], person.sessionId);
    await audit(tx, actor, { kind: 'account.password-set', subject: person.staffId, body: { by: 'self' } });
  });
  return undefined;
}
