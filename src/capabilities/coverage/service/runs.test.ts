import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { businessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { openTestBank, type TestBank } from '../../closing/test-bank.ts';
import { runReport } from '../reads/run-report.ts';
import { applyRun, callApply, unfinishedRun } from './apply.ts';
import { saveScheme } from './schemes.ts';
import { simulate } from './simulate.ts';
import { addCustomers, closeWithCoverage, forgetCoverage, foundBranch, schemeText } from './test-branch.ts';
import { verifyCoverage } from './verify.ts';

let fresh: FreshPlatform;
let bank: TestBank;
const DAY = businessDate('2026-01-10');
const NEXT = businessDate('2026-01-11');

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T00:00:00Z'));
  bank = await openTestBank(fresh);
});
afterAll(async () => {
  await bank.close();
  await fresh.close();
});

/** Customers 1 … 12: odd ones at O1, even ones at O2, all in the middle band except the last two, who are in the top one. */
const IDS = Array.from({ length: 12 }, (_, i) => `C${String(i + 1).padStart(2, '0')}`);
const row = (id: string, i: number, balanceFen = i < 10 ? 20_000n + BigInt(i) : 2_000_000n) => ({
  ...{ customerId: id, outletId: i % 2 === 0 ? 'O1' : 'O2', productCode: 'D', balanceFen },
});

beforeEach(async () => {
  await forgetCoverage(bank);
  await bank.reset();
  await foundBranch(bank);
  await addCustomers(bank, IDS);
  await bank.send(
    DAY,
    false,
    IDS.map((id, i) => ({ ...row(id, i), balanceFen: row(id, i).balanceFen * 10n })),
  );
  await closeWithCoverage(fresh.platform, DAY);
});

async function simulated(text = schemeText()): Promise<string> {
  const scheme = await saveScheme(fresh.platform, COMMAND_LINE, text);
  return simulate(fresh.platform, COMMAND_LINE, { scheme, date: DAY });
}

const applied = async (runId: string) => {
  await applyRun(fresh.platform, COMMAND_LINE, { runId });
  return runReport(fresh.platform, runId);
};

/** Everything that must be so at every committed moment. */
async function broken(): Promise<unknown[]> {
  return bank.dump(`
    select 'counter' as what, p.staff_id as who from coverage.portfolio p where customers <> (select count(*) from coverage.assignment a
      where a.staff_id = p.staff_id and a.portfolio = p.portfolio and a.to_date is null)
    union all select 'limit', staff_id from coverage.portfolio where customers > cap
    union all select 'standing', s.customer_id from coverage.standing s
      left join coverage.assignment l on l.customer_id = s.customer_id and l.seat = 'lead' and l.to_date is null
      left join coverage.assignment j on j.customer_id = s.customer_id and j.seat = 'joint' and j.to_date is null
      left join coverage.card c on c.customer_id = s.customer_id
     where s.lead_staff is distinct from l.staff_id or s.joint_staff is distinct from j.staff_id or c.lead_staff is distinct from l.staff_id
        or c.joint_staff is distinct from j.staff_id`);
}

/** Marks a run as being applied, so that its pools can be carried out one by one. */
const begin = (runId: string) =>
  bank.dump(`update coverage.run set state = 'applying', effective_from = business_date where run_id = '${runId}'`);

const open = () =>
  bank.dump('select customer_id, seat, staff_id, portfolio from coverage.assignment where to_date is null order by 1, 2');

