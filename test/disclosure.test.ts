import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { openSession } from '../src/platform/auth/session.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { unseal } from '../src/platform/secrets.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank } from './support/small-bank.ts';

let now = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('disclosure');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
const people = { manager: '', colleague: '', head: '', admin: '', auditor: '' };
const customer = { id: '', mobile: '', idNumber: '' };

interface Found {
  readonly id: string;
  readonly mobile: Buffer;
  readonly idn: Buffer;
}

beforeAll(async () => {
  fresh = await freshPlatform(() => now);
  await makeSmallBank(fresh.platform, dir);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  const { rows } = await owner.query<Found & typeof people>(
    `select s.customer_id as id, p.mobile_sealed as mobile, p.id_number_sealed as idn, m.id as manager, c.id as colleague, h.id as head,
            a.id as admin, (select id from organisation.staff where role = 'auditor' and left_on is null limit 1) as auditor
       from coverage.standing s join customers.customer p using (customer_id)
       join organisation.staff m on m.id = s.lead_staff and m.org_unit_id = s.outlet_id
       join organisation.staff c on c.org_unit_id = m.org_unit_id and c.role = m.role and c.id <> m.id and c.left_on is null
       join organisation.staff h on h.org_unit_id = s.outlet_id and h.role = 'outlet-head' and h.left_on is null
       join organisation.staff a on a.org_unit_id = s.branch_id and a.role = 'branch-admin' and a.left_on is null
      where p.mobile_sealed is not null and p.id_number_sealed is not null and s.joint_staff is null order by 1 limit 1`,
  );
  const [found] = rows;
  if (found === undefined) throw new Error('the bank has no such customer');
  const { secrets } = fresh.platform;
  Object.assign(people, found);
  Object.assign(customer, { id: found.id, mobile: unseal(secrets, found.mobile), idNumber: unseal(secrets, found.idn) });
});
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

