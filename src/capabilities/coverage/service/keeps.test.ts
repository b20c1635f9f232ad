import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { scoped, unscoped } from '../../../platform/db/transaction.ts';
import { listKeeps, talentPool } from '../reads/keeps.ts';
import { isRaised, TALENT_POOL_AT, VIP_FROM_FEN } from '../rules/keep.ts';
import { askToKeep, offersFor, refreshKeeps, stepKeep } from './keeps.ts';
import { openTransferBank, refusedAs, type TransferBank } from './test-transfers.ts';

const now = new Date('2026-01-11T02:00:00Z');
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
  await it.reset();
  await it.bank.dump(`insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values
    ('T1', '柜员甲', '', '', 'O1', 'teller', 10000), ('T2', '柜员乙', '', '', 'O1', 'teller', 10000)`);
});

const asking = async (who: string) => ({ platform: fresh.platform, ...(await it.as(who)) });
const asks = async (who: string, customerId: string) => askToKeep(await asking(who), { customerId, words: '由我培养' });
const steps = async (who: string, keepId: string, action: 'agree' | 'refuse' | 'withdraw') =>
  stepKeep(await asking(who), { keepId, action, note: '' });
const offered = async (who: string) => (await offersFor(await asking(who))).items.map(({ customerId }) => customerId);
const listed = async (who: string) => {
  const { person } = await it.as(who);
  return (await scoped(fresh.platform.app, person.scope, (tx) => listKeeps(tx, person, {}, { limit: 100 }))).items;
};
const pool = async (who: string) => {
  const { person } = await it.as(who);
  return (await scoped(fresh.platform.app, person.scope, (tx) => talentPool(tx, person))).items;
};
/** The teller had these customers before their manager did. */
const had = (teller: string, ...ids: string[]) =>
  it.bank.dump(`insert into coverage.assignment (customer_id, seat, staff_id, portfolio, band, from_date, to_date, reason)
    select unnest(array['${ids.join("','")}']), 'lead', '${teller}', 'x', 0, '2026-01-02', '2026-01-10', 'fresh'`);
const worth = (fen: number, ...ids: string[]) =>
  it.bank.dump(`update coverage.standing set assets_fen = ${fen} where customer_id in ('${ids.join("','")}')`);

test('raised is who was below VIP and is one now, to the fen', () => {
  expect(isRaised({ beganFen: VIP_FROM_FEN - 1, nowFen: VIP_FROM_FEN })).toBe(true);
  expect(isRaised({ beganFen: VIP_FROM_FEN, nowFen: VIP_FROM_FEN })).toBe(false);
  expect(isRaised({ beganFen: 0, nowFen: VIP_FROM_FEN - 1 })).toBe(false);
});

