import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { previewUndo, undoImport } from '../../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { unseal } from '../../src/platform/secrets.ts';
import { openSender, POSITIONS, type Sender, sendBasics } from './sender.ts';

let bank: Sender;
beforeAll(async () => {
  bank = await openSender();
  await sendBasics(bank);
});
afterAll(() => bank.close());

/** Everything that upsert feeds leave in the database, sealed values opened. */
async function state(): Promise<unknown> {
  const { secrets } = bank.desk.platform;
  const customers = await bank.rows('select * from customers.customer order by customer_id');
  const open = (value: unknown) => (Buffer.isBuffer(value) ? unseal(secrets, value) : value);
  return {
    units: await bank.rows('select * from organisation.org_unit order by id'),
    staff: await bank.rows('select * from organisation.staff order by id'),
    products: await bank.rows('select * from products.product order by code'),
    customers: customers.map((row) => ({
      ...row,
      id_number_sealed: open(row.id_number_sealed),
      mobile_sealed: open(row.mobile_sealed),
      address_sealed: open(row.address_sealed),
    })),
    held: await bank.rows('select customer_id, rows, taken_at from feed.held order by customer_id'),
    stage: await bank.rows('select import_id from customers.stage_customer'),
  };
}

describe('taking an import back equals never having sent it', () => {
  test.each([
    ['org-units.csv', 'id,name,level,parent_id\n12,分行营业部,outlet,11\n14,新网点,outlet,1\n', 1, 1],
    ['staff.csv', 'id,name,org_unit_id,role,grade,left_on\nS1,王小敏,112,网点负责人,高级,2026-06-30\nS7,新人,111,柜员,,\n', 1, 1],
    ['products.csv', 'code,name,category,term_days\nW1,进取理财,基金,\nF1,某基金,基金,\n', 1, 1],
    ['customers.csv', 'id,name,mobile,address,merged_into\nC1,赵壹,,上海市某路1号,\nC4,李四,,,\nC6,吴六,10011112222,,C2\n', 2, 1],
  ])('%s', async (file, text, restored, removed) => {
    const before = await state();
    const sent = await bank.send(file, text);
    expect(sent.state).toBe('accepted');
    expect(await state()).not.toEqual(before);
    expect(await previewUndo(bank.desk, sent.importId)).toMatchObject({ restored, removed });
    expect(await undoImport(bank.desk, COMMAND_LINE, sent.importId)).toMatchObject({ state: 'undone', undoneBy: 'cli' });
    expect(await state()).toEqual(before);
    await expect(undoImport(bank.desk, COMMAND_LINE, sent.importId)).rejects.toMatchObject({
      refusal: { code: 'undo-not-accepted' },
    });
  });

  test('an import in the middle: later files keep what they carried', async () => {
    const first = await bank.send('staff.csv', 'id,name,org_unit_id,role,grade\nS1,王小明,111,理财经理,初级\n');
    await bank.send('staff.csv', 'id,name,org_unit_id,role,left_on\nS1,王小明,111,理财经理,2026-06-01\n');
    const row = () => bank.rows("select grade, left_on from organisation.staff where id = 'S1'");
    expect(await row()).toEqual([{ grade: '初级', left_on: '2026-06-01' }]);
    await undoImport(bank.desk, COMMAND_LINE, first.importId);
    expect(await row()).toEqual([{ grade: null, left_on: '2026-06-01' }]);
  });

  test('positions: the state says so, the day is free again', async () => {
    const sent = await bank.send('positions-2026-06-27.csv', POSITIONS);
    await undoImport(bank.desk, COMMAND_LINE, sent.importId);
    expect(await bank.send('positions-2026-06-27.csv', `${POSITIONS}C2,111,D1,7\n`)).toMatchObject({ state: 'accepted' });
  });
});

describe('what others name cannot go', () => {
  test('customers with positions, units with staff', async () => {
    const customers = await bank.send('customers.csv', 'id,name\nC7,郑七\n');
    const units = await bank.send('org-units.csv', 'id,name,level,parent_id\n15,新网点,outlet,1\n');
    await bank.send('positions-2026-06-26.csv', 'customer_id,outlet_id,product_code,balance\nC7,111,D1,1\n');
    await bank.send('staff.csv', 'id,name,org_unit_id,role\nS8,新人,15,柜员\n');
    await expect(undoImport(bank.desk, COMMAND_LINE, customers.importId)).rejects.toMatchObject({
      refusal: { code: 'undo-in-use', details: { feed: 'positions', key: 'C7' } },
    });
    await expect(previewUndo(bank.desk, units.importId)).rejects.toMatchObject({
      refusal: { code: 'undo-in-use', details: { feed: 'staff', key: '15' } },
    });
    expect(await bank.rows(`select state from feed.import where import_id = '${customers.importId}'`)).toEqual([
      { state: 'accepted' },
    ]);
  });
  test('a customer into whom another was merged', async () => {
    const survivor = await bank.send('customers.csv', 'id,name\nC8,冯八\n');
    await bank.send('customers.csv', 'id,name,merged_into\nC2,钱二,C8\n');
    await expect(undoImport(bank.desk, COMMAND_LINE, survivor.importId)).rejects.toMatchObject({
      refusal: { details: { feed: 'customers', key: 'C8' } },
    });
  });
});

describe('positions of customers not yet sent', () => {
  const HELD = 'customer_id,outlet_id,product_code,balance\nC1,111,D1,5\nN1,111,D1,10\nN1,112,D1,20.5\nN2,111,D1,1\n';
  test('are held, listed, taken up when the customer arrives, and wait again when the customer is taken back', async () => {
    const sent = await bank.send('positions-2026-06-25.csv', HELD, { holdUnknown: true });
    expect(sent).toMatchObject({ state: 'accepted', rows: 4, rejected: 0, held: 3 });
    const held = () =>
      bank.rows(
        `select customer_id, rows, balance_fen, taken_at is not null as taken from feed.held where import_id = '${sent.importId}' order by 1`,
      );
    const waiting = [
      { customer_id: 'N1', rows: 2, balance_fen: 3050, taken: false },
      { customer_id: 'N2', rows: 1, balance_fen: 100, taken: false },
    ];
    expect(await held()).toEqual(waiting);
    const arrived = await bank.send('customers.csv', 'id,name\nN1,新客\n');
    expect(await held()).toMatchObject([{ taken: true }, { taken: false }]);
    await undoImport(bank.desk, COMMAND_LINE, arrived.importId);
    expect(await held()).toEqual(waiting);
  });
  test('unknown outlets are rejects all the same', async () => {
    const sent = await bank.send('positions-2026-06-24.csv', `${HELD}N3,404,D1,1\n`, { holdUnknown: true });
    expect(sent).toMatchObject({ state: 'refused', problems: [{ code: 'unknown-unit', line: 6 }] });
  });
});
