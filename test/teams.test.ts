import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { closeNight } from '../src/app/night.ts';
import { applyRun, findScheme, simulate } from '../src/capabilities/coverage/index.ts';
import { addDays } from '../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { scoped } from '../src/platform/db/transaction.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { APPLIED_ON, TWO_BRANCHES, takeFolder, writeSmallBank } from './support/small-bank.ts';

// Two branches in which a customer becomes a private one.
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;
const tokens = new Map<string, string>();
const today = addDays(TWO_BRANCHES.to, 1);

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date(`${today}T02:00:00Z`));
  const { platform } = fresh;
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  const { files } = await writeSmallBank(temporaryFolder('bank'), TWO_BRANCHES);
  await takeFolder(platform, files);
  await closeNight(platform, COMMAND_LINE, APPLIED_ON);
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  await applyRun(platform, COMMAND_LINE, { runId: await simulate(platform, COMMAND_LINE, { scheme, date: APPLIED_ON }) });
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});

const rows = async <T>(text: string, values: unknown[] = []) => (await owner.query(text, values)).rows as T[];

async function ask(who: string, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const token = tokens.get(who) ?? (await signedIn(fresh.platform, who));
  tokens.set(who, token);
  const answer = await server.inject({ method, url, cookies: { guanhu_session: token }, ...(payload && { payload }) });
  if (answer.statusCode >= 500) throw new Error(answer.body);
  return { status: answer.statusCode, body: answer.json() };
}

async function someStaff(role: string): Promise<string> {
  const [found] = await rows<{ id: string }>(
    `select s.id from organisation.staff s left join coverage.by_staff b on b.staff_id = s.id
      where s.role = $1 and s.left_on is null group by s.id order by count(b.*) desc, s.id limit 1`,
    [role],
  );
  return found?.id ?? '';
}

describe('a flexible team', () => {
  /** A private customer with who leads, a manager of the branch who has nothing to do with them, and one of another branch. */
  async function cast() {
    const [found] = await rows<{ customer: string; lead: string; branch: string }>(
      `update coverage.standing set band = (select max(band) from coverage.scheme_band b join coverage.scheme c using (scheme_id) where c.state = 'active')
        where customer_id = (select min(b.customer_id) from coverage.by_staff b where b.staff_id = $1 and b.seat = 'lead')
       returning customer_id as customer, lead_staff as lead, branch_id as branch`,
      [await someStaff('lobby-manager')],
    );
    const manager = (same: boolean, at: number) =>
      rows<{ id: string }>(
        `select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
          where s.role = 'wealth-manager' and s.left_on is null and (u.branch_id = $1) = $2 and s.id <> $4 order by s.id offset $3 limit 1`,
        [found?.branch, same, at, found?.lead],
      );
    const [[member], [other], [foreign]] = [await manager(true, 0), await manager(true, 1), await manager(false, 0)];
    return {
      customer: found?.customer ?? '',
      lead: found?.lead ?? '',
      ...{ member: member?.id ?? '', other: other?.id ?? '', foreign: foreign?.id ?? '' },
    };
  }
  const contact = { contactId: '00000000-0000-4000-8000-000000000001', channel: 'phone', outcome: 'reached' };

  it('opens one private customer to its members alone, and lets those who work with them record it', async () => {
    const { customer, lead, member, other, foreign } = await cast();
    const url = `/api/customers/${customer}`;
    const sees = async (who: string) => (await ask(who, 'GET', url)).status;
    expect([await sees(lead), await sees(member), await sees(other)]).toEqual([200, 404, 404]);
    const joins = (who: string, staffId: string, may: string, of = customer) =>
      ask(who, 'POST', `/api/customers/${of}/team`, { staffId, may, words: '授信方案' });
    expect((await joins(member, member, 'see')).status).toBe(404);
    expect((await joins(lead, foreign, 'see')).body.code).toBe('no-member');
    const appointment = {
      ...{ appointmentId: '00000000-0000-4000-8000-000000000009', startsAt: `${addDays(TWO_BRANCHES.to, 5)}T10:00:00+08:00` },
      ...{ minutes: 30, kind: 'visit' },
    };
    const joined = await joins(lead, member, 'see');
    expect(joined.body).toMatchObject({
      isPrivate: true,
      members: [{ staff: { staffId: member }, may: 'see' }],
      may: ['add', 'end'],
    });
    expect((await joins(lead, member, 'work')).body.code).toBe('in-team-already');
    expect([await sees(member), await sees(other)]).toEqual([200, 404]);
    // Where a query forgets whom it is for, row security shows a member nothing of the list of all customers.
    const forgotten = await scoped(fresh.platform.app, { staffId: member }, (tx) =>
      tx.client.query('select 1 from coverage.standing where customer_id = $1', [customer]),
    );
    expect(forgotten.rows).toEqual([]);
    expect((await ask(member, 'GET', `${url}/work`)).body.may).toEqual([]);
    expect((await ask(member, 'GET', `${url}/team`)).body.may).toEqual([]);
    expect([(await ask(member, 'GET', url)).body.may, (await ask(lead, 'GET', url)).body.may]).toEqual([
      [],
      ['transfer', 'reveal'],
    ]);
    const refused = [
      await ask(member, 'POST', `${url}/contacts`, contact),
      await ask(member, 'PUT', `${url}/tags`, { tags: ['企业主'] }),
      await ask(member, 'PUT', `${url}/profile`, { fields: [{ field: 'hobbies', value: '网球' }] }),
      await ask(member, 'POST', `${url}/appointments`, appointment),
      await joins(member, other, 'see'),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect((await ask(member, 'GET', `${url}/appointments`)).status).toBe(200);
    const mine = await ask(member, 'GET', '/api/team-customers');
    expect(mine.body.items).toMatchObject([{ customerId: customer, part: 'see' }]);
    const listed = await ask(member, 'GET', '/api/customers?limit=200');
    expect(listed.body.items.some((item: { customerId: string }) => item.customerId === customer)).toBe(false);
    const end = () => ask(lead, 'POST', `${url}/team/${memberId}/end`, {});
    let memberId = joined.body.members[0].memberId;
    expect((await end()).body.members).toEqual([]);
    expect(await sees(member)).toBe(404);
    const works = await joins(lead, member, 'work');
    memberId = works.body.members[0].memberId;
    expect((await ask(member, 'POST', `${url}/contacts`, contact)).status).toBe(200);
    expect((await ask(member, 'POST', `${url}/appointments`, appointment)).status).toBe(200);
    expect((await ask(member, 'GET', `${url}/work`)).body.may).toEqual(['record', 'profile']);
    await end();
    expect(
      (await ask(member, 'POST', `${url}/contacts`, { ...contact, contactId: '00000000-0000-4000-8000-000000000002' })).status,
    ).toBe(404);
    expect((await ask(member, 'GET', '/api/team-customers')).body.items).toEqual([]);
  });

  it('is for customers of the highest band only', async () => {
    const manager = await someStaff('lobby-manager');
    const [own] = await rows<{ id: string }>(
      `select min(b.customer_id) as id from coverage.by_staff b join coverage.standing s on s.customer_id = b.customer_id
        where b.staff_id = $1 and s.band < (select max(band) from coverage.scheme_band)`,
      [manager],
    );
    const asked = await ask(manager, 'POST', `/api/customers/${own?.id}/team`, { staffId: manager, may: 'see', words: '授信' });
    expect(asked.body.code).toBe('not-private');
  });
});
