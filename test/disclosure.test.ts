import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { exportTable } from '../src/capabilities/coverage/index.ts';
import { exportLimit, setExportLimit } from '../src/capabilities/disclosure/index.ts';
import { businessDate } from '../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { openSession } from '../src/platform/auth/session.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { unseal } from '../src/platform/secrets.ts';
import { bytesOfZip } from './support/bytes-of-zip.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank } from './support/small-bank.ts';

let now = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('disclosure');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
const people = { manager: '', busy: '', colleague: '', head: '', admin: '', auditor: '' };
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
            a.id as admin,
            (select p.staff_id from coverage.portfolio p join organisation.staff b on b.id = p.staff_id and b.org_unit_id = s.outlet_id
              order by p.customers desc limit 1) as busy,
            (select id from organisation.staff where role = 'auditor' and left_on is null limit 1) as auditor
       from coverage.standing s join customers.customer p using (customer_id)
       join organisation.staff m on m.id = s.lead_staff and m.org_unit_id = s.outlet_id
       join organisation.staff c on c.org_unit_id = m.org_unit_id and c.role = m.role and c.id <> m.id and c.left_on is null
       join organisation.staff h on h.org_unit_id = s.outlet_id and h.role = 'outlet-head' and h.left_on is null
       join organisation.staff a on a.org_unit_id = s.branch_id and a.role = 'branch-admin' and a.left_on is null
      where p.mobile_sealed is not null and p.id_number_sealed is not null and s.joint_staff is null
      order by 1 limit 1`,
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
    const nobody = await find(people.colleague, '10099999999');
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
    for (let n = 0; n < 31; n++) statuses.push((await find(people.head, '10099999999')).status);
    expect([statuses.filter((status) => status === 200).length, statuses.at(-1)]).toEqual([30, 429]);
    now = new Date('2026-07-03T04:01:00Z');
    expect((await find(people.head, customer.mobile)).body.items.length).toBe(1);
  });
});

describe('exports [SECURITY 18, 27]', () => {
  const wish = () => ({ kind: 'portfolio', subject: people.busy, purpose: 'review', words: '梳理管户名单' });
  const limit = (rows: number) => setExportLimit(fresh.platform, COMMAND_LINE, String(rows));
  const fetchFile = async (who: string, exportId: string) =>
    send(await signedIn(fresh.platform, who), 'GET', `/api/exports/${exportId}/file.xlsx`);

  it('ask for a purpose and a reason, and are for whom they may be', async () => {
    const { purpose: _, ...aimless } = wish();
    expect((await ask(people.head, 'POST', '/api/exports', aimless)).status).toBe(400);
    expect((await ask(people.head, 'POST', '/api/exports', { ...wish(), words: 'x' })).status).toBe(400);
    expect((await ask(people.manager, 'POST', '/api/exports', wish())).status).toBe(403);
    expect((await ask(people.head, 'POST', '/api/exports', { ...wish(), subject: 'nobody' })).status).toBe(404);
  });

  it('are fetched once when small, with who, when and which number on every page, counted with their digest', async () => {
    now = new Date('2026-07-06T02:30:00Z');
    const { body } = await ask(people.head, 'POST', '/api/exports', wish());
    expect(body).toMatchObject({ state: 'approved', needsApproval: false, may: ['fetch', 'withdraw'] });
    expect((await fetchFile(people.admin, body.exportId)).status).toBe(409);
    const file = await fetchFile(people.head, body.exportId);
    expect([file.status, file.headers['cache-control']]).toEqual([200, expect.stringContaining('no-store')]);
    const inside = bytesOfZip(file.raw);
    const footer = /<oddFooter>(.*?)<\/oddFooter>/.exec(inside)?.[1] ?? '';
    expect(footer).toContain(`${people.head}  2026-07-06 10:30  导出编号 ${body.exportId}`);
    expect(/<oddHeader>(.*?)<\/oddHeader>/.exec(inside)?.[1]).toContain(body.exportId);
    expect(inside).toMatch(new RegExp(`<dc:creator>[^<]*${people.head}`));
    expect(inside).not.toContain(customer.mobile);
    expect((await fetchFile(people.head, body.exportId)).text).toContain('export-over');
    const digest = createHash('sha256').update(file.raw).digest('hex');
    const made = (await entries('export.made')).at(-1);
    expect([made?.actor, made?.body.digest, made?.body.rows, made?.body.purpose]).toEqual([
      people.head,
      digest,
      body.rows,
      'review',
    ]);
    const { rows } = await owner.query("select used from disclosure.usage where kind = 'export-rows' and staff_id = $1", [
      people.head,
    ]);
    expect(rows).toEqual([{ used: body.rows }]);
  });

  it('expire after a day, and can be taken back', async () => {
    const { body } = await ask(people.head, 'POST', '/api/exports', wish());
    now = new Date('2026-07-07T02:30:00Z');
    expect((await ask(people.head, 'GET', `/api/exports/${body.exportId}`)).body).toMatchObject({ state: 'expired', may: [] });
    expect((await fetchFile(people.head, body.exportId)).status).toBe(409);
    const again = (await ask(people.head, 'POST', '/api/exports', wish())).body;
    const back = await ask(people.head, 'POST', `/api/exports/${again.exportId}/withdraw`, {});
    expect([back.body.state, (await fetchFile(people.head, again.exportId)).status]).toEqual(['withdrawn', 409]);
  });

  it('end with the rows of the day, which the bank sets on the record', async () => {
    expect(await exportLimit(fresh.platform)).toBe(5000);
    for (const text of ['-1', '50001', 'many', '']) expect(() => setExportLimit(fresh.platform, COMMAND_LINE, text)).toThrow();
    const { rows } = (await ask(people.head, 'POST', '/api/exports', wish())).body;
    await limit(rows - 1);
    const answer = await ask(people.head, 'POST', '/api/exports', wish());
    expect([answer.status, answer.body.code]).toEqual([429, 'export-quota']);
    await limit(5000);
    const [one, two] = [
      await ask(people.head, 'POST', '/api/exports', wish()),
      await ask(people.head, 'POST', '/api/exports', wish()),
    ];
    await limit(one.body.rows);
    const both = await Promise.all([one, two].map(({ body }) => fetchFile(people.head, body.exportId)));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 429]);
    expect((await entries('export.limit-set')).at(-1)?.body).toMatchObject({ to: one.body.rows });
    await limit(5000);
  });

  it('of many rows wait for somebody else, who sees all of it; asked at once, one decides', async () => {
    now = new Date('2026-07-08T02:30:00Z');
    // A small bank's portfolios are small: this one shall count as large.
    const { body } = await ask(people.head, 'POST', '/api/exports', wish());
    const url = `/api/exports/${body.exportId}`;
    await owner.query(
      "update disclosure.export set needs_approval = true, state = 'requested', expires_at = null where export_id = $1",
      [body.exportId],
    );
    expect((await ask(people.head, 'GET', url)).body).toMatchObject({ state: 'requested', may: ['withdraw'] });
    expect((await fetchFile(people.head, body.exportId)).status).toBe(409);
    expect((await ask(people.head, 'POST', `${url}/approve`, {})).body.code).toBe('not-yours-to-decide');
    expect((await ask(people.auditor, 'POST', `${url}/approve`, {})).status).toBe(403);
    expect((await ask(people.admin, 'GET', '/api/exports?waiting=yes')).body.items).toMatchObject([
      { exportId: body.exportId, may: ['approve', 'reject'] },
    ]);
    const token = await signedIn(fresh.platform, people.admin);
    const decided = await Promise.all([1, 2, 3].map(() => send(token, 'POST', `${url}/approve`, { note: '同意' })));
    expect(decided.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    await expect(
      owner.query('update disclosure.export set decided_by = requested_by where export_id = $1', [body.exportId]),
    ).rejects.toThrow('export_two_people');
    // More rows than were agreed to do not leave.
    await owner.query('update disclosure.export set rows_counted = 1 where export_id = $1', [body.exportId]);
    expect((await fetchFile(people.head, body.exportId)).text).toContain('export-grown');
    await owner.query('update disclosure.export set rows_counted = $2 where export_id = $1', [body.exportId, body.rows]);
    expect((await fetchFile(people.head, body.exportId)).status).toBe(200);
    expect((await entries('export.approved')).map(({ actor }) => actor)).toEqual([people.admin]);
  });
});

it('what a command takes out says on every row who took it, and when', async () => {
  const out = join(dir, 'portfolios.csv');
  const wish = { kind: 'portfolios', date: businessDate('2026-06-30'), out, by: "o'brien" } as const;
  const rows = await exportTable(fresh.platform, COMMAND_LINE, wish);
  const [heading, ...lines] = readFileSync(out, 'utf8').trim().split(/\r?\n/);
  expect(heading).toMatch(/exported_by,exported_at$/);
  expect(lines).toHaveLength(rows);
  expect(lines.every((line) => line.endsWith(`,o'brien,${now.toISOString()}`))).toBe(true);
});
