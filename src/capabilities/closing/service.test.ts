import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../test/support/database.ts';
import { addDays, type BusinessDate, businessDate, daysFromTo } from '../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import type { Measure } from './contract.ts';
import { previewChange } from './preview.ts';
import { standingAtSql } from './reads.ts';
import { type FileRow, naiveTimeline } from './rules/timeline.ts';
import { closeTo } from './service.ts';
import { openTestBank, type TestBank } from './test-bank.ts';
import { verifyClosing } from './verify.ts';

let fresh: FreshPlatform;
let bank: TestBank;

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T00:00:00Z'));
  bank = await openTestBank(fresh);
});
afterAll(async () => {
  await bank.close();
  await fresh.close();
});
beforeEach(() => bank.reset());

const close = (to: BusinessDate) => closeTo(fresh.platform, COMMAND_LINE, to);

/** Marks an import as taken back. */
const takenBack = (importId: string) => async (tx: Tx) => {
  await tx.client.query("update feed.import set state = 'undone' where import_id = $1", [importId]);
};

/** Every customer on every closed day, both measures, as the database has them. */
async function closedStandings(from: BusinessDate, last: BusinessDate): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const day of daysFromTo(from, last)) {
    const at = (measure: Measure) => standingAtSql(day, measure, last);
    const rows = await bank.dump(`
      select y.customer_id, y.assets_fen::text, y.home_outlet, y.has_loan, y.runner_up_outlet, y.balance_days::text as year,
             r.balance_days::text as rolling
        from ${at('calendar-year')} y full join ${at('rolling-365')} r using (customer_id) order by 1`);
    all[day] = rows.map((row) => Object.values(row as object).join(' | '));
  }
  return all;
}

function trueStandings(from: BusinessDate, last: BusinessDate): Record<string, unknown> {
  const timeline = naiveTimeline(bank.truth(), last);
  return Object.fromEntries(
    daysFromTo(from, last).map((day) => [
      day,
      [...(timeline.get(day) ?? [])]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, s]) => [id, s.assetsFen, s.homeOutlet, s.hasLoan, s.runnerUpOutlet, s.yearDays, s.rollingDays].join(' | ')),
    ]),
  );
}

const TABLES = {
  balance: 'select * from closing.balance order by customer_id',
  segment: 'select * from closing.segment order by customer_id, from_date',
  position: 'select * from closing.position order by customer_id, outlet_id, product_code',
  day: `select business_date, import_id, input_digest, chain, digest, customers, positions, changed_customers, changed_positions, totals
          from closing.day order by business_date`,
};

async function dumpAll(): Promise<Record<string, unknown[]>> {
  const dumps: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(TABLES)) dumps[name] = await bank.dump(sql);
  return dumps;
}

const PRODUCTS: readonly (readonly [string, string])[] = [
  ['D', 'demand-deposit'],
  ['W', 'wealth'],
  ['L', 'loan'],
  ['C', 'credit-card'],
  ['S', 'service'],
];

async function makeProducts(): Promise<void> {
  for (const [code, category] of PRODUCTS) await bank.classify(code, category);
}

function row(customerId: string, outletId: string, productCode: string, balanceFen: bigint): FileRow {
  return { customerId, outletId, productCode, balanceFen };
}

