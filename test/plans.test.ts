import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readXlsx } from 'hucre/xlsx';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank } from './support/small-bank.ts';

const dir = temporaryFolder('plans');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
const people = { head: '', manager: '', other: '', foreigner: '' };
let foreignUnit = '';
interface Row {
  readonly staff: { readonly staffId: string };
  readonly target: number;
  readonly done: number;
  readonly line: number;
  readonly byHand: boolean;
}

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T04:00:00Z'));
  await makeSmallBank(fresh.platform, dir);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1, types: fresh.platform.worker.options.types });
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  const { rows } = await owner.query<typeof people & { foreign: string }>(
    `select h.id as head, a.id as manager, b.id as other, f.id as foreigner, f.org_unit_id as foreign
       from organisation.staff h
       join organisation.staff a on a.org_unit_id = h.org_unit_id and a.role = 'wealth-manager' and a.left_on is null
       join organisation.staff b on b.org_unit_id = h.org_unit_id and b.role = 'lobby-manager' and b.left_on is null
       join organisation.staff f on f.role = 'outlet-head' and f.org_unit_id <> h.org_unit_id and f.left_on is null
      where h.role = 'outlet-head' and h.left_on is null
        and exists (select from coverage.by_staff s where s.staff_id = a.id and s.seat = 'lead') order by 1, 2, 3, 4 limit 1`,
  );
  const [found] = rows;
  if (found === undefined) throw new Error('the bank has no such outlet');
  ({ foreign: foreignUnit } = found);
  Object.assign(people, found);
}, 60_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

