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

const dir = temporaryFolder('ledgers');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
const people = { manager: '', head: '', other: '', foreigner: '' };
let customer = '';
let unit = '';

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T04:00:00Z'));
  await makeSmallBank(fresh.platform, dir);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1, types: fresh.platform.worker.options.types });
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  const { rows } = await owner.query<typeof people & { customer: string; unit: string }>(
    `select s.customer_id as customer, m.org_unit_id as unit, m.id as manager, h.id as head,
            (select id from organisation.staff o where o.org_unit_id = m.org_unit_id and o.id not in (m.id, h.id) and o.left_on is null order by id limit 1) as other,
            (select id from organisation.staff f where f.role = 'outlet-head' and f.org_unit_id <> m.org_unit_id and f.left_on is null order by id limit 1) as foreigner
       from coverage.standing s join organisation.staff m on m.id = s.lead_staff and m.org_unit_id = s.outlet_id
       join organisation.staff h on h.org_unit_id = s.outlet_id and h.role = 'outlet-head' and h.left_on is null
      where s.joint_staff is null order by 1 limit 1`,
  );
  const [found] = rows;
  if (found === undefined) throw new Error('the bank has no such customer');
  ({ customer, unit } = found);
  Object.assign(people, found);
  await owner.query(
    `insert into coverage.raised_by (customer_id, raised_id, staff_id, how, on_date, recorded_by, recorded_at)
     values ($1, 'r1', $2, 'raised', '2026-06-01', 'x', now()), ($1, 'r2', $3, 'claimed', '2026-06-29', $3, now())`,
    [customer, people.other, people.manager],
  );
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

const sell = (who: string, sale: Record<string, unknown>) =>
  ask(who, 'POST', `/api/customers/${customer}/sales`, { productCode: 'W090', amountFen: 5_000_001, on: '2026-06-30', ...sale });
const salesOf = async (who: string, query = '') => (await ask(who, 'GET', `/api/ledgers/sales?month=2026-06${query}`)).body;

describe('a sale of one’s own', () => {
  const saleId = randomUUID();
  it('is written down once, with who raised, claimed and covered the customer on that day', async () => {
    const [product] = (await owner.query("select code from products.product where category = 'wealth' order by code limit 1"))
      .rows;
    for (let n = 0; n < 2; n += 1)
      expect((await sell(people.manager, { saleId, productCode: product.code, words: '续作' })).status).toBe(200);
    const { items, total } = await salesOf(people.manager);
    expect(total).toEqual({ sales: 1, amountFen: 5_000_001 });
    expect(items).toMatchObject([
      {
        ...{ customerId: customer, saleId, version: 1, source: 'own', state: 'stands', words: '续作' },
        product: { code: product.code, category: 'wealth' },
        people: {
          seller: { staffId: people.manager },
          referrer: { staffId: people.other },
          claimer: { staffId: people.manager },
          coverer: { staffId: people.manager },
        },
        shares: { seller: 10_000, referrer: 0, claimer: 0, coverer: 0 },
        amounts: { seller: 5_000_001, referrer: 0, claimer: 0, coverer: 0 },
      },
    ]);
  });

  it('is refused for another’s customer, a day too early, an unknown product', async () => {
    expect((await sell(people.foreigner, { saleId: randomUUID() })).status).toBe(404);
    expect((await sell(people.manager, { saleId: randomUUID(), on: '2026-05-31' })).body.code).toBe('sale-day');
    expect((await sell(people.manager, { saleId: randomUUID(), productCode: 'NONE' })).body.code).toBe('no-product');
  });

  it('is in the register of its unit and of whoever has a part in it, and of nobody else', async () => {
    for (const who of [people.head, people.other]) expect((await salesOf(who)).items).toHaveLength(1);
    expect((await salesOf(people.foreigner)).items).toEqual([]);
    expect((await salesOf(people.head, '&category=fund')).total).toEqual({ sales: 0, amountFen: 0 });
    expect((await salesOf(people.head, `&staff=${people.other}`)).items).toHaveLength(1);
  });

  const shares = { seller: 6667, referrer: 3333, claimer: 0, coverer: 0 };
  const wish = { correctionId: randomUUID(), reverse: false, shares, words: '客户由柜台转介' };
  const correct = (who: string, more: object = {}) =>
    ask(who, 'POST', `/api/customers/${customer}/sales/${saleId}/corrections`, { ...wish, ...more });
  const step = (who: string, to: string, id = wish.correctionId) =>
    ask(who, 'POST', `/api/customers/${customer}/corrections/${id}/step`, { step: to });

  it('counts for others only once somebody who has no part in it has agreed', async () => {
    expect((await correct(people.other, { shares: { ...shares, referrer: 3332 } })).body.code).toBe('shares-unfit');
    expect((await correct(people.foreigner)).status).toBe(404);
    expect((await correct(people.other)).body).toMatchObject({ state: 'asked', before: { seller: 10_000 }, may: ['withdraw'] });
    expect((await correct(people.manager, { correctionId: randomUUID() })).body.code).toBe('sale-changed');
    expect((await salesOf(people.manager)).items[0]).toMatchObject({ version: 1, waiting: true, may: [] });
    for (const who of [people.other, people.manager, people.foreigner])
      expect([404, 409]).toContain((await step(who, 'agree')).status);
    expect((await step(people.head, 'agree')).body).toMatchObject({ state: 'agreed', decidedBy: { staffId: people.head } });
    const { items } = await salesOf(people.manager);
    expect(items).toMatchObject([
      { version: 2, source: 'correction', shares, amounts: { seller: 3_333_501, referrer: 1_666_500 } },
    ]);
    const all = (await salesOf(people.manager, '&all=yes')).items;
    expect(all.map((one: { version: number; state: string }) => [one.version, one.state])).toEqual([
      [2, 'stands'],
      [1, 'replaced'],
    ]);
  });

  it('is taken off by a correction, and never deleted', async () => {
    const correctionId = randomUUID();
    expect((await correct(people.manager, { correctionId, reverse: true })).status).toBe(200);
    expect((await ask(people.head, 'GET', '/api/ledgers/corrections?waiting=yes')).body.items).toHaveLength(1);
    expect((await step(people.head, 'agree', correctionId)).body.state).toBe('agreed');
    expect((await salesOf(people.manager)).total).toEqual({ sales: 0, amountFen: 0 });
    expect((await salesOf(people.manager, '&all=yes')).items).toHaveLength(2);
    const { rows } = await owner.query("select kind from audit.entry where kind like 'sale.%' order by at, kind");
    expect(rows.map(({ kind }) => kind)).toEqual([
      'sale.recorded',
      ...['sale.correction-asked', 'sale.correction-agreed', 'sale.correction-asked', 'sale.correction-agreed'],
    ]);
  });
});

