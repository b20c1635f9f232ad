import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type pg from 'pg';

/**
 * Guessing is slowed without letting anybody lock others out. Every attempt takes a place before the password is looked at, and
 * gives it back when it was right; where the places are used up within 15 minutes, the door stays shut for 15 minutes.
 *
 * - A browser that has signed in as this person before (a long-lived cookie) has 5 places of its own and nothing else counts for it.
 * - From anywhere else: 5 for the account from one address, 50 for the address, 50 for the account from all addresses together.
 *
 * So a guesser shuts the door for themselves; with a host of addresses, for browsers that this person has never used; never for
 * the browser on the owner's desk. Whether a staff number exists makes no difference.
 */
const WINDOW_MS = 15 * 60_000;
const LOCK_MS = 15 * 60_000;
const PER_PAIR = 5;
const PER_CROWD = 50;

export interface Caller {
  readonly staffId: string;
  readonly address: string;
  /** Whether this browser is known to be this person's; its token's hash is then its name. */
  readonly device: Buffer | undefined;
}

interface Door {
  readonly key: Buffer;
  readonly places: number;
}

function door(places: number, ...parts: readonly string[]): Door {
  return { key: createHash('sha256').update(JSON.stringify(parts)).digest(), places };
}

function doorsOf({ staffId, address, device }: Caller): readonly Door[] {
  if (device !== undefined) return [door(PER_PAIR, 'device', staffId, device.toString('hex'))];
  const network = networkOf(address);
  return [door(PER_PAIR, 'pair', staffId, network), door(PER_CROWD, 'address', network), door(PER_CROWD, 'account', staffId)];
}

/** Who has one IPv6 address has 2^64 of them. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.replace(/%.*$/, '').split('::');
  const front = head.split(':').filter(Boolean);
  const back = (tail ?? '').split(':').filter(Boolean);
  const middle = tail === undefined ? 0 : 8 - front.length - back.length;
  const groups = [...front, ...Array<string>(Math.max(0, middle)).fill('0'), ...back];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

const TAKE = `insert into platform.attempt as a (key_hash, attempts, since) values ($1, 1, $2)
  on conflict (key_hash) do update set
    attempts = case when a.locked_until > $2 then a.attempts when a.locked_until is not null or a.since <= $3 then 1 else a.attempts + 1 end,
    since = case when a.locked_until > $2 then a.since when a.locked_until is not null or a.since <= $3 then $2 else a.since end,
    locked_until = case when a.locked_until > $2 then a.locked_until
      when a.locked_until is null and a.since > $3 and a.attempts >= $4 then $5::timestamptz end
  returning locked_until`;

/** Takes a place at each door of the caller up to the first that is shut. Counted before the answer is known, so that many at once gain nothing. */
export async function takePlace(pool: pg.Pool, caller: Caller, now: Date): Promise<'taken' | 'shut'> {
  const from = new Date(now.getTime() - WINDOW_MS);
  const until = new Date(now.getTime() + LOCK_MS);
  for (const { key, places } of doorsOf(caller)) {
    const { rows } = await pool.query<{ locked_until: Date | null }>(TAKE, [key, now, from, places, until]);
    // The own door comes first: whoever stands before it does not count at those that others use too.
    if (rows[0]?.locked_until != null) return 'shut';
  }
  return 'taken';
}

/** Whoever was right gives the place back: the own doors begin anew, the shared ones count one less. */
export async function givePlaceBack(pool: pg.Pool, caller: Caller, now: Date): Promise<void> {
  const doors = doorsOf(caller);
  const own = doors.filter(({ places }) => places === PER_PAIR).map(({ key }) => key);
  const shared = doors.filter(({ places }) => places === PER_CROWD).map(({ key }) => key);
  await pool.query('delete from platform.attempt where key_hash = any($1)', [own]);
  await pool.query('update platform.attempt set attempts = attempts - 1 where key_hash = any($1) and attempts > 0', [shared]);
  await pool.query('delete from platform.attempt where since <= $1 and (locked_until is null or locked_until <= $2)', [
    new Date(now.getTime() - WINDOW_MS),
    now,
  ]);
}
