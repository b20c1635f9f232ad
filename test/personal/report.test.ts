import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROUTES } from '../../src/app/capabilities.ts';
import { personReport } from '../../src/capabilities/personal/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { printable } from '../../src/platform/pdf.ts';
import { unseal } from '../../src/platform/secrets.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { pdfText } from '../support/pdf-text.ts';
import { signedIn } from '../support/signed-in.ts';
import { makeSmallBank } from '../support/small-bank.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('person-report');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
let found: {
  id: string;
  name: string;
  mobile: Buffer;
  idn: Buffer;
  address: Buffer;
  manager: string;
  managerName: string;
  admin: string;
};

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  await makeSmallBank(fresh.platform, dir);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  const { rows } = await owner.query<typeof found>(
    `select s.customer_id as id, p.name, p.mobile_sealed as mobile, p.id_number_sealed as idn, p.address_sealed as address, m.id as manager,
            m.name as "managerName", a.id as admin
       from coverage.standing s join customers.customer p using (customer_id) join organisation.staff m on m.id = s.lead_staff
       join organisation.staff a on a.org_unit_id = s.branch_id and a.role = 'branch-admin' and a.left_on is null
      where p.mobile_sealed is not null and p.id_number_sealed is not null and p.address_sealed is not null order by 1 limit 1`,
  );
  if (rows[0] === undefined) throw new Error('the bank has no such customer');
  found = rows[0];
}, 60_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

const ask = async (staffId: string, url: string) =>
  server.inject({ method: 'GET', url, cookies: { guanhu_session: await signedIn(fresh.platform, staffId) } });

it('[SECURITY 25] hands a person all that is held of them, unmasked, and who looked', async () => {
  expect((await ask(found.manager, `/api/customers/${found.id}`)).statusCode).toBe(200);
  const words = encodeURIComponent('客户本人来网点申请');
  const answer = await ask(found.admin, `/api/customers/${found.id}/personal-report.pdf?words=${words}`);
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/pdf', 'cache-control': 'no-store' });
  const pages = await pdfText(answer.rawPayload);
  const text = pages.join('');
  const { secrets } = fresh.platform;
  for (const value of [
    found.id,
    found.name,
    unseal(secrets, found.mobile),
    unseal(secrets, found.idn),
    unseal(secrets, found.address),
  ])
    expect(text).toContain(value);
  // Who looks after them and since when, what they have, who looked at them and what for.
  for (const value of [
    '历任客户经理',
    '当前持仓',
    '历次分户结果',
    found.managerName,
    '谁看过、谁动过您的信息',
    '查看客户',
    '反洗钱法',
  ])
    expect(text).toContain(value);
  for (const page of pages) expect(page).toContain(found.admin);
  // The rest of the bank is not in it.
  const { rows } = await owner.query<{ id: string }>('select customer_id as id from customers.customer where customer_id <> $1', [
    found.id,
  ]);
  expect(rows.filter(({ id }) => text.includes(id))).toEqual([]);
  const { rows: entries } = await owner.query(
    "select actor, customer_id, body::jsonb as body from audit.entry where kind = 'person.reported'",
  );
  expect(entries).toEqual([
    { actor: found.admin, customer_id: found.id, body: { purpose: 'subject', words: '客户本人来网点申请' } },
  ]);
  // The next report tells of this one.
  const next = await personReport(fresh.platform, COMMAND_LINE, { customerId: found.id, words: '再次申请' });
  expect((await pdfText(next ?? new Uint8Array())).join('')).toContain('出具个人信息报告');
});

it('makes none for who may not, of whom there is not, or without a purpose', async () => {
  const url = (id: string, words = 'words=%E5%AE%A2%E6%88%B7%E7%94%B3%E8%AF%B7') =>
    `/api/customers/${id}/personal-report.pdf?${words}`;
  expect((await ask(found.manager, url(found.id))).statusCode).toBe(403);
  expect((await ask(found.admin, url('ZZ999'))).statusCode).toBe(404);
  expect((await ask(found.admin, url(found.id, ''))).statusCode).toBe(400);
  expect(await personReport(fresh.platform, COMMAND_LINE, { customerId: 'ZZ999', words: '核对' })).toBeUndefined();
});

it('every table with customers in it says what it is called, so that no section is headed by a table’s name', async () => {
  const { rows } = await owner.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'customer_id'
      where c.relkind in ('r', 'p') and not c.relispartition and obj_description(c.oid) is null and c.relname !~ '^stage_'
        and c.oid::regclass::text <> 'audit.entry' and c.relnamespace <> 'verify'::regnamespace`,
  );
  expect(rows).toEqual([]);
});

it('names characters that the font lacks', () => {
  expect(printable('张𠮷·阿卜杜')).toBe('张〔U+20BB7〕·阿卜杜');
  expect(printable('欧阳娜娜 ￥1,234.50（元）')).toBe('欧阳娜娜 ￥1,234.50（元）');
});
