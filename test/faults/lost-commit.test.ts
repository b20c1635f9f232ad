import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ROUTES } from '../../src/app/capabilities.ts';
import { openPlatform, type Platform } from '../../src/platform/context.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import { type DatabaseProxy, openDatabaseProxy } from '../support/database-proxy.ts';
import { temporaryFolder } from '../support/folder.ts';
import { signedIn } from '../support/signed-in.ts';

const home = temporaryFolder('lost-commit');
let database: FreshDatabase;
let proxy: DatabaseProxy;
let platform: Platform;
let server: FastifyInstance;
let owner: pg.Pool;
let cookie: string;
let time = Date.now();

beforeAll(async () => {
  database = await freshDatabase();
  proxy = await openDatabaseProxy(database.ownerUrl);
  copyFileSync(join(inject('testServer').home, 'secrets.json'), join(home, 'secrets.json'));
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
  platform = await openPlatform(home, proxy.through(database.ownerUrl), () => new Date(time));
  await owner.query(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no) values ('H0', '总行', 'head-office', null, 1, 9);
    insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values ('A1', '安一', 'anyi', 'ay', 'H0', 'branch-admin', 10000)`);
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
  cookie = `guanhu_session=${await signedIn(platform, 'A1')}`;
});
afterAll(async () => {
  await server.close();
  await platform.close();
  await proxy.close();
  await owner.end();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});

/** Locks portfolios for a month of its own. */
async function lock(month: string, key: string) {
  const answer = await server.inject({
    method: 'POST',
    url: '/api/lock-periods',
    headers: { cookie, 'sec-fetch-site': 'same-origin', 'idempotency-key': key },
    payload: { name: month, from: `${month}-01`, to: `${month}-28` },
  });
  return { status: answer.statusCode, retry: answer.headers['retry-after'], body: answer.json() };
}

async function locksOf(month: string): Promise<number> {
  const { rows } = await owner.query('select count(*)::int as n from coverage.lock_period where name = $1', [month]);
  return rows[0].n;
}

it('carries a request out once when the answer to its COMMIT is lost, and says so to whoever sends it again', async () => {
  proxy.cutAtCommit('after');
  expect(await lock('2031-01', 'one')).toMatchObject({ status: 503, retry: '5', body: { code: 'outcome-unknown' } });
  expect(await locksOf('2031-01')).toBe(1);
  expect(await lock('2031-01', 'one')).toMatchObject({ status: 409, body: { code: 'key-done' } });
  time += 3 * 60_000;
  expect(await lock('2031-01', 'one')).toMatchObject({ status: 409, body: { code: 'key-done' } });
  expect(await locksOf('2031-01')).toBe(1);
});

it('carries it out when it is sent again after a COMMIT that never arrived, once it must have ended', async () => {
  proxy.cutAtCommit('before');
  expect(await lock('2031-03', 'two')).toMatchObject({ status: 503, body: { code: 'outcome-unknown' } });
  expect(await locksOf('2031-03')).toBe(0);
  expect(await lock('2031-03', 'two')).toMatchObject({ status: 409, body: { code: 'key-in-use' } });
  time += 3 * 60_000;
  expect(await lock('2031-03', 'two')).toMatchObject({ status: 200 });
  expect(await lock('2031-03', 'two')).toMatchObject({ status: 200 });
  expect(await locksOf('2031-03')).toBe(1);
});
