import type { FastifyInstance } from 'fastify';
import { readXlsx } from 'hucre/xlsx';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { closeNight } from '../src/app/night.ts';
import { applyRun, findScheme, simulate } from '../src/capabilities/coverage/index.ts';
import { activateCatalogue, evaluateFollowUps, shippedRules } from '../src/capabilities/engagement/index.ts';
import { addDays } from '../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { APPLIED_ON, TWO_BRANCHES, takeFolder, writeSmallBank } from './support/small-bank.ts';

// What a meeting talks over, and what hangs on the wall.
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: FastifyInstance;
let head: { staff: string; unit: string; lo: number; hi: number };

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date(`${addDays(TWO_BRANCHES.to, 1)}T02:00:00Z`));
  const { platform } = fresh;
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  const { files } = await writeSmallBank(temporaryFolder('bank'), TWO_BRANCHES);
  await takeFolder(platform, files);
  await closeNight(platform, COMMAND_LINE, APPLIED_ON);
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  await applyRun(platform, COMMAND_LINE, { runId: await simulate(platform, COMMAND_LINE, { scheme, date: APPLIED_ON }) });
  await activateCatalogue(platform, COMMAND_LINE, await shippedRules());
  await evaluateFollowUps(platform);
  await closeNight(platform, COMMAND_LINE, TWO_BRANCHES.to);
  server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
  [head] = await rows<typeof head>(
    `select s.id as staff, u.id as unit, u.unit_no as lo, u.last_no as hi from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.role = 'sub-branch-head' and s.left_on is null
        and exists (select 1 from coverage.standing x where x.unit_no between u.unit_no and u.last_no) order by s.id limit 1`,
  );
}, 120_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
});

const rows = async <T>(sql: string, values: unknown[] = []) => (await owner.query(sql, values)).rows as [T, ...T[]];

async function get(who: string, url: string) {
  const cookies = { guanhu_session: await signedIn(fresh.platform, who) };
  const answer = await server.inject({ method: 'GET', url, cookies });
  if (answer.statusCode >= 500) throw new Error(answer.body);
  return answer;
}

describe('a unit’s days', () => {
  it('are kept for the last week, and equal what each customer had', async () => {
    const days = await rows<{ day: string }>('select distinct day::text from meetings.unit_day order by 1');
    expect(days.map(({ day }) => day)).toContain(TWO_BRANCHES.to);
    expect(days.length).toBeGreaterThanOrEqual(7);
    for (const { day } of days) {
      const naive = await rows<{ unit: string; customers: string; assets: string }>(
        `with at_day as (select customer_id, assets_fen, home_outlet from closing.balance where from_date <= $1
             union all select customer_id, assets_fen, home_outlet from closing.segment where from_date <= $1 and to_date > $1)
         select u.id as unit, count(a.*)::text as customers, coalesce(sum(a.assets_fen), 0)::text as assets
           from organisation.org_unit u left join organisation.org_unit o on o.unit_no between u.unit_no and u.last_no
           left join at_day a on a.home_outlet = o.id group by u.id order by u.id`,
        [day],
      );
      const kept = await rows(
        'select unit_id as unit, customers::text, assets_fen::text as assets from meetings.unit_day where day = $1 order by unit_id',
        [day],
      );
      expect(kept).toEqual(naive);
    }
  });

  it('count moves of band and openings once, on their day', async () => {
    const [moved] = await rows<{ n: string }>(
      `select count(*) as n from coverage.band_history h where h.until > $1::date - 7 and h.until <= $1`,
      [TWO_BRANCHES.to],
    );
    const [kept] = await rows<{ n: string }>(
      `select sum(u.rose + u.fell) as n from meetings.unit_day u join organisation.org_unit o on o.id = u.unit_id
        where o.parent_id is null and u.day > $1::date - 7`,
      [TWO_BRANCHES.to],
    );
    expect(Number(kept.n)).toBe(Number(moved.n));
  });
});

describe('the board', () => {
  it('tells a head of the unit’s people and sums, and of no customer', async () => {
    const { body } = await get(head.staff, '/api/board');
    const board = JSON.parse(body);
    expect(board).toMatchObject({ day: TWO_BRANCHES.to, from: addDays(TWO_BRANCHES.to, -6) });
    expect(board.people.length).toBeGreaterThan(0);
    const [sums] = await rows<{ customers: string }>(
      'select count(*) as customers from coverage.standing where unit_no between $1 and $2',
      [head.lo, head.hi],
    );
    expect(board.customers).toBe(Number(sums.customers));
    const people = await rows<{ id: string }>('select customer_id as id from coverage.standing');
    for (const { id } of people) expect(body).not.toContain(id);
  });
});

