import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { addDays, type BusinessDate, businessDate, daysFromTo } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { measureDays } from '../../closing/contract.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { type FileRow, naiveTimeline } from '../../closing/rules/timeline.ts';
import { openTestBank, type TestBank } from '../../closing/test-bank.ts';
import { type BandStanding, bandOf, stepBand } from '../rules/band.ts';
import { bandThresholdsFen } from '../rules/scheme.ts';
import { type ActiveScheme, bandsAtSql } from './bands.ts';
import { activateScheme, activeSchemeOf, saveScheme } from './schemes.ts';
import { addCustomers, closeWithCoverage, forgetCoverage, foundBranch, schemeText } from './test-branch.ts';

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

const START = businessDate('2025-12-27');
const CUSTOMERS = ['C1', 'C2', 'C3', 'C4'];

/** Band and first day below of every customer on every day since the scheme began, as the database has them. */
async function storedPaths(active: ActiveScheme, from: BusinessDate, last: BusinessDate): Promise<string[]> {
  const lines: string[] = [];
  for (const day of daysFromTo(from, last)) {
    const rows = await bank.dump(
      `select s.customer_id, n.band, case when s.below_since <= date '${day}' then s.below_since else r.since end::text as below
         from coverage.standing s join ${bandsAtSql(active, active, day, last)} n on n.customer_id = s.customer_id
         left join coverage.risk_history r on r.customer_id = s.customer_id and r.since <= date '${day}' and r.until > date '${day}'
        order by 1`,
    );
    lines.push(...rows.map((row) => `${day} ${Object.values(row as object).join(' ')}`));
  }
  return lines;
}

/** The same by stepping the pure rule through the naive timeline, customer by customer and day by day. */
function truePaths({ scheme }: ActiveScheme, from: BusinessDate, last: BusinessDate): string[] {
  const timeline = naiveTimeline(bank.truth(), last);
  const standing = new Map<string, BandStanding>();
  return daysFromTo(from, last).flatMap((day) =>
    CUSTOMERS.map((id) => {
      const of = timeline.get(day)?.get(id);
      const sum = (scheme.measure === 'calendar-year' ? of?.yearDays : of?.rollingDays) ?? 0n;
      const raw = bandOf(sum, measureDays(day, scheme.measure), bandThresholdsFen(scheme));
      const next = stepBand(standing.get(id), raw, day, scheme.grace.months);
      standing.set(id, next);
      return `${day} ${id} ${next.band} ${next.belowSince ?? ''}`;
    }),
  );
}

const fileRows = fc.array(
  fc.record({
    customerId: fc.constantFrom(...CUSTOMERS),
    outletId: fc.constantFrom('O1', 'O2'),
    productCode: fc.constant('D'),
    balanceFen: fc.constantFrom(0n, 5_00n, 30_00n, 100_00n, 700_00n, 5_000_00n),
  }),
  { minLength: 3, maxLength: 8 },
);
const history = fc.record({
  grace: fc.integer({ min: 0, max: 2 }),
  measure: fc.constantFrom('calendar-year' as const, 'rolling-365' as const),
  files: fc.array(fc.record({ gap: fc.integer({ min: 0, max: 9 }), rows: fileRows }), { minLength: 4, maxLength: 8 }),
  corrected: fc.option(fc.record({ which: fc.nat(), rows: fileRows })),
  activateAfter: fc.nat({ max: 2 }),
});

test('bands, grace and risk equal the rule stepped day by day, also after a restatement', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(history, async ({ grace, measure, files, corrected, activateAfter }) => {
      await emptyBank();
      const { schemeId } = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ grace, measure }));
      let day = START;
      const sent: BusinessDate[] = [];
      for (const [n, { gap, rows }] of files.entries()) {
        day = n === 0 ? START : addDays(day, gap + 1);
        await bank.send(day, false, unique(rows));
        sent.push(day);
        if (n === activateAfter % files.length) await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
        await closeWithCoverage(fresh.platform, addDays(day, 3));
        day = addDays(day, 3);
      }
      await checkPaths();
      if (corrected === null) return;
      await bank.send(sent[corrected.which % sent.length] ?? START, false, unique(corrected.rows));
      await closeWithCoverage(fresh.platform, day);
      await checkPaths();
    }),
    { numRuns: 8 },
  );
});

test('being at risk since before a corrected day is found again', async () => {
  await emptyBank();
  const { schemeId } = await saveScheme(fresh.platform, COMMAND_LINE, schemeText());
  await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
  const file = (balanceFen: bigint): FileRow[] => [{ customerId: 'C1', outletId: 'O1', productCode: 'D', balanceFen }];
  await bank.send(businessDate('2026-01-01'), false, file(100_00n));
  await bank.send(businessDate('2026-01-02'), false, []);
  await bank.send(businessDate('2026-01-05'), false, []);
  await bank.send(businessDate('2026-01-10'), false, file(5_000_00n));
  await closeWithCoverage(fresh.platform, businessDate('2026-01-12'));
  await bank.send(businessDate('2026-01-05'), false, file(10_00n));
  await closeWithCoverage(fresh.platform, businessDate('2026-01-12'));
  expect(await bank.dump('select since::text, until::text from coverage.risk_history')).toEqual([
    { since: '2026-01-02', until: '2026-01-10' },
  ]);
  await checkPaths();
});

async function emptyBank(): Promise<void> {
  await forgetCoverage(bank);
  await bank.reset();
  await foundBranch(bank);
  await addCustomers(bank, CUSTOMERS);
}

function unique(rows: readonly FileRow[]): FileRow[] {
  return [...new Map(rows.map((row) => [`${row.customerId} ${row.outletId}`, row])).values()];
}

async function checkPaths(): Promise<void> {
  const { active, last } = await unscoped(fresh.platform.worker, async (tx) => ({
    active: await activeSchemeOf(tx),
    last: await lastClosedDay(tx),
  }));
  if (active?.activatedOn === undefined || last === undefined) throw new Error('nothing in force');
  expect(await storedPaths(active, active.activatedOn, last)).toEqual(truePaths(active, active.activatedOn, last));
}
