import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { addDays, type BusinessDate, businessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import { oneConnectionANode, type Scope, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { scopeSql } from '../reads/customers.ts';
import type { SeatSlot } from '../rules/scheme.ts';
import { CLAIM_REASON, mayDo, type TransferAction, type TransferReason } from '../rules/transfer.ts';
import { carryOut, lockCustomer, type Move, openGround, placesTaken, refuseOutdated, settle } from './carry-out.ts';
import { refuseFrozen } from './frozen.ts';
import { changeOnePortfolio } from './portfolio-lock.ts';
import { recordRaised } from './raised.ts';
import { headsOver, tellSides } from './transfer-notices.ts';

export const UNIQUE_VIOLATION = '23505';

export interface TransferWish {
  readonly customerId: string;
  readonly seat: SeatSlot;
  /** Null releases the customer. */
  readonly toStaff: string | null;
  readonly reason: TransferReason;
  readonly words: string;
  readonly evidence?: string | undefined;
  /** A coming day from which it shall count; without it from the newest closed day, as soon as it is approved. */
  readonly on?: string | undefined;
}

/** Who asks: the session's person, with the actor of the audit. */
export interface Asking {
  readonly person: Pick<Person, 'staffId' | 'scope' | 'permissions' | 'identities'>;
  readonly actor: Actor;
}

function refuseMissing(): never {
  return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

/** The furthest day for which a transfer can be agreed. */
const AHEAD_DAYS = 366;

/**
 * Asks for a change of who has a seat of a customer of one's scope; nothing changes before somebody else approves it. Refuses what
 * the rule refuses today, and a second request for the same seat while one waits. Gives the transfer's id.
 */
export async function requestTransfer(platform: Platform, asking: Asking, wish: TransferWish): Promise<string> {
  const now = platform.now();
  try {
    return await unscoped(platform.worker, async (tx) => {
      const { transferId, unitNo, from } = await askFor(tx, now, asking, wish);
      // Who sees the request: those who may decide, and who has the customer or shall get one whom nobody has.
      const told = [...(await headsOver(tx, now, unitNo)), from ?? wish.toStaff].filter((id) => id !== asking.person.staffId);
      await notify(tx, now, told, { kind: 'transfer-requested', subject: transferId });
      return transferId;
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) return refuseOpen();
    throw error;
  }
}

export function refuseOpen(): never {
  return refuse(
    'transfer-open',
    '该客户的这个席位已有一笔调户待审批或待生效：请先等它办结或撤回。',
    'A transfer of this seat is waiting already: it must be decided, carried out or withdrawn first.',
  );
}

/** What the rows before it in its batch mean for a request: its id, and how many customers they give the same taker. */
interface BatchItem {
  readonly batchId: string;
  readonly transferId: string;
  readonly ahead: number;
}

/** Writes one request down, alone or as part of a batch, with its entry in the audit. */
export async function askFor(tx: Tx, now: Date, { person, actor }: Asking, wish: TransferWish, item?: BatchItem) {
  const { batchId, transferId = randomUUID(), ahead = 0 } = item ?? {};
  const { customerId, seat, toStaff, reason, words, evidence } = wish;
  const on = wish.on === undefined ? undefined : comingDay(wish.on, todayOf(now));
  const seated = await lockCustomer(tx, customerId, person.scope);
  if (seated === undefined) return refuseMissing();
  const when = { today: todayOf(now), last: await lastClosedDay(tx) };
  const { ground } = await openGround(tx, when, seated, seat);
  const place = await settle(ground, toStaff, async (asked) => (await placesTaken(tx, asked)) + ahead);
  const from = ground.customer.seats[seat];
  await refuseFrozen(tx, [from, toStaff]);
  // Where nobody sits, whoever shall take the seat sees the request.
  const shown = { lead: seated.lead_staff, joint: seated.joint_staff, [seat]: from ?? toStaff };
  await tx.db
    .insertInto('coverage.transfer')
    .values({
      ...{ customer_id: customerId, transfer_id: transferId, seat, state: 'requested', reason, words, batch_id: batchId ?? null },
      ...{ from_staff: from, to_staff: toStaff, portfolio: place?.portfolio ?? null, band: seated.band, wanted_on: on ?? null },
      ...{ evidence: evidence ?? null, requested_by: person.staffId, requested_at: now },
      ...{ unit_no: seated.unit_no, lead_staff: shown.lead, joint_staff: shown.joint },
    })
    .execute();
  const body = { seat, from, to: toStaff, reason, ...(on && { on }), ...(batchId && { batch: batchId }) };
  await audit(tx, actor, { kind: 'transfer.requested', subject: transferId, customerId, body });
  return { transferId, unitNo: seated.unit_no, from };
}

function comingDay(text: string, today: BusinessDate): BusinessDate {
  const day = businessDate(text);
  if (day > today && day <= addDays(today, AHEAD_DAYS)) return day;
  return refuse(
    'day-not-coming',
    `生效日须在今天之后、一年之内：不填则同意后当即生效。`,
    'The day must be a coming one, within a year; without it the transfer counts as soon as it is approved.',
    { day },
  );
}

export interface TransferRow extends Move {
  readonly state: string;
  readonly requested_by: string;
  readonly wanted_on: string | null;
  readonly batch_id: string | null;
  readonly reason: string;
}

/**
 * Decides on a waiting transfer: approved it is carried out at once, in the same transaction, or waits for its day; rejected or withdrawn
 * nothing moves.
 */
export async function decideTransfer(
  platform: Platform,
  asking: Asking,
  wish: { readonly transferId: string; readonly action: TransferAction; readonly note?: string | undefined },
): Promise<void> {
  const { person } = asking;
  const now = platform.now();
  const { action, note } = wish;
  await unscoped(platform.worker, async (tx) => {
    await oneConnectionANode(tx);
    if (action === 'approve') await changeOnePortfolio(tx);
    const transfer = await lockTransfer(tx, wish.transferId, person.scope);
    if (transfer === undefined) return refuseMissing();
    refuseUnlessMay(transfer, person, action);
    const state = await settleTransfer(tx, now, asking, { transfer, action, note });
    await tellSides(tx, now, transfer, state, person.staffId);
  });
}

/** Takes the step and writes it down with its entry in the audit; whether the person may take it has been looked at. */
export async function settleTransfer(
  tx: Tx,
  now: Date,
  { person, actor }: Asking,
  {
    transfer,
    action,
    note,
  }: { readonly transfer: TransferRow; readonly action: TransferAction; readonly note?: string | undefined },
) {
  const when = { today: todayOf(now), last: await lastClosedDay(tx) };
  const waits = transfer.wanted_on !== null && (when.last === undefined || transfer.wanted_on > when.last);
  if (action === 'approve' && waits) await refuseUnlessCurrent(tx, transfer);
  const done = action === 'approve' && !waits ? await carryOut(tx, when, transfer) : undefined;
  const state = action === 'reject' ? 'rejected' : action === 'withdraw' ? 'withdrawn' : waits ? 'scheduled' : 'approved';
  await tx.db
    .updateTable('coverage.transfer')
    .set({ state, decided_by: person.staffId, decided_at: now, note: note ?? null, ...carriedOut(done, now) })
    .where('customer_id', '=', transfer.customer_id)
    .where('transfer_id', '=', transfer.transfer_id)
    .execute();
  const on = done?.on ?? (state === 'scheduled' ? transfer.wanted_on : null);
  await audit(tx, actor, {
    kind: `transfer.${state}`,
    subject: transfer.transfer_id,
    customerId: transfer.customer_id,
    body: { seat: transfer.seat, from: transfer.from_staff, to: transfer.to_staff, ...(on !== null && { on }) },
  });
  if (done !== undefined && transfer.reason === CLAIM_REASON) await recordRaised(tx, now, transfer, done.on);
  return state;
}

/** The columns of a transfer that has been carried out. */
export function carriedOut(done: Awaited<ReturnType<typeof carryOut>> | undefined, now: Date) {
  return done && { effective_from: done.on, portfolio: done.portfolio ?? null, band: done.band, carried_at: now };
}

/** What waits for its day is looked at in full on that day; here only whether it still is about the present manager. */
async function refuseUnlessCurrent(tx: Tx, transfer: TransferRow): Promise<void> {
  const seated = await lockCustomer(tx, transfer.customer_id);
  const sits = transfer.seat === 'lead' ? seated?.lead_staff : seated?.joint_staff;
  if (seated?.unit_no !== transfer.unit_no || (sits ?? null) !== transfer.from_staff) refuseOutdated();
}

function refuseUnlessMay(transfer: TransferRow, person: Asking['person'], action: TransferAction): void {
  const { state, requested_by: requestedBy, from_staff: fromStaff, to_staff: toStaff, batch_id: batchId } = transfer;
  const asker = {
    staffId: person.staffId,
    identities: person.identities,
    decides: person.permissions.has('transfers.decide'),
    seesUnit: sees(person.scope, transfer),
  };
  if (mayDo({ state, requestedBy, fromStaff, toStaff, batchId }, asker).includes(action)) return;
  if (state !== 'requested')
    refuse('transfer-decided', '这笔调户已经办结。', 'This transfer has been decided already.', { state });
  if (batchId !== null)
    refuse(
      'in-batch',
      '这笔调户属于一批调户，须整批办理。',
      'This transfer is part of a batch, which is decided on as a whole.',
      { batchId },
    );
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
  const [found] = (
    await sql<Pick<TransferRow, 'customer_id'>>`
      select customer_id from coverage.transfer where transfer_id = ${transferId} and ${scopeSql(scope)}`.execute(tx.db)
  ).rows;
  if (found === undefined) return undefined;
  const { rows } = await sql<TransferRow>`
    select customer_id, transfer_id, seat, from_staff, to_staff, state, requested_by, unit_no, wanted_on, batch_id, reason
      from coverage.transfer where customer_id = ${found.customer_id} and transfer_id = ${transferId} and ${scopeSql(scope)} for update`.execute(
    tx.db,
  );
  return rows[0];
}