describe('the pack of a meeting', () => {
  it('has what customers of the unit said in the week, masked, and nothing of another unit', async () => {
    const contacts = await rows<{ customer: string; staff: string; unit: number; mine: boolean }>(
      `select distinct on (u.unit_no between $1 and $2) b.customer_id as customer, b.staff_id as staff, u.unit_no as unit, u.unit_no between $1 and $2 as mine
         from coverage.by_staff b join organisation.staff s on s.id = b.staff_id join organisation.org_unit u on u.id = s.org_unit_id
        order by u.unit_no between $1 and $2, b.customer_id`,
      [head.lo, head.hi],
    );
    expect(contacts.map(({ mine }) => mine)).toEqual([false, true]);
    for (const { customer, staff, unit } of contacts)
      for (const [n, outcome, note] of [
        [1, 'complaint', '柜台排队太久'],
        [2, 'reached', '客户问大额存单额度'],
        [3, 'reached', '问候客户，没有问题'],
      ] as const)
        await owner.query(
          `insert into engagement.contact (customer_id, contact_id, staff_id, role, unit_no, on_date, recorded_at, channel, outcome, note, next_words, interest)
           values ($1, $2, $3, 'wealth-manager', $4, $5, now(), 'phone', $6, $7, '', '{fund}')`,
          [customer, `${customer}-${n}`, staff, unit, TWO_BRANCHES.to, outcome, note],
        );
    const [own, foreign] = [contacts[1]?.customer, contacts[0].customer];
    const { body } = await get(head.staff, '/api/meeting');
    const pack = JSON.parse(body);
    const ids = (lines: { customerId: string }[]) => lines.map(({ customerId }) => customerId);
    expect(ids(pack.complaints)).toEqual([own]);
    expect(ids(pack.questions)).toEqual([own]);
    expect(pack.interest).toEqual([{ category: 'fund', customers: 1 }]);
    expect(body).not.toContain(foreign);
    const talkers = pack.people.filter(({ talked }: { talked: number }) => talked > 0);
    expect(talkers.map((one: { staff: { staffId: string } }) => one.staff.staffId)).toEqual([contacts[1]?.staff]);
    const empty = await get(head.staff, `/api/meeting?kind=day&unit=${head.unit}`);
    expect(empty.json()).toMatchObject({ from: TWO_BRANCHES.to });
  });

  it('keeps minutes under its day, once, for the unit alone', async () => {
    const cookies = { guanhu_session: await signedIn(fresh.platform, head.staff) };
    const payload = { minutesId: '00000000-0000-4000-b000-000000000001', kind: 'week', words: '本周重点回访到期客户' };
    for (let n = 0; n < 2; n += 1) {
      const answer = await server.inject({ method: 'POST', url: '/api/meeting/minutes', cookies, payload });
      expect(answer.json().minutes).toMatchObject([{ words: payload.words }]);
    }
    expect((await get(head.staff, '/api/meeting?kind=day')).json().minutes).toEqual([]);
    const [foreign] = await rows<{ id: string }>(
      `select o.id from organisation.org_unit o, organisation.org_unit h
        where h.id = $1 and o.level = 'outlet' and o.unit_no not between h.unit_no and h.last_no limit 1`,
      [head.unit],
    );
    const elsewhere = await server.inject({
      method: 'POST',
      url: '/api/meeting/minutes',
      cookies,
      payload: { ...payload, unit: foreign.id },
    });
    expect(elsewhere.statusCode).toBe(404);
  });

  it('asks somebody of the unit for something by a day, who has it on the workbench until it is done', async () => {
    const today = addDays(TWO_BRANCHES.to, 1);
    const [doer, stranger] = await rows<{ id: string }>(
      `select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
        where s.role = 'lobby-manager' and s.left_on is null order by u.unit_no not between $1 and $2, s.id`,
      [head.lo, head.hi],
    ).then((all) => [all[0], all.at(-1) ?? all[0]] as const);
    const uuid = (n: number) => `00000000-0000-4000-b000-0000000001${n}0`;
    const keep = async (n: number, action: object) => {
      const actions = [
        { actionId: uuid(n), staffId: doer.id, words: '周三前把到期名单打一遍', dueOn: addDays(today, 2), ...action },
      ];
      const payload = { minutesId: uuid(n), kind: 'week', words: '到期客户要逐户联系', actions };
      const cookies = { guanhu_session: await signedIn(fresh.platform, head.staff) };
      return server.inject({ method: 'POST', url: '/api/meeting/minutes', cookies, payload });
    };
    const step = async (who: string, n: number, body: object) => {
      const cookies = { guanhu_session: await signedIn(fresh.platform, who) };
      return server.inject({ method: 'POST', url: `/api/meeting/actions/${uuid(n)}/step`, cookies, payload: body });
    };
    const mine = async (who: string) => (await get(who, '/api/meeting/actions')).json().items;
    // Refused with its minutes: nothing is half kept.
    expect((await keep(1, { staffId: stranger.id })).json().code).toBe('not-theirs');
    expect((await keep(1, { dueOn: addDays(today, -1) })).json().code).toBe('due-day');
    expect(await rows('select count(*)::int as n from meetings.minutes where minutes_id = $1', [uuid(1)])).toEqual([{ n: 0 }]);
    for (let n = 0; n < 2; n += 1) expect((await keep(1, {})).statusCode).toBe(200);
    await keep(2, { words: '整理展架' });
    expect(await mine(doer.id)).toMatchObject([
      { words: '周三前把到期名单打一遍', dueOn: addDays(today, 2), late: false, may: ['done'] },
      { words: '整理展架', may: ['done'] },
    ]);
    expect(await mine(stranger.id)).toEqual([]);
    const notices = (await get(doer.id, '/api/notices?unread=yes')).json().items;
    expect(notices.filter(({ to }: { to: string }) => to === 'actions')).toHaveLength(2);
    expect((await step(stranger.id, 1, { step: 'done' })).statusCode).toBe(404);
    expect((await step(doer.id, 1, { step: 'drop', words: '不想办' })).statusCode).toBe(409);
    expect((await step(doer.id, 1, { step: 'done', words: '打了 31 户' })).statusCode).toBe(200);
    expect((await step(doer.id, 1, { step: 'done' })).statusCode).toBe(409);
    expect((await step(head.staff, 2, { step: 'drop', words: '已有人办' })).statusCode).toBe(200);
    expect(await mine(doer.id)).toEqual([]);
    expect((await get(head.staff, '/api/meeting')).json().actions).toMatchObject([
      { state: 'done', endedWords: '打了 31 户', staff: { staffId: doer.id }, may: [] },
      { state: 'dropped', endedWords: '已有人办' },
    ]);
  });

  it('prints on one page', async () => {
    const answer = await get(head.staff, '/api/meeting.pdf');
    expect(answer.headers['content-type']).toContain('application/pdf');
    const document = await getDocument({ data: new Uint8Array(answer.rawPayload) }).promise;
    expect(document.numPages).toBe(1);
    const page = await document.getPage(1);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ('str' in item ? item.str : '')).join('');
    expect(text).toContain('周例会材料');
    expect(text).toContain('柜台排队太久');
  });
});

