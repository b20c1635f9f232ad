import { sql } from 'kysely';
import { z } from 'zod';
import { todayOf } from '../../../kernel/business-date.ts';
import { maskName } from '../../../kernel/mask.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import type { HANDOVER_STATES, handoverDetail, handoverItem, handoverRow } from '../handover-contract.ts';
import { HANDOVER_WORDS, type HandoverKind } from '../rules/handover.ts';
import { type HandoverRow, handoverMay } from '../service/handovers.ts';
import { staffRefOf, unitRefOf } from './refs.ts';
import { bandTitle, type View, viewFor } from './view.ts';

export const HANDOVER_FILTERS = ['open', 'done'] as const;

export interface HandoverListRow extends HandoverRow {
  readonly kind: HandoverKind;
  readonly state: (typeof HANDOVER_STATES)[number];
  readonly words: string;
  readonly started_at: Date;
  readonly often_words: string | null;
  readonly split_at: Date | null;
  readonly giver_signed_at: Date | null;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly effective_from: string | null;
  readonly returned_by: string | null;
  readonly returned_at: Date | null;
}

/** Milliseconds of the start and the handover's id: newest first. */
const key = z.tuple([z.number().int().min(0).max(4_000_000_000_000), z.string()]);

/** One's units', one's own, and those in which one takes over. */
const mine = (scope: Scope) =>
  sql`(h.unit_no between ${scope.lo ?? 0} and ${scope.hi ?? -1} or h.staff_id = ${scope.staffId} or ${scope.staffId} = any(h.successors))`;

const columns = (now: Date) =>
  sql`h.*, array(select g.staff_id from coverage.handover_signature g where g.handover_id = h.handover_id) as signed,
    exists (select from organisation.staff s where s.id = h.staff_id and s.left_on <= ${todayOf(now)}::date) as is_left`;

export async function listHandovers(
  tx: Tx,
  { scope, now }: { readonly scope: Scope; readonly now: Date },
  state: (typeof HANDOVER_FILTERS)[number] | undefined,
  page: { after?: string | undefined; limit: number },
) {
  const after = keyOfCursor(page.after, key);
  const open = sql`h.state in ('frozen', 'split')`;
  const states = state === undefined ? sql`true` : state === 'open' ? open : sql`not ${open}`;
  const from =
    after === undefined
      ? sql`true`
      : sql`(h.started_at, h.handover_id) < (timestamptz 'epoch' + ${after[0]}::bigint * interval '1 millisecond', ${after[1]})`;
  const { rows } = await sql<HandoverListRow>`select ${columns(now)} from coverage.handover h
    where ${mine(scope)} and ${states} and ${from} order by h.started_at desc, h.handover_id desc limit ${page.limit + 1}`.execute(
    tx.db,
  );
  return toPage(rows, page.limit, (row) => [row.started_at.getTime(), row.handover_id]);
}

export async function findHandover(tx: Tx, scope: Scope, now: Date, handoverId: string): Promise<HandoverListRow | undefined> {
  const { rows } = await sql<HandoverListRow>`select ${columns(now)} from coverage.handover h
    where h.handover_id = ${handoverId} and ${mine(scope)}`.execute(tx.db);
  return rows[0];
}

/** Whose portfolio a handover of one's scope is about. */
export async function handoverOwner(tx: Tx, scope: Scope, handoverId: string): Promise<string | undefined> {
  const { rows } = await sql<{ staff_id: string }>`select h.staff_id from coverage.handover h
    where h.handover_id = ${handoverId} and ${mine(scope)}`.execute(tx.db);
  return rows[0]?.staff_id;
}

export function viewOfHandovers(tx: Tx, rows: readonly HandoverListRow[]): Promise<View> {
  return viewFor(
    tx,
    rows.flatMap((row) => [
      ...[row.staff_id, row.started_by, row.split_by, row.giver_signed_by, row.decided_by, row.returned_by],
      ...row.successors,
    ]),
  );
}

function personOf(view: View, staffId: string) {
  return staffRefOf(view.staff, staffId) ?? { staffId, name: staffId, role: '', unitName: '' };
}

/** The one mapper from a handover to what leaves the server, with what this person may do next. */
export function toHandoverRow(view: View, person: Person, row: HandoverListRow, now: Date): z.input<typeof handoverRow> {
  const { state, successors, signed } = row;
  const wanting = successors.filter((id) => !signed.includes(id)).length + (row.giver_signed_by === null ? 1 : 0);
  return {
    handoverId: row.handover_id,
    owner: personOf(view, row.staff_id),
    kind: row.kind,
    kindText: HANDOVER_WORDS[row.kind],
    onDate: row.on_date,
    backOn: row.back_on,
    words: row.words,
    state,
    startedBy: personOf(view, row.started_by),
    startedAt: row.started_at.toISOString(),
    effectiveFrom: row.effective_from,
    unsigned: state === 'split' ? wanting : 0,
    may: handoverMay(row, person, todayOf(now)),
  };
}

interface PartRow {
  readonly to_staff: string | null;
  readonly customers: number;
  readonly assets_fen: number;
  readonly often: number;
  readonly load: number;
  readonly signed_at: Date | null;
}

