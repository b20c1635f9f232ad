import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { verifyCoverage } from '../src/capabilities/coverage/index.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank } from './support/small-bank.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('transfers');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
const people = { manager: '', head: '', admin: '' };
let customer: string;

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  await makeSmallBank(fresh.platform, dir);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  // A customer whose manager has a colleague of the same role in the same outlet.
  const { rows } = await owner.query<{ customer: string; manager: string; head: string; admin: string }>(
    `select s.customer_id as customer, m.id as manager, h.id as head, a.id as admin from coverage.standing s
       join organisation.staff m on m.id = s.lead_staff and m.role = 'wealth-manager' and m.org_unit_id = s.outlet_id
       join organisation.staff c on c.org_unit_id = m.org_unit_id and c.role = m.role and c.id <> m.id and c.left_on is null
       join organisation.staff h on h.org_unit_id = s.outlet_id and h.role = 'outlet-head' and h.left_on is null
       join organisation.staff a on a.org_unit_id = s.branch_id and a.role = 'branch-admin' and a.left_on is null
      order by s.customer_id limit 1`,
  );
  const found = rows[0];
  if (found === undefined) throw new Error('the bank has no such customer');
  customer = found.customer;
  Object.assign(people, found);
});
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

async function ask(who: string, method: 'GET' | 'POST', url: string, payload?: Record<string, unknown>) {
  const token = await signedIn(fresh.platform, who);
  const answer = await server.inject({
    method,
    url,
    cookies: { guanhu_session: token },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

describe('a transfer over HTTP', () => {
  it('offers the takers with their loads, and says at each step who may do what next', async () => {
    const { body: offer } = await ask(people.manager, 'GET', `/api/customers/${customer}/candidates`);
    expect(offer).toMatchObject({ customerId: customer, current: { staffId: people.manager }, problem: null });
    expect(offer.name).toContain('*');
    const taker = offer.candidates.find((one: { problem: unknown }) => one.problem === null);
    expect(taker).toMatchObject({ load: { customers: expect.any(Number) }, role: 'wealth-manager' });
    const wish = { customerId: customer, seat: 'lead', toStaff: taker.staffId, reason: 'customer-wish', words: '客户来函' };
    const { status, body: sent } = await ask(people.manager, 'POST', '/api/transfers', wish);
    expect([status, sent.state, sent.may, sent.problem]).toEqual([200, 'requested', ['withdraw'], null]);
    expect((await ask(people.head, 'POST', '/api/transfers', wish)).body).toMatchObject({ code: 'transfer-open' });
    const url = `/api/transfers/${sent.transferId}`;
    expect((await ask(people.head, 'GET', url)).body).toMatchObject({ may: ['approve', 'reject'], customerName: offer.name });
    expect((await ask(people.manager, 'POST', `${url}/approve`, {})).status).toBe(403);
    expect((await ask(people.head, 'POST', `${url}/reject`, {})).status).toBe(400);
    expect((await ask(taker.staffId, 'GET', url)).status).toBe(404);
    const approved = await ask(people.head, 'POST', `${url}/approve`, { note: '同意' });
    expect(approved.body).toMatchObject({ state: 'approved', may: [], note: '同意', effectiveFrom: '2026-06-30' });
    expect((await ask(people.admin, 'POST', `${url}/approve`, {})).body).toMatchObject({ code: 'transfer-decided' });
    const seen = (await ask(taker.staffId, 'GET', `/api/customers/${customer}`)).body;
    expect(seen).toMatchObject({ lead: { staffId: taker.staffId } });
    expect(seen.history[0]).toMatchObject({ staff: { staffId: taker.staffId }, reasonText: { zh: '调户' }, to: null });
    expect((await ask(people.manager, 'GET', `/api/customers/${customer}`)).status).toBe(404);
    expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
  });

  it('lists what waits, what one asked for and what is done, page by page', async () => {
    const { body: page } = await ask(people.head, 'GET', '/api/customers?covered=yes&limit=200');
    const asked: string[] = [];
    for (const { customerId } of page.items) {
      const { body } = await ask(people.head, 'GET', `/api/customers/${customerId}/candidates`);
      const toStaff = body.candidates.find((one: { problem: unknown }) => one.problem === null)?.staffId ?? null;
      const wish = { customerId, seat: 'lead', toStaff, reason: 'balance', words: '均衡' };
      const { status } = await ask(people.head, 'POST', '/api/transfers', wish);
      expect(status).toBe(toStaff === null && body.releaseProblem !== null ? 422 : 200);
      if (status === 200) asked.push(customerId);
      if (asked.length === 3) break;
    }
    const ids: string[] = [];
    let after: string | null = '';
    while (after !== null) {
      const { body }: { body: { items: { customerId: string }[]; next: string | null } } = await ask(
        people.admin,
        'GET',
        `/api/transfers?state=requested&limit=2${after === '' ? '' : `&after=${after}`}`,
      );
      ids.push(...body.items.map((row) => row.customerId));
      after = body.next;
    }
    // The clock stands still here, so only which they are can be told.
    expect([ids.length, ids.sort()]).toEqual([3, asked.sort()]);
    const count = async (who: string, query: string) => (await ask(who, 'GET', `/api/transfers?${query}`)).body.items.length;
    expect([await count(people.head, 'mine=yes'), await count(people.manager, 'mine=yes')]).toEqual([3, 1]);
    expect([await count(people.head, 'state=decided'), await count(people.head, 'state=rejected')]).toEqual([1, 0]);
    const { body: overview } = await ask(people.admin, 'GET', '/api/overview');
    expect(overview.decisions).toContainEqual(expect.objectContaining({ kind: 'waiting-transfers', count: 3, to: '/transfers' }));
    expect((await ask(people.head, 'GET', '/api/transfers?after=bm9uc2Vuc2U')).status).toBe(200);
    expect((await ask(people.head, 'GET', '/api/lock-periods')).body).toEqual({ now: null, maySet: false, periods: [] });
  });
});
