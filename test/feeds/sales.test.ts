import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { undoImport } from '../../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { openSender, type Sender, sendBasics } from './sender.ts';

const HEAD = 'id,customer_id,staff_id,product_code,amount,on\n';
let bank: Sender;
beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
  await bank.send('assignments.csv', 'customer_id,staff_id,since\nC1,S1,2026-01-01\nC2,S2,2026-06-29\n');
});
afterAll(() => bank.close());

const standing = () =>
  bank.rows(
    "select sale_id, customer_id, amount_fen, staff_id, coverer, version from ledgers.sale where state = 'stands' order by sale_id",
  );
const codes = async (name: string, text: string) => {
  const { state, problems } = await bank.send(name, text);
  return [state, ...problems.map(({ code, line, column }) => [code, line, column])];
};

describe('a sales file', () => {
  it('is taken with who covered each customer on that day; a corrected row replaces, the same again is no news', async () => {
    const sent = await bank.send('sales.csv', `${HEAD}T1,C1,S2,W1,50000,2026-06-20\nT2,C2,S1,W1,1000.50,2026-06-20\n`);
    expect([sent.state, sent.problems]).toEqual(['accepted', []]);
    expect(await standing()).toEqual([
      { sale_id: 'T1', customer_id: 'C1', amount_fen: 5_000_000, staff_id: 'S2', coverer: 'S1', version: 1 },
      { sale_id: 'T2', customer_id: 'C2', amount_fen: 100_050, staff_id: 'S1', coverer: null, version: 1 },
    ]);
    const second = await bank.send(
      'sales.csv',
      '销售编号,客户号,销售人,产品代码,金额,日期\nT1,C1,S2,W1,"60,000.00",2026/6/20\nT2,C2,S1,W1,1000.50,20260620\n',
    );
    expect(second.state).toBe('accepted');
    expect(await standing()).toMatchObject([
      { sale_id: 'T1', amount_fen: 6_000_000, version: 2 },
      { sale_id: 'T2', version: 1 },
    ]);
    await undoImport(bank.desk, COMMAND_LINE, second.importId);
    expect(await standing()).toMatchObject([{ sale_id: 'T1', amount_fen: 5_000_000, version: 1 }, { version: 1 }]);
    // It can be sent again after it was taken back, and then the first one can go.
    await bank.send('sales.csv', `${HEAD}T1,C2,S2,W1,70000,2026-06-20\n`);
    await undoImport(bank.desk, COMMAND_LINE, sent.importId);
    expect(await standing()).toMatchObject([{ sale_id: 'T1', customer_id: 'C2', amount_fen: 7_000_000 }]);
  });

  it('is refused with line and column for what cannot be', async () => {
    expect(await codes('sales.csv', `${HEAD}T9,C1,S3,W1,1,2026-06-20\nT8,C1,S1,W1,-1,2026-06-20\n`)).toEqual([
      'refused',
      ['staff-gone', 2, 'staff_id'],
      ['sale-negative', 3, 'amount'],
    ]);
    expect(await codes('sales.csv', `${HEAD}T9,CX,SX,PX,1,2026-07-02\n`)).toMatchObject(['refused', ['date-future', 2, 'on']]);
    expect(await codes('sales.csv', `${HEAD}T9,CX,SX,PX,1,2026-06-20\n`)).toEqual([
      'refused',
      ['unknown-customer', 2, 'customer_id'],
      ['unknown-product', 2, 'product_code'],
      ['unknown-staff', 2, 'staff_id'],
    ]);
  });
});

describe('a file of contacts', () => {
  const CONTACTS = 'id,customer_id,staff_id,channel,at,outcome,note\n';
  const valid = () =>
    bank.rows(
      'select feed_id, customer_id, channel, outcome, on_date, note from engagement.contact where reversed_at is null order by feed_id',
    );

  it('is taken with or without the time; a corrected row reverses the one before, until the file is taken back', async () => {
    const first = await bank.send(
      'contacts.csv',
      `${CONTACTS}K1,C1,S1,电话,2026-06-29 23:30,已接通,谈续作\nK2,C2,S2,短信,20260630,,\nK3,C2,S2,phone,2026-06-30T09:05:07,no-answer,\n`,
    );
    expect([first.state, first.problems]).toEqual(['accepted', []]);
    expect(await valid()).toEqual([
      { feed_id: 'K1', customer_id: 'C1', channel: 'phone', outcome: 'reached', on_date: '2026-06-29', note: '谈续作' },
      { feed_id: 'K2', customer_id: 'C2', channel: 'sms', outcome: 'sent', on_date: '2026-06-30', note: '' },
      { feed_id: 'K3', customer_id: 'C2', channel: 'phone', outcome: 'no-answer', on_date: '2026-06-30', note: '' },
    ]);
    const second = await bank.send('contacts.csv', `${CONTACTS}K1,C1,S1,电话,2026-06-29 23:30,谢绝,谈续作\n`);
    expect(await valid()).toMatchObject([{ feed_id: 'K1', outcome: 'declined' }, {}, {}]);
    await undoImport(bank.desk, COMMAND_LINE, second.importId);
    expect(await valid()).toMatchObject([{ feed_id: 'K1', outcome: 'reached' }, {}, {}]);
    await undoImport(bank.desk, COMMAND_LINE, first.importId);
    expect(await valid()).toEqual([]);
    // Nothing is ever gone: what was taken back is there, with why.
    expect(await bank.rows('select count(*)::int as n from engagement.contact')).toEqual([{ n: 4 }]);
  });

  it('is refused with line and column for what cannot be', async () => {
    expect(
      await codes(
        'contacts.csv',
        `${CONTACTS}K1,C1,S1,短信,2026-06-29,已接通,\nK2,C1,S3,电话,2026-06-29,,\nK3,C1,S1,信鸽,2026-06-29 25:00,,\n`,
      ),
    ).toEqual(['refused', ['choice-unknown', 4, 'channel'], ['date-format', 4, 'at']]);
    expect(await codes('contacts.csv', `${CONTACTS}K1,C1,S1,短信,2026-06-29,已接通,\nK2,C1,S3,电话,2026-06-29,,\n`)).toEqual([
      'refused',
      ['outcome-unfit', 2, 'outcome'],
      ['staff-gone', 3, 'staff_id'],
    ]);
  });
});