describe('a run', () => {
  test('simulates without changing anything that others see', async () => {
    const report = await runReport(fresh.platform, await simulated());
    expect(report).toMatchObject({ state: 'simulated', customers: 12, covered: 12, uncovered: 0, kept: 0, moved: 0 });
    expect(await open()).toEqual([]);
    expect(await bank.dump('select 1 from coverage.standing where lead_staff is not null or band >= 0')).toEqual([]);
    expect(await bank.dump("select 1 from coverage.scheme where state = 'active'")).toEqual([]);
  });

  test('applies every decision, with both seats, limits and counters', async () => {
    const report = await applied(await simulated());
    expect(report).toMatchObject({ state: 'applied', effectiveFrom: DAY });
    expect((await open()).length).toBe(14);
    expect(await broken()).toEqual([]);
    expect(await bank.dump("select 1 from coverage.scheme where state = 'active'")).toHaveLength(1);
  });

  test('a second run moves no one and the same input has the same digest', async () => {
    const [first, twin] = [await simulated(), await simulated()];
    const [a, b] = [await runReport(fresh.platform, first), await runReport(fresh.platform, twin)];
    expect(a.digest).toBe(b.digest);
    await applied(first);
    const before = await open();
    expect(await applied(await simulated())).toMatchObject({ kept: 14, moved: 0, new: 0 });
    expect(await open()).toEqual(before);
  });

  test('within a move budget moves no more than that; who had to go beyond it is counted apart', async () => {
    await applied(await simulated());
    await bank.dump("update organisation.staff set left_on = '2026-01-09' where id = 'W1a'");
    const scheme = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ initial: 5, atMost: 6 }));
    const runId = await simulate(fresh.platform, COMMAND_LINE, { scheme, date: DAY, moveBudget: 1 });
    // The leaver had two or three of the five at the outlet.
    const report = await applied(runId);
    const left = await bank.dump(`select 1 from coverage.decision where run_id = '${runId}' and reason = 'moved-left'`);
    expect(left.length).toBeGreaterThan(1);
    expect(report).toMatchObject({ uncovered: 0, moved: 1, replaced: left.length - 1 });
    expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
  });

  test('leaves the poorest uncovered when the limits are too low, and says how many people are missing', async () => {
    const report = await applied(await simulated(schemeText({ initial: 1, atMost: 2 })));
    expect(report).toMatchObject({ customers: 12, covered: 10, uncovered: 2 });
    const left = await bank.dump('select customer_id from coverage.standing where lead_staff is null order by 1');
    expect(left).toEqual([{ customer_id: 'C01' }, { customer_id: 'C02' }]);
    expect(report.pools.filter((pool) => pool.uncovered > 0).map((pool) => pool.staffNeeded)).toEqual([1, 1]);
    expect(await broken()).toEqual([]);
  });

  test('goes on with its simulation as long as the ground is the same', async () => {
    const scheme = await saveScheme(fresh.platform, COMMAND_LINE, schemeText());
    const wish = { scheme, date: DAY };
    expect(await unfinishedRun(fresh.platform, wish)).toBeUndefined();
    const runId = await simulate(fresh.platform, COMMAND_LINE, wish);
    expect(await unfinishedRun(fresh.platform, wish)).toBe(runId);
    expect(await unfinishedRun(fresh.platform, { ...wish, moveBudget: 1 })).toBeUndefined();
    await bank.dump("update organisation.staff set left_on = '2026-01-09' where id = 'W1a'");
    expect(await unfinishedRun(fresh.platform, wish)).toBeUndefined();
  });

  test('refuses to apply what has changed underneath, and says what', async () => {
    const runId = await simulated();
    await bank.dump("update organisation.staff set left_on = '2026-01-09' where id = 'W1a'");
    await expect(applyRun(fresh.platform, COMMAND_LINE, { runId })).rejects.toMatchObject({
      refusal: { code: 'run-stale', words: { zh: expect.stringContaining('人员名单') } },
    });
    expect(await runReport(fresh.platform, runId)).toMatchObject({ state: 'stale' });
    expect(await open()).toEqual([]);
  });

  test('goes on where an interruption left it, with every limit held in between', async () => {
    await applied(await simulated());
    const runId = await simulated(schemeText({ initial: 2, atMost: 3 }));
    await begin(runId);
    await unscoped(fresh.platform.worker, (tx) => callApply(tx, runId, 1, 1, DAY, fresh.platform.now()));
    expect(await broken()).toEqual([]);
    await applied(runId);
    expect(await broken()).toEqual([]);
    expect(await bank.dump("select 1 from coverage.portfolio where portfolio like '#%' and customers > 0")).toEqual([]);
    await expect(applied(runId)).resolves.toMatchObject({ state: 'applied' });
  });

  test('nobody whom a later pool takes is without anyone in between', async () => {
    await applied(await simulated());
    const higher = schemeText({ atMost: 6 }).replace('from: 1000', 'from: 30000').replace('to: 1000', 'to: 30000');
    const runId = await simulated(higher);
    await begin(runId);
    const pools = await bank.dump(`select pool_no from coverage.run_pool where run_id = '${runId}' order by 1`);
    const waiting: number[] = [];
    for (const { pool_no } of [...(pools as { pool_no: number }[]), { pool_no: -1 }]) {
      await unscoped(fresh.platform.worker, (tx) => callApply(tx, runId, pool_no, pool_no, DAY, fresh.platform.now()));
      expect(await broken()).toEqual([]);
      expect(await bank.dump('select 1 from coverage.standing where lead_staff is null')).toEqual([]);
      waiting.push(
        (await bank.dump("select 1 from coverage.assignment where to_date is null and portfolio = '#in-transit'")).length,
      );
    }
    expect([Math.max(...waiting), waiting.at(-1)]).toEqual([2, 0]);
    expect(
      await bank.dump(
        "select distinct portfolio from coverage.assignment where to_date is null and customer_id >= 'C11' and seat = 'lead'",
      ),
    ).toEqual([{ portfolio: 'middle/wealth-manager' }]);
  });
});

