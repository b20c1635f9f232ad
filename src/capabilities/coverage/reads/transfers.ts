import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import type { SeatSlot } from '../rules/scheme.ts';
import {
  checkRelease,
  checkTaker,
  mayDo,
  type Place,
  placesFor,
  seatProblem,
  TRANSFER_REASON_IDS,
  TRANSFER_REASONS,
  type TransferGround,
  transferReasonWords,
} from '../rules/transfer.ts';
import { frozenAmong, frozenRefusal } from '../service/frozen.ts';
import { groundOf, type Seated } from '../service/transfer-ground.ts';
import { type candidatesSchema, TRANSFER_STATES, type transferDetail, type transferRow } from '../transfer-contract.ts';
import { scopeSql } from './customers.ts';
import { staffRefOf, unitRefOf } from './refs.ts';
import { bandTitle, type View, viewFor } from './view.ts';

export interface TransferListRow {
  readonly transfer_id: string;
  readonly customer_id: string;
  readonly seat: SeatSlot;
  readonly from_staff: string | null;
  readonly to_staff: string | null;
  readonly state: (typeof TRANSFER_STATES)[number];
  readonly portfolio: string | null;
  readonly band: number;
  readonly reason: string;
  readonly words: string;
  readonly evidence: string | null;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
  readonly effective_from: string | null;
  readonly wanted_on: string | null;
  readonly failure: { readonly zh: string; readonly en: string } | null;
  readonly batch_id: string | null;
  readonly unit_no: number;
  readonly name: string | null;
  readonly outlet_id: string | null;
}

const BATCH_MAX = 1000;
export const TRANSFER_FILTERS = [...TRANSFER_STATES, 'decided'] as const;
export interface TransferFilter {
  readonly state?: (typeof TRANSFER_FILTERS)[number] | undefined;
  readonly mine?: boolean | undefined;
}

/** Milliseconds of the request and the transfer's id: newest first. */
const key = z.tuple([z.number().int().min(0).max(4_000_000_000_000), z.string()]);

/** Transfers of one's scope with the customer's name while one sees the customer. Row security says the same once more. */
function transfersSql(scope: Scope, where: RawBuilder<unknown>, limit: number): RawBuilder<TransferListRow> {
  // Who takes over sees it once it was agreed to.
  const taken = sql`(to_staff = ${scope.staffId} and state in ('scheduled', 'approved', 'failed', 'claimed'))`;
  return sql<TransferListRow>`
    select t.*, c.name, c.outlet_id from (
      select * from coverage.transfer where (${scopeSql(scope)} or ${taken}) and ${where} order by requested_at desc, transfer_id desc limit ${limit}) t
            left join coverage.card c on c.customer_id = t.customer_id order by t.requested_at desc, t.transfer_id desc`;
}

export async function listTransfers(
  tx: Tx,
  scope: Scope,
  { state, mine }: TransferFilter,
  page: { after?: string | undefined; limit: number },
) {
  const after = keyOfCursor(page.after, key);
  const states =
    state === undefined ? sql`true` : state === 'decided' ? sql`state not in ('requested', 'scheduled')` : sql`state = ${state}`;
  const own = mine === true ? sql`requested_by = ${scope.staffId}` : sql`true`;
  const from =
    after === undefined
      ? sql`true`
      : sql`(requested_at, transfer_id) < (timestamptz 'epoch' + ${after[0]}::bigint * interval '1 millisecond', ${after[1]})`;
  const { rows } = await transfersSql(scope, sql`${states} and ${own} and ${from}`, page.limit + 1).execute(tx.db);
  return toPage(rows, page.limit, (row) => [row.requested_at.getTime(), row.transfer_id]);
}

export async function findTransfer(tx: Tx, scope: Scope, transferId: string): Promise<TransferListRow | undefined> {
  const { rows } = await transfersSql(scope, sql`transfer_id = ${transferId}`, 1).execute(tx.db);
  return rows[0];
}

