import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { ROUTES } from '../../src/app/capabilities.ts';
import { isDiskFull } from '../../src/platform/disk-full.ts';
import { describeServer } from '../../src/platform/embedded/server.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { CUSTOMERS, openSender, type Sender, sendBasics } from '../feeds/sender.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { signedIn } from '../support/signed-in.ts';

// Real small disks. Where they cannot be mounted (not root, a container without the right) there is nothing to try it on.
const folders = new Set<string>();
function mountSmall(folder: string): boolean {
  mkdirSync(folder, { recursive: true });
  const mounted =
    process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).status === 0;
  if (mounted) folders.add(folder);
  return mounted;
}
function unmount(): void {
  for (const folder of folders) spawnSync('umount', ['-l', folder]);
  folders.clear();
}
const probe = temporaryFolder('disk-probe');
const possible = mountSmall(probe);
unmount();
rmSync(probe, { recursive: true, force: true });

/** Takes all room but a few pages. */
function fill(folder: string): string {
  const filler = join(folder, 'filler');
  try {
    for (let n = 0; ; n++) writeFileSync(`${filler}-${n}`, Buffer.alloc(8 * 1024));
  } catch {
    rmSync(`${filler}-0`);
    return filler;
  }
}
function free(folder: string): void {
  for (let n = 1; n < 600; n++) rmSync(join(folder, `filler-${n}`), { force: true });
}

describe.skipIf(!possible)('a disk without room', () => {
  afterEach(unmount);

  it('refuses a file whole, and takes it once there is room', async () => {
    const bank: Sender = await openSender();
    try {
      const folder = bank.desk.platform.home;
      expect(mountSmall(folder)).toBe(true);
      await sendBasics(bank);
      const many = Array.from({ length: 3_000 }, (_, n) => `D${n},客户${n},,,2020-01-01,,`).join('\n');
      const file = `${CUSTOMERS}${many}\n`;
      fill(folder);
      const before = await bank.rows('select count(*) as n from customers.customer');
      const fault = await bank.send('customers.csv', file).catch((error: unknown) => error);
      expect(isDiskFull(fault)).toBe(true);
      expect(await bank.rows('select count(*) as n from customers.customer')).toEqual(before);
      expect(await bank.rows("select * from feed.import where state in ('accepted', 'checked') and rows > 3000")).toEqual([]);
      free(folder);
      expect(await bank.send('customers.csv', file)).toMatchObject({ state: 'accepted' });
    } finally {
      unmount();
      await bank.close();
    }
  });
});

describe.skipIf(!possible)('a database without room for the audit', () => {
  const folder = temporaryFolder('audit-disk');
  let fresh: FreshPlatform;
  let owner: pg.Pool;
  let server: FastifyInstance;
  beforeAll(async () => {
    fresh = await freshPlatform(() => new Date());
    owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
    owner.on('error', () => undefined);
    await owner.query(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no) values ('H0', '总行', 'head-office', null, 1, 9);
      insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values ('A1', '安一', 'anyi', 'ay', 'H0', 'branch-admin', 10000)`);
    server = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
  });
  afterAll(async () => {
    await server.close();
    await fresh.close();
    await owner.end();
    const admin = new pg.Client({ connectionString: inject('testServer').serverUrl });
    await admin.connect();
    await admin.query('drop tablespace if exists guanhu_test_small');
    await admin.end();
    unmount();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes no change and tells no customer that it cannot keep on record, and goes on when there is room', async () => {
    expect(mountSmall(folder)).toBe(true);
    const { uid, gid } = statSync(describeServer(inject('testServer').home).data);
    chownSync(folder, uid, gid);
    await owner.query(`create tablespace guanhu_test_small location '${folder}'`);
    const { rows } = await owner.query(
      `select inhrelid::regclass::text as part from pg_inherits where inhparent = 'audit.entry'::regclass`,
    );
    for (const { part } of rows) await owner.query(`alter table ${part} set tablespace guanhu_test_small`);
    const cookie = `guanhu_session=${await signedIn(fresh.platform, 'A1')}`;
    let year = 2030;
    const lock = async () => {
      year += 1;
      const payload = { name: `${year}`, from: `${year}-01-01`, to: `${year}-01-31` };
      const headers = { cookie, 'sec-fetch-site': 'same-origin' };
      const answer = await server.inject({ method: 'POST', url: '/api/lock-periods', headers, payload });
      return [answer.statusCode, answer.json().code];
    };
    const list = async () => (await server.inject({ method: 'GET', url: '/api/customers', headers: { cookie } })).statusCode;
    expect([await lock(), await list()]).toEqual([[200, undefined], 200]);
    fill(folder);
    const number = async () => (await owner.query('select count(*)::int as n from coverage.lock_period')).rows[0].n;
    await expect.poll(async () => (await lock())[1], { timeout: 30_000, interval: 1 }).toBe('disk-full');
    const kept = await number();
    for (let n = 0; n < 3; n++) expect(await lock()).toEqual([503, 'disk-full']);
    expect(await number()).toBe(kept);
    await expect.poll(list, { timeout: 10_000, interval: 1 }).toBe(503);
    free(folder);
    expect([await lock(), await list()]).toEqual([[200, undefined], 200]);
    const { rows: entries } = await owner.query("select count(*)::int as n from audit.entry where kind = 'lock.set'");
    expect(entries[0].n).toBe(await number());
  }, 90_000);
});
