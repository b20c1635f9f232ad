import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROUTES } from '../../src/app/capabilities.ts';
import { feedDesk } from '../../src/app/feeds.ts';
import { closeReader, takeFile } from '../../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { unseal } from '../../src/platform/secrets.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { signedIn } from '../support/signed-in.ts';
import { makeSmallBank } from '../support/small-bank.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('person-rights');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
let admin = '';
let second = '';
let manager = '';
let ids: string[] = [];

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  await makeSmallBank(fresh.platform, dir);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  const { rows: admins } = await owner.query<{ id: string }>(
    `select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.role = 'branch-admin' and s.left_on is null order by u.level <> 'head-office', s.id limit 2`,
  );
  [admin = '', second = ''] = admins.map((row) => row.id);
  const { rows } = await owner.query<{ id: string; manager: string }>(
    `select s.customer_id as id, s.lead_staff as manager from coverage.standing s join customers.customer p using (customer_id)
      where s.lead_staff is not null and p.mobile_sealed is not null and p.id_number_sealed is not null and p.address_sealed is not null
      order by s.lead_staff, 1 limit 4`,
  );
  ids = rows.map((row) => row.id);
  manager = rows[0]?.manager ?? '';
}, 60_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

async function ask(staffId: string, method: 'GET' | 'POST', url: string, payload?: Record<string, unknown>) {
  const cookies = { guanhu_session: await signedIn(fresh.platform, staffId) };
  const answer = await server.inject({ method, url, cookies, ...(payload && { payload }) });
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
}
const request = (id: string, payload: Record<string, unknown>, by = admin) =>
  ask(by, 'POST', `/api/customers/${id}/requests`, { words: '客户书面申请', ...payload });
const decide = (id: string, requestId: string, action: string, by: string) =>
  ask(by, 'POST', `/api/customers/${id}/requests/${requestId}/decide`, { action });

/** A customers file with these columns of one customer. */
async function send(cells: Record<string, string>) {
  const text = `${Object.keys(cells).join(',')}\n${Object.values(cells).join(',')}\n`;
  const taken = await takeFile(feedDesk(fresh.platform), COMMAND_LINE, {
    fileName: 'customers.csv',
    stream: Readable.from([Buffer.from(text)]),
    options: { tolerateBp: 0, holdUnknown: false, direct: true },
  });
  await closeReader();
  expect(taken.state, JSON.stringify(taken.problems)).toBe('accepted');
}

async function personOf(id: string) {
  const { rows } = await owner.query('select * from customers.customer where customer_id = $1', [id]);
  const { rows: cards } = await owner.query('select * from coverage.card where customer_id = $1', [id]);
  return { person: rows[0], card: cards[0] };
}

it('[SECURITY 25] consent withdrawn stops outreach at once, in every list', async () => {
  const [id = ''] = ids;
  const listed = async () => {
    const { body } = await ask(manager, 'GET', '/api/customers?limit=200');
    const row = body.items.find((item: { customerId: string }) => item.customerId === id);
    const { body: found } = await ask(manager, 'GET', `/api/customers/search?q=${id}`);
    return [row?.noMarketing, found.items[0]?.noMarketing, (await ask(manager, 'GET', `/api/customers/${id}`)).body.noMarketing];
  };
  expect(await listed()).toEqual([false, false, false]);
  const said = { purpose: 'marketing', given: false, words: '客户来电' };
  expect((await ask(admin, 'POST', `/api/customers/${id}/consent`, said)).status).toBe(200);
  expect(await listed()).toEqual([true, true, true]);
  // The next file of the bank does not bring it back.
  await send({ id, name: '换了名字', consent_phone: '是' });
  expect(await listed()).toEqual([true, true, true]);
  expect((await ask(admin, 'POST', `/api/customers/${id}/consent`, { ...said, given: true })).body.consents).toEqual([
    { purpose: 'marketing', withdrawn: false },
    { purpose: 'profiling', withdrawn: false },
  ]);
  expect(await listed()).toEqual([false, false, false]);
  const { rows } = await owner.query("select body::jsonb as body from audit.entry where kind = 'person.consent' order by at");
  expect(rows.map((row) => row.body.given)).toEqual([false, true]);
});

it('[SECURITY 25] a correction takes two people, holds against older files, and ends when the bank’s system agrees', async () => {
  const [, id = ''] = ids;
  const asked = await request(id, { kind: 'correct', field: 'mobile', value: '10099998888' });
  expect(asked.status, JSON.stringify(asked.body)).toBe(200);
  expect(JSON.stringify(asked.body)).not.toContain('10099998888');
  const [{ requestId, may }] = asked.body.requests;
  expect(may).toEqual(['withdraw']);
  expect((await decide(id, requestId, 'approve', admin)).body.code).toBe('not-yours-to-decide');
  expect((await request(id, { kind: 'correct', field: 'mobile', value: '10099997777' })).body.code).toBe('person-request-open');
  expect((await decide(id, requestId, 'approve', second)).status).toBe(200);
  const mobile = async () => {
    const { person, card } = await personOf(id);
    expect(card.mobile_last4).toBe(person.mobile_last4);
    expect(card.mobile_key).toEqual(person.mobile_key);
    return unseal(fresh.platform.secrets, person.mobile_sealed);
  };
  expect(await mobile()).toBe('10099998888');
  const agreed = async () =>
    (await owner.query('select agreed_at from personal.request where request_id = $1', [requestId])).rows[0].agreed_at;
  await send({ id, name: '仍用旧号', mobile: '10011112222' });
  expect([await mobile(), await agreed()]).toEqual(['10099998888', null]);
  await send({ id, name: '仍用旧号', mobile: '10099998888' });
  expect([await mobile(), await agreed()]).toEqual(['10099998888', NOW]);
  await send({ id, name: '仍用旧号', mobile: '10033334444' });
  expect(await mobile()).toBe('10033334444');
});

