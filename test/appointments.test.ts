import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { closeNight } from '../src/app/night.ts';
import { applyRun, findScheme, simulate } from '../src/capabilities/coverage/index.ts';
import { activateCatalogue, catchUp, evaluateFollowUps, shippedRules } from '../src/capabilities/engagement/index.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { personById } from '../src/platform/auth/session.ts';
import { makeKey } from '../src/platform/auth/token.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { APPLIED_ON, TWO_BRANCHES, takeFolder, writeSmallBank } from './support/small-bank.ts';

// Hours agreed with customers.
const NOW = '2026-07-01T09:00:00+08:00';
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;
let now = new Date(NOW);
let manager: { staff: string; customers: string[] };

beforeAll(async () => {
  fresh = await freshPlatform(() => now);
  const { platform } = fresh;
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  const { files } = await writeSmallBank(temporaryFolder('bank'), TWO_BRANCHES);
  await takeFolder(platform, files);
  await closeNight(platform, COMMAND_LINE, APPLIED_ON);
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  await applyRun(platform, COMMAND_LINE, { runId: await simulate(platform, COMMAND_LINE, { scheme, date: APPLIED_ON }) });
  await activateCatalogue(platform, COMMAND_LINE, await shippedRules());
  await catchUp(platform);
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
  [manager] = await rows<typeof manager>(
    `select b.staff_id as staff, array_agg(distinct b.customer_id) as customers from coverage.by_staff b join organisation.staff s on s.id = b.staff_id
      where s.left_on is null and s.role = 'lobby-manager' group by 1 order by count(*) desc, 1 limit 1`,
  );
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});
beforeEach(async () => {
  now = new Date(NOW);
  await owner.query('truncate appointments.appointment');
});

const rows = async <T>(sql: string, values: unknown[] = []) => (await owner.query(sql, values)).rows as [T, ...T[]];
const uuid = (n: number) => `00000000-0000-4000-a000-${String(n).padStart(12, '0')}`;

async function ask(method: 'GET' | 'POST', url: string, payload?: object, who = manager.staff) {
  const cookies = { guanhu_session: await signedIn(fresh.platform, who) };
  const answer = await server.inject({ method, url, cookies, ...(payload && { payload }) });
  if (answer.statusCode >= 500) throw new Error(answer.body);
  return { status: answer.statusCode, body: answer.json() };
}
const customer = (n: number) => manager.customers[n] ?? '';
const make = (n: number, of: string, time: string, more: object = {}) =>
  ask('POST', `/api/customers/${of}/appointments`, {
    ...{ appointmentId: uuid(n), startsAt: `2026-07-${time}:00+08:00`, minutes: 30, kind: 'outlet', words: '年度面谈', ...more },
  });
const step = (n: number, of: string, body: object) => ask('POST', `/api/customers/${of}/appointments/${uuid(n)}/step`, body);
const day = async (from: string, to = from) => (await ask('GET', `/api/appointments?from=${from}&to=${to}`)).body.items;

