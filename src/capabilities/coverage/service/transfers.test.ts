import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { businessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { personById } from '../../../platform/auth/session.ts';
import { openCustomer, scoped } from '../../../platform/db/transaction.ts';
import { openTestBank, type TestBank } from '../../closing/test-bank.ts';
import { whyOf } from '../reads/why.ts';
import { applyRun } from './apply.ts';
import { setLock, stepLift } from './portfolio-lock.ts';
import { saveScheme } from './schemes.ts';
import { simulate } from './simulate.ts';
import { addCustomers, closeWithCoverage, forgetCoverage, foundBranch, schemeText } from './test-branch.ts';
import { type Asking, decideTransfer, requestTransfer, type TransferWish } from './transfers.ts';
import { verifyCoverage } from './verify.ts';

let fresh: FreshPlatform;
let bank: TestBank;
const DAY = businessDate('2026-01-10');
const NEXT = businessDate('2026-01-11');
/** Three managers of one outlet with at most eleven customers each, and one place left among them. */
const IDS = Array.from({ length: 32 }, (_, i) => `C${String(i + 1).padStart(2, '0')}`);
const rows = IDS.map((customerId, i) => ({ customerId, outletId: 'O1', productCode: 'D', balanceFen: 200_000n + BigInt(i) }));

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-01-11T02:00:00Z'));
  bank = await openTestBank(fresh);
});
afterAll(async () => {
  await bank.close();
  await fresh.close();
});

beforeEach(async () => {
  await forgetCoverage(bank);
  await bank.dump('truncate coverage.transfer, coverage.lock_period');
  await bank.reset();
  await foundBranch(bank);
  await bank.dump(`insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values
    ('W1c', 'W1c', '', '', 'O1', 'wealth-manager', 10000), ('OH1', '网点负责人', '', '', 'O1', 'outlet-head', 10000),
    ('OH2', '外网点负责人', '', '', 'O2', 'outlet-head', 10000), ('ADM', '分行管理', '', '', 'B', 'branch-admin', 10000),
    ('AUD', '审计', '', '', 'H', 'auditor', 10000)`);
  await addCustomers(bank, IDS);
  await bank.send(DAY, false, rows);
  await closeWithCoverage(fresh.platform, DAY);
  const scheme = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ initial: 10, atMost: 11 }));
  const runId = await simulate(fresh.platform, COMMAND_LINE, { scheme, date: DAY });
  await applyRun(fresh.platform, COMMAND_LINE, { runId });
});

async function as(staffId: string): Promise<Asking> {
  const person = await personById(fresh.platform.app, staffId, fresh.platform.now());
  if (person === undefined) throw new Error(`nobody is ${staffId}`);
  return { person, actor: { staffId, role: person.role, unitNo: person.unitNo, requestId: 'test' } };
}

const leadOf = async (customerId: string) =>
  one<{ lead: string }>(`select lead_staff as lead from coverage.standing where customer_id = '${customerId}'`);
async function one<T>(sql: string): Promise<T> {
  return (await bank.dump(sql))[0] as T;
}
/** Managers of O1 by how many they have, most first; the last one has room for one. */
async function managers(): Promise<string[]> {
  const found = await bank.dump(
    "select staff_id from coverage.portfolio where portfolio = 'middle/wealth-manager' and customers > 0 order by customers desc, staff_id",
  );
  return (found as { staff_id: string }[]).map((row) => row.staff_id);
}
const customersOf = async (staffId: string) =>
  (
    (await bank.dump(`select customer_id as id from coverage.by_staff where staff_id = '${staffId}' order by 1`)) as {
      id: string;
    }[]
  ).map((row) => row.id);

const wish = (customerId: string, toStaff: string | null): TransferWish => ({
  customerId,
  seat: 'lead',
  toStaff,
  reason: 'relation',
  words: '客户更熟悉',
});
const asks = async (who: string, customerId: string, toStaff: string | null) =>
  requestTransfer(fresh.platform, await as(who), wish(customerId, toStaff));
const does = async (who: string, action: 'approve' | 'reject' | 'withdraw', transferId: string) =>
  decideTransfer(fresh.platform, await as(who), { transferId, action, note: '同意' });
const refused = (code: string) => expect.objectContaining({ refusal: expect.objectContaining({ code }) });
const sound = async () => expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
const stateOf = (id: string) =>
  one(`select state, decided_by, effective_from::text from coverage.transfer where transfer_id = '${id}'`);

