import { audit } from '../audit/index.ts';
import type { Platform } from '../context.ts';
import { unscoped } from '../db/transaction.ts';
import { type Caller, givePlaceBack, takePlace } from './guard.ts';
import { fitsPassword } from './password.ts';
import { takeCode } from './second-factor.ts';
import { newToken, openSession, type Person, personById, tokenHash } from './session.ts';

const DEVICE_MS = 180 * 86_400_000;

export interface SignInAttempt {
  readonly staffId: string;
  readonly password: string;
  /** Of the phone, or one for recovery. */
  readonly code: string | undefined;
  readonly address: string;
  readonly agent: string;
  /** What this browser got when it signed in before. */
  readonly device: string | undefined;
  readonly requestId: string;
}

export type SignInResult =
  | { readonly state: 'in'; readonly person: Person; readonly proven: boolean; readonly token: string; readonly device: string }
  | { readonly state: 'refused' | 'shut' | 'code-needed' };

interface AccountRow {
  password_hash: string | null;
  totp_secret: Buffer | null;
}

/** Signs a person in with staff number, password and, once enrolled, a code. Unknown, without an account, left or wrong: one answer, one duration. */
export async function signIn(platform: Platform, attempt: SignInAttempt): Promise<SignInResult> {
  const { app } = platform;
  const now = platform.now();
  const device = attempt.device === undefined ? undefined : tokenHash(attempt.device);
  const known = await app.query(
    'select 1 from platform.known_device where staff_id = $1 and device_hash = $2 and expires_at > $3',
    [attempt.staffId, device ?? Buffer.alloc(0), now],
  );
  const caller: Caller = { ...attempt, device: known.rowCount === 0 ? undefined : device };
  if ((await takePlace(app, caller, now)) === 'shut') return { state: 'shut' };
  const person = await personById(app, attempt.staffId, now);
  const accounts = await app.query<AccountRow>('select password_hash, totp_secret from platform.account where staff_id = $1', [
    attempt.staffId,
  ]);
  const account = accounts.rows[0];
  const fits = await fitsPassword(attempt.password, person === undefined ? null : (account?.password_hash ?? null));
  if (!fits || person === undefined || account === undefined) return refuse(platform, attempt, person);
  // A right password alone gives no place back: else it would be the way to try codes without end.
  if (account.totp_secret !== null && attempt.code === undefined) return { state: 'code-needed' };
  const proven =
    account.totp_secret !== null &&
    (await takeCode(app, platform.secrets, person.staffId, account.totp_secret, attempt.code ?? '', now));
  if (account.totp_secret !== null && !proven) return refuse(platform, attempt, person);
  await givePlaceBack(app, caller, now);
  return enter(platform, attempt, person, proven);
}

async function refuse(platform: Platform, attempt: SignInAttempt, person: Person | undefined): Promise<SignInResult> {
  // What was typed is not kept when it is nobody's number: it may be a password.
  const actor = actorOf(person, attempt.requestId);
  await unscoped(platform.app, (tx) =>
    audit(tx, actor, { kind: 'session.refused', subject: actor.staffId, body: { address: attempt.address } }),
  );
  return { state: 'refused' };
}

function actorOf(person: Person | undefined, requestId: string) {
  return { staffId: person?.staffId ?? 'unknown', role: person?.role ?? 'none', unitNo: person?.unitNo ?? 0, requestId };
}

async function enter(platform: Platform, attempt: SignInAttempt, person: Person, proven: boolean): Promise<SignInResult> {
  const now = platform.now();
  const { staffId } = person;
  const device = await unscoped(platform.app, async (tx) => {
    await tx.client.query('delete from platform.known_device where expires_at <= $1', [now]);
    const known = await tx.client.query('select 1 from platform.known_device where device_hash = $1 limit 1', [
      tokenHash(attempt.device ?? ''),
    ]);
    // A counter's browser is several people's; one that we did not name ourselves gets a name of ours.
    const token = attempt.device === undefined || known.rowCount === 0 ? newToken() : attempt.device;
    await tx.client.query(
      `insert into platform.known_device (staff_id, device_hash, expires_at) values ($1, $2, $3)
       on conflict (staff_id, device_hash) do update set expires_at = excluded.expires_at`,
      [staffId, tokenHash(token), new Date(now.getTime() + DEVICE_MS)],
    );
    await audit(tx, actorOf(person, attempt.requestId), {
      kind: 'session.opened',
      subject: staffId,
      body: { address: attempt.address, secondFactor: proven },
    });
    return token;
  });
  const token = await openSession(platform.app, staffId, now, { ...attempt, demo: false, secondFactor: proven });
  return { state: 'in', person, proven, token, device };
}
