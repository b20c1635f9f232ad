import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { closeNight } from '../src/app/night.ts';
import { applyRun, findScheme, simulate } from '../src/capabilities/coverage/index.ts';
import { activateCatalogue, catchUp, evaluateFollowUps } from '../src/capabilities/engagement/index.ts';
import { addDays, businessDate, daysFromTo } from '../src/kernel/business-date.ts';
import { seededRandom } from '../src/kernel/random.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { APPLIED_ON, TWO_BRANCHES, takeFolder, writeSmallBank } from './support/small-bank.ts';

// Two branches with the shipped rules, followed night after night.
const source = readFileSync(new URL('../follow-ups/standard.yaml', import.meta.url), 'utf8');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;
let today = addDays(TWO_BRANCHES.to, 1);
const tokens = new Map<string, string>();

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date(`${today}T02:00:00Z`));
  const { platform } = fresh;
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  const { files } = await writeSmallBank(temporaryFolder('bank'), TWO_BRANCHES);
  await takeFolder(platform, files);
  await closeNight(platform, COMMAND_LINE, APPLIED_ON);
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  await applyRun(platform, COMMAND_LINE, { runId: await simulate(platform, COMMAND_LINE, { scheme, date: APPLIED_ON }) });
  await activateCatalogue(platform, COMMAND_LINE, source);
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});

const rows = async <T>(sql: string, values: unknown[] = []) => (await owner.query(sql, values)).rows as T[];
const one = async <T>(sql: string, values: unknown[] = []) => (await rows<T>(sql, values))[0] as T;
const kept = () => rows('select * from engagement.follow_up order by customer_id, rule, cause');

async function ask(who: string, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) {
  const key = `${who} ${today}`;
  const token = tokens.get(key) ?? (await signedIn(fresh.platform, who));
  tokens.set(key, token);
  const answer = await server.inject({ method, url, cookies: { guanhu_session: token }, ...(payload && { payload }) });
  if (answer.statusCode >= 500) throw new Error(answer.body);
  return { status: answer.statusCode, body: answer.json() };
}

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const call = (n: number, more: object = {}) => ({ contactId: uuid(n), channel: 'phone', outcome: 'reached', ...more });

/** A wealth manager with an open follow-up of the rule that a talk settles, and the customer it is about. */
async function someFollowUp(rule: string): Promise<{ staff: string; customer: string; cause: string; due: string }> {
  const found = await one<{ staff: string; customer: string; cause: string; due: string }>(
    `select f.staff_id as staff, f.customer_id as customer, f.cause, f.due_on::text as due from engagement.follow_up f
       join organisation.staff s on s.id = f.staff_id
      where f.rule = $1 and f.state = 'open' and f.doer = f.staff_id and s.role = 'wealth-manager' and s.left_on is null order by f.customer_id limit 1`,
    [rule],
  );
  expect(found).toBeDefined();
  return found;
}

describe('night after night', () => {
  it('what changed and what falls due gives the same as looking at everybody, and looking again changes nothing', async () => {
    const random = seededRandom('nights');
    const { platform } = fresh;
    let woken = 0;
    for (const [n, day] of daysFromTo(addDays(APPLIED_ON, 1), TWO_BRANCHES.to).entries()) {
      await closeNight(platform, COMMAND_LINE, day);
      const after = await kept();
      const full = await evaluateFollowUps(platform, { full: true });
      expect({ opened: full.opened, renewed: full.renewed, ended: full.ended }).toEqual({ opened: 0, renewed: 0, ended: 0 });
      expect(await kept()).toEqual(after);
      expect(await evaluateFollowUps(platform)).toMatchObject({ customers: 0 });
      woken = full.customers;
      today = addDays(day, 1);
      const seats = await rows<{ customer_id: string; staff_id: string }>(
        `select b.customer_id, b.staff_id from coverage.by_staff b join organisation.staff s on s.id = b.staff_id
          where s.left_on is null order by md5(b.customer_id || $1) limit 12`,
        [day],
      );
      for (const [i, { customer_id, staff_id }] of seats.entries()) {
        const outcome = random.next() < 0.7 ? 'reached' : 'no-answer';
        const next = i % 3 === 0 ? { on: addDays(today, 1 + Math.floor(random.next() * 5)), words: '再联系' } : null;
        const answer = await ask(
          staff_id,
          'POST',
          `/api/customers/${customer_id}/contacts`,
          call(100 * n + i, { outcome, next }),
        );
        expect(answer.status).toBe(200);
      }
    }
    expect(woken).toBeGreaterThan(100);
  });
});

