import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { businessDate } from '../../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../../platform/audit/index.ts';
import { openCustomer, scoped } from '../../../platform/db/transaction.ts';
import { claimsFor } from '../reads/claims.ts';
import { whyOf } from '../reads/why.ts';
import { claimCustomer } from './claims.ts';
import { setLock } from './portfolio-lock.ts';
import { openTransferBank, refusedAs, type TransferBank } from './test-transfers.ts';
import { verifyCoverage } from './verify.ts';

const MORNING = '2026-01-11T02:00:00Z';
let now = new Date(MORNING);
let fresh: FreshPlatform;
let it: TransferBank;

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

const claims = async (who: string, customerId: string) =>
  claimCustomer(fresh.platform, await it.as(who), { customerId, words: '' });
const offeredTo = async (who: string) => {
  const { person } = await it.as(who);
  return scoped(fresh.platform.app, person.scope, (tx) => claimsFor(tx, person, now));
};
const sound = async () => expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
/** Releases somebody's first customer, asked for by whom, and gives the customer. */
async function release(from: string, asker = from): Promise<string> {
  const [customer = ''] = await it.customersOf(from);
  await it.does('ADM', 'approve', await it.asks(asker, customer, null));
  return customer;
}
/** Twenty more managers of the outlet, all with room. */
async function hireTwenty(): Promise<string[]> {
  const ids = Array.from({ length: 20 }, (_, i) => `N${String(i + 1).padStart(2, '0')}`);
  const values = ids.map((id) => `('${id}', '${id}', '', '', 'O1', 'wealth-manager', 10000)`).join(', ');
  await it.bank.dump(`insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values ${values}`);
  return ids;
}
const outcomes = (results: readonly PromiseSettledResult<string>[]) =>
  results
    .map((result) => (result.status === 'fulfilled' ? 'claimed' : (result.reason.refusal?.code ?? String(result.reason))))
    .sort();

describe('a customer whom nobody has', () => {
  test('is offered to people of the unit whose role has the seat, by band and tier only, and claimed at once', async () => {
    const [from = '', , other = ''] = await it.managers();
    const customer = await release(from);
    const offer = await offeredTo(other);
    expect(offer).toMatchObject({ locked: null, eligible: true, more: false, load: { atMost: 11 } });
    expect(offer.items).toMatchObject([{ customerId: customer, name: '客*', problem: null, may: ['claim'] }]);
    expect(JSON.stringify(offer)).not.toMatch(/assets|mobile/i);
    expect((await offeredTo('W2a')).items).toEqual([]);
    expect(await offeredTo('OH1')).toMatchObject({ eligible: false, items: [] });
    const id = await claims(other, customer);
    expect(await it.leadOf(customer)).toBe(other);
    expect(
      await it.one(`select state, decided_by, effective_from::text as on from coverage.transfer where transfer_id = '${id}'`),
    ).toEqual({
      ...{ state: 'claimed', decided_by: null, on: '2026-01-10' },
    });
    expect(await it.rows('select customer_id, staff_id, how, on_date::text as on from coverage.raised_by')).toEqual([
      { customer_id: customer, staff_id: other, how: 'claimed', on: '2026-01-10' },
    ]);
    expect(await it.rows(`select kind, actor from audit.entry where subject = '${id}'`)).toEqual([
      { kind: 'transfer.claimed', actor: other },
    ]);
    const lines = await scoped(fresh.platform.app, { staffId: other }, async (tx) => {
      await openCustomer(tx, customer);
      return (await whyOf(tx, customer))?.lines ?? [];
    });
    expect(lines.at(-1)?.zh).toBe(`2026-01-10 起：${other}认领。`);
    await sound();
    // Whoever has the customer later, the claim stays on record.
    await it.does('ADM', 'approve', await it.asks(other, customer, from));
    expect(await it.rows('select staff_id from coverage.raised_by')).toEqual([{ staff_id: other }]);
  });

  test('goes to one of twenty who claim at once, and the others are told that somebody was quicker', async () => {
    const [from = ''] = await it.managers();
    const customer = await release(from);
    const staff = await hireTwenty();
    const results = await Promise.allSettled(staff.map((who) => claims(who, customer)));
    expect(outcomes(results)).toEqual(['claimed', ...Array.from({ length: 19 }, () => 'not-claimable')]);
    expect(staff).toContain(await it.leadOf(customer));
    expect(await it.one("select count(*)::int as n from coverage.transfer where state = 'claimed'")).toEqual({ n: 1 });
    await sound();
  });

  test('never takes anybody over the limit, however many are claimed at once', async () => {
    const [a = '', b = '', c = ''] = await it.managers();
    const free = [await release(a), await release(a), await release(b), await release(b)];
    const room = 11 - (await it.customersOf(c)).length;
    const results = await Promise.allSettled(free.map((customer) => claims(c, customer)));
    expect(outcomes(results).filter((code) => code === 'claimed').length).toBe(room);
    expect((await it.customersOf(c)).length).toBe(11);
    await sound();
  });

  test('cannot be told from one that does not exist by people of elsewhere, nor can one whom somebody has', async () => {
    const [from = '', , other = ''] = await it.managers();
    const customer = await release(from);
    const [covered = ''] = await it.customersOf(from);
    const answers = [];
    for (const [who, id] of [
      ['W2a', customer],
      [other, covered],
      [other, 'NOBODY'],
    ] as const)
      answers.push(await claims(who, id).catch((error: { refusal: unknown }) => error.refusal));
    expect(answers[0]).toMatchObject({ code: 'not-claimable' });
    expect([answers[1], answers[2]]).toEqual([answers[0], answers[0]]);
    await expect(claims('L1', customer)).rejects.toMatchObject(refusedAs('wrong-role'));
  });

  test('is not shown to the application without the claim’s own scope', async () => {
    const [from = '', , other = ''] = await it.managers();
    const customer = await release(from);
    const seen = await scoped(fresh.platform.app, { staffId: other }, (tx) =>
      tx.client.query(`select customer_id from coverage.standing where customer_id = '${customer}'`),
    );
    expect(seen.rows).toEqual([]);
  });
});

