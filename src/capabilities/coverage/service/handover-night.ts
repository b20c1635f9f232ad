import { randomUUID } from 'node:crypto';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { takersOf } from '../rules/handover.ts';
import { heldBy, seatsToday } from './handover-ground.ts';
import { tellFrozen } from './handover-notices.ts';

interface Missed {
  readonly staff_id: string;
  readonly left_on: string | null;
  readonly since: string;
  readonly unit_id: string;
  readonly unit_no: number;
}

const WORDS = {
  leaving: '日终发起：已离职，名下仍有客户。Opened by the night: has left and still has customers.',
  move: '日终发起：岗位或机构已变，不再符合席位条件。Opened by the night: holds another post, which no longer fits the seats.',
} as const;

/** Who starts what the night opens; no person has this number. */
const NIGHT = 'night';

interface Evening {
  readonly actor: Actor;
  readonly now: Date;
  readonly day: BusinessDate;
  /** Who can have a customer, by the rules of the seats. */
  readonly takers: ReturnType<typeof takersOf>;
}

/**
 * Opens a handover for everybody who has left, or holds another post that no longer fits all of their customers, and whose portfolio
 * nobody has begun to hand over: it belongs to the unit of the post they had. What the night opened and nobody has split yet ends
 * when there is nothing left to hand over, because a run has placed these customers anew.
 */
export async function openMissedHandovers(tx: Tx, { actor, now }: { actor: Actor; now: Date }, day: BusinessDate): Promise<void> {
  const evening: Evening = { actor, now, day, takers: takersOf({ ...(await seatsToday(tx, now)), owner: '' }) };
  await endNeedless(tx, evening);
  const { rows } = await tx.client.query<Missed>(
    `select s.id as staff_id, case when s.left_on <= $1::date then s.left_on end as left_on, coalesce(p.to_date, $1::date)::text as since,
            u.id as unit_id, u.unit_no
       from organisation.staff s
       left join lateral (select to_date, org_unit_id from organisation.post_history h
                           where h.staff_id = s.id and h.to_date is not null and (h.org_unit_id, h.role) is distinct from (s.org_unit_id, s.role)
                           order by to_date desc limit 1) p on true
       join organisation.org_unit u on u.id = coalesce(p.org_unit_id, s.org_unit_id)
      where (s.left_on <= $1::date or p.to_date is not null)
        and not exists (select from coverage.handover h where h.staff_id = s.id and h.state in ('frozen', 'split'))
      order by s.id`,
    [day],
  );
  // Asked by itself: on a cluster customers and handovers lie in different places.
  const having = await tx.client.query<{ staff_id: string }>(
    'select distinct staff_id from coverage.by_staff where staff_id = any($1)',
    [rows.map(({ staff_id }) => staff_id)],
  );
  const some = new Set(having.rows.map(({ staff_id }) => staff_id));
  for (const missed of rows) if (some.has(missed.staff_id)) await openOne(tx, evening, missed);
}

async function endNeedless(tx: Tx, evening: Evening): Promise<void> {
  const { rows } = await tx.client.query<{ handover_id: string; staff_id: string; kind: string }>(
    "select handover_id, staff_id, kind from coverage.handover where state = 'frozen' and started_by = $1 order by staff_id",
    [NIGHT],
  );
  for (const { handover_id: handoverId, staff_id: staffId, kind } of rows) {
    const misfits = await misfitsOf(tx, evening, { staffId, left: kind === 'leaving' });
    if (misfits > 0) continue;
    await tx.db
      .updateTable('coverage.handover')
      .set({ state: 'withdrawn', decided_by: evening.actor.staffId, decided_at: evening.now })
      .where('handover_id', '=', handoverId)
      .execute();
    await audit(tx, evening.actor, { kind: 'handover.withdrawn', subject: handoverId, body: { staffId } });
  }
}

/** How many customers a person has whom they may no longer have: all of them, once they have left. */
async function misfitsOf(
  tx: Tx,
  { day, takers }: Evening,
  { staffId, left }: { readonly staffId: string; readonly left: boolean },
): Promise<number> {
  const held = await heldBy(tx, staffId, day);
  if (left) return held.length;
  return held.filter((customer) => !takers(customer).some((place) => place.staffId === staffId)).length;
}

async function openOne(
  tx: Tx,
  evening: Evening,
  { staff_id: staffId, left_on: leftOn, since, unit_id: unitId, unit_no: unitNo }: Missed,
): Promise<void> {
  const kind = leftOn === null ? 'move' : 'leaving';
  const misfits = await misfitsOf(tx, evening, { staffId, left: leftOn !== null });
  if (misfits === 0) return;
  const handoverId = randomUUID();
  await tx.db
    .insertInto('coverage.handover')
    .values({
      ...{ handover_id: handoverId, staff_id: staffId, kind, on_date: leftOn ?? since, words: WORDS[kind], state: 'frozen' },
      ...{ unit_id: unitId, unit_no: unitNo, started_by: NIGHT, started_at: evening.now },
    })
    .execute();
  await audit(tx, evening.actor, { kind: 'handover.started', subject: handoverId, body: { staffId, kind, customers: misfits } });
  await tellFrozen(tx, evening.now, { handoverId, owner: staffId, unitNo }, true);
}