it('tells of money that comes free, not of loans that are paid back', async () => {
  const { customer } = await someFollowUp('first-contact');
  const [loan, deposit] = await rows<{ code: string }>(
    "select distinct on (category) code from products.product where category in ('loan', 'time-deposit') order by category, code",
  );
  const add = (code?: string) =>
    owner.query(
      `insert into closing.position (customer_id, outlet_id, product_code, balance_fen, matures_on, since)
       values ($1, 'NOWHERE', $2, 9000000, $3, $4)`,
      [customer, code, addDays(today, 5), addDays(today, -30)],
    );
  await add(loan?.code);
  await add(deposit?.code);
  await evaluateFollowUps(fresh.platform, { full: true });
  const told = await rows<{ cause: string }>(
    "select cause from engagement.follow_up where customer_id = $1 and rule = 'maturity' and state = 'open' and due_on = $2",
    [customer, addDays(today, 5)],
  );
  await owner.query("delete from closing.position where outlet_id = 'NOWHERE'");
  await evaluateFollowUps(fresh.platform, { full: true });
  expect(told).toEqual([{ cause: `${deposit?.code}/${addDays(today, 5)}` }]);
});

it('becomes of what a head asks for, once, and a talk settles it', async () => {
  const { staff, customer } = await someFollowUp('first-contact');
  const found = await one<{ head: string }>(
    `select h.id as head from coverage.standing s join organisation.org_unit u on s.unit_no between u.unit_no and u.last_no
       join organisation.staff h on h.org_unit_id = u.id and h.role in ('outlet-head', 'sub-branch-head') and h.left_on is null
      where s.customer_id = $1 order by u.unit_no desc limit 1`,
    [customer],
  );
  const wish = { taskId: uuid(7001), words: '核实排队投诉', dueOn: addDays(today, 2) };
  const url = `/api/customers/${customer}/tasks`;
  const answers = await Promise.all([1, 2].map(() => ask(found.head, 'POST', url, wish)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const seen = await ask(staff, 'GET', `/api/customers/${customer}/work`);
  const tasks = seen.body.followUps.filter(({ rule }: { rule: string }) => rule === 'task');
  expect(tasks).toMatchObject([{ staffId: staff, dueOn: addDays(today, 2), why: { zh: `${today} 布置：核实排队投诉` } }]);
  expect((await ask(found.head, 'POST', url, { ...wish, taskId: uuid(7002), dueOn: addDays(today, -1) })).body.code).toBe(
    'due-day',
  );
  await ask(staff, 'POST', `/api/customers/${customer}/contacts`, call(7003));
  const after = await one<{ state: string }>("select state from engagement.follow_up where customer_id = $1 and rule = 'task'", [
    customer,
  ]);
  expect(after.state).toBe('done');
  const other = await one<{ id: string }>(
    `select id from organisation.staff where role = 'wealth-manager' and left_on is null
      and id not in (select staff_id from coverage.by_staff where customer_id = $1) order by id limit 1`,
    [customer],
  );
  expect((await ask(other.id, 'POST', url, { ...wish, taskId: uuid(7004) })).status).toBe(404);
});

describe('a contact', () => {
  it('settles what it settles at once, is recorded once however often it is sent, and opens it again when reversed', async () => {
    const { staff, customer, cause } = await someFollowUp('first-contact');
    const url = `/api/customers/${customer}/contacts`;
    const state = () =>
      one<{ state: string }>('select state from engagement.follow_up where customer_id = $1 and rule = $2 and cause = $3', [
        customer,
        'first-contact',
        cause,
      ]);
    expect((await ask(staff, 'POST', url, call(9001, { outcome: 'no-answer' }))).status).toBe(200);
    expect(await state()).toEqual({ state: 'open' });
    const answers = await Promise.all([1, 2, 3].map(() => ask(staff, 'POST', url, call(9002, { note: '谈到到期续作' }))));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    const contacts = answers[0]?.body.contacts ?? [];
    expect(contacts.filter((contact: { contactId: string }) => contact.contactId === uuid(9002))).toHaveLength(1);
    expect(await state()).toEqual({ state: 'done' });
    expect((await ask(staff, 'POST', `${url}/${uuid(9002)}/reverse`, { words: '登记错了客户' })).status).toBe(200);
    expect(await state()).toEqual({ state: 'open' });
    expect((await ask(staff, 'POST', `${url}/${uuid(9002)}/reverse`, { words: '登记错了客户' })).body.code).toBe(
      'not-reversible',
    );
    expect(await one('select note from engagement.contact where contact_id = $1', [uuid(9002)])).toEqual({
      note: '谈到到期续作',
    });
  });

  it('is refused with the reason when it cannot have been so', async () => {
    const { staff, customer } = await someFollowUp('first-contact');
    const url = `/api/customers/${customer}/contacts`;
    const code = async (body: object) => (await ask(staff, 'POST', url, body)).body.code;
    expect(await code(call(9100, { channel: 'sms' }))).toBe('outcome-unfit');
    expect(await code(call(9100, { on: addDays(today, 1) }))).toBe('contact-day');
    expect(await code(call(9100, { on: addDays(today, -8) }))).toBe('contact-day');
    expect(await code(call(9100, { next: { on: today } }))).toBe('next-day');
  });

  it('is nobody else’s to see or make', async () => {
    const { staff, customer } = await someFollowUp('first-contact');
    const other = await one<{ id: string }>(
      `select id from organisation.staff where role = 'wealth-manager' and id <> $1 and left_on is null
        and id not in (select staff_id from coverage.by_staff where customer_id = $2) order by id limit 1`,
      [staff, customer],
    );
    const foreign = await ask(other.id, 'POST', `/api/customers/${customer}/contacts`, call(9200));
    const nowhere = await ask(other.id, 'POST', '/api/customers/ZZ999/contacts', call(9200));
    expect(foreign.status).toBe(404);
    expect({ ...foreign.body, requestId: '' }).toEqual({ ...nowhere.body, requestId: '' });
  });
});

describe('a follow-up', () => {
  const step = (staff: string, customer: string, cause: string, doing: object) =>
    ask(staff, 'POST', `/api/customers/${customer}/follow-ups`, { rule: 'first-contact', cause, do: doing });

  it('is postponed as far as its rule allows, and no further', async () => {
    const { staff, customer, cause, due } = await someFollowUp('first-contact');
    const limit = addDays(businessDate(due), 30);
    const far = await step(staff, customer, cause, { step: 'postpone', to: addDays(limit, 1), words: '客户出差' });
    expect(far.body.code).toBe('postponed-too-far');
    const done = await step(staff, customer, cause, { step: 'postpone', to: limit, words: '客户出差' });
    expect(done.body.followUps.find((one: { cause: string }) => one.cause === cause)).toMatchObject({ postponedTo: limit });
  });

  it('is handed to who may see the customer only', async () => {
    const { staff, customer, cause } = await someFollowUp('first-contact');
    expect((await step(staff, customer, cause, { step: 'give', toStaff: 'NOBODY' })).body.code).toBe('no-taker');
    const head = await one<{ id: string }>(
      `select s.id from organisation.staff s join coverage.standing c on c.outlet_id = s.org_unit_id
        where c.customer_id = $1 and s.role = 'outlet-head' and s.left_on is null`,
      [customer],
    );
    expect((await step(staff, customer, cause, { step: 'give', toStaff: head.id })).status).toBe(200);
    const queue = await ask(head.id, 'GET', '/api/follow-ups?rule=first-contact');
    expect(queue.body.items.map((item: { customerId: string }) => item.customerId)).toContain(customer);
  });

  it('that is left with a reason stays left', async () => {
    const { staff, customer, cause } = await someFollowUp('first-contact');
    expect((await step(staff, customer, cause, { step: 'leave', words: '客户长期在国外' })).status).toBe(200);
    await evaluateFollowUps(fresh.platform, { full: true });
    const { state } = await one<{ state: string }>(
      "select state from engagement.follow_up where customer_id = $1 and rule = 'first-contact' and cause = $2",
      [customer, cause],
    );
    expect(state).toBe('left');
    expect((await step(staff, customer, cause, { step: 'leave', words: '客户长期在国外' })).body.code).toBe('follow-up-over');
  });

  it('goes with the customer when the customer changes hands by day', async () => {
    const { staff, customer } = await someFollowUp('first-contact');
    const candidates = await ask(staff, 'GET', `/api/customers/${customer}/candidates`);
    const to = candidates.body.candidates.find((one: { problem: unknown }) => one.problem === null)?.staffId;
    expect(to).toBeDefined();
    const asked = await ask(staff, 'POST', '/api/transfers', {
      ...{ customerId: customer, seat: 'lead', toStaff: to, reason: 'other', words: '客户要求' },
    });
    const head = await one<{ id: string }>(
      `select s.id from organisation.staff s join coverage.standing c on c.outlet_id = s.org_unit_id
        where c.customer_id = $1 and s.role = 'outlet-head' and s.left_on is null`,
      [customer],
    );
    expect((await ask(head.id, 'POST', `/api/transfers/${asked.body.transferId}/approve`, { note: '同意' })).status).toBe(200);
    await catchUp(fresh.platform);
    const open = await rows<{ staff_id: string }>(
      "select distinct staff_id from engagement.follow_up where customer_id = $1 and state = 'open'",
      [customer],
    );
    expect(open).toEqual([{ staff_id: to }]);
    const queue = await ask(to, 'GET', '/api/follow-ups?limit=200');
    expect(queue.body.items.map((item: { customerId: string }) => item.customerId)).toContain(customer);
  });
});

describe('the workbench', () => {
  it('counts each customer once, and its queue has exactly those', async () => {
    const { staff } = await someFollowUp('first-contact');
    const { body: bench } = await ask(staff, 'GET', '/api/workbench');
    const all: { customerId: string; bucket: string; followUps: { why: { zh: string } }[] }[] = [];
    let after = '';
    do {
      const page = await ask(staff, 'GET', `/api/follow-ups?limit=7${after}`);
      all.push(...page.body.items);
      after = page.body.next === null ? '' : `&after=${page.body.next}`;
    } while (after !== '');
    const counts = { overdue: 0, today: 0, week: 0, later: 0 };
    for (const { bucket } of all) counts[bucket as keyof typeof counts] += 1;
    expect(counts).toEqual(bench.buckets);
    expect(new Set(all.map((row) => row.customerId)).size).toBe(all.length);
    for (const row of all) for (const item of row.followUps) expect(item.why.zh).not.toBe('');
  });

  it('puts whom nobody answered today behind all others, page by page, and tomorrow where they were', async () => {
    const { staff } = await one<{ staff: string }>(
      `select doer as staff from engagement.follow_up where state = 'open' group by 1 order by count(distinct customer_id) desc, 1 limit 1`,
    );
    type Item = { customerId: string; triedToday: boolean };
    const queue = async () => {
      const items: Item[] = [];
      for (let after = ''; ; ) {
        const { body } = await ask(staff, 'GET', `/api/follow-ups?limit=3${after}`);
        items.push(...body.items);
        if (body.next === null) break;
        after = `&after=${body.next}`;
      }
      const ids = (tried: boolean) => items.filter(({ triedToday }) => triedToday === tried).map(({ customerId }) => customerId);
      expect(items.map(({ customerId }) => customerId)).toEqual([...ids(false), ...ids(true)]);
      return { fresh: ids(false), tried: ids(true) };
    };
    const before = await queue();
    const [first = '', second = ''] = before.fresh;
    expect(before.fresh.length).toBeGreaterThan(3);
    for (const [n, id] of [second, first].entries())
      await ask(staff, 'POST', `/api/customers/${id}/contacts`, call(9_900 + n, { outcome: 'no-answer' }));
    const after = await queue();
    expect(after.fresh).toEqual(before.fresh.slice(2));
    expect(after.tried).toEqual(expect.arrayContaining([first, second]));
    await owner.query("update engagement.contact set recorded_at = recorded_at - interval '1 day' where staff_id = $1", [staff]);
    expect((await queue()).fresh).toEqual(expect.arrayContaining(before.fresh));
  });

  it('puts bands about to move, money and birthdays first, and each leads into the queue', async () => {
    const { staff } = await one<{ staff: string }>(
      `select doer as staff from engagement.follow_up where state = 'open' and rule in ('maturity', 'arrival', 'falling-fast')
        group by 1 order by count(distinct customer_id) desc, 1 limit 1`,
    );
    const { body } = await ask(staff, 'GET', '/api/workbench/themes');
    expect(body.items.map(({ theme }: { theme: string }) => theme)).toEqual(['bands', 'money', 'birthdays']);
    for (const { theme, customers, first } of body.items) {
      const { body: queue } = await ask(staff, 'GET', `/api/follow-ups?limit=200&theme=${theme}`);
      expect([theme, queue.items.length]).toEqual([theme, customers]);
      const ids = queue.items.map(({ customerId }: { customerId: string }) => customerId);
      expect(first).toHaveLength(Math.min(3, customers));
      for (const { customerId, why } of first) expect([ids.includes(customerId), why.zh !== '']).toEqual([true, true]);
    }
    expect(body.items[1].customers).toBeGreaterThan(0);
  });

  it('tells in yuan what keeps or lifts a band, beside the name', async () => {
    const { staff } = await one<{ staff: string }>(
      `select doer as staff from engagement.follow_up where state = 'open' and rule in ('at-risk', 'near-upgrade') order by act_on, doer limit 1`,
    );
    const { body } = await ask(staff, 'GET', '/api/workbench/themes');
    expect(body.items[0].first[0].why.zh).toMatch(/再日均增加 .*，保持至 \d{4}-\d{2}-\d{2}|按现有余额/);
  });

  it('shows a head what waits for each of the unit’s people', async () => {
    const { staff } = await someFollowUp('first-contact');
    const head = await one<{ id: string }>(
      `select h.id from organisation.staff h join organisation.staff s on s.org_unit_id = h.org_unit_id
        where s.id = $1 and h.role = 'outlet-head' and h.left_on is null`,
      [staff],
    );
    const { body } = await ask(head.id, 'GET', '/api/workbench/team');
    expect(body.day).toBe(addDays(TWO_BRANCHES.to, 1));
    for (const { rule, customers } of body.rules) {
      const { items } = (await ask(head.id, 'GET', `/api/follow-ups?team=yes&rule=${rule}&limit=200`)).body;
      expect([rule, items.length]).toEqual([rule, customers]);
    }
    const asManager = await ask(staff, 'GET', '/api/follow-ups?team=yes&limit=200');
    const own = await ask(staff, 'GET', '/api/follow-ups?limit=200');
    expect(asManager.body).toEqual(own.body);
    expect((await ask(staff, 'GET', '/api/workbench/team')).status).toBe(403);
  });
});

describe('a profile', () => {
  it('counts as registered with four fields that say something, and says what to ask next', async () => {
    const { staff, customer } = await someFollowUp('profile-full');
    const put = (fields: object[]) => ask(staff, 'PUT', `/api/customers/${customer}/profile`, { fields });
    const first = await put([
      { field: 'occupation', value: '中学教师' },
      { field: 'hobbies', value: '不详' },
      { field: 'needs', value: '求便' },
      { field: 'goals', value: '111' },
    ]);
    expect(first.body.profile).toMatchObject({ registeredOn: null, ask: 'hobbies' });
    const second = await put([
      { field: 'hobbies', value: '羽毛球' },
      { field: 'goals', value: '孩子上大学' },
    ]);
    expect(second.body.profile).toMatchObject({ registeredOn: today, ask: 'contact' });
    expect(second.body.followUps.map((one: { rule: string }) => one.rule)).not.toContain('profile-full');
    expect((await put([{ field: 'salary', value: '1' }])).body.code).toBe('field-unknown');
  });
});