/** The transfers of a batch that one sees, in the order of its lines. */
export async function transfersOfBatch(tx: Tx, scope: Scope, batchId: string): Promise<TransferListRow[]> {
  const { rows } = await transfersSql(scope, sql`batch_id = ${batchId}`, BATCH_MAX).execute(tx.db);
  return rows.sort((a, b) => (a.transfer_id < b.transfer_id ? -1 : 1));
}

/** Everybody whom rows name. */
export function viewOfTransfers(tx: Tx, rows: readonly TransferListRow[]): Promise<View> {
  return viewFor(
    tx,
    rows.flatMap((row) => [row.from_staff, row.to_staff, row.requested_by, row.decided_by]),
  );
}

/** The one mapper from a transfer to what leaves the server: names masked, and what this person may do next. */
export function toTransferRow(view: View, person: Person, row: TransferListRow): z.input<typeof transferRow> {
  const { lo, hi = lo } = person.scope;
  const asker = {
    staffId: person.staffId,
    identities: person.identities,
    decides: person.permissions.has('transfers.decide'),
    seesUnit: lo !== undefined && hi !== undefined && row.unit_no >= lo && row.unit_no <= hi,
  };
  const { state, requested_by: requestedBy, from_staff: fromStaff, to_staff: toStaff, batch_id: batchId } = row;
  return {
    transferId: row.transfer_id,
    customerId: row.customer_id,
    customerName: row.name === null ? null : maskName(row.name),
    outlet: unitRefOf(view.units, row.outlet_id),
    seat: row.seat,
    from: staffRefOf(view.staff, fromStaff),
    to: staffRefOf(view.staff, toStaff),
    state,
    bandTitle: bandTitle(view, row.band),
    reason: row.reason,
    reasonText: transferReasonWords(row.reason),
    words: row.words,
    evidence: row.evidence,
    requestedBy: staffRefOf(view.staff, requestedBy) ?? unknownPerson(requestedBy),
    requestedAt: row.requested_at.toISOString(),
    decidedBy: staffRefOf(view.staff, row.decided_by),
    decidedAt: row.decided_at?.toISOString() ?? null,
    note: row.note,
    effectiveFrom: row.effective_from,
    wantedOn: row.wanted_on,
    failure: row.failure,
    batchId,
    may: mayDo({ state, requestedBy, fromStaff, toStaff, batchId }, asker),
  };
}

function unknownPerson(staffId: string) {
  return { staffId, name: staffId, role: '', unitName: '' };
}

type Loads = ReadonlyMap<string, { readonly customers: number; readonly cap: number | null }>;
const loadKey = (staffId: string, portfolio: string) => `${staffId} ${portfolio}`;

async function loadsOf(tx: Tx, staffIds: readonly (string | null)[]): Promise<Loads> {
  const wanted = staffIds.filter((id) => id !== null);
  if (wanted.length === 0) return new Map();
  const rows = await tx.db.selectFrom('coverage.portfolio').selectAll().where('staff_id', 'in', wanted).execute();
  return new Map(rows.map((row) => [loadKey(row.staff_id, row.portfolio), row]));
}

const takenOf =
  (loads: Loads) =>
  ({ staffId, portfolio }: Place): number =>
    loads.get(loadKey(staffId, portfolio))?.customers ?? 0;

const finite = (limit: number): number | null => (limit === Infinity ? null : limit);

/** A transfer with both sides' loads and, while it waits, what would stand against it now. */
export async function transferDetailOf(
  tx: Tx,
  person: Person,
  row: TransferListRow,
  now: Date,
): Promise<z.input<typeof transferDetail>> {
  const base = toTransferRow(await viewOfTransfers(tx, [row]), person, row);
  const standing = await standingOf(tx, person.scope, row.customer_id);
  const ground = standing && (await groundOf(tx, now, standing, row.seat));
  const loads = await loadsOf(tx, [row.from_staff, row.to_staff]);
  const held = await heldPortfolio(tx, row);
  const place = ground && placesFor(ground).find((one) => one.staffId === row.to_staff);
  const portfolio = place?.portfolio ?? row.portfolio;
  const from = row.from_staff === null || held === undefined ? undefined : loads.get(loadKey(row.from_staff, held));
  const to = row.to_staff === null || portfolio === null ? undefined : loads.get(loadKey(row.to_staff, portfolio));
  return {
    ...base,
    fromLoad: from === undefined ? null : { customers: from.customers, atMost: from.cap },
    toLoad:
      row.to_staff === null ? null : { customers: to?.customers ?? 0, atMost: place ? finite(place.atMost) : (to?.cap ?? null) },
    problem:
      (row.state === 'requested' || row.state === 'scheduled') && ground !== undefined ? problemNow(ground, row, loads) : null,
  };
}

