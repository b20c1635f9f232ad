import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import { Refused, refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import { oneConnectionANode, type Scope, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { scopeSql } from '../reads/customers.ts';
import type { SeatSlot } from '../rules/scheme.ts';
import {
  checkRelease,
  checkTaker,
  mayDo,
  type Place,
  type TransferAction,
  type TransferGround,
  type TransferReason,
} from '../rules/transfer.ts';
import { refuseFrozen } from './frozen.ts';
import { changeOnePortfolio } from './portfolio-lock.ts';
import { isOverLimit } from './take-over.ts';
import { groundOf, type Seated } from './transfer-ground.ts';
import { headsOver, tellSides } from './transfer-notices.ts';

/** Reason of assignments that a transfer opens or ends. */
const TRANSFERRED = 'transferred';
const UNIQUE_VIOLATION = '23505';

export interface TransferWish {
  readonly customerId: string;
  readonly seat: SeatSlot;
  /** Null releases the customer. */
  readonly toStaff: string | null;
  readonly reason: TransferReason;
  readonly words: string;
  readonly evidence?: string | undefined;
}

/** Who asks: the session's person, with the actor of the audit. */
export interface Asking {
  readonly person: Pick<Person, 'staffId' | 'scope' | 'permissions'>;
  readonly actor: Actor;
}

function refuseMissing(): never {
  return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

/**
 * Asks for a change of who has a seat of a customer of one's scope; nothing changes before somebody else approves it. Refuses what
 * the rule refuses today, and a second request for the same seat while one waits. Gives the transfer's id.
 */
export async function requestTransfer(platform: Platform, { person, actor }: Asking, wish: TransferWish): Promise<string> {
  const transferId = randomUUID();
  const { customerId, seat, toStaff, reason, words, evidence } = wish;
  const now = platform.now();
  try {
    await unscoped(platform.worker, async (tx) => {
      const seated = await lockCustomer(tx, customerId, person.scope);
      if (seated === undefined) return refuseMissing();
      const { ground } = await openGround(tx, now, seated, seat);
      const place = await settle(ground, toStaff, (asked) => placesTaken(tx, asked));
      const from = ground.customer.seats[seat];
      await refuseFrozen(tx, [from, toStaff]);
      // Where nobody sits, whoever shall take the seat sees the request.
      const shown = { lead: seated.lead_staff, joint: seated.joint_staff, [seat]: from ?? toStaff };
      await tx.db
        .insertInto('coverage.transfer')
        .values({
          ...{ customer_id: customerId, transfer_id: transferId, seat, state: 'requested', reason, words },
          ...{ from_staff: from, to_staff: toStaff, portfolio: place?.portfolio ?? null, band: seated.band },
          ...{ evidence: evidence ?? null, requested_by: person.staffId, requested_at: now },
          ...{ unit_no: seated.unit_no, lead_staff: shown.lead, joint_staff: shown.joint },
        })
        .execute();
      await audit(tx, actor, {
        kind: 'transfer.requested',
        subject: transferId,
        customerId,
        body: { seat, from, to: toStaff, reason },
      });
      // Who sees the request: those who may decide, and who has the customer or shall get one whom nobody has.
      const told = [...(await headsOver(tx, now, seated.unit_no)), from ?? toStaff].filter((id) => id !== person.staffId);
      await notify(tx, now, told, { kind: 'transfer-requested', subject: transferId });
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)
      return refuse(
        'transfer-open',
        '该客户的这个席位已有一笔调户待审批：请先等它办结或撤回。',
        'A transfer of this seat is waiting already: it must be decided or withdrawn first.',
      );
    throw error;
  }
  return transferId;
}

interface TransferRow {
  readonly customer_id: string;
  readonly transfer_id: string;
  readonly seat: SeatSlot;
  readonly from_staff: string | null;
  readonly to_staff: string | null;
  readonly state: string;
  readonly requested_by: string;
  readonly unit_no: number;
}

/** Decides on a waiting transfer: approved it is carried out at once, in the same transaction; rejected or withdrawn nothing moves. */
export async function decideTransfer(
  platform: Platform,
  asking: Asking,
  wish: { readonly transferId: string; readonly action: TransferAction; readonly note?: string | undefined },
): Promise<void> {
  const { person, actor } = asking;
  const now = platform.now();
  const { action } = wish;
  await unscoped(platform.worker, async (tx) => {
    await oneConnectionANode(tx);
    if (action === 'approve') await changeOnePortfolio(tx);
    const transfer = await lockTransfer(tx, wish.transferId, person.scope);
    if (transfer === undefined) return refuseMissing();
    refuseUnlessMay(transfer, person, action);
    const done = action === 'approve' ? await carryOut(tx, now, transfer) : undefined;
    const state = action === 'approve' ? 'approved' : action === 'reject' ? 'rejected' : 'withdrawn';
    await tx.db
      .updateTable('coverage.transfer')
      .set({ state, decided_by: person.staffId, decided_at: now, note: wish.note ?? null })
      .$if(done !== undefined, (update) =>
        update.set({ effective_from: done?.on ?? null, portfolio: done?.portfolio ?? null, band: done?.band ?? -1 }),
      )
      .where('customer_id', '=', transfer.customer_id)
      .where('transfer_id', '=', transfer.transfer_id)
      .execute();
    await audit(tx, actor, {
      kind: `transfer.${state}`,
      subject: transfer.transfer_id,
      customerId: transfer.customer_id,
      body: { seat: transfer.seat, from: transfer.from_staff, to: transfer.to_staff, ...(done && { on: done.on }) },
    });
    await tellSides(tx, now, transfer, state, person.staffId);
  });
}

function refuseUnlessMay(transfer: TransferRow, person: Asking['person'], action: TransferAction): void {
  const { state, requested_by: requestedBy, from_staff: fromStaff, to_staff: toStaff } = transfer;
  const asker = {
    staffId: person.staffId,
    decides: person.permissions.has('transfers.decide'),
    seesUnit: sees(person.scope, transfer),
  };
  if (mayDo({ state, requestedBy, fromStaff, toStaff }, asker).includes(action)) return;
  if (state !== 'requested')
    refuse('transfer-decided', '这笔调户已经办结。', 'This transfer has been decided already.', { state });
  refuse(
    'not-yours-to-decide',
    action === 'withdraw'
      ? '只有申请人本人可以撤回。'
      : '申请人、原管户人和新管户人不能审批这笔调户，请由另一位有权审批的人办理。',
    action === 'withdraw'
      ? 'Only who asked for it may withdraw it.'
      : 'Neither who asked for it nor either manager may decide on it: somebody else with the right has to.',
  );
}

function sees({ lo, hi = lo }: Scope, { unit_no: unitNo }: TransferRow): boolean {
  return lo !== undefined && hi !== undefined && unitNo >= lo && unitNo <= hi;
}

/** The transfer, locked. Found first and locked then: a cluster locks rows only where the customer says on which node they are. */
async function lockTransfer(tx: Tx, transferId: string, scope: Scope): Promise<TransferRow | undefined> {
  const found = await tx.db
    .selectFrom('coverage.transfer')
    .select('customer_id')
    .where('transfer_id', '=', transferId)
    .executeTakeFirst();
  if (found === undefined) return undefined;
  const { rows } = await sql<TransferRow>`
    select customer_id, transfer_id, seat, from_staff, to_staff, state, requested_by, unit_no from coverage.transfer
     where customer_id = ${found.customer_id} and transfer_id = ${transferId} and ${scopeSql(scope)} for update`.execute(tx.db);
  return rows[0];
}

type SeatedRow = Seated & { readonly unit_no: number };

/** The customer's standing, locked: two transfers of one customer, lead and joint, are decided one after the other. */
async function lockCustomer(tx: Tx, customerId: string, scope?: Scope): Promise<SeatedRow | undefined> {
  const { rows } = await sql<SeatedRow>`
    select customer_id, outlet_id, band, has_loan, lead_staff, joint_staff, unit_no from coverage.standing
     where customer_id = ${customerId} and ${scope === undefined ? sql`true` : scopeSql(scope)} for update`.execute(tx.db);
  return rows[0];
}

/** The facts to decide on; refuses without a scheme in force, without a closed day, and for a number that is closed or merged. */
async function openGround(
  tx: Tx,
  now: Date,
  seated: Seated,
  seat: SeatSlot,
): Promise<{ readonly ground: TransferGround; readonly last: BusinessDate }> {
  const ground = await groundOf(tx, now, seated, seat);
  const last = await lastClosedDay(tx);
  if (ground === undefined || last === undefined)
    return refuse('no-scheme', '还没有启用方案，不能调户。', 'No scheme is in force yet, so nothing can be transferred.');
  const gone = await tx.db
    .selectFrom('customers.customer')
    .select('customer_id')
    .where('customer_id', '=', seated.customer_id)
    .where((customer) => customer.or([customer('merged_into', 'is not', null), customer('closed_on', '<=', last)]))
    .executeTakeFirst();
  if (gone !== undefined) refuse('customer-gone', '该客户已销户或已并入其他客户号。', 'The customer has closed or was merged.');
  return { ground, last };
}

/** The place that the taker gets, undefined for a release; refuses what the rule refuses. `taken` = customers in that place. */
async function settle(
  ground: TransferGround,
  toStaff: string | null,
  taken: (place: Place) => Promise<number>,
): Promise<Place | undefined> {
  if (toStaff === null) {
    const problem = checkRelease(ground);
    if (problem !== undefined) throw new Refused(problem);
    return undefined;
  }
  const place = checkTaker(ground, toStaff, () => 0);
  if ('code' in place) throw new Refused(place);
  const load = await taken(place);
  const checked = checkTaker(ground, toStaff, () => load);
  if ('code' in checked) throw new Refused(checked);
  return checked;
}

async function placesTaken(tx: Tx, { staffId, portfolio }: Place): Promise<number> {
  const row = await tx.db
    .selectFrom('coverage.portfolio')
    .select('customers')
    .where('staff_id', '=', staffId)
    .where('portfolio', '=', portfolio)
    .executeTakeFirst();
  return row?.customers ?? 0;
}

/** Moves the customer of an approved transfer: everything is looked at again under lock, the limits once more by the database. */
async function carryOut(tx: Tx, now: Date, transfer: TransferRow) {
  const { customer_id: customerId, seat, from_staff: from, to_staff: to } = transfer;
  const seated = await lockCustomer(tx, customerId);
  if (seated === undefined || seated.unit_no !== transfer.unit_no) return refuseOutdated();
  const { ground, last } = await openGround(tx, now, seated, seat);
  if (ground.customer.seats[seat] !== from) return refuseOutdated();
  await refuseFrozen(tx, [from, to]);
  const { held, on } = await sitting(tx, customerId, seat, last);
  const hold = async (place: Place | undefined) => {
    const cap = place === undefined || place.atMost === Infinity ? null : place.atMost;
    const { rows } = await tx.client.query<{ taken: number }>('select coverage.hold_places($1, $2, $3, $4, $5) as taken', [
      from,
      held,
      to,
      place?.portfolio ?? null,
      cap,
    ]);
    return rows[0]?.taken ?? 0;
  };
  const place = await settle(ground, to, hold);
  if (place === undefined) await hold(undefined);
  await move(tx, transfer, { place, band: seated.band, on });
  return { on, band: seated.band, portfolio: place?.portfolio };
}

/** The portfolio of the open assignment, and from which day a change of it counts: the newest closed day, like a run's, without overlap. */
async function sitting(
  tx: Tx,
  customerId: string,
  seat: SeatSlot,
  last: BusinessDate,
): Promise<{ readonly held: string | null; readonly on: BusinessDate }> {
  const { rows } = await tx.client.query<{ held: string | null; until: string | null }>(
    `select max(portfolio) filter (where to_date is null) as held, max(to_date) as until from coverage.assignment
      where customer_id = $1 and seat = $2`,
    [customerId, seat],
  );
  const until = rows[0]?.until ?? null;
  return { held: rows[0]?.held ?? null, on: until !== null && until > last ? businessDate(until) : last };
}

async function move(
  tx: Tx,
  { customer_id: customerId, transfer_id: transferId, seat, from_staff: from, to_staff: to }: TransferRow,
  { place, band, on }: { readonly place: Place | undefined; readonly band: number; readonly on: BusinessDate },
): Promise<void> {
  try {
    if (from !== null)
      await tx.client.query('select coverage.end_assignment($1, $2, $3, $4)', [customerId, seat, on, TRANSFERRED]);
    if (place !== undefined)
      await tx.client.query('select coverage.open_assignment($1, $2, $3, $4, $5::smallint, $6, $7, $8)', [
        customerId,
        seat,
        place.staffId,
        place.portfolio,
        band,
        on,
        transferId,
        TRANSFERRED,
      ]);
  } catch (error) {
    if (!isOverLimit(error)) throw error;
    refuse('portfolio-full', '新管户人的管户数已达上限。', 'The taker is at the limit.');
  }
  await tx.db
    .insertInto('coverage.stage_taken')
    .values({
      ...{ customer_id: customerId, work: transferId, seat, staff_id: to ?? from ?? '' },
      ...{ portfolio: place?.portfolio ?? '', band, from_date: on },
    })
    .execute();
  await tx.client.query('select coverage.show_seats($1)', [transferId]);
  await tx.db.deleteFrom('coverage.stage_taken').where('customer_id', '=', customerId).where('work', '=', transferId).execute();
}

function refuseOutdated(): never {
  return refuse(
    'transfer-outdated',
    '申请之后，该客户的管户人或归属网点已经变了：请驳回或撤回，需要时重新申请。',
    'The customer’s manager or outlet has changed since the request: reject or withdraw it, and ask again if it is still wanted.',
  );
}
