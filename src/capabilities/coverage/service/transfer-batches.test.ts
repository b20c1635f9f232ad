import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../../test/support/database.ts';
import { scoped } from '../../../platform/db/transaction.ts';
import { batchOf } from '../reads/transfer-batches.ts';
import { openTransferBank, refusedAs, type TransferBank } from './test-transfers.ts';
import { type BatchRow, checkBatch, decideBatch, requestBatch } from './transfer-batches.ts';
import { verifyCoverage } from './verify.ts';

let now: Date;
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
  now = new Date('2026-01-11T02:00:00Z');
  await it.reset();
});

const row = (line: number, customerId: string, toStaff: string | null, on?: string): BatchRow => ({
  ...{ line, customerId, seat: 'lead', toStaff, reason: 'balance', words: '均衡户数' },
  ...(on === undefined ? {} : { on }),
});
const sends = async (who: string, rows: readonly BatchRow[]) =>
  requestBatch(fresh.platform, await it.as(who), { fileName: '调户.xlsx', rows });
const decides = async (who: string, action: 'approve' | 'reject' | 'withdraw', batchId: string) =>
  decideBatch(fresh.platform, await it.as(who), { batchId, action, note: '意见' });
const seenBy = async (who: string, batchId: string) => {
  const { person } = await it.as(who);
  return scoped(fresh.platform.app, person.scope, (tx) => batchOf(tx, person, batchId));
};
const sound = async () => expect((await verifyCoverage(fresh.platform)).examples).toEqual([]);
/** Two customers of the first manager, one of the second, and the third manager, who has room for one. */
async function cast() {
  const [a = '', b = '', c = ''] = await it.managers();
  const [a1 = '', a2 = ''] = await it.customersOf(a);
  const [b1 = ''] = await it.customersOf(b);
  return { a, b, c, a1, a2, b1 };
}

describe('a workbook of transfers', () => {
  test('is checked whole: every bad row with its reason, what each side gains and loses, and nothing is written', async () => {
    const { a, c, a1, a2, b1 } = await cast();
    const rows = [
      row(2, a1, c),
      row(3, a2, c),
      row(4, 'NOBODY', c),
      row(5, b1, 'W2a'),
      row(6, a1, null),
      row(7, b1, null, '2020-01-01'),
    ];
    const { problems, sides } = await checkBatch(fresh.platform, await it.as('OH1'), rows);
    expect(problems.map((problem) => [problem.line, problem.words.zh.slice(0, 12)])).toEqual([
      [3, '此人的管户数已达上限 1'],
      [4, '没有找到，或者不在您的范'],
      [5, expect.stringContaining('此人不在客户归属网点')],
      [6, expect.stringContaining('该客户的这个席位在表中')],
      [7, expect.stringContaining('生效日须在今天之后')],
    ]);
    expect(sides).toEqual([
      { staffId: c, gains: 1, loses: 0 },
      { staffId: a, gains: 0, loses: 1 },
    ]);
    await expect(sends('OH1', rows)).rejects.toMatchObject(refusedAs('batch-rows'));
    expect(await it.one('select count(*)::int as n from coverage.transfer')).toEqual({ n: 0 });
    expect(await it.one('select count(*)::int as n from coverage.transfer_batch')).toEqual({ n: 0 });
  });

  test('is approved as one by somebody who asked for none and manages none of it', async () => {
    const { a, b, c, a1, b1 } = await cast();
    const id = await sends('OH1', [row(2, a1, null), row(3, b1, c)]);
    expect(await seenBy('ADM', id)).toMatchObject({
      state: 'requested',
      count: 2,
      may: ['approve', 'reject'],
      items: [{ may: [] }, { may: [] }],
    });
    expect(await seenBy('OH1', id)).toMatchObject({ may: ['withdraw'] });
    expect(await seenBy('OH2', id)).toBeUndefined();
    expect(await seenBy(a, id)).toBeUndefined();
    await expect(decides('OH1', 'approve', id)).rejects.toMatchObject(refusedAs('not-yours-to-decide'));
    await expect(decides('OH2', 'approve', id)).rejects.toMatchObject(refusedAs('not-found'));
    const [item] = await it.rows<{ id: string }>(
      `select transfer_id as id from coverage.transfer where batch_id = '${id}' order by 1`,
    );
    await expect(it.does('ADM', 'approve', item?.id ?? '')).rejects.toMatchObject(refusedAs('in-batch'));
    await decides('ADM', 'approve', id);
    expect([await it.leadOf(a1), await it.leadOf(b1)]).toEqual([null, c]);
    await expect(decides('ADM', 'reject', id)).rejects.toMatchObject(refusedAs('transfer-decided'));
    const told = await it.rows(`select staff_id, kind from platform.notice where kind <> 'batch-requested' order by 1`);
    expect(told).toEqual(
      [
        { staff_id: 'OH1', kind: 'batch-approved' },
        ...[a, b, c].map((staff_id) => ({ staff_id, kind: 'transfer-approved' })),
      ].sort((x, y) => (x.staff_id < y.staff_id ? -1 : 1)),
    );
    await sound();
  });

  test('is carried out whole or not at all: one that has become impossible refuses all', async () => {
    const { a, b, c, a1, a2, b1 } = await cast();
    const id = await sends('OH1', [row(2, a1, null), row(3, b1, c)]);
    await it.does('ADM', 'approve', await it.asks(a, a2, c));
    await expect(decides('ADM', 'approve', id)).rejects.toMatchObject({ refusal: { code: 'batch-rows', details: { line: 3 } } });
    expect([await it.leadOf(a1), await it.leadOf(b1)]).toEqual([a, b]);
    await decides('ADM', 'reject', id);
    expect(await it.rows(`select distinct state from coverage.transfer where batch_id = '${id}'`)).toEqual([
      { state: 'rejected' },
    ]);
    await sound();
  });

  test('approved twenty times at once is carried out once; its rows for a coming day wait for it', async () => {
    const { c, a1, b1 } = await cast();
    const id = await sends('OH1', [row(2, a1, null), row(3, b1, c, '2026-01-12')]);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => decides('ADM', 'approve', id)));
    expect(results.filter((result) => result.status === 'fulfilled').length).toBe(1);
    const states = await it.rows(`select state from coverage.transfer where batch_id = '${id}' order by transfer_id`);
    expect(states).toEqual([{ state: 'approved' }, { state: 'scheduled' }]);
    now = new Date('2026-01-12T14:00:00Z');
    await it.close('2026-01-12');
    expect(await it.leadOf(b1)).toBe(c);
    await sound();
  });
});