async function ask(who: string, method: 'GET' | 'POST', url: string, payload?: Record<string, unknown>) {
  const cookies = { guanhu_session: await signedIn(fresh.platform, who) };
  const answer = await server.inject({ method, url, cookies, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}
const sum = (rows: readonly Row[], of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
const wish = { metric: 'talks', period: '2026-06', basis: 'shares', target: 101 };
const planOf = async (who: string, query = 'metric=talks&period=2026-06') => (await ask(who, 'GET', `/api/plans?${query}`)).body;

describe('a unit’s plan', () => {
  it('is broken down by shares; what is set by hand stands and the rest balances at once', async () => {
    const { body } = await ask(people.head, 'POST', '/api/plans/preview', wish);
    const rows: Row[] = body.items;
    expect([body.target, sum(rows, (row) => row.target)]).toEqual([101, 101]);
    const even = 101 / rows.length;
    for (const row of rows) expect(Math.abs(row.target - even)).toBeLessThan(1);
    const fixed = [{ staffId: people.manager, target: 50 }];
    const balanced: Row[] = (await ask(people.head, 'POST', '/api/plans/preview', { ...wish, fixed })).body.items;
    expect(balanced.find((row) => row.staff.staffId === people.manager)).toMatchObject({ target: 50, byHand: true });
    expect(sum(balanced, (row) => row.target)).toBe(101);
    expect((await owner.query('select from plans.plan')).rowCount).toBe(0);
  });

  it('says what cannot be: too much by hand, nobody’s figures of last year, somebody of elsewhere', async () => {
    const refused = async (more: object) => (await ask(people.head, 'POST', '/api/plans/preview', { ...wish, ...more })).body;
    expect(await refused({ fixed: [{ staffId: people.manager, target: 102 }] })).toMatchObject({ code: 'plan-unfit' });
    expect((await refused({ basis: 'growth', growthBp: 1000 })).zh).toContain('2025-06');
    expect((await refused({ fixed: [{ staffId: people.foreigner, target: 1 }] })).code).toBe('plan-unfit');
    expect((await ask(people.head, 'POST', '/api/plans', { ...wish, unit: foreignUnit })).status).toBe(404);
    expect((await ask(people.manager, 'POST', '/api/plans', wish)).status).toBe(403);
  });

  it('counts what everybody did against the line of the 16th, and one’s own shows on one’s own page', async () => {
    const fixed = [{ staffId: people.manager, target: 50 }];
    const made = await ask(people.head, 'POST', '/api/plans', { ...wish, fixed });
    expect(made.body.plan).toMatchObject({ target: 101, done: 0, line: 101 });
    const { rows: customers } = await owner.query<{ id: string; unit: number }>(
      `select b.customer_id as id, u.unit_no as unit from coverage.by_staff b join organisation.staff s on s.id = b.staff_id
         join organisation.org_unit u on u.id = s.org_unit_id where b.staff_id = $1 limit 1`,
      [people.manager],
    );
    for (const [n, on, outcome] of [
      [1, '2026-06-03', 'reached'],
      [2, '2026-06-20', 'declined'],
      [3, '2026-06-20', 'no-answer'],
      [4, '2026-05-31', 'reached'],
    ] as const)
      await owner.query(
        `insert into engagement.contact (customer_id, contact_id, staff_id, role, unit_no, on_date, recorded_at, channel, outcome, note, next_words, interest)
         values ($1, $2, $3, 'wealth-manager', $4, $5, now(), 'phone', $6, '', '', '{}')`,
        [customers[0]?.id, `p${n}`, people.manager, customers[0]?.unit, on, outcome],
      );
    const plan = await planOf(people.head);
    expect(plan.day).toBe('2026-06-30');
    expect(plan.items.find((row: Row) => row.staff.staffId === people.manager)).toMatchObject({ target: 50, done: 2, line: 50 });
    const at = (on: string) => plan.curve.find((point: { on: string }) => point.on === on);
    expect([at('2026-06-02'), at('2026-06-08'), at('2026-06-20')]).toMatchObject([
      { done: 0, line: 12 },
      { done: 1, line: 50 },
      { done: 2, line: 101 },
    ]);
    expect((await ask(people.manager, 'GET', '/api/plans/mine')).body.items).toMatchObject([
      { metric: { metric: 'talks' }, period: '2026-06', target: 50, done: 2, line: 50 },
    ]);
    expect((await ask(people.foreigner, 'GET', '/api/plans/mine')).body.items).toEqual([]);
  });

  it('is replaced by another one, and stays to be read', async () => {
    await ask(people.head, 'POST', '/api/plans', { ...wish, target: 202 });
    expect((await planOf(people.head)).plan.target).toBe(202);
    const { rows } = await owner.query(
      "select target, replaced_at is null as stands from plans.plan where metric = 'talks' order by target",
    );
    expect(rows).toEqual([
      { target: 101, stands: false },
      { target: 202, stands: true },
    ]);
  });

  it('of a year puts its quarters and months in force with it, which agree for everybody', async () => {
    const year = { ...wish, metric: 'meetings', period: '2026', target: 1_003, spread: true };
    expect((await ask(people.head, 'POST', '/api/plans', year)).status).toBe(200);
    const part = async (period: string): Promise<ReadonlyMap<string, number>> => {
      const { items } = await planOf(people.head, `metric=meetings&period=${period}`);
      return new Map(items.map((row: Row) => [row.staff.staffId, row.target]));
    };
    const [all, quarters, months] = [
      await part('2026'),
      await Promise.all([1, 2, 3, 4].map((n) => part(`2026Q${n}`))),
      await Promise.all(Array.from({ length: 12 }, (_, n) => part(`2026-${String(n + 1).padStart(2, '0')}`))),
    ];
    expect(all.size).toBeGreaterThan(1);
    for (const [id, target] of all) {
      expect(quarters.reduce((total, one) => total + (one.get(id) ?? 0), 0)).toBe(target);
      expect(months.reduce((total, one) => total + (one.get(id) ?? 0), 0)).toBe(target);
    }
    const { body } = await ask(people.manager, 'GET', '/api/plans/mine');
    const periods = body.items.flatMap((one: { metric: { metric: string }; period: string }) =>
      one.metric.metric === 'meetings' ? one.period : [],
    );
    expect(periods.sort()).toEqual(['2026', '2026-06', '2026Q2']);
  });

  it('counts sales by the shares that stand, and growth as what customers have more', async () => {
    const { rows: customers } = await owner.query<{ id: string; unit: number }>(
      `select b.customer_id as id, u.unit_no as unit from coverage.by_staff b join organisation.staff s on s.id = b.staff_id
         join organisation.org_unit u on u.id = s.org_unit_id where b.staff_id = $1 limit 1`,
      [people.manager],
    );
    const [product] = (await owner.query("select code from products.product where category = 'fund' limit 1")).rows;
    await owner.query(
      `insert into ledgers.sale (customer_id, sale_id, version, product_code, amount_fen, on_date, staff_id, unit_no, coverer, seller_bp, referrer_bp,
         claimer_bp, coverer_bp, seller_fen, referrer_fen, claimer_fen, coverer_fen, words, source, recorded_by, recorded_at, state)
       values ($1, 's', 1, $2, 1000, '2026-06-10', $3, $4, $5, 7000, 0, 0, 3000, 700, 0, 0, 300, '', 'own', $3, now(), 'stands')`,
      [customers[0]?.id, product.code, people.manager, customers[0]?.unit, people.other],
    );
    for (const metric of ['sales', 'sales-fund', 'sales-wealth', 'assets'])
      await ask(people.head, 'POST', '/api/plans', { metric, period: '2026Q2', basis: 'shares', target: 1000 });
    const done = async (metric: string) => {
      const { items } = await planOf(people.head, `metric=${metric}&period=2026Q2`);
      const of = (id: string) => items.find((row: Row) => row.staff.staffId === id)?.done;
      return [of(people.manager), of(people.other)];
    };
    expect(await done('sales')).toEqual([700, 300]);
    expect(await done('sales-fund')).toEqual([700, 300]);
    expect(await done('sales-wealth')).toEqual([0, 0]);
    // Against what the customers of each had on the first day, and have now.
    const { rows } = await owner.query<{ id: string; grown: number }>(
      `select b.staff_id as id, sum(b.assets_fen - coalesce((
            select s.assets_fen from (select from_date, assets_fen, customer_id from closing.segment union all select from_date, assets_fen, customer_id from closing.balance) s
             where s.customer_id = b.customer_id and s.from_date <= (select min(business_date) from closing.day) order by s.from_date desc limit 1), 0))::bigint as grown
         from coverage.by_staff b where b.staff_id = any($1) and b.seat = 'lead' group by 1`,
      [[people.manager, people.other]],
    );
    const grown = new Map(rows.map((row) => [row.id, row.grown]));
    expect(await done('assets')).toEqual([grown.get(people.manager) ?? 0, grown.get(people.other) ?? 0]);
  });

  it('prints with totals and places to sign', async () => {
    const payload = { kind: 'plan', subject: 'talks@2026-06', purpose: 'report', words: '月末上墙' };
    const { body } = await ask(people.head, 'POST', '/api/exports', payload);
    const cookies = { guanhu_session: await signedIn(fresh.platform, people.head) };
    const file = await server.inject({ method: 'GET', url: `/api/exports/${body.exportId}/file.xlsx`, cookies });
    const { sheets } = await readXlsx(new Uint8Array(file.rawPayload));
    const rows = sheets[0]?.rows ?? [];
    expect([rows[0]?.[0], rows.at(-1)?.[0], rows.at(-1)?.[2], rows.at(-1)?.[3]]).toEqual(['有效联系计划进度表', '合计', 202, 2]);
  });
});

it('teams have a leader, sum up their people, and end', async () => {
  const team = { teamId: randomUUID(), name: '先锋组', leader: people.manager, members: [people.other] };
  expect((await ask(people.head, 'POST', '/api/plan-teams', { ...team, members: [people.foreigner] })).body.code).toBe(
    'team-unfit',
  );
  const made = (await ask(people.head, 'POST', '/api/plan-teams', team)).body;
  expect(made.items).toMatchObject([{ name: '先锋组', leader: { staffId: people.manager }, may: ['end'] }]);
  expect(made.items[0].members).toHaveLength(2);
  const { teams, items } = await planOf(people.head);
  const own = items.filter((row: Row) => [people.manager, people.other].includes(row.staff.staffId));
  expect(teams).toMatchObject([{ name: '先锋组', people: 2, done: 2, target: sum(own, (row) => row.target) }]);
  expect((await ask(people.foreigner, 'POST', `/api/plan-teams/${team.teamId}/end`, {})).status).toBe(404);
  expect((await ask(people.head, 'POST', `/api/plan-teams/${team.teamId}/end`, {})).body.items).toEqual([]);
});
