import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { businessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { openTestBank, type TestBank } from '../../closing/test-bank.ts';
import { applyRun } from '../service/apply.ts';
import { activateScheme, saveScheme } from '../service/schemes.ts';
import { simulate } from '../service/simulate.ts';
import { addCustomers, closeWithCoverage, forgetCoverage, foundBranch, schemeText } from '../service/test-branch.ts';
import { verifyCoverage } from '../service/verify.ts';
import { compareSchemes } from './compare.ts';

let fresh: FreshPlatform;
let bank: TestBank;
const FIRST = businessDate('2026-01-01');
const LAST = businessDate('2026-02-20');

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T00:00:00Z'));
  bank = await openTestBank(fresh);
});
afterAll(async () => {
  await bank.close();
  await fresh.close();
});

const file = (yuan: Record<string, number>) =>
  Object.entries(yuan).map(([customerId, balance]) => ({
    ...{ customerId, outletId: 'O1', productCode: 'D', balanceFen: BigInt(balance) * 100n },
  }));
const save = (text: string) => saveScheme(fresh.platform, COMMAND_LINE, text);
const compare = (a: string, b: string) => unscoped(fresh.platform.worker, (tx) => compareSchemes(tx, a, b));
const standings = () => bank.dump('select customer_id, band, below_since::text from coverage.standing order by 1');

/** GRACE had 600 yuan and has 60 since 4 January, on average below 100 since 10 February; STAYS, RICH and LOW have what they had. */
beforeEach(async () => {
  await forgetCoverage(bank);
  await bank.reset();
  await foundBranch(bank);
  await addCustomers(bank, ['GRACE', 'LOW', 'RICH', 'STAYS']);
  await bank.send(FIRST, false, file({ GRACE: 600, LOW: 8, RICH: 2000, STAYS: 120 }));
  const { schemeId, scheme, ...rest } = await save(schemeText({ grace: 2 }));
  await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
  await bank.send(businessDate('2026-01-04'), false, file({ GRACE: 60, LOW: 8, RICH: 2000, STAYS: 120 }));
  await closeWithCoverage(fresh.platform, LAST);
  await applyRun(fresh.platform, COMMAND_LINE, {
    runId: await simulate(fresh.platform, COMMAND_LINE, { scheme: { schemeId, scheme, ...rest }, date: LAST }),
  });
});

const atRisk = { customer_id: 'GRACE', band: 1, below_since: '2026-02-10' };

test('a new version with the very same bands changes nobody, and putting it in force keeps everybody’s grace', async () => {
  expect(await standings()).toContainEqual(atRisk);
  const { schemeId } = await save(schemeText({ grace: 2 }).replace('小方案', '同样的方案'));
  expect(await compare('small@1', schemeId)).toMatchObject({ changeBand: 0, changeManager: 0, bandMoves: [], examples: [] });
  const before = await standings();
  await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
  expect(await standings()).toEqual(before);
  expect(await bank.dump('select 1 from coverage.risk_history')).toEqual([]);
  // Falls on the day on which it would have fallen under the version before, and the path can be worked out again.
  await closeWithCoverage(fresh.platform, businessDate('2026-04-09'));
  expect(await standings()).toContainEqual(atRisk);
  expect((await verifyCoverage(fresh.platform)).differences).toBe(0);
  await closeWithCoverage(fresh.platform, businessDate('2026-04-10'));
  expect(await standings()).toContainEqual({ customer_id: 'GRACE', band: 0, below_since: null });
  expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
});

test('other limits change those between the old and the new, exactly as activating does, also whom only one version covers', async () => {
  const wide = schemeText({ grace: 2, middle: 130 }).replace('from: 10\n', 'from: 5\n');
  const { schemeId } = await save(wide);
  const comparison = await compare('small@1', schemeId);
  // STAYS lies below 130; GRACE is held at 100, which is in the low band now; LOW is reached by the lower limit.
  expect(comparison?.examples.map((row) => [row.customerId, row.fromBand, row.toBand])).toEqual([
    ['STAYS', 'middle', 'low'],
    ['GRACE', 'middle', 'low'],
    ['LOW', null, 'low'],
  ]);
  expect(comparison).toMatchObject({ changeBand: 3, changeManager: 3, customers: 4 });
  await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
  expect(await standings()).toEqual([
    { customer_id: 'GRACE', band: 0, below_since: null },
    { customer_id: 'LOW', band: 0, below_since: null },
    { customer_id: 'RICH', band: 2, below_since: null },
    { customer_id: 'STAYS', band: 0, below_since: null },
  ]);
});

test('a simulation of another version has the bands that activating gives', async () => {
  const scheme = await save(schemeText({ grace: 2 }).replace('小方案', '同样的方案'));
  const runId = await simulate(fresh.platform, COMMAND_LINE, { scheme, date: LAST });
  expect(
    await bank.dump(`select band, reason from coverage.decision where run_id = '${runId}' and customer_id = 'GRACE'`),
  ).toEqual([{ band: 1, reason: 'kept' }]);
});

test('a version with another measure begins by its own averages', async () => {
  const { schemeId } = await save(schemeText({ grace: 2, measure: 'rolling-365' }));
  await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
  expect(await standings()).toContainEqual({ customer_id: 'GRACE', band: 0, below_since: null });
});
