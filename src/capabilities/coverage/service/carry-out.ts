import { sql } from 'kysely';
import { type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import { Refused, refuse } from '../../../kernel/refusal.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { scopeSql } from '../reads/customers.ts';
import type { SeatSlot } from '../rules/scheme.ts';
import { checkRelease, checkTaker, type Place, type TransferGround } from '../rules/transfer.ts';
import { refuseFrozen } from './frozen.ts';
import { showSeats } from './seats.ts';
import { isOverLimit } from './take-over.ts';
import { groundOn, type Seated } from './transfer-ground.ts';

/** Reason of assignments that a transfer opens or ends. */
const TRANSFERRED = 'transferred';

/** What carrying a transfer out needs to know of it. */
export interface Move {
  readonly customer_id: string;
  readonly transfer_id: string;
  readonly seat: SeatSlot;
  readonly from_staff: string | null;
  readonly to_staff: string | null;
  readonly unit_no: number;
}

/** The day whose staff counts, and the newest closed day: from there on a change counts. */
export interface When {
  readonly today: BusinessDate;
  readonly last: BusinessDate | undefined;
}

export type SeatedRow = Seated & { readonly unit_no: number };

/** The customer's standing, locked: two transfers of one customer, lead and joint, are decided one after the other. */
export async function lockCustomer(tx: Tx, customerId: string, scope?: Scope): Promise<SeatedRow | undefined> {
  const { rows } = await sql<SeatedRow>`
    select customer_id, outlet_id, band, has_loan, lead_staff, joint_staff, unit_no from coverage.standing
     where customer_id = ${customerId} and ${scope === undefined ? sql`true` : scopeSql(scope)} for update`.execute(tx.db);
  return rows[0];
}

/** The facts to decide on; refuses without a scheme in force, without a closed day, and for a number that is closed or merged. */
export async function openGround(
  tx: Tx,
  { today, last }: When,
  seated: Seated,
  seat: SeatSlot,
): Promise<{ readonly ground: TransferGround; readonly last: BusinessDate }> {
  const ground = await groundOn(tx, today, seated, seat);
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
export async function settle(
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

export async function placesTaken(tx: Tx, { staffId, portfolio }: Place): Promise<number> {
  const row = await tx.db
    .selectFrom('coverage.portfolio')
    .select('customers')
    .where('staff_id', '=', staffId)
    .where('portfolio', '=', portfolio)
    .executeTakeFirst();
  return row?.customers ?? 0;
}

/** Moves the customer of an approved transfer: everything is looked at again under lock, the limits once more by the database. */
export async function carryOut(tx: Tx, when: When, transfer: Move) {
  const { customer_id: customerId, seat, from_staff: from, to_staff: to } = transfer;
  const seated = await lockCustomer(tx, customerId);
  if (seated === undefined || seated.unit_no !== transfer.unit_no) return refuseOutdated();
  const { ground, last } = await openGround(tx, when, seated, seat);
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
  { customer_id: customerId, transfer_id: transferId, seat, from_staff: from, to_staff: to }: Move,
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
  await showSeats(tx, transferId);
  await tx.db.deleteFrom('coverage.stage_taken').where('customer_id', '=', customerId).where('work', '=', transferId).execute();
}

export function refuseOutdated(): never {
  return refuse(
    'transfer-outdated',
    '申请之后，该客户的管户人或归属网点已经变了：请驳回或撤回，需要时重新申请。',
    'The customer’s manager or outlet has changed since the request: reject or withdraw it, and ask again if it is still wanted.',
  );
}
