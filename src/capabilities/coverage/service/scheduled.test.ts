import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { openTransferBank, refusedAs, type TransferBank } from './test-transfers.ts';
import { verifyCoverage } from './verify.ts';

let fresh: FreshPlatform;
let it: TransferBank;
const MORNING = '2026-01-11T02:00:00Z';
let now = new Date(MORNING);
/** The evening of a day. */
const close = async (day: string) => {
  now = new Date(`${day}T14:00:00Z`);
  await it.close(day);
};

beforeAll(async () => {
  fresh = await freshPlatform(() => now);
  it = await openTransferBank(fresh);
});
afterAll(async () => {
  await it.bank.close();
  await fresh.close();
});
beforeEach(async () => {
  now = new Date(MORNING);
  await it.reset();
});

const stateOf = (id: string) =>
  it.one<{ state: string; effective_from: string | null; failure: { zh: string } | null }>(
    `select state, effective_from::text, failure from coverage.transfer where transfer_id = '${id}'`,
  );
const toldOf = (id: string, kind: string) =>
  it.rows<{ staff_id: string }>(`select staff_id from platform.notice where subject = '${id}' and kind = '${kind}' order by 1`);
const sound = async () => expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);

describe('a transfer for a coming day', () => {
  test('waits for the close of that day, and the days of both managers meet there', async () => {
    const [from = '', , to = ''] = await it.managers();
    const [customer = ''] = await it.customersOf(from);
    const id = await it.asks(from, customer, to, '2026-01-13');
    await it.does('OH1', 'approve', id);
    expect([(await stateOf(id)).state, await it.leadOf(customer)]).toEqual(['scheduled', from]);
    await expect(it.asks(from, customer, to)).rejects.toMatchObject(refusedAs('transfer-open'));
    await close('2026-01-11');
    await close('2026-01-12');
    expect([(await stateOf(id)).state, await it.leadOf(customer)]).toEqual(['scheduled', from]);
    await close('2026-01-13');
    expect([await stateOf(id), await it.leadOf(customer)]).toEqual([
      { state: 'approved', effective_from: '2026-01-13', failure: null },
      to,
    ]);
    const days = await it.rows(
      `select staff_id, from_date::text as from, to_date::text as to from coverage.assignment where customer_id = '${customer}' order by from_date`,
    );
    expect(days).toEqual([
      { staff_id: from, from: '2026-01-10', to: '2026-01-13' },
      { staff_id: to, from: '2026-01-13', to: null },
    ]);
    expect(await toldOf(id, 'transfer-scheduled')).toEqual([from, to].sort().map((staff_id) => ({ staff_id })));
    expect(await toldOf(id, 'transfer-approved')).toEqual([from, to].sort().map((staff_id) => ({ staff_id })));
    await close('2026-01-14');
    expect(await it.leadOf(customer)).toBe(to);
    await sound();
  });

  test('is carried out in its own night when several are closed at once, a release too, and at once when approved late', async () => {
    const [from = '', , to = ''] = await it.managers();
    const [moved = '', released = '', late = ''] = await it.customersOf(from);
    const ids = [await it.asks(from, moved, to, '2026-01-12'), await it.asks(from, released, null, '2026-01-12')];
    for (const id of ids) await it.does('OH1', 'approve', id);
    const waits = await it.asks(from, late, null, '2026-01-12');
    await close('2026-01-13');
    for (const id of ids) expect(await stateOf(id)).toMatchObject({ state: 'approved', effective_from: '2026-01-12' });
    expect([await it.leadOf(moved), await it.leadOf(released), await it.leadOf(late)]).toEqual([to, null, from]);
    await it.does('OH1', 'approve', waits);
    expect(await stateOf(waits)).toMatchObject({ state: 'approved', effective_from: '2026-01-13' });
    await sound();
  });

  test('that finds no room on its day fails alone, and both sides and who decided are told', async () => {
    const [from = '', other = '', to = ''] = await it.managers();
    const [a = ''] = await it.customersOf(from);
    const [b = ''] = await it.customersOf(other);
    const first = await it.asks(from, a, to, '2026-01-12');
    const second = await it.asks(other, b, to, '2026-01-12');
    await it.does('OH1', 'approve', first);
    await it.does('ADM', 'approve', second);
    await close('2026-01-12');
    const states = [await stateOf(first), await stateOf(second)].map((row) => row.state);
    expect(states.sort()).toEqual(['approved', 'failed']);
    const failed = (await stateOf(first)).state === 'failed' ? first : second;
    expect((await stateOf(failed)).failure?.zh).toContain('上限');
    const giver = failed === first ? from : other;
    const decider = failed === first ? 'OH1' : 'ADM';
    expect(await toldOf(failed, 'transfer-failed')).toEqual([giver, to, decider].sort().map((staff_id) => ({ staff_id })));
    expect(
      await it.one(`select customers from coverage.portfolio where staff_id = '${to}' and portfolio = 'middle/wealth-manager'`),
    ).toEqual({
      customers: 11,
    });
    await sound();
    await it
      .asks(giver, failed === first ? a : b, null)
      .catch((error: unknown) => expect(error).toMatchObject(refusedAs('must-be-covered')));
  });

  test('can be withdrawn until it is carried out, and must lie ahead', async () => {
    const [from = '', , to = ''] = await it.managers();
    const [customer = ''] = await it.customersOf(from);
    for (const day of ['2026-01-11', '2026-01-10', '2028-01-01'])
      await expect(it.asks(from, customer, to, day)).rejects.toMatchObject(refusedAs('day-not-coming'));
    const id = await it.asks(from, customer, to, '2026-01-12');
    await it.does('OH1', 'approve', id);
    await expect(it.does('OH1', 'reject', id)).rejects.toMatchObject(refusedAs('transfer-decided'));
    await it.does(from, 'withdraw', id);
    await close('2026-01-12');
    expect([(await stateOf(id)).state, await it.leadOf(customer)]).toEqual(['withdrawn', from]);
  });
});
