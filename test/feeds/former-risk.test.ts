import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { feedDesk } from '../../src/app/feeds.ts';
import { takeFile } from '../../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { openSender, sendBasics } from './sender.ts';

test('a risk level that becomes another one, or is assessed anew, is kept until that day', async () => {
  const bank = await openSender();
  const former = () =>
    bank.rows('select customer_id, until, risk_level, risk_expires_on from customers.former_risk order by until');
  const sendOn = (day: string, level: string, expires: string) =>
    takeFile(feedDesk({ ...bank.desk.platform, now: () => new Date(`${day}T04:00:00Z`) }), COMMAND_LINE, {
      fileName: 'customers.csv',
      stream: Readable.from([`id,name,risk_level,risk_expires_on\nC1,赵一,${level},${expires}\n`]),
      options: { tolerateBp: 0, holdUnknown: false, direct: true },
    });
  try {
    await sendBasics(bank);
    await sendOn('2026-07-02', 'C3', '2026-12-31');
    expect(await former()).toEqual([]);
    await sendOn('2026-07-05', 'C4', '2027-07-05');
    await sendOn('2026-07-06', 'C4', '2027-07-05');
    await sendOn('2026-07-08', 'C4', '2027-07-08');
    expect(await former()).toEqual([
      { customer_id: 'C1', until: '2026-07-05', risk_level: 'C3', risk_expires_on: '2026-12-31' },
      { customer_id: 'C1', until: '2026-07-08', risk_level: 'C4', risk_expires_on: '2027-07-05' },
    ]);
  } finally {
    await bank.close();
  }
});
