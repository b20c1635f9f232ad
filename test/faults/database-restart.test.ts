import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { verifyAudit } from '../../src/platform/audit/verify.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { openPlatform, type Platform } from '../../src/platform/context.ts';
import { LOCKS } from '../../src/platform/db/locks.ts';
import { type Database, databaseStatus, ensureDatabase } from '../../src/platform/embedded/index.ts';
import { type DatabaseProxy, openDatabaseProxy } from '../support/database-proxy.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Running, runProgram } from '../support/process.ts';
import { signedIn } from '../support/signed-in.ts';

/** A server of the bank's own, as far as the service can tell: it is reached by DATABASE_URL and restarts when others say so. */
const root = temporaryFolder('restart');
const theirs = loadConfig({ GUANHU_HOME: join(root, 'theirs') }, '/');
const GUANHU_HOME = join(root, 'ours');
const CLIENTS = 20;
let database: Database;
let proxy: DatabaseProxy;
let platform: Platform;
let service: Running;
let url: string;
let cookies: readonly string[];

beforeAll(async () => {
  mkdirSync(GUANHU_HOME, { mode: 0o711 });
  database = await ensureDatabase(theirs, 'command', () => undefined);
  proxy = await openDatabaseProxy(database.ownerUrl);
  const DATABASE_URL = proxy.through(database.ownerUrl);
  platform = await openPlatform(GUANHU_HOME, DATABASE_URL, () => new Date());
  await asOwner(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no) values ('H0', '总行', 'head-office', null, 1, 9);
    insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp)
      select 'A' || n, '安', 'an', 'a', 'H0', 'branch-admin', 10000 from generate_series(0, ${CLIENTS - 1}) n`);
  service = runProgram('bin/guanhu.mjs', ['start'], { GUANHU_HOME, GUANHU_PORT: '0', DATABASE_URL });
  [url] = await service.saw(/http:\/\/127\.0\.0\.1:\d+/);
  cookies = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, n) => `guanhu_session=${await signedIn(platform, `A${n}`)}`),
  );
}, 120_000);
afterAll(async () => {
  service.child.kill('SIGTERM');
  await service.ended;
  await platform.close();
  await proxy.close();
  await database.stop();
  rmSync(root, { recursive: true, force: true });
});

async function asOwner(sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Ends the server as an administrator in a hurry does, and starts it again. */
async function restart(): Promise<void> {
  proxy.cutAll();
  process.kill(Number(databaseStatus(theirs).pid), 'SIGQUIT');
  await database.lost;
  await expect.poll(async () => (await fetch(`${url}/api/ready`)).status).toBe(503);
  database = await ensureDatabase(theirs, 'command', () => undefined);
  proxy.leadTo(database.ownerUrl);
}

const problem = z.object({ code: z.string(), zh: z.string(), en: z.string() });

/** Locks one month, sending the same key until it is told that this was done; what it was told. */
async function lockMonth(client: number, n: number, told: string[]): Promise<void> {
  const cookie = cookies[client] ?? '';
  const month = `20${40 + client}-${String(n + 1).padStart(2, '0')}`;
  for (;;) {
    const answer = await fetch(`${url}/api/lock-periods`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', 'idempotency-key': month },
      body: JSON.stringify({ name: month, from: `${month}-01`, to: `${month}-28` }),
    });
    const body: unknown = await answer.json();
    if (answer.status === 200) return void told.push('200');
    const { code } = problem.parse(body);
    told.push(`${answer.status} ${code}`);
    if (code === 'key-done') return;
    if (answer.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    // Not known whether it was carried out, and not yet time to try again: what the database says then is compared below.
    if (code === 'key-in-use') return;
  }
}

it('answers 503 while its database restarts under 20 clients, then goes on by itself; nothing is done twice or by half', async () => {
  const told: string[] = [];
  const work = Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let n = 0; n < 12; n++) await lockMonth(client, n, told);
    }),
  );
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(CLIENTS));
  await restart();
  await work;
  expect(told.filter((words) => words.startsWith('503')).length).toBeGreaterThan(0);
  expect(told.filter((words) => !/^(200|503 (outcome-unknown|database-away|busy)|409 key-(done|in-use))$/.test(words))).toEqual(
    [],
  );
  const { rows } = await asOwner('select count(*)::int as n, count(distinct name)::int as names from coverage.lock_period');
  const done = told.filter((words) => words === '200' || words.endsWith('key-done')).length;
  expect(rows[0].n).toBe(rows[0].names);
  expect(rows[0].n).toBeGreaterThanOrEqual(done);
  const { rows: entries } = await asOwner("select count(*)::int as n from audit.entry where kind = 'lock.set'");
  expect(entries[0].n).toBe(rows[0].n);
}, 120_000);

it('is ready again, goes on sealing the audit, and still is the one server of its database', async () => {
  expect((await fetch(`${url}/api/ready`)).status).toBe(200);
  const number = async (sql: string) => (await asOwner(sql)).rows[0].n;
  await expect.poll(() => number("select audit.unsealed('0 seconds')::int as n"), { timeout: 20_000 }).toBe(0);
  const servers = `select count(*)::int as n from pg_locks where locktype = 'advisory' and granted and objid = ${LOCKS.embeddedServer}`;
  await expect.poll(() => number(servers), { timeout: 20_000 }).toBe(1);
  expect(await verifyAudit(platform)).toMatchObject({ problems: [] });
}, 60_000);