describe('what a head takes out as a workbook', () => {
  const take = async (kind: string, subject: string) => {
    const cookies = { guanhu_session: await signedIn(fresh.platform, head.staff) };
    const payload = { kind, subject, purpose: 'report', words: '月度例会' };
    const asked = await server.inject({ method: 'POST', url: '/api/exports', cookies, payload });
    expect([asked.statusCode, asked.json().state]).toEqual([200, 'approved']);
    const file = await server.inject({ method: 'GET', url: `/api/exports/${asked.json().exportId}/file.xlsx`, cookies });
    expect(file.statusCode).toBe(200);
    const { sheets } = await readXlsx(new Uint8Array(file.rawPayload));
    return (sheets[0]?.rows ?? []).map((row) => row.map((cell) => String(cell ?? '')));
  };

  it('is the month’s work log of the unit, in the order of days, and nobody else’s', async () => {
    const rows = await take('work-log', TWO_BRANCHES.to.slice(0, 7));
    const at = rows.findIndex((row) => row.includes('内容'));
    expect(at).toBeGreaterThanOrEqual(0);
    const notes = rows.slice(at + 1).map((row) => row[rows[at]?.indexOf('内容') ?? 0]);
    expect(notes.filter((note) => note === '柜台排队太久')).toHaveLength(1);
    expect(notes).toEqual(expect.arrayContaining(['客户问大额存单额度', '问候客户，没有问题']));
  });

  it('is what the unit’s people have to do within the week, a row a follow-up', async () => {
    const rows = await take('follow-ups', 'team');
    const at = rows.findIndex((row) => row.includes('应办日期'));
    const [due] = await rowsOf(head);
    expect(rows.slice(at + 1).filter((row) => row[0]?.startsWith('C'))).toHaveLength(Number(due.n));
    expect(Number(due.n)).toBeGreaterThan(0);
  });

  it('is nothing that somebody without a unit may have', async () => {
    const [manager] = await rows<{ id: string }>(
      "select id from organisation.staff where role = 'wealth-manager' and left_on is null order by id limit 1",
    );
    const cookies = { guanhu_session: await signedIn(fresh.platform, manager.id) };
    const payload = { kind: 'follow-ups', subject: 'team', purpose: 'report', words: '月度例会' };
    expect((await server.inject({ method: 'POST', url: '/api/exports', cookies, payload })).statusCode).toBe(403);
  });
});

const rowsOf = ({ lo, hi }: typeof head) =>
  rows<{ n: string }>(
    "select count(*) as n from engagement.follow_up where state = 'open' and unit_no between $1 and $2 and act_on <= $3::date + 8",
    [lo, hi, TWO_BRANCHES.to],
  );
