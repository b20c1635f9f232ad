import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Scope } from '../db/transaction.ts';
import { isRole, type Permission, ROLE_RIGHTS, type Role } from './roles.ts';

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
}

const IDLE_MS = 30 * 60_000;
const ABSOLUTE_MS = 12 * 3_600_000;

function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Opens a session; the token is only in the answer, the database keeps its hash. */
export async function openSession(pool: pg.Pool, staffId: string, now: Date): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await pool.query(
    'insert into platform.session (token_hash, staff_id, demo, created_at, seen_at, expires_at) values ($1, $2, true, $3, $3, $4)',
    [tokenHash(token), staffId, now, new Date(now.getTime() + ABSOLUTE_MS)],
  );
  return token;
}

export async function closeSession(pool: pg.Pool, token: string): Promise<void> {
  await pool.query('delete from platform.session where token_hash = $1', [tokenHash(token)]);
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

/** The person of a live session, or undefined: unknown, idle too long, expired, or no longer on the staff. */
export async function personOfSession(pool: pg.Pool, token: string, now: Date): Promise<Person | undefined> {
  const { rows } = await pool.query<PersonRow>(
    `with live as (
       update platform.session set seen_at = $2 where token_hash = $1 and expires_at > $2 and seen_at > $3 returning staff_id)
     select s.id as staff_id, s.name, s.role, u.id as unit_id, u.name as unit_name, u.level, u.unit_no, u.last_no
       from live join organisation.staff s on s.id = live.staff_id join organisation.org_unit u on u.id = s.org_unit_id
      where s.left_on is null or s.left_on > $4::date`,
    [tokenHash(token), now, new Date(now.getTime() - IDLE_MS), now.toISOString().slice(0, 10)],
  );
  return rows[0] && toPerson(rows[0]);
}

/** A person as the staff feed has them, for sign-in and for commands that act as somebody. */
export async function personById(pool: pg.Pool, staffId: string): Promise<Person | undefined> {
  const { rows } = await pool.query<PersonRow>(
    `select s.id as staff_id, s.name, s.role, u.id as unit_id, u.name as unit_name, u.level, u.unit_no, u.last_no
       from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id where s.id = $1`,
    [staffId],
  );
  return rows[0] && toPerson(rows[0]);
}

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
    scope: rights.sees === 'unit' ? { lo: row.unit_no, hi: row.last_no, staffId: row.staff_id } : { staffId: row.staff_id },
  };
}
