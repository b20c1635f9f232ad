import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../src/app/capabilities.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { bytesOfZip } from './support/bytes-of-zip.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank, TWO_BRANCHES } from './support/small-bank.ts';
import { type Cast, castOf } from './support/strangers.ts';

// The entries' time is the database's own, so the clock here is the true one.
const now = () => new Date();
const dir = temporaryFolder('audit-reading');
let fresh: FreshPlatform;
let owner: pg.Pool;
let cast: Cast;
let server: Awaited<ReturnType<typeof buildServer>>;
const cookies: Record<string, string> = {};

beforeAll(async () => {
  fresh = await freshPlatform(now);
  const runId = await makeSmallBank(fresh.platform, dir, TWO_BRANCHES);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  cast = await castOf(fresh.ownerUrl, runId);
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  // One auditor of the whole bank, and one of the branch that is not the customer's.
  await owner.query(`insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp)
    select 'AUD-BANK', '审计甲', '', '', id, 'auditor', 10000 from organisation.org_unit where level = 'head-office'
    union all select 'AUD-OTHER', '审计乙', '', '', id, 'auditor', 10000 from organisation.org_unit u where level = 'branch'
      and not exists (select from coverage.standing s where s.customer_id = '${cast.customer.id}' and s.unit_no between u.unit_no and u.last_no)`);
  for (const id of ['AUD-BANK', 'AUD-OTHER', cast.managerId]) cookies[id] = await signedIn(fresh.platform, id);
}, 180_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

const ask = (who: string, url: string) =>
  server.inject({ method: 'GET', url, cookies: { guanhu_session: cookies[who] ?? '' }, remoteAddress: '10.0.0.9' });
const entriesOf = async (who: string, query = '') => (await ask(who, `/api/audit/entries?limit=200${query}`)).json();

const unusual = z.object({
  items: z.array(
    z.object({ actor: z.object({ staffId: z.string() }), outside: z.number(), reasons: z.array(z.object({ kind: z.string() })) }),
  ),
});
/** Who is named for customers of others; whether somebody looks by night depends on when this runs. */
const outsideOf = async (who: string) =>
  unusual
    .parse((await ask(who, '/api/audit/unusual')).json())
    .items.filter(({ reasons }) => reasons.some(({ kind }) => kind === 'outside'))
    .map(({ actor, outside }) => [actor.staffId, outside]);

describe('the audit page', () => {
  it('tells who looked at a customer, when and from where, to an auditor of the unit and to nobody else', async () => {
    expect((await ask(cast.managerId, `/api/customers/${cast.customer.id}`)).statusCode).toBe(200);
    const { items } = await entriesOf('AUD-BANK', `&customerId=${cast.customer.id}`);
    expect(items[0]).toMatchObject({
      actor: { staffId: cast.managerId },
      kind: 'customer.viewed',
      what: { zh: '查看客户' },
      customerId: cast.customer.id,
      origin: '10.0.0.9',
    });
    expect((await ask('AUD-OTHER', `/api/audit/entries?customerId=${cast.customer.id}`)).statusCode).toBe(404);
    expect((await ask(cast.managerId, '/api/audit/entries')).statusCode).toBe(403);
  });

  it('shows what people of one’s own units did, by person, kind and day, page by page, and is on record itself', async () => {
    for (let n = 0; n < 3; n++) await ask(cast.managerId, `/api/customers/${cast.customer.id}`);
    const mine = await entriesOf('AUD-BANK', `&staffId=${cast.managerId}&kind=customer.viewed`);
    expect(mine.items.length).toBeGreaterThanOrEqual(4);
    const paged: unknown[] = [];
    let after = '';
    do {
      const page = (
        await ask('AUD-BANK', `/api/audit/entries?limit=2&staffId=${cast.managerId}&kind=customer.viewed${after}`)
      ).json();
      paged.push(...page.items);
      after = page.next === null ? '' : `&after=${page.next}`;
    } while (after !== '');
    expect(paged).toEqual(mine.items);
    expect((await entriesOf('AUD-BANK', `&staffId=${cast.managerId}&to=2020-01-01`)).items).toEqual([]);
    const others = await entriesOf('AUD-OTHER');
    expect(others.items.some((one: { actor: { staffId: string } }) => one.actor.staffId === cast.managerId)).toBe(false);
    const reads = await entriesOf('AUD-BANK', '&kind=audit.read');
    expect(reads.items.map((one: { actor: { staffId: string } }) => one.actor.staffId)).toContain('AUD-OTHER');
  });

  it('names who looked at many customers of others, and exports what it shows with a digest', async () => {
    expect(await outsideOf('AUD-BANK')).toEqual([]);
    await owner.query(`insert into audit.entry (entry_id, actor, role, unit_no, request_id, kind, subject, customer_id, body)
      select gen_random_uuid(), s.id, s.role, u.unit_no, 'x', 'customer.viewed', c.customer_id, c.customer_id, '{}'
        from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
        cross join (select customer_id from coverage.standing where lead_staff is null and joint_staff is null limit 25) c where s.id = '${cast.managerId}'`);
    expect(await outsideOf('AUD-BANK')).toEqual([[cast.managerId, 25]]);
    expect(await outsideOf('AUD-OTHER')).toEqual([]);
    const file = await ask('AUD-BANK', `/api/audit/export.xlsx?staffId=${cast.managerId}`);
    expect(file.statusCode).toBe(200);
    expect(bytesOfZip(file.rawPayload)).toContain(cast.managerId);
    const { rows } = await owner.query("select body from audit.entry where kind = 'audit.exported'");
    expect(rows).toMatchObject([{ body: { digest: expect.stringMatching(/^[0-9a-f]{64}$/), rows: expect.any(Number) } }]);
  });
});