/** A handover with its parts, as far as its reader sees their lines. */
export async function handoverDetailOf(
  tx: Tx,
  person: Person,
  row: HandoverListRow,
  now: Date,
): Promise<z.input<typeof handoverDetail>> {
  const view = await viewOfHandovers(tx, [row]);
  const ref = (id: string | null) => staffRefOf(view.staff, id);
  const { rows: parts } = await sql<PartRow>`
    select i.to_staff, i.customers, i.assets_fen, i.often, g.signed_at,
           coalesce((select sum(p.customers) from coverage.portfolio p where p.staff_id = i.to_staff), 0)::integer as load
      from (select to_staff, count(*)::integer as customers, sum(assets_fen)::bigint as assets_fen, count(*) filter (where often)::integer as often
              from coverage.handover_item where handover_id = ${row.handover_id} group by to_staff) i
      left join coverage.handover_signature g on g.handover_id = ${row.handover_id} and g.staff_id = i.to_staff
     order by i.to_staff nulls last`.execute(tx.db);
  const { rows: outcomes } = await sql<{ outcome: string | null; n: number }>`
    select outcome, count(*)::integer as n from coverage.handover_item where handover_id = ${row.handover_id} group by outcome`.execute(
    tx.db,
  );
  const ended = (outcome: string) => outcomes.find((one) => one.outcome === outcome)?.n ?? 0;
  const { rows: held } = await sql<{ n: number }>`
    select coalesce(sum(customers), 0)::integer as n from coverage.portfolio where staff_id = ${row.staff_id}`.execute(tx.db);
  return {
    ...toHandoverRow(view, person, row, now),
    customers: held[0]?.n ?? 0,
    splitBy: ref(row.split_by),
    splitAt: row.split_at?.toISOString() ?? null,
    oftenWords: row.often_words,
    giverSignedBy: ref(row.giver_signed_by),
    giverSignedAt: row.giver_signed_at?.toISOString() ?? null,
    decidedBy: ref(row.decided_by),
    decidedAt: row.decided_at?.toISOString() ?? null,
    returnedBy: ref(row.returned_by),
    returnedAt: row.returned_at?.toISOString() ?? null,
    parts: parts.map((part) => ({
      to: ref(part.to_staff),
      customers: part.customers,
      assetsFen: part.assets_fen,
      often: part.often,
      load: part.load,
      signedAt: part.signed_at?.toISOString() ?? null,
    })),
    outcomes: { moved: ended('moved'), stayed: ended('stayed'), gone: ended('gone'), returned: ended('returned') },
  };
}

interface ItemListRow {
  readonly customer_id: string;
  readonly name: string | null;
  readonly outlet_id: string | null;
  readonly seat: 'lead' | 'joint';
  readonly band: number;
  readonly assets_fen: number;
  readonly to_staff: string | null;
  readonly often: boolean;
  readonly outcome: 'moved' | 'stayed' | 'gone' | 'returned' | null;
}

const itemKey = z.tuple([z.number().int(), z.string()]);

/** The lines of a handover that its reader may see, richest first: all of one's units, else what one gives or gets. */
export async function handoverItems(
  tx: Tx,
  scope: Scope,
  { handoverId, to }: { readonly handoverId: string; readonly to?: string | undefined },
  page: { after?: string | undefined; limit: number },
) {
  const after = keyOfCursor(page.after, itemKey);
  const own = sql`(unit_no between ${scope.lo ?? 0} and ${scope.hi ?? -1} or lead_staff = ${scope.staffId} or joint_staff = ${scope.staffId} or to_staff = ${scope.staffId})`;
  const whom = to === undefined ? sql`true` : to === 'nobody' ? sql`to_staff is null` : sql`to_staff = ${to}`;
  const from = after === undefined ? sql`true` : sql`(assets_fen, customer_id) < (${after[0]}::bigint, ${after[1]})`;
  const { rows } = await sql<ItemListRow>`
    select i.customer_id, c.name, c.outlet_id, i.seat, i.band, i.assets_fen, i.to_staff, i.often, i.outcome
      from (select * from coverage.handover_item where handover_id = ${handoverId} and ${own} and ${whom} and ${from}
             order by assets_fen desc, customer_id desc limit ${page.limit + 1}) i
      left join coverage.card c on c.customer_id = i.customer_id order by i.assets_fen desc, i.customer_id desc`.execute(tx.db);
  return toPage(rows, page.limit, (row) => [row.assets_fen, row.customer_id]);
}

export async function viewOfItems(tx: Tx, rows: readonly ItemListRow[]): Promise<View> {
  return viewFor(
    tx,
    rows.map((row) => row.to_staff),
  );
}

export function toHandoverItem(view: View, row: ItemListRow): z.input<typeof handoverItem> {
  return {
    customerId: row.customer_id,
    customerName: row.name === null ? null : maskName(row.name),
    outlet: unitRefOf(view.units, row.outlet_id),
    seat: row.seat,
    bandTitle: bandTitle(view, row.band),
    assetsFen: row.assets_fen,
    to: staffRefOf(view.staff, row.to_staff),
    often: row.often,
    outcome: row.outcome,
  };
}
