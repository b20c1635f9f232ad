import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { addDays, todayOf } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';

/** What a calendar outside the bank is told: the hour and the way. Nobody's name, no place, no words. */
const WAYS: Readonly<Record<string, string>> = { outlet: '到店', visit: '上门', phone: '电话', video: '视频' };
const BACK_DAYS = 30;
const AHEAD_DAYS = 366;
const MOST = 2_000;

/** Somebody's appointments as an iCalendar, a month back and a year ahead. */
export async function calendarFeed(
  tx: Tx,
  staffId: string,
  now: Date,
): Promise<{ readonly text: string; readonly count: number }> {
  const today = todayOf(now);
  const rows = await tx.db
    .selectFrom('appointments.appointment')
    .select(['appointment_id', 'starts_at', 'ends_at', 'kind', 'state', 'made_at'])
    .where('staff_id', '=', staffId)
    .where('starts_at', '>=', new Date(`${addDays(today, -BACK_DAYS)}T00:00:00+08:00`))
    .where('starts_at', '<', new Date(`${addDays(today, AHEAD_DAYS)}T00:00:00+08:00`))
    .where('state', 'in', ['planned', 'kept', 'missed'])
    .orderBy('starts_at')
    .limit(MOST)
    .execute();
  const calendar = ical({ name: '管户日程', method: ICalCalendarMethod.PUBLISH, prodId: '//guanhu//calendar//ZH' });
  for (const row of rows)
    calendar.createEvent({
      ...{ id: row.appointment_id, start: row.starts_at, end: row.ends_at, stamp: row.made_at },
      summary: `预约客户（${WAYS[row.kind] ?? row.kind}）`,
      status: row.state === 'planned' ? ICalEventStatus.CONFIRMED : ICalEventStatus.TENTATIVE,
    });
  return { text: calendar.toString(), count: rows.length };
}