describe('the registers', () => {
  it('give everybody’s customers by band, and what each has opened', async () => {
    const { body } = await ask(people.head, 'GET', '/api/ledgers/overview');
    const { rows } = await owner.query<{ n: number }>(
      'select sum(p.customers)::int as n from coverage.portfolio p join organisation.staff s on s.id = p.staff_id where s.org_unit_id = $1',
      [unit],
    );
    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
    expect(sum(body.items.map((one: { customers: number }) => one.customers))).toBe(rows[0]?.n);
    for (const one of body.items) expect(sum(one.byBand)).toBeLessThanOrEqual(one.customers);
    const mine = await ask(people.manager, 'GET', '/api/ledgers/overview');
    expect(mine.body.items.map((one: { staff: { staffId: string } }) => one.staff.staffId)).toEqual([people.manager]);
    const register = (await ask(people.manager, 'GET', '/api/ledgers/customers?limit=200')).body.items;
    const found = register.find((one: { customerId: string }) => one.customerId === customer);
    const held = await owner.query<{ category: string }>(
      'select distinct r.category from closing.position p join products.product r on r.code = p.product_code where p.customer_id = $1',
      [customer],
    );
    expect([...found.products].sort()).toEqual(held.rows.map(({ category }) => category).sort());
    const foreign = await ask(people.foreigner, 'GET', `/api/ledgers/customers?staff=${people.manager}`);
    expect(foreign.body.items).toEqual([]);
  });

  it('keep a day’s log of what was recorded anyway and one’s own words, which only oneself takes back', async () => {
    const entryId = randomUUID();
    await ask(people.manager, 'POST', `/api/customers/${customer}/contacts`, {
      ...{ contactId: randomUUID(), channel: 'phone', outcome: 'reached', note: '谈续作' },
    });
    const words = { entryId, on: '2026-07-01', kind: 'suggestion', words: '建议增设晚间电话时段' };
    const { body } = await ask(people.manager, 'POST', '/api/ledgers/work-log', words);
    expect(body).toMatchObject({
      contacts: [{ customerId: customer, way: { zh: '电话' }, note: '谈续作' }],
      words: [{ entryId, kind: 'suggestion', may: ['reverse'] }],
    });
    const url = `/api/ledgers/work-log?on=2026-07-01&staff=${people.manager}`;
    expect((await ask(people.head, 'GET', url)).body).toMatchObject({ words: [{ entryId, may: [] }], may: [] });
    expect((await ask(people.foreigner, 'GET', url)).body).toMatchObject({ contacts: [], words: [] });
    expect((await ask(people.head, 'POST', `/api/ledgers/work-log/${entryId}/reverse`, {})).status).toBe(404);
    expect((await ask(people.manager, 'POST', '/api/ledgers/work-log', { ...words, on: '2026-06-23' })).body.code).toBe(
      'log-day',
    );
    expect((await ask(people.manager, 'POST', `/api/ledgers/work-log/${entryId}/reverse`, {})).body.words).toEqual([]);
  });

  it.each([
    ['vip-overview', 'all', '员工管户贵宾客户总体情况表', '资产合计（元）'],
    ['customer-register', 'all', '个人贵宾客户基本情况表', '已开通产品'],
    ['sales', '2026-06', '产品销售台账', '当日管户人'],
    ['sales', '2026-06@fund', '基金销售台账', '归属份额'],
    ['work-log', '2026-07', '客户经理工作日志', '内容'],
  ])('print %s of %s as it hangs on a wall', async (kind, subject, title, column) => {
    const payload = { kind, subject, purpose: 'report', words: '月末上墙' };
    const { status, body } = await ask(people.head, 'POST', '/api/exports', payload);
    expect([status, body.state]).toEqual([200, 'approved']);
    const cookies = { guanhu_session: await signedIn(fresh.platform, people.head) };
    const file = await server.inject({ method: 'GET', url: `/api/exports/${body.exportId}/file.xlsx`, cookies });
    const { sheets } = await readXlsx(new Uint8Array(file.rawPayload));
    const rows = sheets[0]?.rows ?? [];
    expect([rows[0]?.[0], rows[2]?.includes(column)]).toEqual([title, true]);
    const totals = ['vip-overview', 'sales', 'customer-register'].includes(kind) ? 1 : 0;
    expect(rows.length).toBe(3 + body.rows + totals);
  });
});
