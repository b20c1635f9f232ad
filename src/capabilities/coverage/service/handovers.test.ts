import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { businessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { personById } from '../../../platform/auth/session.ts';
import { openTestBank, type TestBank } from '../../closing/test-bank.ts';
import { applyRun } from './apply.ts';
import { claimCustomer } from './claims.ts';
import {
  approveHandover,
  type HandoverWish,
  returnHandover,
  signHandover,
  splitHandover,
  startHandover,
  withdrawHandover,
} from './handovers.ts';
import { saveScheme } from './schemes.ts';
import { simulate } from './simulate.ts';
import { addCustomers, closeWithCoverage, forgetCoverage, foundBranch, schemeText } from './test-branch.ts';
import { decideTransfer, requestTransfer } from './transfers.ts';
import { verifyCoverage } from './verify.ts';

let fresh: FreshPlatform;
let bank: TestBank;
let now = new Date('2026-01-11T02:00:00Z');
const DAY = businessDate('2026-01-10');
/** Three managers of one outlet with eight customers each, and room for twelve more with the limit that follows. */
const IDS = Array.from({ length: 24 }, (_, i) => `C${String(i + 1).padStart(2, '0')}`);
const rows = IDS.map((customerId, i) => ({ customerId, outletId: 'O1', productCode: 'D', balanceFen: 200_000n + BigInt(i) }));

beforeAll(async () => {
  fresh = await freshPlatform(() => now);
  bank = await openTestBank(fresh);
});
afterAll(async () => {
  await bank.close();
  await fresh.close();
});
beforeEach(async () => {
  now = new Date('2026-01-11T02:00:00Z');
  await forgetCoverage(bank);
  await bank.dump(
    'truncate coverage.transfer, coverage.handover, coverage.handover_item, coverage.handover_signature, platform.notice',
  );
  await bank.reset();
  await foundBranch(bank);
  await bank.dump(`insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values
    ('W1c', 'W1c', '', '', 'O1', 'wealth-manager', 10000), ('OH1', '网点负责人', '', '', 'O1', 'outlet-head', 10000),
    ('OH2', '外网点负责人', '', '', 'O2', 'outlet-head', 10000), ('ADM', '分行管理', '', '', 'B', 'branch-admin', 10000),
    ('AUD', '审计', '', '', 'H', 'auditor', 10000)`);
  await addCustomers(bank, IDS);
  await bank.send(DAY, false, rows);
  await closeWithCoverage(fresh.platform, DAY);
  const scheme = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ initial: 8, atMost: 12 }));
  const runId = await simulate(fresh.platform, COMMAND_LINE, { scheme, date: DAY });
  await applyRun(fresh.platform, COMMAND_LINE, { runId });
});

async function as(staffId: string) {
  const person = await personById(fresh.platform.app, staffId, fresh.platform.now());
  if (person === undefined) throw new Error(`nobody is ${staffId}`);
  return { person, actor: { staffId, role: person.role, unitNo: person.unitNo, requestId: 'test' } };
}
const LEAVING: HandoverWish = { staffId: 'W1a', kind: 'leaving', onDate: businessDate('2026-01-31'), words: '辞职' };
const starts = async (who: string, wish: Partial<HandoverWish> = {}) =>
  startHandover(fresh.platform, await as(who), { ...LEAVING, ...wish });
const splits = async (who: string, handoverId: string, more: { successors?: string[]; oftenWords?: string } = {}) =>
  splitHandover(fresh.platform, await as(who), { handoverId, ...more });
const signs = async (who: string, handoverId: string, action: 'sign' | 'sign-for' = 'sign') =>
  signHandover(fresh.platform, await as(who), { handoverId, action });
const approves = async (who: string, id: string) => approveHandover(fresh.platform, await as(who), id);
const refused = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });
const sound = async () => expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
async function one<T>(sql: string): Promise<T> {
  return (await bank.dump(sql))[0] as T;
}
const counts = async () =>
  Object.fromEntries(
    (
      (await bank.dump('select staff_id, count(*)::int as n from coverage.by_staff group by 1 order by 1')) as {
        staff_id: string;
        n: number;
      }[]
    ).map((row) => [row.staff_id, row.n]),
  );
