import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { addDays, startOfDay } from '../../../kernel/business-date.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import { type StandingRow, toCustomerRow, viewFor } from '../../coverage/index.ts';
import { BUCKETS, type Bucket, type deskPage } from '../contract.ts';
import { rulesOfTheme, type Theme } from '../rules/theme.ts';
import { type Desk, FOLLOW_UP_COLUMNS, type FollowUpRow, openDesk, toFollowUp, WEEK_DAYS } from './follow-ups.ts';

export interface QueueFilter {
  readonly bucket?: Bucket | undefined;
  readonly rule?: string | undefined;
  readonly theme?: Theme | undefined;
  /** Whose queue, of people whose customers one may see; one's own by default. */
  readonly staffId?: string | undefined;
  /** Everybody's of a head's unit. */
  readonly team?: boolean;
}

/** Whether it was tried today without an answer, the bucket, the stake, the customer. */
const queueKey = z.tuple([z.number().int(), z.number().int(), z.number(), z.string()]);

type Row = StandingRow & {
  readonly tried: number;
  readonly place: number;
  readonly stake: number;
  readonly last_talk: string | null;
};

/**
 * Customers with something to do, each once with all that one call would settle: overdue first, then today, this week and later;
 * within each the largest stake first. Whom one tried to reach today without an answer come after all others of one's own queue, so that
 * whoever calls through it goes on where they stopped, today and after a break.
 */
export async function queueOf(
  tx: Tx,
  person: Person,
  filter: QueueFilter,
  page: { readonly after?: string | undefined; readonly limit: number },
  now: Date,
): Promise<z.input<typeof deskPage>> {
  const desk = await openDesk(tx);
  if (desk === undefined) return { items: [], next: null };
  const week = addDays(desk.day, WEEK_DAYS);
  const whose = whoseSql(person, filter, week);
  const [tried, place, stake, id] = keyOfCursor(page.after, queueKey) ?? [-1, 0, 0, ''];
  const { rows } = await sql<Row>`
    with due as (
       select customer_id, max(stake_fen) as stake, min(act_on) as due from engagement.follow_up
        where state = 'open' and ${whose} and ${reasonSql(desk, filter)} group by customer_id),
     tried as (
       select distinct customer_id from engagement.contact where staff_id = ${filter.team === true ? '' : (filter.staffId ?? person.scope.staffId)}
          and recorded_at >= ${startOfDay(now)} and outcome in ('no-answer', 'wrong-number') and reversed_at is null),
     page as (
       select * from (select due.customer_id, stake, (tried.customer_id is not null)::int as tried,
           case when due < ${desk.day} then 0 when due = ${desk.day} then 1 when due <= ${week} then 2 else 3 end as place from due left join tried using (customer_id)) x
        where ${filter.bucket === undefined ? sql`true` : sql`place = ${BUCKETS.indexOf(filter.bucket)}`}
          and (tried, place, -stake, customer_id) > (${tried}, ${place}, -${stake}::bigint, ${id})
        order by tried, place, stake desc, customer_id limit ${page.limit + 1})
     select page.tried, page.place, page.stake, s.customer_id, c.name, s.outlet_id, s.tier, s.band, s.below_since, s.has_loan, s.assets_fen, s.lead_staff,
            s.joint_staff, c.no_marketing, (select max(t.on_date) from engagement.contact t where t.customer_id = page.customer_id
              and t.staff_id = ${person.scope.staffId} and t.outcome in ('reached', 'declined', 'complaint') and t.reversed_at is null) as last_talk
       from page join coverage.standing s on s.customer_id = page.customer_id join coverage.card c on c.customer_id = page.customer_id
      order by page.tried, page.place, page.stake desc, page.customer_id`.execute(tx.db);
  const { items, next } = toPage(rows, page.limit, (row) => [row.tried, row.place, row.stake, row.customer_id]);
  const view = await viewFor(
    tx,
    items.flatMap((row) => [row.lead_staff, row.joint_staff]),
  );
  const reasons = await reasonsOf(tx, whose, items);
  const mayWork = person.permissions.has('contacts.record');
  const mayAct = (staffId: string) => mayWork && (staffId === person.scope.staffId || person.scope.lo !== undefined);
  return {
    items: items.map((row) => ({
      ...toCustomerRow(view, row),
      bucket: BUCKETS[row.place] ?? 'later',
      stakeFen: row.stake,
      followUps: (reasons.get(row.customer_id) ?? []).map((one) => toFollowUp(desk, one, mayAct(one.staff_id))),
      lastTalkOn: row.last_talk,
      triedToday: row.tried === 1,
    })),
    next,
  };
}

function reasonSql({ rules }: Desk, { rule, theme }: QueueFilter): RawBuilder<unknown> {
  if (rule !== undefined) return sql`rule = ${rule}`;
  return theme === undefined ? sql`true` : sql`rule = any(${rulesOfTheme(rules, theme)})`;
}

/** Row security says the same once more. Of a whole unit only what is due within the week, in a column that an index answers. */
function whoseSql({ scope }: Person, { staffId, team }: QueueFilter, week: string): RawBuilder<unknown> {
  if (team !== true || scope.lo === undefined) return sql`doer = ${staffId ?? scope.staffId}`;
  return sql`unit_no between ${scope.lo} and ${scope.hi ?? scope.lo} and act_on <= ${week}`;
}

async function reasonsOf(tx: Tx, whose: RawBuilder<unknown>, items: readonly Row[]): Promise<ReadonlyMap<string, FollowUpRow[]>> {
  const { rows } = await sql<FollowUpRow>`
    select ${sql.raw(FOLLOW_UP_COLUMNS)} from engagement.follow_up
     where customer_id = any(${items.map((row) => row.customer_id)}) and state = 'open' and ${whose}
     order by act_on, priority, rule, cause`.execute(tx.db);
  const all = new Map<string, FollowUpRow[]>();
  for (const row of rows) all.set(row.customer_id, [...(all.get(row.customer_id) ?? []), row]);
  return all;
}