describe('a transfer', () => {
  test('moves nothing when it is asked for, and everything at once when a second person approves it', async () => {
    const [from = '', , to = ''] = await managers();
    const [customer = ''] = await customersOf(from);
    const id = await asks(from, customer, to);
    expect(await leadOf(customer)).toEqual({ lead: from });
    await does('OH1', 'approve', id);
    expect(await leadOf(customer)).toEqual({ lead: to });
    expect(await one(`select lead_staff as lead from coverage.card where customer_id = '${customer}'`)).toEqual({ lead: to });
    expect(await customersOf(to)).toContain(customer);
    expect(await stateOf(id)).toEqual({ state: 'approved', decided_by: 'OH1', effective_from: DAY });
    expect(
      await bank.dump(
        `select kind, actor, body->>'from' as "from", body->>'to' as "to" from audit.entry where subject = '${id}' order by at`,
      ),
    ).toEqual([
      { kind: 'transfer.requested', actor: from, from, to },
      { kind: 'transfer.approved', actor: 'OH1', from, to },
    ]);
    const lines = await scoped(fresh.platform.app, { staffId: to }, async (tx) => {
      await openCustomer(tx, customer);
      return (await whyOf(tx, customer))?.lines ?? [];
    });
    expect(lines.at(-1)?.zh).toBe(`2026-01-10 起调户：由${from}调给${to}（服务关系更近），${from}申请，网点负责人审批。`);
    await sound();
    await bank.send(NEXT, false, rows);
    await closeWithCoverage(fresh.platform, NEXT);
    expect(await leadOf(customer)).toEqual({ lead: to });
  });

  test('is decided by nobody who asked for it or is one of its two managers, by nobody outside and by no auditor', async () => {
    const [from = '', , to = ''] = await managers();
    const [customer = ''] = await customersOf(from);
    const id = await asks('OH1', customer, to);
    await expect(does('OH1', 'approve', id)).rejects.toEqual(refused('not-yours-to-decide'));
    await expect(does(from, 'approve', id)).rejects.toEqual(refused('not-yours-to-decide'));
    await expect(does('AUD', 'approve', id)).rejects.toEqual(refused('not-yours-to-decide'));
    await expect(does(to, 'approve', id)).rejects.toEqual(refused('not-found'));
    await expect(does('OH2', 'reject', id)).rejects.toEqual(refused('not-found'));
    await expect(does('ADM', 'withdraw', id)).rejects.toEqual(refused('not-yours-to-decide'));
    await expect(asks('OH2', customer, to)).rejects.toEqual(refused('not-found'));
    await expect(asks('OH1', customer, from)).rejects.toEqual(refused('same-manager'));
    // The database says so too, whoever writes.
    const decided = (who: string) =>
      bank.dump(
        `update coverage.transfer set state = 'rejected', decided_by = '${who}', decided_at = now() where transfer_id = '${id}'`,
      );
    for (const who of ['OH1', from, to]) await expect(decided(who)).rejects.toMatchObject({ constraint: 'transfer_two_people' });
    await does('ADM', 'reject', id);
    await expect(does('ADM', 'approve', id)).rejects.toEqual(refused('transfer-decided'));
    expect(await leadOf(customer)).toEqual({ lead: from });
  });

  test('waits once a seat, can be withdrawn and asked for again', async () => {
    const [from = '', , to = ''] = await managers();
    const [customer = ''] = await customersOf(from);
    const both = await Promise.allSettled([asks(from, customer, to), asks('OH1', customer, to)]);
    expect(both.filter((result) => result.status === 'rejected').map((result) => result.reason)).toEqual([
      refused('transfer-open'),
    ]);
    const won = both.find((result) => result.status === 'fulfilled')?.value ?? '';
    await does(both[0]?.status === 'fulfilled' ? from : 'OH1', 'withdraw', won);
    await asks(from, customer, to);
    expect((await bank.dump('select 1 from coverage.transfer')).length).toBe(2);
  });

  test('releases a customer, and gives one whom nobody has to somebody', async () => {
    const [from = ''] = await managers();
    const [customer = ''] = await customersOf(from);
    await does('OH1', 'approve', await asks(from, customer, null));
    expect(await leadOf(customer)).toEqual({ lead: null });
    await sound();
    await does('ADM', 'approve', await asks('OH1', customer, from));
    expect(await leadOf(customer)).toEqual({ lead: from });
    await sound();
  });

  test('is looked at again when it is approved: a taker who has left, a manager who has changed', async () => {
    const [from = '', second = '', to = ''] = await managers();
    const [customer = '', other = ''] = await customersOf(from);
    const id = await asks(from, customer, to);
    await bank.dump(`update organisation.staff set left_on = '2026-01-11' where id = '${to}'`);
    await expect(does('OH1', 'approve', id)).rejects.toEqual(refused('left'));
    await bank.dump(`update organisation.staff set left_on = null where id = '${to}'`);
    await bank.dump(`update coverage.standing set lead_staff = '${second}' where customer_id = '${customer}'`);
    await expect(does('OH1', 'approve', id)).rejects.toEqual(refused('transfer-outdated'));
    await bank.dump(`update coverage.standing set lead_staff = '${from}' where customer_id = '${customer}'`);
    await bank.dump("update coverage.run set state = 'applying'");
    await expect(does('OH1', 'approve', id)).rejects.toEqual(refused('portfolios-busy'));
    await bank.dump("update coverage.run set state = 'applied'");
    await does('OH1', 'approve', id);
    await expect(asks(from, other, to)).rejects.toEqual(refused('portfolio-full'));
    await sound();
  });

  test('twenty approvals at once into the last place: exactly one goes through', async () => {
    const [first = '', second = '', to = ''] = await managers();
    const waiting = await Promise.all(
      [...(await customersOf(first)), ...(await customersOf(second))].slice(0, 20).map((customer) => asks('OH1', customer, to)),
    );
    expect(waiting.length).toBe(20);
    const results = await Promise.allSettled(waiting.map((id) => does('ADM', 'approve', id)));
    const [won, lost] = [results.filter((r) => r.status === 'fulfilled'), results.filter((r) => r.status === 'rejected')];
    expect([won.length, lost.length]).toEqual([1, 19]);
    for (const { reason } of lost) expect(reason).toEqual(refused('portfolio-full'));
    expect(
      await one(`select customers, cap from coverage.portfolio where staff_id = '${to}' and portfolio = 'middle/wealth-manager'`),
    ).toEqual({ customers: 11, cap: 11 });
    expect((await bank.dump("select 1 from coverage.transfer where state = 'requested'")).length).toBe(19);
    await sound();
  });

  test('that is approved a hundred times at once is carried out once [SECURITY 16]', async () => {
    const [from = '', , to = ''] = await managers();
    const [customer = ''] = await customersOf(from);
    const id = await asks(from, customer, to);
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => does('OH1', 'approve', id)));
    expect(results.filter((r) => r.status === 'fulfilled').length).toBe(1);
    await sound();
  });

  test('crossing ones neither wait for each other nor lose a place', async () => {
    const [first = '', second = '', third = ''] = await managers();
    const [a = [], b = []] = [await customersOf(first), await customersOf(second)];
    for (let n = 0; n < 3; n++) {
      await does('ADM', 'approve', await asks('OH1', a[n] ?? '', null));
      await does('ADM', 'approve', await asks('OH1', b[n] ?? '', null));
    }
    const crossing = [...a.slice(3, 6).map((id) => [id, second] as const), ...b.slice(3, 6).map((id) => [id, first] as const)];
    const ids = await Promise.all(crossing.map(([customer, to]) => asks('OH1', customer, to)));
    await Promise.all(ids.map((id) => does('ADM', 'approve', id)));
    expect((await customersOf(first)).length + (await customersOf(second)).length + (await customersOf(third)).length).toBe(26);
    await sound();
  });
});

