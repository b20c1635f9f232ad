import { expect, test } from 'vitest';
import { closeTo } from '../../src/capabilities/closing/index.ts';
import { previewUndo, undoImport } from '../../src/capabilities/feed/index.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { openSender, POSITIONS, sendBasics } from './sender.ts';

const HEAD = 'customer_id,outlet_id,product_code,balance\n';

test('taking positions back first shows the days and averages that change, then changes just them', async () => {
  const bank = await openSender();
  try {
    await sendBasics(bank);
    const close = () => closeTo(bank.desk.platform, COMMAND_LINE, businessDate('2026-06-30'));
    const balances = () =>
      bank.rows(
        'select customer_id, assets_fen::text, home_outlet, (cum_before + assets_fen * (date $$2026-06-30$$ - from_date + 1))::text as cum from closing.balance order by 1',
      );
    await bank.send('positions-2026-06-26.csv', POSITIONS);
    await close();
    const never = await balances();
    const wrong = await bank.send('positions-2026-06-29.delta.csv', `${HEAD}C1,111,D1,9999\nC2,12,D1,20\n`);
    await close();
    expect(await balances()).not.toEqual(never);
    expect(await previewUndo(bank.desk, wrong.importId)).toMatchObject({
      removed: 2,
      days: ['2026-06-29', '2026-06-30'],
      averages: 1,
      bands: 0,
      assignments: 0,
    });
    expect(await bank.rows(`select state from feed.import where import_id = '${wrong.importId}'`)).toEqual([
      { state: 'accepted' },
    ]);
    await undoImport(bank.desk, COMMAND_LINE, wrong.importId);
    await close();
    expect(await balances()).toEqual(never);
  } finally {
    await bank.close();
  }
});

test('rows held for a customer count when the customer arrives', async () => {
  const bank = await openSender();
  try {
    await sendBasics(bank);
    const close = () => closeTo(bank.desk.platform, COMMAND_LINE, businessDate('2026-06-30'));
    await bank.send('positions-2026-06-26.csv', `${POSITIONS}N1,111,D1,70\n`, { holdUnknown: true });
    await close();
    expect(await bank.rows("select * from closing.balance where customer_id = 'N1'")).toEqual([]);
    await bank.send('customers.csv', 'id,name\nN1,新客\n');
    await close();
    expect(await bank.rows("select from_date, assets_fen::text from closing.balance where customer_id = 'N1'")).toEqual([
      { from_date: '2026-06-26', assets_fen: '7000' },
    ]);
  } finally {
    await bank.close();
  }
});