describe('a customer whom a teller raised to VIP', () => {
  test('is offered though a manager has them now, asked for, agreed to by the head, and stands under the teller’s name', async () => {
    await had('T1', 'C01', 'C02');
    await worth(VIP_FROM_FEN, 'C01');
    expect(await offered('T1')).toEqual(['C01']);
    expect(await offered('T2')).toEqual([]);
    const keepId = await asks('T1', 'C01');
    expect(await offered('T1')).toEqual([]);
    expect(await listed('T1')).toMatchObject([{ keepId, customerName: null, beganOn: '2026-01-02', may: ['withdraw'] }]);
    expect(await listed('OH1')).toMatchObject([{ keepId, customerName: '客*', state: 'requested', may: ['agree', 'refuse'] }]);
    expect(await listed('OH2')).toEqual([]);
    await steps('OH1', keepId, 'agree');
    expect(await it.rows('select customer_id, staff_id, how, recorded_by from coverage.raised_by')).toEqual([
      { customer_id: 'C01', staff_id: 'T1', how: 'raised', recorded_by: 'OH1' },
    ]);
    expect(await it.rows(`select kind, actor from audit.entry where subject = '${keepId}' order by at`)).toEqual([
      { kind: 'keep.requested', actor: 'T1' },
      { kind: 'keep.agreed', actor: 'OH1' },
    ]);
    expect(await it.rows(`select staff_id, kind from platform.notice where subject = '${keepId}' order by 1`)).toEqual([
      { staff_id: 'HEAD', kind: 'keep-requested' },
      { staff_id: 'OH1', kind: 'keep-requested' },
      { staff_id: 'T1', kind: 'keep-agreed' },
    ]);
  });

  test('is nobody’s to ask for who did not have them, nor who had them as a VIP, nor twice', async () => {
    await had('T1', 'C01', 'C02');
    await worth(VIP_FROM_FEN, 'C01', 'C03');
    await expect(asks('T1', 'C03')).rejects.toMatchObject(refusedAs('not-found'));
    await expect(asks('T1', 'nobody')).rejects.toMatchObject(refusedAs('not-found'));
    await expect(asks('T2', 'C01')).rejects.toMatchObject(refusedAs('not-found'));
    await expect(asks('T1', 'C02')).rejects.toMatchObject(refusedAs('not-raised'));
    await expect(asks('OH1', 'C01')).rejects.toMatchObject(refusedAs('not-a-teller'));
    const outcomes = await Promise.allSettled([asks('T1', 'C01'), asks('T1', 'C01')]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(asks('T1', 'C01')).rejects.toMatchObject(refusedAs('kept-already'));
  });

  test('is decided on by somebody else, once', async () => {
    await had('T1', 'C01');
    await worth(VIP_FROM_FEN, 'C01');
    const keepId = await asks('T1', 'C01');
    await expect(steps('T1', keepId, 'agree')).rejects.toMatchObject(refusedAs('not-yours-to-decide'));
    await expect(steps('T2', keepId, 'withdraw')).rejects.toMatchObject(refusedAs('not-found'));
    await expect(steps('OH2', keepId, 'agree')).rejects.toMatchObject(refusedAs('not-found'));
    await steps('OH1', keepId, 'refuse');
    await expect(steps('OH1', keepId, 'agree')).rejects.toMatchObject(refusedAs('not-yours-to-decide'));
    expect(await it.rows('select 1 from coverage.raised_by')).toEqual([]);
    expect(await offered('T1')).toEqual(['C01']);
  });
});

describe('the talent pool', () => {
  test('takes a teller in with the fiftieth VIP on the list, and lets go whose customers are VIPs no more', async () => {
    const values = Array.from(
      { length: TALENT_POOL_AT - 1 },
      (_, n) => `('X${n}', 'k${n}', 'T1', 1, 'agreed', '2026-01-02', 0, 1, true, '', now(), 'OH1', now())`,
    );
    await it.bank.dump(`insert into coverage.keep (customer_id, keep_id, staff_id, unit_no, state, began_on, began_fen, asked_fen, is_vip, words,
      requested_at, decided_by, decided_at) values ${values.join(', ')}`);
    await it.bank.dump("update coverage.keep set unit_no = (select unit_no from organisation.org_unit where id = 'O1')");
    await had('T1', 'C01');
    await worth(VIP_FROM_FEN, 'C01');
    const keepId = await asks('T1', 'C01');
    expect(await pool('OH1')).toMatchObject([{ vips: TALENT_POOL_AT - 1, waiting: 1, inPool: false }]);
    await steps('OH1', keepId, 'agree');
    expect(await pool('OH1')).toMatchObject([{ vips: TALENT_POOL_AT, kept: TALENT_POOL_AT, inPool: true }]);
    expect(await pool('T1')).toHaveLength(1);
    expect([await pool('T2'), await pool('OH2')]).toEqual([[], []]);
    await worth(VIP_FROM_FEN - 1, 'C01');
    await unscoped(fresh.platform.worker, refreshKeeps);
    expect(await pool('OH1')).toMatchObject([{ vips: TALENT_POOL_AT - 1, kept: TALENT_POOL_AT, inPool: false }]);
  });
});
