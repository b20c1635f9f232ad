import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { feedDesk } from '../../src/app/feeds.ts';
import { closeNight } from '../../src/app/night.ts';
import { whyOf } from '../../src/capabilities/coverage/index.ts';
import { takeFile, undoImport } from '../../src/capabilities/feed/index.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import { unscoped } from '../../src/platform/db/transaction.ts';
import { openSender, POSITIONS, sendBasics } from './sender.ts';

test('a manager who came with a file is named on the why card until the file is taken back', async () => {
  const bank = await openSender();
  const { platform } = bank.desk;
  const why = async () => (await unscoped(platform.worker, (tx) => whyOf(tx, 'C2')))?.lines.map((line) => line.zh);
  try {
    await sendBasics(bank);
    await bank.send('positions-2026-06-30.csv', POSITIONS);
    await closeNight(platform, COMMAND_LINE, businessDate('2026-06-30'));
    expect(await why()).toEqual([]);
    const sent = await bank.send('assignments.csv', 'customer_id,staff_id,since\nC2,S1,2026-06-29\n');
    expect(sent.state).toBe('accepted');
    expect(await why()).toEqual(['主管户：王小明，自 2026-06-29 起；依据报送的既有管户关系接入，不经分户。']);
    await undoImport(bank.desk, COMMAND_LINE, sent.importId);
    expect(await why()).toEqual([]);
  } finally {
    await bank.close();
  }
});

test('a manager who came without a day starts today, as it is in Beijing', async () => {
  const bank = await openSender();
  try {
    await sendBasics(bank);
    // An hour past midnight there, still the day before in UTC.
    const desk = feedDesk({ ...bank.desk.platform, now: () => new Date('2026-06-30T17:00:00Z') });
    await takeFile(desk, COMMAND_LINE, {
      fileName: 'assignments.csv',
      stream: Readable.from(['customer_id,staff_id,since\nC2,S1,\n']),
      options: { tolerateBp: 0, holdUnknown: false, direct: true },
    });
    expect(await bank.rows('select customer_id, from_date from coverage.assignment')).toEqual([
      { customer_id: 'C2', from_date: '2026-07-01' },
    ]);
  } finally {
    await bank.close();
  }
});
