import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeNight } from '../../src/app/night.ts';
import { applyRun, findScheme, simulate, verifyCoverage } from '../../src/capabilities/coverage/index.ts';
import type { UndoPreview } from '../../src/capabilities/feed/contract.ts';
import { previewUndo, undoImport } from '../../src/capabilities/feed/index.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { openSender, type Sender, sendBasics } from './sender.ts';

const FIRST = businessDate('2026-06-26');
const LAST = businessDate('2026-06-30');
const HEAD = 'customer_id,outlet_id,product_code,balance\n';
const EVERY_DAY = ['2026-06-26', '2026-06-27', '2026-06-28', '2026-06-29', '2026-06-30'];

let bank: Sender;
const night = () => closeNight(bank.desk.platform, COMMAND_LINE, LAST);

/** A bank whose customers have been allocated by the preset: balances of five days make a year's average 1/36 of themselves. */
beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
  const { platform } = bank.desk;
  await bank.send(
    'staff.csv',
    `id,name,org_unit_id,role
S4,赵大堂,111,大堂经理
S5,钱支行,11,支行负责人
S6,孙顾问,1,分行专职财富顾问
S7,李个贷,111,个贷客户经理
S8,周远程,1,远程客户经理
`,
  );
  await bank.send('customers.csv', 'id,name\nN1,新一\nN2,新二\n');
  await bank.send(
    'positions-2026-06-26.csv',
    `${HEAD}C1,111,D1,5000000\nC2,111,W1,30000000\nN1,111,D1,30000000\nH1,111,D1,9000000\n`,
    { holdUnknown: true },
  );
  await closeNight(platform, COMMAND_LINE, FIRST);
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  await applyRun(platform, COMMAND_LINE, { runId: await simulate(platform, COMMAND_LINE, { scheme, date: FIRST }) });
  await night();
}, 60_000);
afterAll(() => bank.close());

/** Every customer's average, band and people, as they stand. */
async function standings(): Promise<Map<string, Record<string, unknown>>> {
  const rows = await bank.rows(
    `select customer_id, (cum_before + b.assets_fen * (date '${LAST}' - from_date + 1))::text as cum, band, lead_staff, joint_staff
       from coverage.standing s full join closing.balance b using (customer_id) order by 1`,
  );
  return new Map(rows.map((row) => [String(row.customer_id), row]));
}

/** Looks at what taking an import back would do, finds nothing changed by looking, does it, and counts what changed. */
async function lookAndUndo(importId: string): Promise<{ shown: UndoPreview; done: Record<string, number> }> {
  const before = await standings();
  const shown = await previewUndo(bank.desk, importId);
  expect(await standings()).toEqual(before);
  expect(await bank.rows(`select state from feed.import where import_id = '${importId}'`)).toEqual([{ state: 'accepted' }]);
  await undoImport(bank.desk, COMMAND_LINE, importId);
  await night();
  const after = await standings();
  const differ = (...names: string[]) =>
    [...new Set([...before.keys(), ...after.keys()])].filter((id) =>
      names.some((name) => (before.get(id)?.[name] ?? null) !== (after.get(id)?.[name] ?? null)),
    ).length;
  return { shown, done: { averages: differ('cum'), bands: differ('band'), assignments: differ('lead_staff', 'joint_staff') } };
}

describe('taking back shows beforehand just what it then does', () => {
  test('to customers: merged numbers come apart', async () => {
    const merged = await bank.send('customers.csv', 'id,name,merged_into\nN1,新一,C1\n');
    await night();
    const { shown, done } = await lookAndUndo(merged.importId);
    expect(shown).toMatchObject({ restored: 1, removed: 0, days: EVERY_DAY, ...done });
    expect(done).toEqual({ averages: 2, bands: 2, assignments: 2 });
  });

  test('to customers: who goes takes balances along that wait again', async () => {
    const arrived = await bank.send('customers.csv', 'id,name\nH1,后到\n');
    await night();
    const { shown, done } = await lookAndUndo(arrived.importId);
    expect(shown).toMatchObject({ restored: 0, removed: 1, days: EVERY_DAY, ...done });
    expect(done).toEqual({ averages: 1, bands: 1, assignments: 1 });
    expect(await bank.rows("select to_date, ended_reason from coverage.assignment where customer_id = 'H1'")).toEqual([
      { to_date: '2026-07-01', ended_reason: 'gone' },
    ]);
  });

  test('to customers: who is closed again loses people at the next close', async () => {
    await bank.send('customers.csv', 'id,name,closed_on\nC2,钱二,2026-06-29\n');
    const opened = await bank.send('customers.csv', 'id,name,closed_on\nC2,钱二,\n');
    const { shown, done } = await lookAndUndo(opened.importId);
    expect(shown).toMatchObject({ restored: 1, days: [], averages: 0, bands: 0, assignments: 1 });
    expect(done.averages).toBe(0);
  });

  test('to products: what counts as assets', async () => {
    const loan = await bank.send('products.csv', 'code,name,category\nW1,稳健理财,贷款\n');
    await night();
    const { shown, done } = await lookAndUndo(loan.importId);
    expect(shown).toMatchObject({ restored: 1, days: EVERY_DAY, ...done });
    expect(done).toMatchObject({ averages: 1, bands: 1 });
  });

  test('to portfolios that were taken over', async () => {
    const taken = await bank.send('assignments.csv', 'customer_id,staff_id,since\nN2,S4,2026-06-01\n');
    expect(taken).toMatchObject({ state: 'accepted' });
    const { shown, done } = await lookAndUndo(taken.importId);
    expect(shown).toMatchObject({ removed: 1, days: [], ...done });
    expect(done).toEqual({ averages: 0, bands: 0, assignments: 1 });
  });

  test('and leaves lists, places and runs as they would be worked out', async () => {
    expect((await verifyCoverage(bank.desk.platform)).examples).toEqual([]);
  });
});
