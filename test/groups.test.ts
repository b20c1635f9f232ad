import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { closeNight } from '../src/app/night.ts';
import { applyRun, findScheme, simulate } from '../src/capabilities/coverage/index.ts';
import { catchUp } from '../src/capabilities/engagement/index.ts';
import { refreshGroups } from '../src/capabilities/groups/index.ts';
import { CHOICE_FIELDS, NUMBER_FIELDS } from '../src/capabilities/groups/rules/fields.ts';
import type { Rule } from '../src/capabilities/groups/rules/rule.ts';
import { ruleSql } from '../src/capabilities/groups/service/compile.ts';
import { ruleGround } from '../src/capabilities/groups/service/ground.ts';
import { addDays, type BusinessDate, businessDate, daysBetween } from '../src/kernel/business-date.ts';
import { type Random, seededRandom } from '../src/kernel/random.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { unscoped } from '../src/platform/db/transaction.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { APPLIED_ON, TWO_BRANCHES, takeFolder, writeSmallBank } from './support/small-bank.ts';

// Two branches with the shipped groups and whatever rules chance writes.
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
  await closeNight(platform, COMMAND_LINE, businessDate('2026-06-29'));
  // Talks and words of every kind, as the desk would leave them.
  await owner.query(
    `insert into engagement.contact (customer_id, contact_id, staff_id, role, unit_no, on_date, recorded_at, channel, outcome, note, next_words, interest)
     select s.customer_id, 'c' || n, 'x', 'x', 1, date '2026-06-30' - ((abs(hashtext(s.customer_id)) + n * 37) % 120), now(), 'phone',
            (array['reached', 'no-answer', 'declined'])[1 + (abs(hashtext(s.customer_id)) + n) % 3], '', '', '{}'
       from coverage.standing s cross join generate_series(1, 3) n where hashtext(s.customer_id) % 3 = 0`,
  );
  await owner.query(
    `insert into groups.tag (customer_id, tag, staff_id, on_date)
     select customer_id, t.tag, 'x', date '2026-06-01' from coverage.standing join (values ('子女留学', 0), ('企业主', 1)) t(tag, n)
         on abs(hashtext(customer_id)) % 5 = t.n`,
  );
  await closeNight(platform, COMMAND_LINE, TWO_BRANCHES.to);
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});

const rows = async <T>(text: string, values: unknown[] = []) => (await owner.query(text, values)).rows as T[];

/** A customer as the tables of other capabilities tell of them, read without the facts that the refresh keeps. */
interface Naive {
  readonly id: string;
  readonly unit: number;
  readonly tier: number;
  readonly band: number;
  readonly birth: string | null;
  readonly district: string | null;
  readonly assets: number;
  readonly byCategory: Readonly<Record<string, number>>;
  readonly talks: readonly string[];
  readonly moves: readonly string[];
  readonly tags: readonly string[];
}

async function everybody(): Promise<Naive[]> {
  return rows<Naive>(
    `select s.customer_id as id, s.unit_no as unit, s.tier, s.band, c.birth_date::text as birth, c.district, s.assets_fen::float8 as assets,
       coalesce((select json_object_agg(x.category, x.fen) from (select r.category, sum(p.balance_fen)::float8 as fen from closing.position p
          join products.product r on r.code = p.product_code where p.customer_id = s.customer_id group by 1) x), '{}') as "byCategory",
       coalesce((select json_agg(t.on_date::text) from engagement.contact t where t.customer_id = s.customer_id and t.reversed_at is null
          and t.outcome in ('reached', 'declined', 'complaint')), '[]') as talks,
       coalesce((select json_agg(b.d::text) from (select from_date as d from closing.segment where customer_id = s.customer_id
          union all select from_date from closing.balance where customer_id = s.customer_id) b), '[]') as moves,
       coalesce((select json_agg(g.tag) from groups.tag g where g.customer_id = s.customer_id), '[]') as tags
     from coverage.standing s left join customers.customer c on c.customer_id = s.customer_id order by 1`,
  );
}