describe('while portfolios are locked', () => {
  test('no full run moves anybody, the night moves nobody, and a transfer still does', async () => {
    const period = await setLock(fresh.platform, COMMAND_LINE, {
      name: '2026 年考核',
      from: businessDate('2026-01-01'),
      to: businessDate('2026-12-31'),
    });
    const tighter = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ initial: 5, atMost: 6 }));
    const runId = await simulate(fresh.platform, COMMAND_LINE, { scheme: tighter, date: DAY });
    await expect(applyRun(fresh.platform, COMMAND_LINE, { runId })).rejects.toEqual(refused('portfolios-locked'));
    const before = await bank.dump('select customer_id, lead_staff from coverage.standing order by 1');
    await bank.dump("update customers.customer set closed_on = '2026-01-11' where customer_id = 'C02'");
    // C01 moves to another outlet and would go to another manager; C02 has closed.
    await bank.send(
      NEXT,
      false,
      rows.map((row) => (row.customerId === 'C01' ? { ...row, outletId: 'O2' } : row)),
    );
    await closeWithCoverage(fresh.platform, NEXT);
    const after = await bank.dump('select customer_id, lead_staff from coverage.standing order by 1');
    expect(after).toEqual(
      (before as { customer_id: string }[]).map((row) => (row.customer_id === 'C02' ? { ...row, lead_staff: null } : row)),
    );
    const [from = ''] = await managers();
    const [, , customer = ''] = await customersOf(from);
    const to = (await managers()).at(-1) ?? '';
    await does('OH1', 'approve', await asks(from, customer, to));
    expect(await leadOf(customer)).toEqual({ lead: to });
    await sound();
    const lift = async (who: string, step: 'ask' | 'confirm' | 'keep') =>
      stepLift(fresh.platform, (await as(who)).actor, { lockId: period.lockId, step, words: '考核提前结束' });
    await expect(lift('ADM', 'confirm')).rejects.toEqual(refused('lift-not-asked'));
    await lift('ADM', 'ask');
    await expect(lift('AUD', 'ask')).rejects.toEqual(refused('lift-asked'));
    await expect(lift('ADM', 'confirm')).rejects.toEqual(refused('lift-two-people'));
    await expect(bank.dump("update coverage.lock_period set lifted_by = 'ADM', lifted_at = now()")).rejects.toThrow(
      'lock_lifted_by_two',
    );
    await lift('ADM', 'keep');
    await lift('AUD', 'ask');
    await lift('ADM', 'confirm');
    await expect(lift('ADM', 'ask')).rejects.toEqual(refused('lock-unknown'));
    const again = await simulate(fresh.platform, COMMAND_LINE, { scheme: tighter, date: NEXT });
    await expect(applyRun(fresh.platform, COMMAND_LINE, { runId: again })).resolves.toMatchObject({ runId: again });
    await sound();
  });
});