describe('the night', () => {
  test('decides anew about customers whose outlet or loan flag changed, and about no others', async () => {
    await applied(await simulated());
    const before = await open();
    const rows = IDS.map((id, i) => ({ ...row(id, i), balanceFen: row(id, i).balanceFen * 10n }));
    await bank.send(NEXT, false, [
      ...rows.map((one) => (one.customerId === 'C03' ? { ...one, outletId: 'O2' } : one)),
      { customerId: 'C05', outletId: 'O1', productCode: 'L', balanceFen: 100n },
    ]);
    await closeWithCoverage(fresh.platform, NEXT);
    const decided = await bank.dump(
      `select customer_id, reason from coverage.decision where run_id = '${NEXT}-1' and seat = 'lead' order by 1`,
    );
    expect(decided).toEqual([
      { customer_id: 'C03', reason: 'moved-ineligible' },
      { customer_id: 'C05', reason: 'kept' },
    ]);
    const others = (list: unknown[]) => list.filter((one) => !JSON.stringify(one).includes('C03'));
    expect(others(await open())).toEqual(others(before));
    const history = await bank.dump(
      "select from_date::text, to_date::text, reason, ended_reason from coverage.assignment where customer_id = 'C03' order by 1",
    );
    expect(history).toEqual([
      { from_date: DAY, to_date: NEXT, reason: 'new', ended_reason: 'moved-ineligible' },
      { from_date: NEXT, to_date: null, reason: 'moved-ineligible', ended_reason: null },
    ]);
    expect(await broken()).toEqual([]);
  });

  test('ends the assignments of closed and merged customers', async () => {
    await applied(await simulated());
    await bank.dump(`update customers.customer set closed_on = '${NEXT}' where customer_id = 'C01'`);
    await closeWithCoverage(fresh.platform, NEXT);
    expect(await bank.dump("select ended_reason from coverage.assignment where customer_id = 'C01'")).toEqual([
      { ended_reason: 'closed' },
    ]);
    expect(await broken()).toEqual([]);
  });
});

describe('verify', () => {
  test('finds nothing after runs and nights, and every kind of tampering', async () => {
    await applied(await simulated());
    await bank.send(
      NEXT,
      false,
      IDS.slice(1).map((id, i) => row(id, i)),
    );
    await closeWithCoverage(fresh.platform, NEXT);
    expect(await verifyCoverage(fresh.platform)).toMatchObject({ runs: 2, differences: 0 });
    const tampers: readonly (readonly [string, string])[] = [
      ['places-counted', "update coverage.portfolio set customers = customers - 1 where staff_id = 'HEAD'"],
      ['lists-follow', "update coverage.card set lead_staff = 'L2' where customer_id = 'C02'"],
      ['portfolios-follow', "delete from coverage.by_staff where customer_id = 'C02'"],
      ['standings-follow', "update coverage.standing set assets_fen = assets_fen + 1 where customer_id = 'C03'"],
      ['bands-repeat', "update coverage.standing set band = 0 where customer_id = 'C04'"],
      ['runs-repeat', "update coverage.decision set average_fen = average_fen + 1 where customer_id = 'C05'"],
      ['decisions-stand', "update coverage.decision set staff_id = 'L1' where customer_id = 'C06'"],
    ];
    for (const [, tamper] of tampers) await bank.dump(tamper);
    const { examples } = await verifyCoverage(fresh.platform);
    expect(new Set(examples.map((one) => one.check))).toEqual(new Set(tampers.map(([check]) => check)));
  });
});

describe('limits', () => {
  test('hold against twenty writers who want the last free places at once', async () => {
    await applied(await simulated());
    const free = await bank.dump(
      "select coalesce(sum(cap - customers), 0)::integer as n from coverage.portfolio where portfolio = 'middle/wealth-manager' and staff_id = 'W1a'",
    );
    const { n } = free[0] as { n: number };
    expect(n).toBeGreaterThan(0);
    const ids = Array.from({ length: 40 }, (_, i) => `X${i}`);
    await addCustomers(bank, ids);
    const worker = new pg.Pool({ connectionString: fresh.platform.worker.options.connectionString, max: 20 });
    const open = (id: string) =>
      worker
        .query(
          "select coverage.open_assignment($1, 'lead', 'W1a', 'middle/wealth-manager', 1::smallint, '2026-01-11', null, 'test')",
          [id],
        )
        .then(
          () => 'in',
          (error: Error & { constraint?: string }) => error.constraint ?? error.message,
        );
    const outcomes = await Promise.all(ids.map(open));
    await worker.end();
    expect(outcomes.filter((one) => one === 'in')).toHaveLength(n);
    expect(new Set(outcomes)).toEqual(new Set(['in', 'portfolio_within_cap']));
    expect(await bank.dump('select 1 from coverage.portfolio where customers > cap')).toEqual([]);
  });

  test.each(['app', 'worker'] as const)('cannot be got round by the %s role', async (role) => {
    await applied(await simulated());
    const pool = fresh.platform[role];
    const denied = { code: '42501' };
    await expect(
      pool.query(`insert into coverage.assignment (customer_id, seat, staff_id, portfolio, band, from_date, reason)
        values ('C01', 'joint', 'W1a', 'middle/wealth-manager', 1, '2026-01-11', 'test')`),
    ).rejects.toMatchObject(denied);
    await expect(pool.query("update coverage.assignment set staff_id = 'W1a'")).rejects.toMatchObject(denied);
    await expect(pool.query('update coverage.portfolio set customers = 0')).rejects.toMatchObject(denied);
    await expect(pool.query("select coverage.take_places('W1a', 'middle/wealth-manager', -1)")).rejects.toMatchObject(denied);
  });
});
