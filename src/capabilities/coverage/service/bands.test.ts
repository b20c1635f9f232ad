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
import { type BandStanding, bandOf, carriedBands, stepBand } from '../rules/band.ts';
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

/** The same by stepping the pure rule through the naive timeline, customer by customer and day by day, from what is carried over. */
function truePaths(
  { scheme }: ActiveScheme,
  from: BusinessDate,
  last: BusinessDate,
  standing: Map<string, BandStanding>,
): string[] {
  const timeline = naiveTimeline(bank.truth(), last);
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

const yuan = (...amounts: bigint[]) =>
  fc
    .tuple(...CUSTOMERS.map(() => fc.constantFrom(...amounts)))
    .map((of) =>
      CUSTOMERS.map((customerId, i) => ({ customerId, outletId: 'O1', productCode: 'D', balanceFen: (of[i] ?? 0n) * 100n })),
    );
const RICH = [150n, 700n, 5_000n] as const;
const POOR = [0n, 5n, 90n] as const;
const ANY = [...RICH, ...POOR] as const;

test('grace goes on when a new version takes over, also after days on either side of it are restated', {
  timeout: 120_000,
}, async () => {
  const [first, second, begin, third, end] = [1, 3, 40, 55, 75].map((n) => addDays(businessDate('2025-12-31'), n));
  if (!first || !second || !begin || !third || !end) throw new Error('days');
  // Never the first one's text again: that would be the version which is already in force.
  const versions = fc.record({ grace: fc.integer({ min: 0, max: 2 }), middle: fc.constantFrom(80, 101, 150) });
  const files = fc.tuple(yuan(...RICH), yuan(...POOR), yuan(...ANY), yuan(...ANY));
  let inGrace = 0;
  await fc.assert(
    fc.asyncProperty(
      versions,
      files,
      fc.constantFrom(first, second, begin, third),
      async (next, [was, low, later, again], which) => {
        await emptyBank();
        await bank.send(first, false, was);
        const { schemeId } = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ grace: 2 }));
        await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
        await bank.send(second, false, low);
        await closeWithCoverage(fresh.platform, begin);
        const carried = await activateNext(schemeText({ ...next, measure: 'calendar-year' }));
        inGrace += carried.size;
        await bank.send(third, false, later);
        await closeWithCoverage(fresh.platform, end);
        await checkPaths(carried);
        for (const rows of [again, low]) {
          await bank.send(which, false, rows);
          await closeWithCoverage(fresh.platform, end);
          await checkPaths(carried);
        }
      },
    ),
    { numRuns: 8 },
  );
  expect(inGrace).toBeGreaterThan(5);
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

async function inForce() {
  const { active, last } = await unscoped(fresh.platform.worker, async (tx) => ({
    active: await activeSchemeOf(tx),
    last: await lastClosedDay(tx),
  }));
  if (active?.activatedOn === undefined || last === undefined) throw new Error('nothing in force');
  return { active, begin: active.activatedOn, last };
}

/** Puts another version in force; who is in grace at that moment, in the band of the new version that goes on. */
async function activateNext(text: string): Promise<Map<string, BandStanding>> {
  const { active, begin, last } = await inForce();
  const standing = new Map<string, BandStanding>();
  truePaths(active, begin, last, standing);
  const { schemeId, scheme } = await saveScheme(fresh.platform, COMMAND_LINE, text);
  await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
  const next = carriedBands(bandThresholdsFen(active.scheme), bandThresholdsFen(scheme));
  return new Map(
    [...standing]
      .filter(([, { belowSince }]) => belowSince !== undefined)
      .map(([id, { band, belowSince }]) => [id, { band: next[band] ?? -1, belowSince }]),
  );
}

async function checkPaths(carried: ReadonlyMap<string, BandStanding> = new Map()): Promise<void> {
  const { active, begin, last } = await inForce();
  expect(await storedPaths(active, begin, last)).toEqual(truePaths(active, begin, last, new Map(carried)));
}
