import { randomUUID } from 'node:crypto';
import { type BusinessDate, todayOf } from '../../../kernel/business-date.ts';
import { Refused, refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import { oneConnectionANode, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { checkClaim } from '../rules/claim.ts';
import { CLAIM_REASON, type TransferGround } from '../rules/transfer.ts';
import { carryOut, openGround, placesTaken, type SeatedRow } from './carry-out.ts';
import { changeOnePortfolio, lockOn } from './portfolio-lock.ts';
import { recordRaised } from './raised.ts';
import { headsOver } from './transfer-notices.ts';
import { carriedOut, refuseOpen } from './transfers.ts';

interface Claimer {
  readonly person: Pick<Person, 'staffId' | 'unitNo' | 'lastNo'>;
  readonly actor: Actor;
}

/**
 * Claims a customer of one's unit whom nobody has, as lead manager. It counts at once and needs nobody's approval, unless portfolios are
 * locked: then it is asked for as a transfer. Of several who claim at once one wins. Gives the transfer that tells of it.
 */
export async function claimCustomer(
  platform: Platform,
  { person, actor }: Claimer,
  { customerId, words }: { readonly customerId: string; readonly words: string },
): Promise<string> {
  const now = platform.now();
  const when = { today: todayOf(now), last: undefined };
  const transferId = randomUUID();
  const { staffId } = person;
  await unscoped(platform.worker, async (tx) => {
    await oneConnectionANode(tx);
    await changeOnePortfolio(tx);
    const locked = (await lockOn(tx, when.today)) !== undefined;
    const seated = await lockUncovered(tx, customerId, person);
    const claim = {
      customer_id: customerId,
      transfer_id: transferId,
      seat: 'lead',
      from_staff: null,
      to_staff: staffId,
    } as const;
    const { ground, last } = await openGround(tx, { ...when, last: await lastClosedDay(tx) }, seated, 'lead');
    await refuseUnlessFree(tx, ground, { customerId, staffId, today: when.today });
    const done = locked ? undefined : await carryOut(tx, { today: when.today, last }, { ...claim, unit_no: seated.unit_no });
    await tx.db
      .insertInto('coverage.transfer')
      .values({
        ...claim,
        ...{ state: locked ? 'requested' : 'claimed', band: seated.band, reason: CLAIM_REASON, words },
        ...{ requested_by: staffId, requested_at: now, unit_no: seated.unit_no },
        ...{ lead_staff: staffId, joint_staff: seated.joint_staff },
        ...carriedOut(done, now),
      })
      .execute();
    const kind = locked ? 'transfer.requested' : 'transfer.claimed';
    await audit(tx, actor, { kind, subject: transferId, customerId, body: { seat: 'lead', to: staffId, reason: CLAIM_REASON } });
    if (done !== undefined) await recordRaised(tx, now, claim, done.on);
    else
      await notify(
        tx,
        now,
        (await headsOver(tx, now, seated.unit_no)).filter((id) => id !== staffId),
        { kind: 'transfer-requested', subject: transferId },
      );
  });
  return transferId;
}

/** The customer, locked, when they are of one's unit and nobody has them. Whoever was quicker, or is elsewhere, is told the same. */
async function lockUncovered(tx: Tx, customerId: string, { unitNo, lastNo }: Claimer['person']): Promise<SeatedRow> {
  const { rows } = await tx.client.query<SeatedRow>(
    `select customer_id, outlet_id, band, has_loan, lead_staff, joint_staff, unit_no from coverage.standing
      where customer_id = $1 and lead_staff is null and unit_no between $2 and $3 for update`,
    [customerId, unitNo, lastNo],
  );
  return (
    rows[0] ??
    refuse(
      'not-claimable',
      '没有这个可以认领的客户：可能刚被他人认领，或者不在您的机构。',
      'No such customer to claim: somebody may just have been quicker, or they are not of your unit.',
    )
  );
}

async function refuseUnlessFree(
  tx: Tx,
  ground: TransferGround,
  { customerId, staffId, today }: { readonly customerId: string; readonly staffId: string; readonly today: BusinessDate },
): Promise<void> {
  const { rowCount } = await tx.client.query(
    "select 1 from coverage.transfer where customer_id = $1 and seat = 'lead' and state in ('requested', 'scheduled')",
    [customerId],
  );
  if ((rowCount ?? 0) > 0) refuseOpen();
  const released = (await releasesBy(tx, staffId, [customerId])).get(customerId);
  const asked = { staffId, today, released };
  const place = checkClaim(ground, asked, () => 0);
  if ('code' in place) throw new Refused(place);
  const load = await placesTaken(tx, place);
  const checked = checkClaim(ground, asked, () => load);
  if ('code' in checked) throw new Refused(checked);
}

/** When the person last released each of the customers, by having it approved as who had them or as who asked for it. */
export async function releasesBy(tx: Tx, staffId: string, customerIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.client.query<{ id: string; on: string }>(
    `select customer_id as id, max(effective_from)::text as on from coverage.transfer
      where customer_id = any($1) and seat = 'lead' and to_staff is null and state = 'approved' and $2 in (from_staff, requested_by)
      group by customer_id`,
    [customerIds, staffId],
  );
  return new Map(rows.map((row) => [row.id, row.on]));
}
