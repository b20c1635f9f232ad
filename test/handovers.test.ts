import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { feedDesk } from '../src/app/feeds.ts';
import { verifyCoverage } from '../src/capabilities/coverage/index.ts';
import { closeReader, takeFile } from '../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { bytesOfZip } from './support/bytes-of-zip.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank } from './support/small-bank.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('handovers');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
const people = { manager: '', head: '', admin: '' };

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  await makeSmallBank(fresh.platform, dir);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  // A manager with customers who has a colleague of the same role in the same outlet.
  const { rows } = await owner.query<typeof people>(
    `select m.id as manager, h.id as head, a.id as admin from coverage.portfolio p join organisation.staff m on m.id = p.staff_id
       join organisation.org_unit u on u.id = m.org_unit_id and u.level = 'outlet'
       join organisation.staff c on c.org_unit_id = m.org_unit_id and c.role = m.role and c.id <> m.id and c.left_on is null
       join organisation.staff h on h.org_unit_id = u.id and h.role = 'outlet-head' and h.left_on is null
       join organisation.staff a on a.org_unit_id = u.branch_id and a.role = 'branch-admin' and a.left_on is null
      where m.role = 'wealth-manager' and m.left_on is null and p.customers > 0 order by p.customers desc, m.id limit 1`,
  );
  if (rows[0] === undefined) throw new Error('the bank has no such manager');
  Object.assign(people, rows[0]);
});
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

