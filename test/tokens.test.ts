import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { hashPassword } from '../src/platform/auth/password.ts';
import { endAccess } from '../src/platform/auth/session.ts';
import { unscoped } from '../src/platform/db/transaction.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { signedIn } from './support/signed-in.ts';

const PASSWORD = '窗前一树梅花白 winter';
let now = new Date('2026-07-01T01:00:00Z');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
let cookie: string;

beforeAll(async () => {
  fresh = await freshPlatform(() => now);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  await owner.query(
    `insert into organisation.org_unit (id, name, level, unit_no, last_no) values ('0', '示例银行', 'head-office', 1, 1)`,
  );
  await owner.query(
    `insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role) values
       ('H1', '周行长', 'zhouhangzhang', 'zhz', '0', 'outlet-head'), ('S1', '王小明', 'wangxiaoming', 'wxm', '0', 'wealth-manager')`,
  );
  const hash = await hashPassword(PASSWORD);
  await owner.query(
    `insert into platform.account (staff_id, password_hash, created_at) select id, $1, $2 from organisation.staff`,
    [hash, now],
  );
  server = await buildServer(fresh.platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
});
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});
beforeEach(async () => {
  now = new Date(now.getTime() + 3_600_000);
  cookie = await signedIn(fresh.platform, 'S1');
});

const own = async (method: 'GET' | 'POST', url: string, payload?: object, token = cookie) => {
  const answer = await server.inject({ method, url, cookies: { guanhu_session: token }, ...(payload ? { payload } : {}) });
  return { status: answer.statusCode, body: answer.json() };
};
const wish = { label: '报表', permissions: ['organisation.read'], days: 30, password: PASSWORD };
const make = async (more: object = {}, token = cookie) => own('POST', '/api/account/tokens', { ...wish, ...more }, token);
const use = async (key: string, url = '/api/organisation/units') =>
  (await server.inject({ url, headers: { authorization: `Bearer ${key}` } })).statusCode;

it('lets a program do what it was given and nothing else, not even look after the account [SECURITY 49]', async () => {
  const { status, body } = await make();
  expect([status, body.token]).toEqual([200, expect.stringMatching(/^guanhu_\S{43}$/)]);
  expect(await use(body.token)).toBe(200);
  for (const url of ['/api/customers', '/api/account', '/api/account/tokens'])
    expect([url, await use(body.token, url)]).toEqual([url, 403]);
  const nobody = `guanhu_${randomBytes(32).toString('base64url')}`;
  for (const wrong of [nobody, cookie, '']) expect(await use(wrong)).toBe(401);
  const kept = await owner.query<{ text: string }>(
    `select (t.*)::text || (select string_agg(e::text, '') from audit.entry e) as text from platform.api_token t`,
  );
  expect(kept.rows[0]?.text).toContain('报表');
  expect(kept.rows[0]?.text).not.toContain(body.token.slice(7));
});

it('is given only with the password, only what its owner may, and for a year at most', async () => {
  expect((await make({ password: 'a wrong password' })).body.code).toBe('password-wrong');
  expect((await make({ permissions: ['organisation.read', 'runs.read'] })).body.code).toBe('not-yours-to-give');
  expect((await make({ permissions: ['session.own'] })).status).toBe(400);
  for (const days of [0, 366, 1.5]) expect((await make({ days })).status).toBe(400);
});

it('shows when it was last used, and ends on its day or when its owner says so', async () => {
  const [short, long] = [await make({ label: 'short', days: 1 }), await make({ label: 'long' })];
  const listed = async () => (await own('GET', '/api/account/tokens')).body.items;
  const find = async (label: string) => (await listed()).find((item: { label: string }) => item.label === label);
  expect((await find('long')).usedAt).toBe(null);
  await use(long.body.token);
  expect((await find('long')).usedAt).toBe(now.toISOString());
  const { tokenId } = await find('long');
  expect((await own('POST', `/api/account/tokens/${tokenId}/end`, {}, await signedIn(fresh.platform, 'H1'))).status).toBe(404);
  expect((await own('POST', `/api/account/tokens/${tokenId}/end`, {})).status).toBe(200);
  expect([await use(long.body.token), await use(short.body.token)]).toEqual([401, 200]);
  now = new Date(now.getTime() + 86_400_000);
  expect(await use(short.body.token)).toBe(401);
});

it('never has more than its owner has now, and dies with their access [SECURITY 6, 49]', async () => {
  const head = await signedIn(fresh.platform, 'H1');
  const { body } = await make({ permissions: ['organisation.read', 'runs.read'] }, head);
  // The owner's role asks for a second factor: a key does not stand in for it.
  expect(await use(body.token)).toBe(401);
  await owner.query("update platform.account set totp_secret = 'x' where staff_id = 'H1'");
  expect([await use(body.token), await use(body.token, '/api/runs')]).toEqual([200, 200]);
  await owner.query("update organisation.staff set role = 'teller' where id = 'H1'");
  expect([await use(body.token), await use(body.token, '/api/runs')]).toEqual([200, 403]);
  await owner.query("update organisation.staff set left_on = '2026-06-30' where id = 'H1'");
  expect(await use(body.token)).toBe(401);
  const mine = (await make()).body.token;
  expect(await use(mine)).toBe(200);
  expect((await own('POST', '/api/account/password', { current: PASSWORD, password: '两个黄鹂鸣翠柳 spring' })).status).toBe(200);
  expect(await use(mine)).toBe(401);
  const again = (await make({ password: '两个黄鹂鸣翠柳 spring' })).body.token;
  await unscoped(fresh.platform.worker, (tx) => endAccess(tx, ['S1']));
  expect(await use(again)).toBe(401);
});
