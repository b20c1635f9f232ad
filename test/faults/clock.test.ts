import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ROUTES } from '../../src/app/capabilities.ts';
import { sealAndAnchor } from '../../src/platform/audit/seals.ts';
import { verifyAudit } from '../../src/platform/audit/verify.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { signedIn } from '../support/signed-in.ts';

const HOUR = 3_600_000;
const START = Date.now();
let time = START;
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date(time));
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  await owner.query(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no) values ('H0', '总行', 'head-office', null, 1, 9);
    insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values ('A1', '安一', 'anyi', 'ay', 'H0', 'branch-admin', 10000)`);
  server = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
});
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});
beforeEach(() => {
  time = START;
});

const signIn = async () => `guanhu_session=${await signedIn(fresh.platform, 'A1')}`;
const isIn = async (cookie: string) =>
  (await server.inject({ method: 'GET', url: '/api/session', headers: { cookie } })).statusCode === 200;
async function lock(cookie: string, year: number) {
  const headers = { cookie, 'sec-fetch-site': 'same-origin', 'idempotency-key': `year-${year}` };
  const payload = { name: `${year}`, from: `${year}-01-01`, to: `${year}-01-31` };
  return (await server.inject({ method: 'POST', url: '/api/lock-periods', headers, payload })).statusCode;
}
const locksOf = async (year: number) =>
  (await owner.query('select count(*)::int as n from coverage.lock_period where name = $1', [`${year}`])).rows[0].n;

it('keeps people in when the clock goes back, and lets nobody in for longer than the hours of a session', async () => {
  const cookie = await signIn();
  time = START - HOUR;
  expect(await isIn(cookie)).toBe(true);
  time = START + 29 * 60_000;
  expect(await isIn(cookie)).toBe(true);
  // Opened while the clock was a day ahead, then set right: it ends idle like any other, and by its own hours at the latest.
  time = START + 24 * HOUR;
  const ahead = await signIn();
  time = START;
  expect(await isIn(ahead)).toBe(true);
  time = START + 36 * HOUR;
  expect([await isIn(ahead), await isIn(cookie)]).toEqual([false, false]);
});

it('does once what is sent again after a leap, back or ahead', async () => {
  for (const [year, leap] of [
    [2041, -HOUR],
    [2042, 24 * HOUR],
  ] as const) {
    time = START;
    expect(await lock(await signIn(), year)).toBe(200);
    time = START + leap;
    expect(await lock(await signIn(), year)).toBe(200);
    expect(await locksOf(year)).toBe(1);
  }
});

it('leaves the audit whole: its times are the database’s', async () => {
  const cookie = await signIn();
  for (const [n, leap] of [0, -24 * HOUR, 24 * HOUR].entries()) {
    time = START + leap;
    await lock(leap > 0 ? await signIn() : cookie, 2051 + n);
    await sealAndAnchor(fresh.platform);
  }
  expect(await verifyAudit(fresh.platform)).toMatchObject({ problems: [] });
  const { rows } = await owner.query(
    "select count(*)::int as n from audit.entry where at not between now() - interval '10 minutes' and now()",
  );
  expect(rows[0].n).toBe(0);
});