it('[SECURITY 25] restricted data is kept and not shown; freeing it takes two people', async () => {
  const [, , id = ''] = ids;
  const done = await request(id, { kind: 'restrict' });
  expect(done.body).toMatchObject({ restrictedAt: NOW.toISOString(), consents: [{ purpose: 'marketing', withdrawn: true }, {}] });
  const shown = () => ask(manager, 'POST', `/api/customers/${id}/reveal`, { field: 'mobile', purpose: 'contact' });
  expect(await shown()).toMatchObject({ status: 409, body: { code: 'restricted' } });
  const free = await request(id, { kind: 'release' });
  const { requestId } = free.body.requests.find((one: { kind: string }) => one.kind === 'release');
  expect(free.body.restrictedAt).not.toBeNull();
  expect((await decide(id, requestId, 'approve', second)).body).toMatchObject({
    restrictedAt: null,
    consents: [{ withdrawn: false }, {}],
  });
  expect((await shown()).status).toBe(200);
});

it('[SECURITY 25] erasing takes the identity, keeps the figures, and only where the law allows', async () => {
  const [, , , id = ''] = ids;
  expect((await request(id, { kind: 'erase' })).body.code).toBe('erasure-still-customer');
  await owner.query('delete from closing.position where customer_id = $1', [id]);
  await owner.query("update customers.customer set closed_on = '2020-01-01' where customer_id = $1", [id]);
  expect((await request(id, { kind: 'erase' })).body).toMatchObject({ code: 'erasure-law-keeps' });
  await owner.query("update customers.customer set closed_on = '2016-06-30', opened_on = '2010-01-01' where customer_id = $1", [
    id,
  ]);
  const before = await personOf(id);
  await request(id, { kind: 'hold' });
  expect((await request(id, { kind: 'erase' })).body.code).toBe('erasure-held');
  const lift = (await request(id, { kind: 'unhold' })).body.requests.find((one: { kind: string }) => one.kind === 'unhold');
  await decide(id, lift.requestId, 'approve', second);
  const asked = await request(id, { kind: 'erase' });
  expect(asked.status, JSON.stringify(asked.body)).toBe(200);
  const erase = asked.body.requests.find((one: { kind: string }) => one.kind === 'erase');
  const figures = async () =>
    (await owner.query('select * from closing.segment where customer_id = $1 order by from_date', [id])).rows.length +
    (await owner.query('select * from coverage.assignment where customer_id = $1', [id])).rows.length;
  const kept = await figures();
  expect(kept).toBeGreaterThan(0);
  expect((await decide(id, erase.requestId, 'approve', second)).body).toMatchObject({ erasedAt: NOW.toISOString(), mayAsk: [] });
  const after = await personOf(id);
  expect(after.person).toMatchObject({
    name: '（已删除）',
    id_number_sealed: null,
    id_key: null,
    mobile_sealed: null,
    birth_date: null,
  });
  expect(after.card).toMatchObject({ name: '（已删除）', mobile_key: null, no_marketing: true });
  expect(await figures()).toBe(kept);
  // A file that still has the person does not bring them back, and that is said.
  await send({ id, name: before.person.name, mobile: '10055556666', id_number: '990006197105280010' });
  expect(await personOf(id)).toMatchObject({
    person: { name: '（已删除）', mobile_sealed: null },
    card: { name: '（已删除）', mobile_last4: null },
  });
  expect((await ask(admin, 'GET', `/api/customers/${id}/rights`)).body.resentAt).toBe(NOW.toISOString());
  const { rows } = await owner.query("select body::jsonb as body from audit.entry where kind = 'person.kept-erased'");
  expect(rows).toEqual([{ body: { count: 1 } }]);
});

it('[SECURITY 28] what was decided about somebody can be appealed against, and another person answers', async () => {
  const [id = ''] = ids;
  const asked = await request(id, { kind: 'appeal', words: '对分户结果有异议' });
  const { requestId } = asked.body.requests.find((one: { kind: string }) => one.kind === 'appeal');
  expect((await decide(id, requestId, 'reject', admin)).body.code).toBe('not-yours-to-decide');
  const done = await ask(second, 'POST', `/api/customers/${id}/requests/${requestId}/decide`, {
    action: 'reject',
    note: '已复核，维持',
  });
  expect(done.body.requests).toContainEqual(expect.objectContaining({ requestId, state: 'rejected', note: '已复核，维持' }));
});

it('the database itself takes no decision of one person alone', async () => {
  const [id = ''] = ids;
  const alone = `insert into personal.request (customer_id, request_id, kind, words, state, requested_by, requested_at, decided_by, decided_at)
    values ($1, 'x', 'erase', 'x', 'done', 'E1', now(), 'E1', now())`;
  await expect(owner.query(alone, [id])).rejects.toThrow(/request_two_people/);
});
