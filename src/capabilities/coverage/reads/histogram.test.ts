import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { businessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { openTestBank, type TestBank } from '../../closing/test-bank.ts';
import { bandThresholdsFen } from '../rules/scheme.ts';
import { activateScheme, saveScheme } from '../service/schemes.ts';
import { addCustomers, closeWithCoverage, foundBranch, schemeText } from '../service/test-branch.ts';
import { averageHistogram } from './histogram.ts';

let fresh: FreshPlatform;
let bank: TestBank;
const DAY = businessDate('2026-01-01');

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T00:00:00Z'));
  bank = await openTestBank(fresh);
});
afterAll(async () => {
  await bank.close();
  await fresh.close();
});

test('counts everybody, and by the limits of the scheme exactly those of its bands', async () => {
  // In fen: overdrawn, nothing, next to nothing, on both sides of ¥100 and of limits that are no round amounts, and very much.
  const balances = [
    -5_00, 0, 1, 99, 9_99, 10_00, 99_99, 100_00, 123_44, 123_45, 123_46, 129_99, 130_00, 999_99, 1000_00, 7_654_321_098,
  ];
  const ids = balances.map((_fen, i) => `C${String(i).padStart(2, '0')}`);
  await foundBranch(bank);
  await addCustomers(bank, ids);
  await bank.send(
    DAY,
    false,
    balances.map((fen, i) => ({ customerId: ids[i] ?? '', outletId: 'O1', productCode: 'D', balanceFen: BigInt(fen) })),
  );
  const { schemeId, scheme } = await saveScheme(
    fresh.platform,
    COMMAND_LINE,
    schemeText({ middle: 123 }).replace('from: 10\n', 'from: 0\n'),
  );
  await activateScheme(fresh.platform, COMMAND_LINE, schemeId);
  await closeWithCoverage(fresh.platform, DAY);
  const found = await unscoped(fresh.platform.worker, (tx) => averageHistogram(tx, scheme, { lo: 1, hi: 5, staffId: 'nobody' }));
  const bins = found?.bins ?? [];
  expect(bins.reduce((sum, bin) => sum + bin.customers, 0)).toBe(balances.length);
  expect(bins.reduce((sum, bin) => sum + bin.assetsFen, 0)).toBe(balances.reduce((sum, fen) => sum + fen, 0));
  for (const bin of bins) {
    const inside = balances.filter((fen) => fen >= bin.fromFen && fen < bin.toFen);
    expect([bin.customers, bin.assetsFen]).toEqual([inside.length, inside.reduce((sum, fen) => sum + fen, 0)]);
  }
  const limits = bandThresholdsFen(scheme);
  const stored = await bank.dump(
    'select band, count(*)::int as customers from coverage.standing where band >= 0 group by 1 order by 1',
  );
  const counted = limits.map((from, band) => ({
    band,
    customers: bins
      .filter((bin) => bin.fromFen >= from && bin.fromFen < (limits[band + 1] ?? Infinity))
      .reduce((sum, bin) => sum + bin.customers, 0),
  }));
  expect(counted).toEqual(stored);
});