const customer = fc.constantFrom('A', 'B', 'C', 'D', 'E');
const rows = fc.array(
  fc.record({
    customerId: customer,
    outletId: fc.constantFrom('O1', 'O2', 'O3'),
    productCode: fc.constantFrom('D', 'D', 'W', 'L', 'C', 'S'),
    balanceFen: fc.constantFrom(0n, 100n, 100n, 250n, 99_999n, -100n, -7n, 1_000_000_000_000n),
  }),
  { maxLength: 9 },
);
const SPAN = 12;
const offset = fc.nat(SPAN - 1);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      day: offset,
      delta: fc.boolean(),
      rows,
      held: fc.subarray(['A', 'B'], { maxLength: 1 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('close' as const), day: offset }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), which: fc.nat(20), day: offset }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), which: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('take' as const), which: fc.nat(20) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      one: fc.constantFrom('A', 'B', 'C', 'D'),
      into: fc.constantFrom('B', 'C', 'D', 'E', null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('classify' as const),
      code: fc.constantFrom('W', 'C'),
      category: fc.constantFrom('wealth', 'loan', 'service'),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function take(start: BusinessDate, it: Step): Promise<void> {
  if (it.kind === 'send') return void (await bank.send(addDays(start, it.day), it.delta, it.rows, it.held));
  if (it.kind === 'merge') return it.into === null || it.one < it.into ? bank.merge(it.one, it.into) : undefined;
  if (it.kind === 'classify') return bank.classify(it.code, it.category);
  if (it.kind === 'close') {
    if (bank.files.some((file) => file.accepted)) await close(addDays(start, it.day));
    return;
  }
  const file = bank.files[it.which % Math.max(1, bank.files.length)];
  if (file === undefined || !file.accepted) return;
  if (it.kind === 'undo') return bank.undo(file);
  if (it.kind === 'repeat') return void (await bank.send(addDays(start, it.day), file.delta, file.rows, [...file.held]));
  for (const id of [...file.held]) await bank.take(file, id);
}

const RUNS = Number(process.env.CLOSING_RUNS ?? 30);

describe('closing equals a naive recomputation', () => {
  test('over random histories: late, missing, repeated, restated, undone, held and merged, over year ends and leap days', async () => {
    const starts = fc.constantFrom('2023-12-26', '2024-02-24', '2024-12-25', '2025-02-23').map(businessDate);
    await fc.assert(
      fc.asyncProperty(starts, fc.array(step, { minLength: 4, maxLength: 14 }), async (start, steps) => {
        await bank.reset();
        await makeProducts();
        for (const it of steps) await take(start, it);
        if (!bank.files.some((file) => file.accepted)) return;
        const last = addDays(start, SPAN);
        await close(last);
        expect(await closedStandings(start, last)).toEqual(trueStandings(start, last));
        expect((await verifyClosing(fresh.platform)).examples).toEqual([]);
        const closed = await dumpAll();
        await bank.forget();
        await close(last);
        expect(closed).toEqual(await dumpAll());
      }),
      { numRuns: RUNS },
    );
  }, 600_000);

  test('when a file that comes late only says that a position stands longer than was thought', async () => {
    await makeProducts();
    const first = businessDate('2023-12-26');
    const same = [row('C', 'O1', 'S', 99_999n)];
    await bank.send(addDays(first, 1), false, same);
    await bank.send(addDays(first, 2), false, [row('C', 'O1', 'S', 0n)]);
    await close(addDays(first, 2));
    await bank.send(first, false, same);
    await close(addDays(first, 4));
    const restated = await dumpAll();
    await bank.forget();
    await close(addDays(first, 4));
    expect(restated).toEqual(await dumpAll());
  });

  test('over more than a year, with the rolling window reaching back into stretches and a leap day', async () => {
    await makeProducts();
    const start = businessDate('2023-11-20');
    const last = businessDate('2025-01-10');
    await bank.send(start, false, [row('A', 'O1', 'D', 500n), row('B', 'O1', 'D', 70n), row('B', 'O2', 'D', 70n)]);
    await bank.send(businessDate('2024-01-09'), true, [row('A', 'O2', 'W', 900n)]);
    await close(businessDate('2024-02-29'));
    await bank.send(businessDate('2024-02-28'), true, [row('B', 'O1', 'D', 71n)]);
    await bank.send(businessDate('2025-01-05'), false, [row('A', 'O1', 'L', 9n), row('C', 'O3', 'D', 3n)]);
    await close(last);
    const from = businessDate('2024-11-01');
    expect(await closedStandings(from, last)).toEqual(trueStandings(from, last));
  }, 60_000);
});

describe('a night', () => {
  const first = businessDate('2026-03-30');
  const second = addDays(first, 1);
  const third = addDays(first, 2);
  const some = [row('A', 'O1', 'D', 500n), row('B', 'O2', 'W', 70n), row('B', 'O2', 'L', 9n)];

  test('that is closed already is not closed again, and carried days wait for no file', async () => {
    await makeProducts();
    await bank.send(first, false, some);
    const report = await close(third);
    expect(report.closed.map((day) => [day.day, day.importId === null, day.changedCustomers])).toEqual([
      [first, false, 2],
      [second, true, 0],
      [third, true, 0],
    ]);
    const before = await dumpAll();
    const again = await close(third);
    expect([again.closed, again.restated]).toEqual([[], null]);
    expect(await dumpAll()).toEqual(before);
  });

  test('keeps digest, counts and balances by category, which add up to the control total', async () => {
    await makeProducts();
    await bank.send(first, false, [...some, row('X', 'O1', 'D', 1_000n)], ['X']);
    const [day] = (await close(first)).closed;
    expect(day).toMatchObject({ customers: 2, positions: 3, changedCustomers: 2, changedPositions: 3 });
    expect(day?.totals.categories).toEqual({ 'demand-deposit': '500', wealth: '70', loan: '9' });
    expect(day?.totals.control).toEqual({ rows: 4, balanceFen: '1579', heldRows: 1, heldFen: '1000' });
  });

  test('whose file is not what the feed took in is refused and stays open', async () => {
    await makeProducts();
    await bank.send(first, false, some);
    await bank.dump(`update feed.import set totals = '{"rows": 3, "balanceFen": "580"}'`);
    await expect(close(first)).rejects.toThrow('closing-unreconciled');
    expect(await bank.dump('select * from closing.day')).toEqual([]);
  });

  test('with the same bytes as the night before changes nobody and says which file stood', async () => {
    await makeProducts();
    await bank.send(first, false, some);
    const again = await bank.send(third, false, some);
    const { closed } = await close(third);
    expect(closed.at(-1)).toMatchObject({ importId: again.importId, changedPositions: 0, digest: closed[0]?.digest });
    expect(closed.at(-1)?.totals.control).toEqual(closed[0]?.totals.control);
  });

  test('can have no file at all only after a first one', async () => {
    await expect(close(first)).rejects.toThrow('closing-nothing');
  });

  test('that has not come yet is refused, by Beijing time; today is not', async () => {
    await makeProducts();
    await bank.send(first, false, some);
    const at = (now: string) => closeTo({ ...fresh.platform, now: () => new Date(now) }, COMMAND_LINE, second);
    await expect(at(`${first}T15:59:59Z`)).rejects.toThrow('closing-future');
    expect(await bank.dump('select * from closing.day')).toEqual([]);
    expect(await at(`${first}T16:00:00Z`)).toMatchObject({ lastDay: second });
  });

  test('tells hooks who changed, in its own transaction', async () => {
    await makeProducts();
    await bank.send(first, false, some);
    await bank.send(second, true, [row('B', 'O1', 'D', 900n)]);
    const seen: unknown[] = [];
    await closeTo(fresh.platform, COMMAND_LINE, second, {
      afterDay: async (tx, { day, changed }) => {
        const { rows } = await tx.client.query(`select customer_id from ${changed} order by 1`);
        seen.push([day, rows.map((changedRow) => changedRow.customer_id)]);
      },
    });
    expect(seen).toEqual([
      [first, ['A', 'B']],
      [second, ['B']],
    ]);
    await bank.send(first, false, [...some, row('C', 'O1', 'D', 1n)]);
    const before = await dumpAll();
    const failing = () => closeTo(fresh.platform, COMMAND_LINE, second, { afterRestate: () => Promise.reject(new Error('no')) });
    await expect(failing).rejects.toThrow('no');
    expect(await dumpAll()).toEqual(before);
  });

  test('shows what taking a file back would change, and changes nothing', async () => {
    await makeProducts();
    await bank.send(first, false, some);
    const file = await bank.send(second, true, [row('A', 'O1', 'D', 400n), row('C', 'O1', 'D', 1n)]);
    await close(third);
    const before = await dumpAll();
    const preview = await previewChange(fresh.platform, takenBack(file.importId), async (tx, restated) => {
      const { rows } = await tx.client.query(`select customer_id from ${restated?.changed} order by 1`);
      return rows.map((changedRow) => changedRow.customer_id);
    });
    expect(preview).toEqual({
      days: [second, third],
      averages: 2,
      balanceDaysMoved: 202n,
      examples: [
        { customerId: 'A', before: 1300n, after: 1500n },
        { customerId: 'C', before: 2n, after: 0n },
      ],
      seen: ['A', 'C'],
    });
    expect(await dumpAll()).toEqual(before);
    const nothing = await previewChange(
      fresh.platform,
      async () => undefined,
      async (_, restated) => restated,
    );
    expect(nothing).toEqual({ days: [], averages: 0, balanceDaysMoved: 0n, examples: [], seen: undefined });
  });

  test('that somebody tampered with is found by verification', async () => {
    await makeProducts();
    await bank.send(first, false, some);
    await close(second);
    expect(await verifyClosing(fresh.platform)).toMatchObject({ differences: 0, positions: 3 });
    await bank.dump("update closing.balance set assets_fen = assets_fen + 1 where customer_id = 'A'");
    await bank.dump("update closing.position set balance_fen = 8 where customer_id = 'B' and product_code = 'L'");
    const found = await verifyClosing(fresh.platform);
    expect(found.differences).toBe(2);
    expect(found.examples.map((difference) => [difference.day, difference.customerId])).toEqual([
      [first, 'A'],
      [second, 'B'],
    ]);
  });

  test.each([
    ['an average', 'update closing.segment set assets_fen = assets_fen + 1 where from_date = $day'],
    ['an average of the days before', 'update closing.segment set cum_before = cum_before - 1 where from_date = $day'],
    ['a year before', 'update closing.segment set year_cum = year_cum + 1 where from_date = $day'],
    ['a home outlet', "update closing.segment set home_outlet = 'O9' where from_date = $day"],
    ['a runner-up', "update closing.segment set runner_up_outlet = 'O9' where from_date = $day"],
    ['a loan', 'update closing.segment set has_loan = not has_loan where from_date = $day'],
    ['a day', 'update closing.segment set to_date = to_date - 1 where from_date = $day'],
    ['a stretch', 'delete from closing.segment where from_date = $day'],
  ])('found by verification when somebody changed %s of any one day in the past', async (_what, sql) => {
    await makeProducts();
    await bank.send(first, false, some);
    const days = [7, 20, 33].map((n) => addDays(first, n));
    for (const [n, day] of days.entries()) await bank.send(day, true, [row('A', 'O2', 'D', BigInt(1_000 + n))]);
    await close(addDays(first, 40));
    expect(await verifyClosing(fresh.platform)).toMatchObject({ days: 41, stretches: 5, differences: 0 });
    await bank.dump(sql.replace('$day', `'${days[1]}'`));
    const found = await verifyClosing(fresh.platform);
    expect(found.examples.map((difference) => [difference.day, difference.customerId])).toEqual([[days[1], 'A']]);
  });
});