describe('who released a customer', () => {
  test('may claim them again only after the cooling-off, while anybody else may at once', async () => {
    const [from = '', , other = ''] = await it.managers();
    const customer = await release(from);
    await expect(claims(from, customer)).rejects.toMatchObject(refusedAs('cooling-off'));
    expect((await offeredTo(from)).items).toMatchObject([
      { problem: { zh: expect.stringContaining('2026-02-09 起可以认领') }, may: [] },
    ]);
    expect((await offeredTo(other)).items).toMatchObject([{ problem: null, may: ['claim'] }]);
    now = new Date('2026-02-08T02:00:00Z');
    await expect(claims(from, customer)).rejects.toMatchObject(refusedAs('cooling-off'));
    now = new Date('2026-02-09T02:00:00Z');
    await claims(from, customer);
    expect(await it.leadOf(customer)).toBe(from);
  });
});

describe('while portfolios are locked', () => {
  test('a claim is asked for as a transfer, and counts as a claim once somebody else approves it', async () => {
    const [from = '', third = '', other = ''] = await it.managers();
    const customer = await release(from);
    await setLock(fresh.platform, COMMAND_LINE, {
      name: '考核',
      from: businessDate('2026-01-01'),
      to: businessDate('2026-03-31'),
    });
    expect((await offeredTo(other)).locked).toMatchObject({ name: '考核' });
    const id = await claims(other, customer);
    expect(await it.leadOf(customer)).toBe(null);
    await expect(claims(third, customer)).rejects.toMatchObject(refusedAs('transfer-open'));
    expect(await it.rows(`select staff_id from platform.notice where subject = '${id}' order by 1`)).toEqual([
      { staff_id: 'HEAD' },
      { staff_id: 'OH1' },
    ]);
    await it.does('OH1', 'approve', id);
    expect(await it.leadOf(customer)).toBe(other);
    expect(await it.rows('select staff_id, how from coverage.raised_by')).toEqual([{ staff_id: other, how: 'claimed' }]);
    await sound();
  });
});