async function ask(who: string, method: 'GET' | 'POST', url: string, payload?: Record<string, unknown>) {
  const answer = await server.inject({
    method,
    url,
    cookies: { guanhu_session: await signedIn(fresh.platform, who) },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

/** A workbook as text: asked for with its purpose, and fetched. */
async function exported(who: string, kind: string, subject: string): Promise<string> {
  const wish = { kind, subject, purpose: 'handover', words: '交接核对' };
  const { body } = await ask(who, 'POST', '/api/exports', wish);
  const answer = await server.inject({
    method: 'GET',
    url: `/api/exports/${body.exportId}/file.xlsx`,
    cookies: { guanhu_session: await signedIn(fresh.platform, who) },
  });
  expect([body.kind, answer.statusCode]).toEqual([kind, 200]);
  return bytesOfZip(answer.rawPayload);
}

it('goes from the start to the report, and says at each step who may do what next', async () => {
  const wish = { staffId: people.manager, kind: 'leaving', onDate: '2026-07-31', words: '辞职' };
  expect((await ask(people.manager, 'POST', '/api/handovers', wish)).status).toBe(403);
  expect((await ask(people.head, 'POST', '/api/handovers', { ...wish, onDate: '31.7.2026' })).status).toBe(400);
  const { status, body: begun } = await ask(people.head, 'POST', '/api/handovers', wish);
  expect([status, begun.state, begun.may, begun.parts]).toEqual([200, 'frozen', ['split', 'withdraw'], []]);
  const { rows: theirs } = await owner.query<{ id: string }>(
    'select customer_id as id from coverage.by_staff where staff_id = $1 limit 1',
    [people.manager],
  );
  const { body: choice } = await ask(people.manager, 'GET', `/api/customers/${theirs[0]?.id}/candidates`);
  expect(choice.problem.zh).toContain('正在交接');
  const url = `/api/handovers/${begun.handoverId}`;
  const { body: able } = await ask(people.head, 'GET', `${url}/successors`);
  expect(able.items[0]).toMatchObject({ name: expect.any(String), takes: expect.any(Number), load: expect.any(Number) });
  const { body: split } = await ask(people.head, 'POST', `${url}/split`, { oftenWords: '离职' });
  expect(split.parts.reduce((sum: number, part: { customers: number }) => sum + part.customers, 0)).toBe(begun.customers);
  const takers: string[] = split.parts.flatMap((part: { to: { staffId: string } | null }) => part.to?.staffId ?? []);
  expect(takers.length).toBeGreaterThan(0);
  expect((await ask(people.manager, 'GET', url)).body.may).toEqual(['sign']);
  const taker = takers[0] ?? '';
  // Who takes over sees exactly their own lines, and signs for them alone.
  const { body: mine } = await ask(taker, 'GET', url);
  expect([mine.may, mine.parts.map((part: { to: { staffId: string } }) => part.to.staffId)]).toEqual([['sign'], [taker]]);
  const { body: lines } = await ask(taker, 'GET', `${url}/items?limit=200`);
  expect(lines.items.length).toBe(mine.parts[0].customers);
  expect(lines.items.every((line: { customerName: unknown }) => line.customerName === null)).toBe(true);
  expect((await ask(people.head, 'GET', `${url}/items?to=${taker}`)).body.items[0].customerName).toContain('*');
  for (const who of [people.manager, ...takers]) expect((await ask(who, 'POST', `${url}/sign`, {})).status).toBe(200);
  expect((await ask(people.head, 'POST', `${url}/approve`, {})).body).toMatchObject({ code: 'not-yours-to-do' });
  expect((await ask(people.admin, 'GET', '/api/handovers?state=open')).body.items).toMatchObject([
    { handoverId: begun.handoverId, unsigned: 0, may: expect.arrayContaining(['approve']) },
  ]);
  const { body: done } = await ask(people.admin, 'POST', `${url}/approve`, {});
  expect(done).toMatchObject({ state: 'done', effectiveFrom: '2026-06-30', may: [], outcomes: { gone: 0 } });
  expect(done.customers).toBe(begun.customers - done.outcomes.moved);
  const moved = lines.items[0].customerId;
  const seen = (await ask(taker, 'GET', `/api/customers/${moved}`)).body;
  const why = (await ask(taker, 'GET', `/api/customers/${moved}/why`)).body.lines.at(-1);
  expect(why).toMatchObject({ kind: 'decision', zh: expect.stringContaining('整包交接') });
  expect(seen.history[0]).toMatchObject({ staff: { staffId: taker }, reasonText: { zh: '整包交接' }, to: null });
  expect((await ask(people.manager, 'GET', `/api/customers/${moved}`)).status).toBe(404);
  expect((await ask(people.head, 'GET', '/api/handovers?state=open')).body.items).toEqual([]);
  expect((await ask(people.head, 'GET', '/api/handovers?state=done')).body.items.length).toBe(1);
  const sheet = await exported(people.head, 'handover', begun.handoverId);
  expect([sheet.includes('接收人'), sheet.includes(moved), sheet.includes('已移交')]).toEqual([true, true, true]);
  expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
});

it('tells who covered a customer on any day, and whom a manager had', async () => {
  const { rows } = await owner.query<{ customer: string; handover: string; taker: string; before: string }>(
    `select i.customer_id as customer, i.handover_id as handover, i.to_staff as taker, was.from_date::text as before
       from coverage.handover_item i join coverage.assignment was on was.customer_id = i.customer_id and was.seat = i.seat
        and was.staff_id = $1 and was.to_date = '2026-06-30' where i.outcome = 'moved' order by 1 limit 1`,
    [people.manager],
  );
  const { customer = '', handover = '', taker = '', before = '' } = rows[0] ?? {};
  expect(customer).not.toBe('');
  const covered = async (on: string) => (await ask(people.head, 'GET', `/api/customers/${customer}/coverage${on}`)).body.turns;
  expect(await covered('?on=2026-06-30')).toMatchObject([
    { staff: { staffId: taker }, from: '2026-06-30', to: null, by: { kind: 'handover', id: handover, words: '辞职' } },
  ]);
  const then = await covered('?on=2026-06-29');
  expect(then).toMatchObject([{ staff: { staffId: people.manager }, to: '2026-06-30', by: { kind: 'run' } }]);
  expect(await covered(`?on=${before}`)).toEqual(then);
  expect(await covered('?on=2026-06-01')).toEqual([]);
  expect(await covered('')).toMatchObject([{ from: '2026-06-30' }, { from: before }]);
  expect((await ask(people.head, 'GET', `/api/customers/${customer}/coverage?on=soon`)).status).toBe(400);
  const had = async (who: string, staffId: string, on: string) => {
    const { body } = await ask(who, 'GET', `/api/portfolios/${staffId}/on/${on}?limit=200`);
    return { n: body.customers, has: body.items?.some((row: { customerId: string }) => row.customerId === customer) };
  };
  const [old, since] = [
    await had(people.head, people.manager, '2026-06-29'),
    await had(people.head, people.manager, '2026-06-30'),
  ];
  expect([old.has, since.has, since.n < old.n]).toEqual([true, false, true]);
  expect((await had(people.head, taker, '2026-06-30')).has).toBe(true);
  // The former manager no longer sees the customer, not even in their own past.
  expect(await had(people.manager, people.manager, '2026-06-29')).toMatchObject({ has: false });
  expect((await ask(people.manager, 'GET', `/api/portfolios/${taker}/on/2026-06-30`)).status).toBe(404);
  const { rows: counted } = await owner.query<{ n: number }>(
    `select count(*)::int as n from coverage.assignment where staff_id = $1 and from_date <= '2026-06-29' and (to_date is null or to_date > '2026-06-29')`,
    [people.manager],
  );
  expect(old.n).toBe(counted[0]?.n);
  const sheet = await exported(people.head, 'portfolio-on', `${people.manager}@2026-06-29`);
  expect([sheet.includes(customer), sheet.includes('主管户')]).toEqual([true, true]);
});

it('takes households from the customers file', async () => {
  const { rows } = await owner.query<{ id: string; name: string }>(
    'select customer_id as id, name from customers.customer order by 1 limit 2',
  );
  const lines = rows.map(({ id, name }) => `${id},${name},F1`);
  const taken = await takeFile(feedDesk(fresh.platform), COMMAND_LINE, {
    fileName: 'customers.csv',
    stream: Readable.from([Buffer.from(['客户号,姓名,家庭号', ...lines, ''].join('\n'))]),
    options: { tolerateBp: 0, holdUnknown: false, direct: true },
  });
  await closeReader();
  expect([taken.state, taken.problems]).toEqual(['accepted', []]);
  const stored = await owner.query("select customer_id as id, name from customers.customer where household_id = 'F1' order by 1");
  expect(stored.rows).toEqual(rows);
});
