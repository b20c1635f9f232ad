import type { z } from 'zod';
import { addDays, businessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import type { logInput } from '../contract.ts';

/** A day's log may be written so many days later. */
const LATE_DAYS = 7;

/** Adds one's own words to a day's log. Sent twice they are there once. */
export async function writeLog({ platform, person, actor }: Ctx, entry: z.output<typeof logInput>): Promise<void> {
  const today = todayOf(platform.now());
  const on = businessDate(entry.on);
  if (on > today || on < addDays(today, -LATE_DAYS))
    refuse(
      'log-day',
      `工作日志可补记 ${LATE_DAYS} 天：日期须在 ${addDays(today, -LATE_DAYS)} 至 ${today} 之间。`,
      `A log is written within ${LATE_DAYS} days: the day must lie between ${addDays(today, -LATE_DAYS)} and ${today}.`,
    );
  await unscoped(platform.worker, async (tx) => {
    const { numInsertedOrUpdatedRows } = await tx.db
      .insertInto('ledgers.log_words')
      .values({
        ...{ entry_id: entry.entryId, staff_id: person.scope.staffId, unit_no: person.unitNo, on_date: on },
        ...{ kind: entry.kind, words: entry.words, recorded_at: platform.now() },
      })
      .onConflict((found) => found.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 0n)
      await audit(tx, actor, { kind: 'log.written', subject: entry.entryId, body: { on, kind: entry.kind } });
  });
}

/** Takes one's own words back; they stay in the database. */
export async function reverseLog({ platform, person, actor }: Ctx, entryId: string): Promise<{ readonly on: string }> {
  return unscoped(platform.worker, async (tx) => {
    const row = await tx.db
      .updateTable('ledgers.log_words')
      .set({ reversed_at: platform.now() })
      .where('entry_id', '=', entryId)
      .where('staff_id', '=', person.scope.staffId)
      .where('reversed_at', 'is', null)
      .returning('on_date')
      .executeTakeFirst();
    if (row === undefined) return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    await audit(tx, actor, { kind: 'log.reversed', subject: entryId, body: { on: row.on_date } });
    return { on: row.on_date };
  });
}