describe('a calendar outside the bank', () => {
  it('is told the hours alone, by a key that may do nothing else, until the key is ended', async () => {
    await make(1, customer(0), '02T09:30', { place: '陆家嘴环路一号', words: '谈续作' });
    await make(2, customer(1), '03T14:00', { kind: 'visit' });
    await step(2, customer(1), { step: 'cancel', words: '客户改期' });
    const wish = { label: '手机日历', permissions: ['calendar.feed'] as const, days: 365 };
    const person = await personById(fresh.platform.app, manager.staff, now);
    if (person === undefined) throw new Error('nobody');
    const session = { ...person, sessionId: '', mustEnrol: false, strong: false, actsFor: undefined };
    const key = await makeKey(fresh.platform, COMMAND_LINE, session, wish);
    const url = `/api/calendar/${key}`;
    const feed = await server.inject({ method: 'GET', url });
    expect([feed.statusCode, feed.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8']);
    expect(feed.body.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    for (const line of [`UID:${uuid(1)}`, 'DTSTART:20260702T013000Z', 'DTEND:20260702T020000Z', 'SUMMARY:预约客户（到店）'])
      expect(feed.body).toContain(line);
    const [known] = await rows<{ name: string }>('select name from coverage.card where customer_id = $1', [customer(0)]);
    for (const secret of [customer(0), known.name, '陆家嘴环路一号', '谈续作']) expect(feed.body).not.toContain(secret);
    // In a header as well, and for nothing else.
    const headers = { authorization: `Bearer ${key}` };
    expect(
      (await server.inject({ method: 'GET', url: '/api/appointments?from=2026-07-01&to=2026-07-03', headers })).statusCode,
    ).toBe(403);
    expect((await server.inject({ method: 'GET', url: '/api/calendar/guanhu_x' })).statusCode).toBe(401);
    await owner.query('delete from platform.api_token where staff_id = $1', [manager.staff]);
    expect((await server.inject({ method: 'GET', url })).statusCode).toBe(401);
  });
});

describe('visits on the map', () => {
  const put = (id: string, east: number, north: number) =>
    owner.query(
      `update customers.customer c set longitude = u.longitude + $2, latitude = u.latitude + $3
         from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id where s.id = $4 and c.customer_id = $1`,
      [id, east, north, manager.staff],
    );
  const visits = async (who?: string) => (await ask('GET', '/api/visits?on=2026-07-02', undefined, who)).body;

  it('go by the hour, say where the time is short and which order is shorter, and tell places to a hundred metres only', async () => {
    // East, west, and east again: there and back and there again.
    await put(customer(0), 0.03, 0);
    await put(customer(1), -0.03, 0);
    await put(customer(2), 0.03, 0.001);
    await make(1, customer(0), '02T09:00', { kind: 'visit', place: '客户公司' });
    await make(2, customer(1), '02T09:40', { kind: 'visit' });
    await make(3, customer(2), '02T11:30', { kind: 'visit' });
    await make(4, customer(3), '02T14:00', { kind: 'phone' });
    const { stops, metres, shorter, start, near, landmarks } = await visits();
    expect(start.name).not.toBe('');
    expect(stops.map((stop: { appointmentId: string }) => stop.appointmentId)).toEqual([uuid(1), uuid(2), uuid(3)]);
    const [first, second, third] = stops;
    expect(first).toMatchObject({ customerId: customer(0), place: '客户公司', at: { north: 0 }, shortMinutes: 0 });
    expect(second.metres).toBe(2 * first.metres);
    // Ten minutes are between the two.
    expect(second.shortMinutes).toBe(Math.ceil((second.metres * 1.4) / 250) + 5 - 10);
    expect(third.shortMinutes).toBe(0);
    expect(metres).toBe(first.metres + second.metres + third.metres + third.metres - first.metres);
    expect(new Set([shorter.appointmentIds.join(), [...shorter.appointmentIds].reverse().join()])).toContain(
      [uuid(1), uuid(3), uuid(2)].join(),
    );
    expect(shorter.metres).toBeLessThan(metres);
    const planned = new Set([0, 1, 2].map(customer));
    for (const one of near)
      expect([planned.has(one.customerId), manager.customers.includes(one.customerId)]).toEqual([false, true]);
    const spots = [...stops, ...near, ...landmarks].map(({ at }: { at: { east: number; north: number } }) => at);
    for (const { east, north } of spots) expect([east % 100, north % 100].map(Math.abs)).toEqual([0, 0]);
  });

  it('leave out a customer whose place nobody knows, and show nobody else’s', async () => {
    await owner.query('update customers.customer set longitude = null where customer_id = $1', [customer(0)]);
    await make(1, customer(0), '02T09:00', { kind: 'visit' });
    expect((await visits()).stops).toMatchObject([{ at: null, metres: null, shortMinutes: 0 }]);
    const [other] = await rows<{ id: string }>(
      `select staff_id as id from coverage.by_staff where staff_id <> $1 and not customer_id = any($2) group by 1 order by count(*) desc, 1 limit 1`,
      [manager.staff, manager.customers],
    );
    expect((await visits(other.id)).stops).toEqual([]);
  });

  it('propose a round on a day without any, to one’s own customers with something to do', async () => {
    await evaluateFollowUps(fresh.platform);
    const [busiest] = await rows<{ doer: string; ids: string[] }>(
      `select doer, array_agg(customer_id) as ids from engagement.follow_up where state = 'open' group by 1 order by count(*) desc, 1 limit 1`,
    );
    const { stops, near, metres } = await visits(busiest.doer);
    expect([stops, metres]).toEqual([[], 0]);
    expect(near.length).toBeGreaterThan(0);
    for (const one of near) expect(busiest.ids).toContain(one.customerId);
    // Whom one has arranged to see is a stop, and no longer somebody whom one could see.
    const [chosen] = near;
    const visit = { appointmentId: uuid(9), startsAt: '2026-07-02T09:00:00+08:00', minutes: 30, kind: 'visit' };
    await ask('POST', `/api/customers/${chosen.customerId}/appointments`, visit, busiest.doer);
    const after = await visits(busiest.doer);
    expect(after.stops).toMatchObject([{ customerId: chosen.customerId, at: chosen.at }]);
    expect(after.near.map((one: { customerId: string }) => one.customerId)).not.toContain(chosen.customerId);
  });
});

describe('an appointment', () => {
  it('is made once however often it is sent, and stands in the calendar on its day in Beijing', async () => {
    await Promise.all([1, 2, 3].map(() => make(1, customer(0), '02T00:10')));
    expect(await day('2026-07-01')).toEqual([]);
    const [found, ...others] = await day('2026-07-02');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ customerId: customer(0), state: 'planned', words: '年度面谈', may: ['move', 'cancel'] });
  });

  it('tells of a clash, of one’s own and of the customer’s, and is made all the same by who knows', async () => {
    await make(1, customer(0), '02T10:00');
    expect((await make(2, customer(1), '02T10:29')).body.code).toBe('clash');
    expect((await make(2, customer(1), '02T10:30')).status).toBe(200);
    expect((await make(3, customer(2), '02T10:15', { clashKnown: true })).status).toBe(200);
    expect((await step(2, customer(1), { step: 'move', startsAt: '2026-07-02T10:10:00+08:00', minutes: 30 })).body.code).toBe(
      'clash',
    );
    expect((await step(2, customer(1), { step: 'move', startsAt: '2026-07-03T10:10:00+08:00', minutes: 30 })).status).toBe(200);
  });

  it('cannot be in the past, be kept before its day, or be changed once it is over', async () => {
    expect((await make(1, customer(0), '01T08:59')).body.code).toBe('hour-past');
    await make(2, customer(0), '02T10:00');
    expect((await step(2, customer(0), { step: 'keep' })).body.code).toBe('not-possible');
    now = new Date('2026-07-02T11:00:00+08:00');
    expect((await step(2, customer(0), { step: 'keep' })).body.items[0]).toMatchObject({ state: 'kept', may: [] });
    expect((await step(2, customer(0), { step: 'cancel', words: '客户有事' })).body.code).toBe('not-possible');
  });

  it('goes with the customer to a new manager', async () => {
    await make(1, customer(0), '02T10:00');
    const [heir] = await rows<{ id: string }>(
      `select s.id from organisation.staff s where s.role = 'lobby-manager' and s.left_on is null and s.id <> $1 order by s.id limit 1`,
      [manager.staff],
    );
    await owner.query('update coverage.standing set lead_staff = $2 where customer_id = $1', [customer(0), heir.id]);
    await owner.query('insert into coverage.seat_news values ($1)', [customer(0)]);
    await catchUp(fresh.platform);
    expect(await day('2026-07-02')).toEqual([]);
    const [kept] = await rows('select staff_id from appointments.appointment');
    expect(kept).toEqual({ staff_id: heir.id });
    await owner.query('update coverage.standing set lead_staff = $2 where customer_id = $1', [customer(0), manager.staff]);
  });

  it('is nobody else’s to see or make', async () => {
    await make(1, customer(0), '02T10:00');
    const [other] = await rows<{ id: string }>(
      `select s.id from organisation.staff s where s.role = 'wealth-manager' and s.left_on is null
        and s.id not in (select staff_id from coverage.by_staff where customer_id = $1) order by s.id limit 1`,
      [customer(0)],
    );
    const seen = await ask('GET', `/api/appointments?from=2026-07-01&to=2026-07-31&staff=${manager.staff}`, undefined, other.id);
    expect(seen.body.items).toEqual([]);
    expect((await ask('GET', `/api/customers/${customer(0)}/appointments`, undefined, other.id)).status).toBe(404);
  });
});