async function send(token: string, method: 'GET' | 'POST', url: string, payload?: Record<string, unknown>) {
  const cookies = { guanhu_session: token };
  const answer = await server.inject({ method, url, cookies, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, headers: answer.headers, raw: answer.rawPayload, text: answer.body };
}

async function ask(who: string, method: 'GET' | 'POST', url: string, payload?: Record<string, unknown>) {
  const answer = await send(await signedIn(fresh.platform, who), method, url, payload);
  return { ...answer, body: JSON.parse(answer.text) };
}

interface Entry {
  readonly actor: string;
  readonly kind: string;
  readonly customer_id: string | null;
  readonly body: Record<string, unknown>;
}
const entries = async (kind: string) =>
  (await owner.query<Entry>('select actor, kind, customer_id, body from audit.entry where kind = $1 order by at', [kind])).rows;

describe('showing one field in full [SECURITY 22]', () => {
  const url = () => `/api/customers/${customer.id}/reveal`;
  const mobile = { field: 'mobile', purpose: 'contact' };

  it('gives the value to whom the customer belongs, recorded with what for, never to be kept', async () => {
    const answer = await ask(people.manager, 'POST', url(), mobile);
    expect([answer.status, answer.body]).toEqual([200, { value: customer.mobile, used: 1, most: 60 }]);
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(await entries('customer.revealed')).toEqual([
      {
        actor: people.manager,
        kind: 'customer.revealed',
        customer_id: customer.id,
        body: { field: 'mobile', purpose: 'contact' },
      },
    ]);
    const masked = await ask(people.manager, 'GET', `/api/customers/${customer.id}`);
    expect(masked.text).not.toContain(customer.mobile);
  });

  it('asks for a reason in words for an ID number and for other purposes', async () => {
    for (const body of [
      { field: 'idNumber', purpose: 'identity' },
      { field: 'mobile', purpose: 'other' },
      { field: 'mobile' },
      { field: 'name', purpose: 'contact' },
      { field: 'idNumber', purpose: 'identity', words: '  x  ' },
      { ...mobile, fields: ['idNumber'] },
    ])
      expect([body, (await ask(people.manager, 'POST', url(), body)).status]).toEqual([body, 400]);
    const words = '柜面开户核实身份';
    const answer = await ask(people.manager, 'POST', url(), { field: 'idNumber', purpose: 'identity', words });
    expect(answer.body.value).toBe(customer.idNumber);
    expect((await entries('customer.revealed')).at(-1)?.body).toEqual({ field: 'idNumber', purpose: 'identity', words });
  });

  it('keeps no answer under an idempotency key', async () => {
    const token = await signedIn(fresh.platform, people.manager);
    await server.inject({
      method: 'POST',
      url: url(),
      payload: mobile,
      cookies: { guanhu_session: token },
      headers: { 'idempotency-key': 'k1' },
    });
    const { rows } = await owner.query('select * from platform.idempotency where staff_id = $1', [people.manager]);
    expect(JSON.stringify(rows)).not.toContain(customer.mobile);
  });

  it('is refused to auditors, to sessions with a password alone, and for customers of others as if there were none', async () => {
    expect((await ask(people.auditor, 'POST', url(), mobile)).status).toBe(403);
    const before = (await entries('customer.revealed')).length;
    const weak = await openSession(fresh.platform.app, people.manager, now, {
      demo: false,
      secondFactor: false,
      address: '127.0.0.1',
      agent: 'test',
    });
    const refused = await send(weak, 'POST', url(), mobile);
    expect([refused.status, refused.text.includes('second-factor-needed')]).toEqual([409, true]);
    const others = await ask(people.colleague, 'POST', url(), mobile);
    const nobody = await ask(people.colleague, 'POST', '/api/customers/ZZ999/reveal', mobile);
    expect({ ...others.body, requestId: '' }).toEqual({ ...nobody.body, requestId: '' });
    expect(others.status).toBe(404);
    expect((await entries('customer.revealed')).length).toBe(before);
  });

  it('says once when somebody goes beyond three times what peers do, and ends at the quota, also asked at once', async () => {
    now = new Date('2026-07-02T04:00:00Z');
    const { rows } = await owner.query<{ role: string }>('select role from organisation.staff where id = $1', [people.manager]);
    // Two peers: the middle one of their days had four.
    await owner.query(
      `insert into disclosure.usage (staff_id, kind, since, role, used) values
         ('P1', 'reveal', '2026-07-01T00:00+08', $1, 4), ('P2', 'reveal', '2026-06-30T00:00+08', $1, 9), ('P3', 'reveal', '2026-06-29T00:00+08', $1, 1)`,
      [rows[0]?.role],
    );
    const token = await signedIn(fresh.platform, people.manager);
    for (let n = 1; n <= 12; n++) expect((await send(token, 'POST', url(), mobile)).status).toBe(200);
    expect(await entries('reveal.unusual')).toEqual([]);
    const answers = [];
    for (let round = 0; round < 10; round++)
      answers.push(...(await Promise.all(Array.from({ length: 5 }, () => send(token, 'POST', url(), mobile)))));
    const shown = answers.filter(({ status }) => status === 200).length;
    expect([shown, answers.filter(({ status }) => status === 429).length]).toEqual([48, 2]);
    expect((await entries('reveal.unusual')).map(({ actor, body }) => [actor, body])).toEqual([
      [people.manager, { used: 13, peersMedian: 4 }],
    ]);
    expect((await entries('reveal.refused')).length).toBe(2);
    now = new Date('2026-07-02T16:00:00Z');
    expect((await ask(people.manager, 'POST', url(), mobile)).body.used).toBe(1);
  });
});

describe('finding by a whole number [SECURITY 24]', () => {
  const find = (who: string, number: string) => ask(who, 'POST', '/api/customers/find', { number });

  it('finds the own customer however the number is written, and shows it masked', async () => {
    const { mobile, idNumber, id } = customer;
    const spaced = `+86 ${mobile.slice(0, 3)}-${mobile.slice(3, 7)} ${mobile.slice(7)}`;
    const wide = mobile.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    for (const number of [mobile, spaced, wide, idNumber, idNumber.toLowerCase()]) {
      const { status, body, text } = await find(people.manager, number);
      expect([number, status, body.items.map((row: { customerId: string }) => row.customerId)]).toEqual([number, 200, [id]]);
      expect([text.includes(mobile), text.includes(idNumber)]).toEqual([false, false]);
    }
  });

  it('answers a miss and somebody else’s customer alike, and records both alike', async () => {
    const before = (await entries('customer.searched')).length;
    const others = await find(people.colleague, customer.mobile);
    const nobody = await find(people.colleague, '19999999999');
    const noNumber = await find(people.colleague, '张三');
    expect([others.status, others.body]).toEqual([nobody.status, nobody.body]);
    expect([noNumber.status, noNumber.body]).toEqual([nobody.status, { items: [] }]);
    const told = (await entries('customer.searched')).slice(before);
    expect(told.map(({ body, customer_id: about }) => [body, about])).toEqual(told.map(() => [{ count: 0 }, null]));
    expect(told.length).toBe(3);
  });

  it('thirty times a minute', async () => {
    now = new Date('2026-07-03T04:00:30Z');
    const statuses = [];
    for (let n = 0; n < 31; n++) statuses.push((await find(people.head, '19999999999')).status);
    expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([30, 429]);
    now = new Date('2026-07-03T04:01:00Z');
    expect((await find(people.head, customer.mobile)).body.items.length).toBe(1);
  });
});