function problemNow(ground: TransferGround, row: TransferListRow, loads: Loads) {
  if (ground.customer.seats[row.seat] !== row.from_staff)
    return { zh: '申请之后管户人已经变了。', en: 'The manager has changed since the request.' };
  if (row.to_staff === null) return checkRelease(ground)?.words ?? null;
  const answer = checkTaker(ground, row.to_staff, takenOf(loads));
  return 'code' in answer ? answer.words : null;
}

async function standingOf(tx: Tx, scope: Scope, customerId: string): Promise<Seated | undefined> {
  const { rows } = await sql<Seated>`
    select customer_id, outlet_id, band, has_loan, lead_staff, joint_staff from coverage.standing
     where customer_id = ${customerId} and ${scopeSql(scope)}`.execute(tx.db);
  return rows[0];
}

/** In which portfolio the former manager has, or had, the customer. The customer must be open to the transaction. */
async function heldPortfolio(tx: Tx, row: TransferListRow): Promise<string | undefined> {
  if (row.from_staff === null) return undefined;
  const held = await tx.db
    .selectFrom('coverage.assignment')
    .select('portfolio')
    .where('customer_id', '=', row.customer_id)
    .where('seat', '=', row.seat)
    .where('staff_id', '=', row.from_staff)
    .orderBy('from_date', 'desc')
    .limit(1)
    .executeTakeFirst();
  return held?.portfolio;
}

/** Who could take a seat of a customer, fewest customers first, each with what stands against them. */
export async function candidatesOf(
  tx: Tx,
  found: Seated & { readonly name: string },
  seat: SeatSlot,
  now: Date,
): Promise<z.input<typeof candidatesSchema>> {
  const ground = await groundOf(tx, now, found, seat);
  const places = ground === undefined ? [] : placesFor(ground);
  const current = seat === 'lead' ? found.lead_staff : found.joint_staff;
  const view = await viewFor(tx, [current, ...places.map((place) => place.staffId)]);
  const loads = await loadsOf(
    tx,
    places.map((place) => place.staffId),
  );
  const frozen = await frozenAmong(tx, [current, ...places.map((place) => place.staffId)]);
  const rows = places
    .filter((place) => place.staffId !== current)
    .map((place) => {
      const answer = ground && checkTaker(ground, place.staffId, takenOf(loads));
      return {
        ...(staffRefOf(view.staff, place.staffId) ?? unknownPerson(place.staffId)),
        portfolio: place.portfolio,
        portfolioTitle: view.scheme?.portfolios.get(place.portfolio)?.title ?? { zh: place.portfolio, en: place.portfolio },
        load: { customers: takenOf(loads)(place), atMost: finite(place.atMost) },
        problem: frozen.has(place.staffId)
          ? frozenRefusal(place.staffId).words
          : answer !== undefined && 'code' in answer
            ? answer.words
            : null,
      };
    });
  return {
    customerId: found.customer_id,
    name: maskName(found.name),
    seat,
    current: staffRefOf(view.staff, current),
    problem:
      ground === undefined
        ? { zh: '还没有启用方案。', en: 'No scheme is in force.' }
        : (seatProblem(ground)?.words ?? (current !== null && frozen.has(current) ? frozenRefusal(current).words : null)),
    releaseProblem: (ground && checkRelease(ground)?.words) ?? null,
    candidates: rows.sort((a, b) => a.load.customers - b.load.customers),
    reasons: TRANSFER_REASON_IDS.map((reason) => ({ reason, text: TRANSFER_REASONS[reason] })),
  };
}
