import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CUSTOMERS, openSender, POSITIONS, type Sender, sendBasics } from './sender.ts';

let bank: Sender;
beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
});
afterAll(() => bank.close());

describe('a file is taken whole', () => {
  test('units are numbered in pre-order and know their branch', async () => {
    expect(
      await bank.rows('select id, unit_no, last_no, branch_id, sub_branch_id from organisation.org_unit order by unit_no'),
    ).toEqual([
      { id: '0', unit_no: 1, last_no: 6, branch_id: null, sub_branch_id: null },
      { id: '1', unit_no: 2, last_no: 6, branch_id: '1', sub_branch_id: null },
      { id: '11', unit_no: 3, last_no: 5, branch_id: '1', sub_branch_id: '11' },
      { id: '111', unit_no: 4, last_no: 4, branch_id: '1', sub_branch_id: '11' },
      { id: '112', unit_no: 5, last_no: 5, branch_id: '1', sub_branch_id: '11' },
      { id: '12', unit_no: 6, last_no: 6, branch_id: '1', sub_branch_id: null },
    ]);
  });
  test('staff are spelled for search', async () => {
    expect(await bank.rows('select id, pinyin, initials, role, share_bp, left_on from organisation.staff order by id')).toEqual([
      { id: 'S1', pinyin: 'wangxiaoming', initials: 'wxm', role: 'wealth-manager', share_bp: 10000, left_on: null },
      { id: 'S2', pinyin: 'shanxiongxin', initials: 'sxx', role: 'lobby-manager', share_bp: 5000, left_on: null },
      { id: 'S3', pinyin: 'lilizhi', initials: 'llz', role: 'teller', share_bp: 10000, left_on: '2025-12-31' },
    ]);
  });
  test('the same file again changes nothing and says so', async () => {
    const again = await bank.send('customers.csv', CUSTOMERS);
    expect(again).toMatchObject({ state: 'unchanged', rejected: 0 });
  });
  test('positions are kept in the archive under their day', async () => {
    const record = await bank.send('positions-2026-06-30.csv', POSITIONS, { control: 'rows=3\nbalance=51020.50\n' });
    expect(record).toMatchObject({
      state: 'accepted',
      businessDate: '2026-06-30',
      rows: 3,
      totals: { rows: 3, balanceFen: '5102050' },
    });
    // Nobody looks before the command line accepts, so nothing is compared, and nothing half true is kept.
    expect(record.effect).toEqual({});
  });
});
