import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import { addDays, todayOf } from '../../kernel/business-date.ts';
import type { Scope, Tx } from '../db/transaction.ts';
import { isRole, needsSecondFactor, type Permission, ROLE_RIGHTS, type Role } from './roles.ts';

/** Who is signed in, and what that lets them see and do. Worked out anew for each request, so that a leaver or a move counts at once. */
export interface Person {
  readonly staffId: string;
  readonly name: string;
  readonly role: Role;
  readonly unitId: string;
  readonly unitName: string;
  readonly unitLevel: string;
  readonly unitNo: number;
  readonly lastNo: number;
  readonly wholeBank: boolean;
  readonly permissions: ReadonlySet<Permission>;
  readonly scope: Scope;
  /** Themselves and whoever they stand in for or stood in for lately, or the other way round: none of them may check what another one made. */
  readonly identities: readonly string[];
}

/** A person in a session of theirs. */
export interface SignedIn extends Person {
  readonly sessionId: string;
  /** Their role asks for a second factor and this session has none: until they enrol, they may do nothing else. */
  readonly mustEnrol: boolean;
  /** Has shown a second factor at sign-in; people of a demo count as if. A key of a program has not. */
  readonly strong: boolean;
  /** For whom they stand in just now: what they see and may do is then the absent person's, what they do is in their own name. */
  readonly actsFor: { readonly staffId: string; readonly name: string; readonly until: string } | undefined;
}

/** How and from where a session was opened. */
export interface Origin {
  /** Chosen among the demo's people, without a password. */
  readonly demo: boolean;
  readonly secondFactor: boolean;
  readonly address: string;
  readonly agent: string;
}

const IDLE_MS = 30 * 60_000;
/** A session is noted as in use once a minute, not at every request: each note is a commit. */
const SEEN_EVERY_MS = 60_000;
const ABSOLUTE_MS = 12 * 3_600_000;

function before(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}