interface Known {
  readonly day: BusinessDate;
  readonly tiers: ReadonlyMap<string, number>;
  readonly bands: ReadonlyMap<string, number>;
  readonly units: ReadonlyMap<string, { readonly lo: number; readonly hi: number }>;
}

function quantityOf(field: string, one: Naive, { day }: Known): number | undefined {
  const sum = (...names: string[]) => names.reduce((total, name) => total + (one.byCategory[name] ?? 0), 0);
  const parts: Record<string, number> = {
    assets: one.assets,
    deposits: sum('demand-deposit', 'time-deposit'),
    wealth: sum('wealth'),
    funds: sum('fund'),
    insurance: sum('insurance'),
    investments: sum('wealth', 'fund', 'bond', 'metal', 'trust'),
    loans: sum('loan'),
  };
  const [part = '', kind] = field.split('_');
  if (kind === 'yuan') return (parts[part] ?? 0) / 100;
  if (kind === 'share') return one.assets > 0 ? ((parts[part] ?? 0) * 100) / one.assets : undefined;
  if (field === 'age') {
    if (one.birth === null) return undefined;
    return Number(day.slice(0, 4)) - Number(one.birth.slice(0, 4)) - (day.slice(5) < one.birth.slice(5) ? 1 : 0);
  }
  const days = (part === 'talks' || field.endsWith('talk') ? one.talks : one.moves).filter((on) => on <= day).sort();
  if (kind === '30' || kind === '90') return days.filter((on) => on > addDays(day, -Number(kind))).length;
  const last = days.at(-1);
  return last === undefined ? undefined : daysBetween(businessDate(last), day);
}

/** The rule, taken by its words. */
function belongs(rule: Rule, one: Naive, known: Known): boolean {
  if ('all' in rule) return rule.all.every((part) => belongs(part, one, known));
  if ('any' in rule) return rule.any.some((part) => belongs(part, one, known));
  if ('not' in rule) return !belongs(rule.not, one, known);
  if ('in' in rule) {
    if (rule.field === 'district') return one.district !== null && rule.in.includes(one.district);
    if (rule.field === 'tag') return rule.in.some((tag) => one.tags.includes(tag));
    if (rule.field === 'tier') return rule.in.some((id) => known.tiers.get(id) === one.tier);
    if (rule.field === 'band') return rule.in.some((id) => known.bands.get(id) === one.band);
    return rule.in.some((id) => {
      const unit = known.units.get(id);
      return unit !== undefined && one.unit >= unit.lo && one.unit <= unit.hi;
    });
  }
  const value = quantityOf(rule.field, one, known);
  return value !== undefined && value >= (rule.from ?? -Infinity) && value < (rule.below ?? Infinity);
}

const NUMBERS = Object.keys(NUMBER_FIELDS) as (keyof typeof NUMBER_FIELDS)[];
const CHOICES = Object.keys(CHOICE_FIELDS) as (keyof typeof CHOICE_FIELDS)[];

function randomRule(random: Random, known: Known, all: readonly Naive[], depth: number): Rule {
  const draw = (n: number) => Math.floor(random.next() * n);
  const pick = <T>(list: readonly T[]): T => list[draw(list.length)] as T;
  const form = depth === 0 ? 3 + draw(2) : draw(5);
  const parts = () => Array.from({ length: 1 + draw(3) }, () => randomRule(random, known, all, depth - 1));
  if (form === 0) return { all: parts() };
  if (form === 1) return { any: parts() };
  if (form === 2) return { not: randomRule(random, known, all, depth - 1) };
  if (form === 3) {
    const field = pick(NUMBERS);
    // Bounds near what somebody has, so that edges are met.
    const bound = Math.max(0, Math.round(quantityOf(field, pick(all), known) ?? 1));
    const shape = draw(3);
    if (shape === 0) return { field, from: bound };
    return shape === 1 ? { field, below: bound + 1 } : { field, from: bound, below: bound + 1 + draw(40) };
  }
  const field = pick(CHOICES);
  const values = {
    tier: [...known.tiers.keys()],
    band: [...known.bands.keys()],
    unit: [...known.units.keys(), 'NOWHERE'],
    district: all.flatMap(({ district }) => district ?? []),
    tag: ['子女留学', '企业主', "'; drop table groups.tag; --"],
  }[field];
  return { field, in: [pick(values), pick(values)] };
}

