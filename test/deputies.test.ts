import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { signedIn } from './support/signed-in.ts';

// Two heads, two managers and an administrator of one branch; a manager of another one.
let today = '2026-07-01';
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;
const tokens = new Map<string, string>();

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date(`${today}T04:00:00Z`));
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  await owner.query(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no, branch_id, sub_branch_id) values
      ('H0', '总行', 'head-office', null, 1, 9, null, null), ('B1', '一分行', 'branch', 'H0', 2, 5, 'B1', null), ('S1', '一支行', 'sub-branch', 'B1', 3, 5, 'B1', 'S1'),
      ('O1', '一网点', 'outlet', 'S1', 4, 4, 'B1', 'S1'), ('O2', '二网点', 'outlet', 'S1', 5, 5, 'B1', 'S1'), ('B2', '二分行', 'branch', 'H0', 6, 7, 'B2', null),
      ('O3', '三网点', 'outlet', 'B2', 7, 7, 'B2', null);
    insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role) values
      ('SH', '支行长', 'zhz', 'z', 'S1', 'sub-branch-head'), ('OH', '网点负责人', 'wd', 'w', 'O1', 'outlet-head'), ('OH2', '二网点负责人', 'wd', 'w', 'O2', 'outlet-head'),
      ('M1', '经理一', 'jly', 'j', 'O1', 'wealth-manager'), ('M2', '经理二', 'jle', 'j', 'O1', 'wealth-manager'), ('M3', '经理三', 'jls', 'j', 'O3', 'wealth-manager'),
      ('A1', '分行管理', 'fh', 'f', 'B1', 'branch-admin'), ('AU', '审计', 'sj', 's', 'B1', 'auditor')`);
  server = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
  for (const id of ['SH', 'OH', 'OH2', 'M1', 'M2', 'M3', 'A1', 'AU']) tokens.set(id, await signedIn(fresh.platform, id));
});
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});
beforeEach(async () => {
  await owner.query('delete from platform.deputy');
  await owner.query('update platform.session set on_behalf_of = null');
});

async function ask(who: string, method: 'GET' | 'POST', url: string, payload?: object) {
  const answer = await server.inject({
    method,
    url,
    cookies: { guanhu_session: tokens.get(who) ?? '' },
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}
const propose = (who: string, absent: string, deputy: string, from = '2026-07-01', to = '2026-07-10') =>
  ask(who, 'POST', '/api/deputies', { absent, deputy, from, to, words: '休假' });
const step = (who: string, id: string, action: string) => ask(who, 'POST', `/api/deputies/${id}/step`, { action });
const act = (who: string, absent: string | null) => ask(who, 'POST', '/api/account/acting', { absent });
const me = async (who: string) => (await ask(who, 'GET', '/api/session')).body;

async function standIn(absent: string, deputy: string, from = '2026-07-01', to = '2026-07-10'): Promise<string> {
  const { deputyId } = (await propose('SH', absent, deputy, from, to)).body;
  expect((await step('A1', deputyId, 'approve')).status).toBe(200);
  return deputyId;
}

it('takes two people who are neither of the two [SECURITY 18]', async () => {
  const { deputyId } = (await propose('OH', 'M1', 'M2')).body;
  for (const who of ['OH', 'M1', 'M2', 'OH2', 'M3', 'AU']) expect((await step(who, deputyId, 'approve')).status).not.toBe(200);
  expect((await act('M2', 'M1')).status).toBe(404);
  expect((await step('SH', deputyId, 'approve')).status).toBe(200);
  const own = (await propose('SH', 'SH', 'OH')).body;
  for (const who of ['SH', 'OH']) expect((await step(who, own.deputyId, 'approve')).status).toBe(409);
  expect((await step('A1', own.deputyId, 'approve')).status).toBe(200);
});

it('is for colleagues of one branch, for business roles, for a quarter at most, one at a time, and is not passed on', async () => {
  const code = async (...wish: Parameters<typeof propose>) => (await propose(...wish)).body.code;
  expect(await code('A1', 'M1', 'M1')).toBe('deputy-same');
  expect(await code('A1', 'M1', 'M3')).toBe('deputy-unit');
  expect(await code('A1', 'AU', 'M1')).toBe('deputy-role');
  expect(await code('A1', 'M1', 'A1')).toBe('deputy-role');
  expect(await code('A1', 'M1', 'M2', '2026-06-30')).toBe('deputy-days');
  expect(await code('A1', 'M1', 'M2', '2026-07-01', '2026-10-02')).toBe('deputy-days');
  expect(await code('OH2', 'M1', 'M2')).toBe('not-found');
  expect(await code('A1', 'M1', 'XX')).toBe('not-found');
  expect((await propose('A1', 'M1', 'M2', '2026-07-01', '2026-10-01')).status).toBe(200);
  expect(await code('A1', 'M1', 'OH')).toBe('deputy-overlaps');
  expect(await code('A1', 'M2', 'OH')).toBe('deputy-chain');
  expect(await code('A1', 'OH', 'M1')).toBe('deputy-chain');
});

it('gives what the absent person sees and may do, under the deputy’s own name, and both are in the audit', async () => {
  await standIn('OH', 'M2');
  expect(await me('M2')).toMatchObject({ staffId: 'M2', role: 'wealth-manager', sees: 'portfolio' });
  expect((await act('M2', 'OH')).status).toBe(200);
  expect(await me('M2')).toMatchObject({ staffId: 'M2', role: 'outlet-head', sees: 'unit', unitId: 'O1' });
  expect((await ask('M2', 'GET', '/api/runs')).status).toBe(200);
  expect((await ask('M2', 'GET', '/api/account/acting')).body).toMatchObject({ now: { staffId: 'OH', until: '2026-07-10' } });
  expect((await propose('M2', 'M1', 'OH')).body.code).toBe('not-while-acting');
  await ask('M2', 'GET', '/api/customers');
  const { rows } = await owner.query(
    "select actor, on_behalf_of, role from audit.entry where kind = 'list.viewed' and actor = 'M2' order by at desc limit 1",
  );
  expect(rows).toEqual([{ actor: 'M2', on_behalf_of: 'OH', role: 'outlet-head' }]);
  expect((await act('M2', null)).status).toBe(200);
  expect(await me('M2')).toMatchObject({ role: 'wealth-manager' });
  expect((await ask('M2', 'GET', '/api/runs')).status).toBe(403);
});

it('counts from its first day to its last, until it is ended, and while both are on the staff', async () => {
  const id = await standIn('OH', 'M2', '2026-07-02', '2026-07-03');
  const role = async () => (await me('M2')).role;
  const inUse = () => owner.query('update platform.session set seen_at = $1', [fresh.platform.now()]);
  expect((await act('M2', 'OH')).status).toBe(404);
  today = '2026-07-02';
  await owner.query("update platform.session set expires_at = '2030-01-01'");
  await inUse();
  expect((await act('M2', 'OH')).status).toBe(200);
  expect(await role()).toBe('outlet-head');
  await owner.query("update organisation.staff set left_on = '2026-07-02' where id = 'OH'");
  expect(await role()).toBe('wealth-manager');
  await owner.query("update organisation.staff set left_on = null where id = 'OH'");
  today = '2026-07-04';
  await inUse();
  expect(await role()).toBe('wealth-manager');
  today = '2026-07-03';
  expect(await role()).toBe('outlet-head');
  expect((await step('OH', id, 'end')).status).toBe(200);
  expect(await role()).toBe('wealth-manager');
  expect((await step('A1', id, 'end')).status).toBe(409);
  today = '2026-07-01';
  await inUse();
});

it('lets nobody check what the one they stand in for has made, nor the other way round, also for a month afterwards [SECURITY 18]', async () => {
  const locked = async (who: string) => (await ask(who, 'GET', '/api/lock-periods')).body.periods[0]?.may;
  await owner.query(`insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role) values
    ('H1', '总一', 'zy', 'z', 'H0', 'branch-admin'), ('H2', '总二', 'ze', 'z', 'H0', 'branch-admin'), ('H3', '总三', 'zs', 'z', 'H0', 'branch-admin')`);
  for (const id of ['H1', 'H2', 'H3']) tokens.set(id, await signedIn(fresh.platform, id));
  await owner.query(
    `insert into coverage.lock_period (lock_id, name, from_date, to_date, set_by, set_at) values ('L', '七月', '2026-07-01', '2026-07-31', 'cli', now())`,
  );
  expect((await ask('H1', 'POST', '/api/lock-periods/L/lift', { step: 'ask', words: '季末调整' })).status).toBe(200);
  expect(await locked('H2')).toContain('confirm');
  const { deputyId } = (await propose('H1', 'H1', 'H2', '2026-07-01', '2026-07-02')).body;
  expect((await step('H3', deputyId, 'approve')).status).toBe(200);
  for (const acting of [false, true]) {
    if (acting) expect((await act('H2', 'H1')).status).toBe(200);
    expect(await locked('H2')).not.toContain('confirm');
    expect((await ask('H2', 'POST', '/api/lock-periods/L/lift', { step: 'confirm' })).status).toBe(409);
  }
  await act('H2', null);
  expect((await step('H3', deputyId, 'end')).status).toBe(200);
  expect(await locked('H2')).not.toContain('confirm');
  expect(await locked('H3')).toContain('confirm');
});

it('asks for a second factor where the absent person’s role does', async () => {
  await standIn('OH', 'M2');
  await owner.query("update platform.session set second_factor = false where staff_id = 'M2'");
  expect((await act('M2', 'OH')).body.code).toBe('second-factor-needed');
  await owner.query("update platform.session set second_factor = true where staff_id = 'M2'");
  expect((await act('M2', 'OH')).status).toBe(200);
});

it('shows heads those of their units, everybody their own, and only the steps that are theirs', async () => {
  await propose('SH', 'M1', 'M2');
  const seen = async (who: string) =>
    (await ask(who, 'GET', '/api/deputies')).body.items.map((item: { may: string[] }) => item.may);
  expect(await seen('A1')).toEqual([['approve', 'refuse']]);
  expect(await seen('SH')).toEqual([['refuse']]);
  expect(await seen('OH')).toEqual([['approve', 'refuse']]);
  for (const who of ['M1', 'M2']) expect(await seen(who)).toEqual([[]]);
  for (const who of ['OH2', 'M3']) expect(await seen(who)).toEqual([]);
});