/** Tokens are 256 random bits, so a plain hash keeps them. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Opens a session; the token is only in the answer, the database keeps its hash. */
export async function openSession(pool: pg.Pool, staffId: string, now: Date, origin: Origin): Promise<string> {
  const token = newToken();
  await pool.query(
    `insert into platform.session (token_hash, staff_id, demo, second_factor, address, agent, created_at, seen_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
    [
      tokenHash(token),
      staffId,
      origin.demo,
      origin.secondFactor,
      origin.address,
      origin.agent.slice(0, 200),
      now,
      new Date(now.getTime() + ABSOLUTE_MS),
    ],
  );
  await pool.query('delete from platform.session where expires_at <= $1 or seen_at <= $2', [now, before(now, IDLE_MS)]);
  return token;
}

/** Ends sessions and keys of people in the transaction of what makes them end: another password, role or unit, or that they left. */
export async function endAccess(tx: Tx, staffIds: readonly string[], exceptSession?: string): Promise<void> {
  if (staffIds.length === 0) return;
  await tx.client.query('delete from platform.api_token where staff_id = any($1)', [staffIds]);
  if (exceptSession === undefined) await tx.client.query('delete from platform.session where staff_id = any($1)', [staffIds]);
  else await endOtherSessions(tx, staffIds, exceptSession);
}

export async function endOtherSessions(tx: Tx, staffIds: readonly string[], sessionId: string): Promise<void> {
  await tx.client.query('delete from platform.session where staff_id = any($1) and session_id <> $2', [staffIds, sessionId]);
}

export async function closeSession(pool: pg.Pool, token: string): Promise<void> {
  await pool.query('delete from platform.session where token_hash = $1', [tokenHash(token)]);
}

export interface OpenSession {
  readonly sessionId: string;
  readonly address: string;
  readonly agent: string;
  readonly openedAt: string;
  readonly seenAt: string;
}

/** A person's live sessions, the one used last first. */
export async function sessionsOf(pool: pg.Pool, staffId: string, now: Date): Promise<OpenSession[]> {
  const { rows } = await pool.query<{ id: string; address: string; agent: string; created_at: Date; seen_at: Date }>(
    `select session_id as id, address, agent, created_at, seen_at from platform.session
      where staff_id = $1 and expires_at > $2 and seen_at > $3 order by seen_at desc, session_id`,
    [staffId, now, before(now, IDLE_MS)],
  );
  return rows.map((row) => ({
    sessionId: row.id,
    address: row.address,
    agent: row.agent,
    openedAt: row.created_at.toISOString(),
    seenAt: row.seen_at.toISOString(),
  }));
}

interface PersonRow {
  staff_id: string;
  name: string;
  role: string;
  unit_id: string;
  unit_name: string;
  level: string;
  unit_no: number;
  last_no: number;
}

/** How long after its end somebody still counts as standing in: what was asked for meanwhile may still wait. */
const RELATED_DAYS = 30;

interface SessionRow extends PersonRow {
  readonly session_id: string;
  readonly demo: boolean;
  readonly second_factor: boolean;
  readonly seen_at: Date;
  readonly absent: string | null;
  readonly until: string | null;
  readonly related: readonly string[];
}

/** The person of a live session, or undefined: unknown, idle too long, expired, no longer on the staff, or of a demo that this is not. */
export async function personOfSession(pool: pg.Pool, token: string, now: Date, demo: boolean): Promise<SignedIn | undefined> {
  const { rows } = await pool.query<SessionRow>(
    `with live as (
       select session_id, staff_id, demo, second_factor, seen_at, on_behalf_of from platform.session
        where token_hash = $1 and expires_at > $2 and seen_at > $3 and (not demo or $5))
     select ${PERSON}, live.session_id, live.demo, live.second_factor, live.seen_at, d.absent, d.to_date::text as until,
            array(select unnest(array[r.absent, r.deputy]) from platform.deputy r
                   where (r.absent in (live.staff_id, d.absent) or r.deputy in (live.staff_id, d.absent))
                     and r.state in ('approved', 'ended') and r.from_date <= $4::date and r.to_date >= $6::date) as related
       from live join organisation.staff s on s.id = live.staff_id join organisation.org_unit u on u.id = s.org_unit_id
       left join platform.deputy d on d.deputy = live.staff_id and d.absent = live.on_behalf_of and d.state = 'approved'
        and $4::date between d.from_date and d.to_date
      where s.left_on is null or s.left_on > $4::date`,
    [tokenHash(token), now, before(now, IDLE_MS), todayOf(now), demo, addDays(todayOf(now), -RELATED_DAYS)],
  );
  const row = rows[0];
  const own = row && toPerson(row);
  if (row === undefined || own === undefined) return undefined;
  // A statement of its own: a cluster does not write a table of the coordinator's beside one of which every node has a copy.
  if (row.seen_at <= before(now, SEEN_EVERY_MS))
    await pool.query('update platform.session set seen_at = greatest(seen_at, $2) where session_id = $1', [row.session_id, now]);
  const absent = row.absent === null ? undefined : await personById(pool, row.absent, now);
  const person = absent === undefined ? own : { ...absent, staffId: own.staffId, name: own.name };
  const mustEnrol = !row.demo && !row.second_factor && needsSecondFactor(person.role);
  const permissions: ReadonlySet<Permission> = mustEnrol ? new Set(['session.own']) : person.permissions;
  return {
    ...person,
    permissions,
    sessionId: row.session_id,
    mustEnrol,
    strong: row.demo || row.second_factor,
    actsFor: absent && { staffId: absent.staffId, name: absent.name, until: row.until ?? '' },
    identities: [...new Set([own.staffId, ...row.related])],
  };
}

/** A person who is on the staff today, as the staff feed has them. */
export async function personById(pool: pg.Pool, staffId: string, now: Date): Promise<Person | undefined> {
  const { rows } = await pool.query<PersonRow>(
    `select ${PERSON} from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.id = $1 and (s.left_on is null or s.left_on > $2::date)`,
    [staffId, todayOf(now)],
  );
  return rows[0] && toPerson(rows[0]);
}

const PERSON = 's.id as staff_id, s.name, s.role, u.id as unit_id, u.name as unit_name, u.level, u.unit_no, u.last_no';

function toPerson(row: PersonRow): Person | undefined {
  if (!isRole(row.role)) return undefined;
  const rights = ROLE_RIGHTS[row.role];
  const wholeBank = row.level === 'head-office';
  return {
    staffId: row.staff_id,
    name: row.name,
    role: row.role,
    unitId: row.unit_id,
    unitName: row.unit_name,
    unitLevel: row.level,
    unitNo: row.unit_no,
    lastNo: row.last_no,
    wholeBank,
    permissions: new Set(rights.permissions.filter((permission) => wholeBank || !permission.startsWith('bank.'))),
    identities: [row.staff_id],
    scope: rights.sees === 'unit' ? { lo: row.unit_no, hi: row.last_no, staffId: row.staff_id } : { staffId: row.staff_id },
  };
}