describe('a rule', () => {
  it('chooses the same customers in SQL as when its words are taken one by one', async () => {
    const random = seededRandom('groups');
    const all = await everybody();
    let mixed = 0;
    await unscoped(fresh.platform.worker, async (tx) => {
      const ground = await ruleGround(tx);
      if (ground === undefined) throw new Error('no day is closed');
      for (let n = 0; n < 80; n++) {
        const rule = randomRule(random, ground, all, 3);
        const { rows: found } = await sql<{ id: string }>`
          select s.customer_id as id from coverage.standing s join groups.fact f on f.customer_id = s.customer_id
           where ${ruleSql(rule, ground)} order by 1`.execute(tx.db);
        const wanted = all.filter((one) => belongs(rule, one, ground)).map(({ id }) => id);
        expect({ rule, found: found.map(({ id }) => id) }).toEqual({ rule, found: wanted });
        if (wanted.length > 0 && wanted.length < all.length) mixed++;
      }
    });
    expect(mixed).toBeGreaterThan(30);
  });
});

const stays = () => rows('select customer_id, group_id, from_date::text, to_date::text from groups.stay order by 1, 2, 3');

describe('a refresh', () => {
  it('keeps the four shipped groups, and makes nothing twice', async () => {
    const counts = await rows<{ id: string; n: string }>(
      'select group_id as id, count(*) as n from groups.stay where to_date is null group by 1 order by 1',
    );
    expect(counts.map(({ id }) => id)).toEqual(['investor', 'middle-aged', 'saver', 'youth']);
    const before = await stays();
    expect(await refreshGroups(fresh.platform)).toMatchObject({ groups: 4, entered: 0, left: 0 });
    expect(await stays()).toEqual(before);
  });

  it('notes who entered and who left with the day, and takes back what was of the same day', async () => {
    const before = await stays();
    const day = TWO_BRANCHES.to;
    const [grown] = await rows<{ id: string }>(
      "select min(customer_id) as id from groups.stay where group_id = 'youth' and to_date is null and from_date < $1",
      [day],
    );
    const birth = (on: string) =>
      owner.query('update customers.customer set birth_date = $2 where customer_id = $1', [grown?.id, on]);
    const [was] = await rows<{ on: string }>('select birth_date::text as on from customers.customer where customer_id = $1', [
      grown?.id,
    ]);
    await birth('1960-01-01');
    expect(await refreshGroups(fresh.platform)).toMatchObject({ entered: 1, left: 1 });
    const open = () =>
      rows(
        `select group_id, from_date::text as from, to_date::text as to from groups.stay
          where customer_id = $1 and group_id in ('youth', 'middle-aged') order by 1 desc`,
        [grown?.id],
      );
    expect(await open()).toEqual([
      { group_id: 'youth', from: expect.any(String), to: day },
      { group_id: 'middle-aged', from: day, to: null },
    ]);
    await birth(was?.on ?? '');
    await refreshGroups(fresh.platform);
    expect(await stays()).toEqual(before);
  });

  it('leaves out whoever refused to be profiled', async () => {
    const [one] = await rows<{ id: string }>("select max(customer_id) as id from groups.stay where group_id = 'saver'");
    await owner.query('insert into personal.mark (customer_id, no_profiling) values ($1, true)', [one?.id]);
    await refreshGroups(fresh.platform);
    expect(await rows('select 1 from groups.fact where customer_id = $1', [one?.id])).toEqual([]);
    expect(await rows('select 1 from groups.stay where customer_id = $1 and to_date is null', [one?.id])).toEqual([]);
    await owner.query('delete from personal.mark where customer_id = $1', [one?.id]);
    await refreshGroups(fresh.platform);
  });
});

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

async function membersIn(who: string, groupId: string, show = 'in'): Promise<string[]> {
  const ids: string[] = [];
  let after = '';
  do {
    const { body } = await ask(who, 'GET', `/api/groups/${groupId}/members?show=${show}&limit=100${after}`);
    ids.push(...body.items.map((item: { customerId: string }) => item.customerId));
    after = body.next === null ? '' : `&after=${body.next}`;
  } while (after !== '');
  return ids;
}