const told = async () =>
  ((await bank.dump('select kind, staff_id from platform.notice')) as { kind: string; staff_id: string }[])
    .map((row) => `${row.kind} ${row.staff_id}`)
    .sort();
/** Started, split and signed by all whom it concerns: ready for the approval of the branch. */
async function ready(wish: Partial<HandoverWish> = {}): Promise<string> {
  const id = await starts('OH1', wish);
  await splits('OH1', id);
  for (const who of ['W1a', 'W1b', 'W1c']) await signs(who, id);
  return id;
}
async function transferOf(customerId: string, to: string) {
  return requestTransfer(fresh.platform, await as('OH1'), {
    ...{ customerId, seat: 'lead', toStaff: to, reason: 'balance', words: '均衡' },
  });
}

describe('a handover', () => {
  test('freezes, is split evenly, signed by both sides and carried out whole by a third person', async () => {
    const id = await ready();
    expect(await counts()).toEqual({ W1a: 8, W1b: 8, W1c: 8 });
    await approves('ADM', id);
    expect(await counts()).toEqual({ W1b: 12, W1c: 12 });
    expect(await one(`select state, decided_by, effective_from::text, successors from coverage.handover`)).toEqual({
      ...{ state: 'done', decided_by: 'ADM', effective_from: DAY, successors: ['W1b', 'W1c'] },
    });
    expect(
      await bank.dump("select kind, actor, body->>'moved' as moved from audit.entry where kind like 'handover.%' order by at"),
    ).toEqual([
      ...[
        { kind: 'handover.started', actor: 'OH1', moved: null },
        { kind: 'handover.split', actor: 'OH1', moved: null },
      ],
      ...['W1a', 'W1b', 'W1c'].map((actor) => ({ kind: 'handover.signed', actor, moved: null })),
      { kind: 'handover.approved', actor: 'ADM', moved: '8' },
    ]);
    expect(await told()).toEqual([
      'handover-done W1a',
      'handover-done W1b',
      'handover-done W1c',
      'handover-started W1a',
      'handover-to-approve HEAD',
      'handover-to-sign W1a',
      'handover-to-sign W1b',
      'handover-to-sign W1c',
    ]);
    await sound();
    await bank.send(businessDate('2026-01-11'), false, rows);
    await closeWithCoverage(fresh.platform, businessDate('2026-01-11'));
    expect(await counts()).toEqual({ W1b: 12, W1c: 12 });
  });

  test('is started, split, signed and approved by nobody who may not', async () => {
    await expect(starts('OH2')).rejects.toEqual(refused('not-found'));
    await expect(starts('OH1', { staffId: 'OH1' })).rejects.toEqual(refused('own-portfolio'));
    await expect(starts('OH1', { staffId: 'L1' })).rejects.toEqual(refused('nothing-to-hand-over'));
    await expect(starts('OH1', { kind: 'absence' })).rejects.toEqual(refused('absence-dates'));
    const both = await Promise.allSettled([starts('OH1'), starts('ADM')]);
    expect(both.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))).toEqual([refused('handover-open')]);
    const { id } = await one<{ id: string }>('select handover_id as id from coverage.handover');
    await expect(splits('OH2', id)).rejects.toEqual(refused('not-found'));
    await expect(splits('AUD', id)).rejects.toEqual(refused('not-yours-to-do'));
    await expect(splits('W1b', id)).rejects.toEqual(refused('not-found'));
    await splits('OH1', id);
    await expect(approves('ADM', id)).rejects.toEqual(refused('not-yours-to-do'));
    await expect(signs('OH1', id, 'sign-for')).rejects.toEqual(refused('not-yours-to-do'));
    await signs('W1a', id);
    await signs('W1b', id);
    await expect(signs('W1b', id)).rejects.toEqual(refused('not-yours-to-do'));
    await signs('W1c', id);
    await expect(approves('OH1', id)).rejects.toEqual(refused('not-yours-to-do'));
    // The database says so too, whoever writes.
    for (const who of ['OH1', 'W1a', 'W1b'])
      await expect(
        bank.dump(
          `update coverage.handover set state = 'done', decided_by = '${who}', decided_at = now(), effective_from = '${DAY}'`,
        ),
      ).rejects.toMatchObject({ constraint: 'handover_two_people' });
    await splits('OH1', id, { successors: ['W1b'] });
    expect(await bank.dump('select 1 from coverage.handover_signature')).toEqual([]);
    await expect(signs('W1c', id)).rejects.toEqual(refused('not-found'));
    await withdrawHandover(fresh.platform, await as('OH1'), id);
    await expect(approves('ADM', id)).rejects.toEqual(refused('handover-decided'));
    expect(await counts()).toEqual({ W1a: 8, W1b: 8, W1c: 8 });
  });

  test('keeps transfers and claims out of the portfolio until it is done or withdrawn', async () => {
    const [mine, other] = (await bank.dump(
      "select distinct on (staff_id) customer_id from coverage.by_staff where staff_id in ('W1a', 'W1b') order by staff_id, customer_id",
    )) as { customer_id: string }[];
    const waiting = await transferOf(mine?.customer_id ?? '', 'W1b');
    const id = await starts('OH1');
    const approve = async () => decideTransfer(fresh.platform, await as('ADM'), { transferId: waiting, action: 'approve' });
    await expect(approve()).rejects.toEqual(refused('portfolio-frozen'));
    await expect(transferOf(other?.customer_id ?? '', 'W1a')).rejects.toEqual(refused('portfolio-frozen'));
    const [free] = (await bank.dump("select customer_id from coverage.by_staff where staff_id = 'W1c' order by 1 limit 1")) as {
      customer_id: string;
    }[];
    const customerId = free?.customer_id ?? '';
    const release = await requestTransfer(fresh.platform, await as('OH1'), {
      ...{ customerId, seat: 'lead', toStaff: null, reason: 'customer-wish', words: '客户要求' },
    });
    await decideTransfer(fresh.platform, await as('ADM'), { transferId: release, action: 'approve' });
    const claims = async (who: string) => claimCustomer(fresh.platform, await as(who), { customerId, words: '认领' });
    await expect(claims('W1a')).rejects.toEqual(refused('portfolio-frozen'));
    await withdrawHandover(fresh.platform, await as('OH1'), id);
    await claims('W1a');
    await approve();
    expect(await counts()).toEqual({ W1a: 8, W1b: 9, W1c: 7 });
    await sound();
  });

  test('is signed by the head for who is gone, leaves who cannot be placed, and whom the night took meanwhile', async () => {
    await bank.dump("update organisation.staff set left_on = '2026-01-11' where id = 'W1a'");
    const id = await starts('OH1');
    await splits('OH1', id, { successors: ['W1b'] });
    await signs('OH1', id, 'sign-for');
    await signs('W1b', id);
    expect(await bank.dump('select count(*)::int as n from coverage.handover_item where to_staff is null')).toEqual([{ n: 4 }]);
    const [first] = (await bank.dump(
      "select customer_id from coverage.handover_item where to_staff = 'W1b' order by 1 limit 1",
    )) as { customer_id: string }[];
    const next = businessDate('2026-01-11');
    await bank.send(
      next,
      false,
      rows.map((row) => (row.customerId === first?.customer_id ? { ...row, outletId: 'O2' } : row)),
    );
    await closeWithCoverage(fresh.platform, next);
    await approves('ADM', id);
    expect(await bank.dump('select outcome, count(*)::int as n from coverage.handover_item group by 1 order by 1')).toEqual([
      { outcome: 'gone', n: 1 },
      { outcome: 'moved', n: 3 },
      { outcome: 'stayed', n: 4 },
    ]);
    await sound();
  });

  test('leaves those who changed hands twice in ninety days unless there is a reason', async () => {
    await bank.dump(`insert into coverage.assignment (customer_id, seat, staff_id, portfolio, band, from_date, to_date, reason, ended_reason)
      select customer_id, 'lead', 'W1b', 'middle/wealth-manager', 1, day, day + 1, 'new', 'transferred'
        from (select customer_id from coverage.by_staff where staff_id = 'W1a' order by 1 limit 2) c cross join (values (date '2025-12-01'), ('2025-12-02')) d (day)`);
    const id = await starts('OH1');
    await splits('OH1', id);
    const often = () =>
      bank.dump('select to_staff is null as stays, count(*)::int as n from coverage.handover_item where often group by 1');
    expect(await often()).toEqual([{ stays: true, n: 2 }]);
    await splits('OH1', id, { oftenWords: '离职，必须交接' });
    expect(await often()).toEqual([{ stays: false, n: 2 }]);
  });

  test('keeps a household together', async () => {
    const mine = `select customer_id from coverage.by_staff where staff_id = 'W1a' order by 1`;
    await bank.dump(`update customers.customer set household_id = 'F1' where customer_id in (${mine} limit 3)`);
    const id = await starts('OH1');
    await splits('OH1', id);
    expect(
      await bank.dump(`select count(distinct to_staff)::int as people, count(*)::int as customers from coverage.handover_item i
        join customers.customer c using (customer_id) where c.household_id = 'F1'`),
    ).toEqual([{ people: 1, customers: 3 }]);
    expect(await bank.dump('select count(*)::int as n from coverage.handover_item group by to_staff')).toEqual([
      { n: 4 },
      { n: 4 },
    ]);
  });

  test('against transfers into the last places: no limit is broken, and what is refused moves nobody', async () => {
    const id = await ready();
    const spare = (await bank.dump("select customer_id from coverage.by_staff where staff_id = 'W1c' order by 1 limit 3")) as {
      customer_id: string;
    }[];
    const transfers = await Promise.all(spare.map(({ customer_id }) => transferOf(customer_id, 'W1b')));
    const results = await Promise.allSettled([
      approves('ADM', id),
      ...transfers.map(async (transferId) => decideTransfer(fresh.platform, await as('ADM'), { transferId, action: 'approve' })),
      approves('HEAD', id),
    ]);
    for (const result of results)
      if (result.status === 'rejected')
        expect(['portfolio-full', 'portfolios-busy', 'handover-decided']).toContain(result.reason.refusal?.code);
    expect(await one('select max(customers)::int as most, sum(customers)::int as sum from coverage.portfolio')).toMatchObject({
      sum: 24,
    });
    const { done } = await one<{ done: number }>(
      "select count(*)::int as done from coverage.handover_item where outcome = 'moved'",
    );
    expect([0, 8]).toContain(done);
    await sound();
  });

  test('approved twenty times at once is carried out once', async () => {
    const id = await ready();
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => approves(i % 2 === 0 ? 'ADM' : 'HEAD', id)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(await counts()).toEqual({ W1b: 12, W1c: 12 });
    await sound();
  });

  test('of an absence gives back on the day of return, whom the successors still have through it', async () => {
    const id = await ready({ kind: 'absence', onDate: businessDate('2026-01-15'), backOn: businessDate('2026-03-01') });
    await approves('ADM', id);
    const back = async () => returnHandover(fresh.platform, await as('OH1'), id);
    await expect(back()).rejects.toEqual(refused('not-yours-to-do'));
    const [kept] = (await bank.dump(
      `select customer_id from coverage.assignment where run_id = '${id}' and staff_id = 'W1b' and to_date is null order by 1 limit 1`,
    )) as { customer_id: string }[];
    const release = await requestTransfer(fresh.platform, await as('OH1'), {
      ...{ customerId: kept?.customer_id ?? '', seat: 'lead', toStaff: null, reason: 'customer-wish', words: '客户要求' },
    });
    await decideTransfer(fresh.platform, await as('ADM'), { transferId: release, action: 'approve' });
    now = new Date('2026-03-01T02:00:00Z');
    await back();
    expect(await counts()).toEqual({ W1a: 7, W1b: 8, W1c: 8 });
    await expect(back()).rejects.toEqual(refused('not-yours-to-do'));
    await sound();
  });
});
