import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { openTestBank, type TestBank } from '../../closing/test-bank.ts';
import { applyRun } from './apply.ts';
import { saveScheme } from './schemes.ts';
import { simulate } from './simulate.ts';
import { addCustomers, closeWithCoverage, forgetCoverage, foundBranch, schemeText } from './test-branch.ts';
import { verifyCoverage } from './verify.ts';

let fresh: FreshPlatform;
let bank: TestBank;
const DAY = businessDate('2026-01-10');
const NEXT = businessDate('2026-01-11');
const THIRD = businessDate('2026-01-12');
const FOURTH = businessDate('2026-01-13');
/** Six customers of each of two outlets with two managers. */
const IDS = Array.from({ length: 12 }, (_, i) => `C${String(i + 1).padStart(2, '0')}`);
const rows = IDS.map((customerId, i) => ({
  ...{ customerId, outletId: i < 6 ? 'O1' : 'O2', productCode: 'D', balanceFen: 200_000n + BigInt(i) },
}));

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-01-14T02:00:00Z'));
  bank = await openTestBank(fresh);
});
afterAll(async () => {
  await bank.close();
  await fresh.close();
});
beforeEach(async () => {
  await forgetCoverage(bank);
  await bank.dump('truncate coverage.handover, coverage.handover_item, organisation.post_history, platform.notice');
  await bank.reset();
  await foundBranch(bank);
  await addCustomers(bank, IDS);
  await bank.send(DAY, false, rows);
  await closeWithCoverage(fresh.platform, DAY);
  const scheme = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ initial: 5, atMost: 9 }));
  await applyRun(fresh.platform, COMMAND_LINE, { runId: await simulate(fresh.platform, COMMAND_LINE, { scheme, date: DAY }) });
});

const night = async (day: BusinessDate) => {
  await bank.send(day, false, rows);
  await closeWithCoverage(fresh.platform, day);
};
const sound = async () => expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
const managers = () => bank.dump('select customer_id, lead_staff, outlet_id from coverage.standing order by 1');
const outlets = () => bank.dump('select outlet_id, unit_no, count(*)::int as n from coverage.standing group by 1, 2 order by 1');
const opened = () => bank.dump('select staff_id, kind, on_date::text, unit_id, state from coverage.handover order by 1');

describe('an outlet that is merged', () => {
  test('goes with customers and people into the other on its day, and nobody changes managers for that alone', async () => {
    const before = (await managers()) as { customer_id: string; lead_staff: string }[];
    await bank.dump("update organisation.org_unit set closed_on = '2026-01-12', merged_into = 'O1' where id = 'O2'");
    await night(NEXT);
    expect(await outlets()).toEqual([
      { outlet_id: 'O1', unit_no: 4, n: 6 },
      { outlet_id: 'O2', unit_no: 5, n: 6 },
    ]);
    await night(THIRD);
    expect(await outlets()).toEqual([{ outlet_id: 'O1', unit_no: 4, n: 12 }]);
    expect(await managers()).toEqual(before.map((row) => ({ ...row, outlet_id: 'O1' })));
    await sound();
    expect(await bank.dump('select distinct unit_no from coverage.by_staff')).toEqual([{ unit_no: 4 }]);
    // A full run has one pool now, in which people of both outlets are.
    const scheme = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ initial: 5, atMost: 9, grace: 2 }));
    const runId = await simulate(fresh.platform, COMMAND_LINE, { scheme, date: THIRD });
    expect(
      await bank.dump(
        `select unit_id, customers, covered, kept from coverage.run_pool where run_id = '${runId}' and customers > 0`,
      ),
    ).toEqual([{ unit_id: 'O1', customers: 12, covered: 12, kept: 12 }]);
    // Taken back, everything is where it was.
    await bank.dump("update organisation.org_unit set closed_on = null, merged_into = null where id = 'O2'");
    await night(FOURTH);
    expect(await managers()).toEqual(before);
    await sound();
  });
});

describe('a person who leaves or changes post', () => {
  test('has a handover opened by the night, once, in the unit where their customers are', async () => {
    await bank.dump(`update organisation.staff set left_on = '2026-01-11' where id = 'W1a'`);
    await bank.dump(`insert into organisation.post_history (staff_id, from_date, to_date, name, org_unit_id, role) values
      ('W2a', '2025-01-01', '2026-01-11', 'W2a', 'O2', 'wealth-manager'), ('W1b', '2025-01-01', '2026-01-11', 'W1b', 'O1', 'lobby-manager')`);
    await bank.dump("update organisation.staff set org_unit_id = 'O1' where id = 'W2a'");
    await night(NEXT);
    const expected = [
      { staff_id: 'W1a', kind: 'leaving', on_date: '2026-01-11', unit_id: 'O1', state: 'frozen' },
      // W1b came from another role and fits all customers: nothing to hand over.
      { staff_id: 'W2a', kind: 'move', on_date: '2026-01-11', unit_id: 'O2', state: 'frozen' },
    ];
    expect(await opened()).toEqual(expected);
    expect(await bank.dump('select kind, staff_id from platform.notice order by 1, 2')).toEqual([
      { kind: 'handover-started', staff_id: 'W1a' },
      { kind: 'handover-started', staff_id: 'W2a' },
      { kind: 'handover-to-split', staff_id: 'HEAD' },
      { kind: 'handover-to-split', staff_id: 'HEAD' },
    ]);
    await night(THIRD);
    expect(await opened()).toEqual(expected);
    expect(await bank.dump("select count(*)::int as n from coverage.by_staff where staff_id in ('W1a', 'W2a')")).toEqual([
      { n: 6 },
    ]);
    // A full run places their customers anew; the night ends what has nothing left.
    const scheme = await saveScheme(fresh.platform, COMMAND_LINE, schemeText({ initial: 6, atMost: 9, grace: 2 }));
    await applyRun(fresh.platform, COMMAND_LINE, {
      runId: await simulate(fresh.platform, COMMAND_LINE, { scheme, date: THIRD }),
    });
    await night(FOURTH);
    expect(await opened()).toEqual(expected.map((row) => ({ ...row, state: 'withdrawn' })));
    await sound();
  });
});