const OLD = JSON.stringify({ all: [{ field: 'age', from: 40 }, { not: { field: 'tag', in: ['企业主'] } }] });

describe('a group', () => {
  it('of one’s own holds one’s own customers only, counts while one types, and is nobody else’s to see', async () => {
    const manager = await someStaff('lobby-manager');
    const counted = await ask(manager, 'POST', '/api/groups/count', { rule: OLD });
    const [own] = await rows<{ n: number }>('select count(*)::int as n from coverage.by_staff where staff_id = $1', [manager]);
    expect(counted.body).toMatchObject({ of: own?.n, inWords: { zh: '年龄（周岁）不低于 40，且不满足（标签为企业主）' } });
    const made = await ask(manager, 'POST', '/api/groups', { title: '成熟客户', rule: OLD });
    expect(made.body).toMatchObject({ shared: false, customers: counted.body.customers, entered: counted.body.customers });
    const ids = await membersIn(manager, made.body.groupId);
    expect(ids).toHaveLength(counted.body.customers);
    expect(new Set(ids).size).toBe(ids.length);
    const mine = await rows<{ customer_id: string }>('select customer_id from coverage.by_staff where staff_id = $1', [manager]);
    expect(mine.map((row) => row.customer_id)).toEqual(expect.arrayContaining(ids));
    const head = await someStaff('sub-branch-head');
    expect((await ask(head, 'GET', `/api/groups/${made.body.groupId}/members`)).status).toBe(404);
    expect((await ask(head, 'PUT', `/api/groups/${made.body.groupId}`, { title: '别人的', rule: OLD })).status).toBe(404);
  });

  it('of a unit is for everybody in it, each seeing only their own customers there', async () => {
    const manager = await someStaff('lobby-manager');
    expect((await ask(manager, 'POST', '/api/groups', { title: '机构客群', rule: OLD, shared: true })).body.code).toBe(
      'not-to-share',
    );
    const [head] = await rows<{ id: string }>(
      `select h.id from organisation.staff h join organisation.org_unit u on u.id = h.org_unit_id
         join organisation.org_unit o on o.unit_no between u.unit_no and u.last_no join organisation.staff m on m.org_unit_id = o.id
        where h.role = 'sub-branch-head' and h.left_on is null and m.id = $1`,
      [manager],
    );
    const made = await ask(head?.id ?? '', 'POST', '/api/groups', { title: '机构客群', rule: OLD, shared: true });
    expect(made.body).toMatchObject({ shared: true, may: ['edit', 'retire'] });
    const whole = await membersIn(head?.id ?? '', made.body.groupId);
    const part = await membersIn(manager, made.body.groupId);
    expect(part.length).toBeGreaterThan(0);
    expect(part.length).toBeLessThan(whole.length);
    expect(whole).toEqual(expect.arrayContaining(part));
    expect((await ask(manager, 'POST', `/api/groups/${made.body.groupId}/retire`, {})).body.code).toBe('not-yours-to-change');
    expect((await ask(head?.id ?? '', 'POST', `/api/groups/${made.body.groupId}/retire`, {})).status).toBe(200);
    expect((await ask(manager, 'GET', `/api/groups/${made.body.groupId}/members`)).status).toBe(404);
  });

  it('leaves in a workbook, through the same door as every other list', async () => {
    const head = await someStaff('outlet-head');
    const inside = await membersIn(head, 'youth');
    expect(inside.length).toBeGreaterThan(0);
    const asked = await ask(head, 'POST', '/api/exports', {
      kind: 'group',
      subject: 'youth',
      purpose: 'review',
      words: '活动邀约名单',
    });
    expect(asked.body).toMatchObject({ kind: 'group', rows: inside.length, title: { zh: '客群客户' } });
    const token = tokens.get(head) ?? '';
    const url = `/api/exports/${asked.body.exportId}/file.xlsx`;
    const file = await server.inject({ method: 'GET', url, cookies: { guanhu_session: token } });
    expect(file.statusCode).toBe(200);
    expect(decodeURIComponent(String(file.headers['content-disposition']))).toContain('客群-青年.xlsx');
    const nowhere = { kind: 'group', subject: 'nowhere', purpose: 'review', words: '活动邀约名单' };
    expect((await ask(head, 'POST', '/api/exports', nowhere)).status).toBe(404);
  });

  it('follows customers who change hands by day', async () => {
    const manager = await someStaff('lobby-manager');
    const { platform } = fresh;
    const other = await someStaff('wealth-advisor');
    const [moved] = await rows<{ id: string }>(
      'select min(m.customer_id) as id from groups.stay m join coverage.by_staff b on b.customer_id = m.customer_id where b.staff_id = $1',
      [manager],
    );
    const seats = (table: string) =>
      rows<{ lead: string }>(`select lead_staff as lead from ${table} where customer_id = $1 limit 1`, [moved?.id]);
    const [was] = await seats('coverage.standing');
    const hand = async (staffId: string | undefined) => {
      await owner.query('update coverage.standing set lead_staff = $2 where customer_id = $1', [moved?.id, staffId]);
      await owner.query('insert into coverage.seat_news (customer_id) values ($1)', [moved?.id]);
      await catchUp(platform);
    };
    await hand(other);
    expect([await seats('groups.stay'), await seats('groups.fact')]).toEqual([[{ lead: other }], [{ lead: other }]]);
    await hand(was?.lead);
  });

  it('changes with its rule, and with a tag after the next refresh', async () => {
    const manager = await someStaff('lobby-manager');
    const tagged = { field: 'tag', in: ['新标签'] };
    const made = await ask(manager, 'POST', '/api/groups', { title: '有标签的', rule: JSON.stringify(tagged) });
    expect(made.body.customers).toBe(0);
    const [customer] = await rows<{ id: string }>('select min(customer_id) as id from coverage.by_staff where staff_id = $1', [
      manager,
    ]);
    const set = await ask(manager, 'PUT', `/api/customers/${customer?.id}/tags`, { tags: ['新标签', '新标签', '爱网球'] });
    expect(set.body.tags.map(({ tag }: { tag: string }) => tag)).toEqual(['新标签', '爱网球']);
    await refreshGroups(fresh.platform);
    expect(await membersIn(manager, made.body.groupId)).toEqual([customer?.id]);
    expect(await membersIn(manager, made.body.groupId, 'entered')).toEqual([customer?.id]);
    const changed = await ask(manager, 'PUT', `/api/groups/${made.body.groupId}`, {
      title: '没有标签的',
      rule: JSON.stringify({ not: tagged }),
    });
    const [own] = await rows<{ n: number }>('select count(*)::int as n from coverage.by_staff where staff_id = $1', [manager]);
    expect(changed.body).toMatchObject({ title: { zh: '没有标签的' }, customers: (own?.n ?? 0) - 1 });
  });

  it('is refused with the place of the fault', async () => {
    const manager = await someStaff('lobby-manager');
    const told = async (rule: string) => {
      const { status, body } = await ask(manager, 'POST', '/api/groups/count', { rule });
      return [status, body.code, body.zh];
    };
    const faulty = async (rule: string, words: RegExp) =>
      expect(await told(rule)).toEqual([422, 'rule-faulty', expect.stringMatching(words)]);
    await faulty('all:\n  - field: age\n    from: 40\n    below: 30', /第 4 行.*below 须大于 from/);
    await faulty('{"field":"height","from":1}', /没有「height」这一项/);
    await faulty('{"field":"age"}', /要写 from/);
    await faulty('{"field":"tag","from":1}', /要写 in/);
    await faulty('{"field":"tier","in":["gold"]}', /「tier」没有「gold」/);
    await faulty('{"all":[],"any":[]}', /第 1 行/);
    await faulty('{"field":"age","from":1,"not":{"field":"age","from":1}}', /只写 all、any、not、field 其中一种/);
    await faulty(`${'{"not":'.repeat(7)}{"field":"age","from":1}${'}'.repeat(7)}`, /规则过大/);
  });
});
