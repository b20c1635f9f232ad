import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import type pg from 'pg';
import { type Actor, audit } from '../audit/index.ts';
import type { Platform } from '../context.ts';
import { type Tx, unscoped } from '../db/transaction.ts';
import { type Secrets, seal, unseal } from '../secrets.ts';
import type { SignedIn } from './session.ts';

const PERIOD_S = 30;
/** A phone's clock may be a step early or late. */
const DRIFT_STEPS = 1;
const RECOVERY_CODES = 10;
const RECOVERY_BYTES = 10;

function totpOf(secret: string, staffId: string): TOTP {
  const options = { algorithm: 'SHA1', digits: 6, period: PERIOD_S };
  return new TOTP({ issuer: '管户', label: staffId, secret: Secret.fromBase32(secret), ...options });
}

/** The time step that a code belongs to, or undefined when it is none of now. */
function stepOf(secret: string, code: string, now: Date): number | undefined {
  const totp = totpOf(secret, '');
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: DRIFT_STEPS });
  return delta === null ? undefined : totp.counter({ timestamp: now.getTime() }) + delta;
}

function recoveryHash(code: string): Buffer {
  return createHash('sha256')
    .update(code.replace(/[^A-Za-z0-9]/g, '').toUpperCase())
    .digest();
}

/** Begins enrolment: a new secret that waits for its first code. What was enrolled before still counts until then. */
export async function beginSecondFactor(platform: Platform, staffId: string): Promise<{ secret: string; uri: string }> {
  const secret = new Secret({ size: 20 }).base32;
  await platform.app.query('update platform.account set totp_pending = $2 where staff_id = $1', [
    staffId,
    seal(platform.secrets, secret),
  ]);
  return { secret, uri: totpOf(secret, staffId).toString() };
}

interface Pending {
  totp_pending: Buffer | null;
}

/** Ends enrolment with the first code: new recovery codes, this session counts as proven, the others end. Undefined when the code is wrong. */
export async function endSecondFactor(
  platform: Platform,
  actor: Actor,
  { staffId, sessionId }: SignedIn,
  code: string,
): Promise<readonly string[] | undefined> {
  return unscoped(platform.app, async (tx) => {
    const found = await tx.client.query<Pending>('select totp_pending from platform.account where staff_id = $1 for update', [
      staffId,
    ]);
    const pending = found.rows[0]?.totp_pending;
    const step = pending == null ? undefined : stepOf(unseal(platform.secrets, pending), code, platform.now());
    if (step === undefined) return undefined;
    await tx.client.query(
      'update platform.account set totp_secret = totp_pending, totp_pending = null, totp_step = $2 where staff_id = $1',
      [staffId, step],
    );
    await tx.client.query('delete from platform.session where staff_id = $1 and session_id <> $2', [staffId, sessionId]);
    await tx.client.query('update platform.session set second_factor = true where session_id = $1', [sessionId]);
    await audit(tx, actor, { kind: 'account.second-factor-set', subject: staffId });
    return writeRecoveryCodes(tx, staffId);
  });
}

async function writeRecoveryCodes(tx: Tx, staffId: string): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const text = new Secret({ buffer: new Uint8Array(randomBytes(RECOVERY_BYTES)).buffer }).base32;
    return text.replace(/(.{4})(?=.)/g, '$1-');
  });
  await tx.client.query('delete from platform.recovery_code where staff_id = $1', [staffId]);
  await tx.client.query('insert into platform.recovery_code (staff_id, code_hash) select $1, unnest($2::bytea[])', [
    staffId,
    codes.map(recoveryHash),
  ]);
  return codes;
}

/** Whether a code is right, of the phone or for recovery. Taking it uses it up: the same one is refused the second time. */
export async function takeCode(
  pool: pg.Pool,
  secrets: Secrets,
  staffId: string,
  sealed: Buffer,
  code: string,
  now: Date,
): Promise<boolean> {
  if (/^\d{6}$/.test(code)) {
    const step = stepOf(unseal(secrets, sealed), code, now);
    if (step === undefined) return false;
    const taken = await pool.query('update platform.account set totp_step = $2 where staff_id = $1 and totp_step < $2', [
      staffId,
      step,
    ]);
    return taken.rowCount === 1;
  }
  const used = await pool.query('delete from platform.recovery_code where staff_id = $1 and code_hash = $2', [
    staffId,
    recoveryHash(code),
  ]);
  return used.rowCount === 1;
}
