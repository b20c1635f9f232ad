import { z } from 'zod';
import { addDays } from '../../../kernel/business-date.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import { type StandingRow, toCustomerRow, viewFor } from '../../coverage/index.ts';
import { BUCKETS, type Bucket, type deskPage } from '../contract.ts';
import { FOLLOW_UP_COLUMNS, type FollowUpRow, openDesk, toFollowUp, WEEK_DAYS } from './follow-ups.ts';

export interface QueueFilter {
  readonly bucket?: Bucket | undefined;
  readonly rule?: string | undefined;
  /** Whose queue: one's own, or of somebody whose customers one may see. */
  readonly staffId: string;
}

const queueKey = z.tuple([z.number().int(), z.number(), z.string()]);

type Row = StandingRow & { readonly place: number; readonly stake: number; readonly last_talk: string | null };

/**
 * Customers with something to do, each once with all that one call would settle: overdue first, then today, this week and later;
 * within each the largest stake first.
 */
export async function queueOf(
  tx: Tx,
  person: Person,
  filter: QueueFilter,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<z.input<typeof deskPage>> {
  const desk = await openDesk(tx);
  if (desk === undefined) return { items: [], next: null };
  const [place, stake, id] = keyOfCursor(page.after, queueKey) ?? [-1, 0, ''];
  const { rows } = await tx.client.query<Row>(
    `with due as (
       select customer_id, max(stake_fen) as stake, min(act_on) as due from engagement.follow_up
        where state = 'open' and doer = $1 and ($2::text is null or rule = $2) group by customer_id),
     page as (
       select * from (select customer_id, stake, case when due < $3 then 0 when due = $3 then 1 when due <= $4 then 2 else 3 end as place from due) x
        where ($5::int is null or place = $5) and (place, -stake, customer_id) > ($6, -$7::bigint, $8)
        order by place, stake desc, customer_id limit $9)
     select page.place, page.stake, s.customer_id, c.name, s.outlet_id, s.tier, s.band, s.below_since, s.has_loan, s.assets_fen, s.lead_staff,
            s.joint_staff, c.no_marketing, (select max(t.on_date) from engagement.contact t where t.customer_id = page.customer_id
              and t.staff_id = $10 and t.outcome in ('reached', 'declined', 'complaint') and t.reversed_at is null) as last_talk
       from page join coverage.standing s on s.customer_id = page.customer_id join coverage.card c on c.customer_id = page.customer_id
      order by page.place, page.stake desc, page.customer_id`,
    [
      ...[filter.staffId, filter.rule ?? null, desk.day, addDays(desk.day, WEEK_DAYS)],
      ...[
        filter.bucket === undefined ? null : BUCKETS.indexOf(filter.bucket),
        place,
        stake,
        id,
        page.limit + 1,
        person.scope.staffId,
      ],
    ],
  );
  const { items, next } = toPage(rows, page.limit, (row) => [row.place, row.stake, row.customer_id]);
  const view = await viewFor(
    tx,
    items.flatMap((row) => [row.lead_staff, row.joint_staff]),
  );
  const reasons = await reasonsOf(tx, filter.staffId, items);
  const mayAct = (staffId: string) => staffId === person.scope.staffId || person.scope.lo !== undefined;
  return {
    items: items.map((row) => ({
      ...toCustomerRow(view, row),
      bucket: BUCKETS[row.place] ?? 'later',
      stakeFen: row.stake,
      followUps: (reasons.get(row.customer_id) ?? []).map((one) => toFollowUp(desk, one, mayAct(one.staff_id))),
      lastTalkOn: row.last_talk,
    })),
    next,
  };
}

async function reasonsOf(tx: Tx, staffId: string, items: readonly Row[]): Promise<ReadonlyMap<string, FollowUpRow[]>> {
  const { rows } = await tx.client.query<FollowUpRow>(
    `select ${FOLLOW_UP_COLUMNS} from engagement.follow_up
      where customer_id = any($1) and state = 'open' and doer = $2
      order by act_on, priority, rule, cause`,
    [items.map((row) => row.customer_id), staffId],
  );
  const all = new Map<string, FollowUpRow[]>();
  for (const row of rows) all.set(row.customer_id, [...(all.get(row.customer_id) ?? []), row]);
  return all;
}
