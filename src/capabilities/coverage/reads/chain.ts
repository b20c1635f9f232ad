import { sql } from 'kysely';
import { z } from 'zod';
import { maskName } from '../../../kernel/mask.ts';
import type { Words } from '../../../kernel/refusal.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import type { chainTurn, hadRow } from '../contract.ts';
import { staffRefOf, unitRefOf } from './refs.ts';
import { bandTitle, type View } from './view.ts';
import { reasonWords } from './words.ts';

const NO_BAND: Words = { zh: '未定层级', en: 'no band' };

export interface TurnRow {
  readonly seat: 'lead' | 'joint';
  readonly staff_id: string;
  readonly from_date: string;
  readonly to_date: string | null;
  readonly band: number;
  readonly reason: string;
  readonly run_id: string | null;
  readonly kind: 'run' | 'transfer' | 'handover' | 'other';
  readonly words: string | null;
}

/**
 * Who has covered a customer, newest first, and what brought each: the run, the transfer or the handover. With a day: who did on it.
 * Under the application role the customer must be open to the transaction.
 */
export async function chainOf(tx: Tx, customerId: string, on?: string): Promise<TurnRow[]> {
  const day = on === undefined ? sql`true` : sql`a.from_date <= ${on}::date and (a.to_date is null or a.to_date > ${on}::date)`;
  const { rows } = await sql<TurnRow>`
    select a.seat, a.staff_id, a.from_date, a.to_date, a.band, a.reason, a.run_id, coalesce(t.words, h.words) as words,
           case when t.transfer_id is not null then 'transfer' when h.handover_id is not null then 'handover'
                when r.run_id is not null then 'run' else 'other' end as kind
      from (select * from coverage.assignment a where a.customer_id = ${customerId} and ${day}) a
      left join coverage.transfer t on t.customer_id = a.customer_id and t.transfer_id = a.run_id
      left join coverage.handover h on h.handover_id = a.run_id left join coverage.run r on r.run_id = a.run_id
     order by a.from_date desc, a.seat desc`.execute(tx.db);
  return rows;
}

export function toTurn(view: View, row: TurnRow): z.input<typeof chainTurn> {
  return {
    seat: row.seat,
    staff: staffRefOf(view.staff, row.staff_id) ?? { staffId: row.staff_id, name: row.staff_id, role: '', unitName: '' },
    from: row.from_date,
    to: row.to_date,
    bandTitle: bandTitle(view, row.band) ?? NO_BAND,
    reasonText: reasonWords(row.reason),
    by: { kind: row.kind, id: row.run_id, words: row.words },
  };
}

interface OwnerRow {
  readonly staff_id: string;
  readonly name: string;
  readonly role: string;
  readonly unit_name: string;
}

/** A person in the post of a day: oneself, or somebody who worked in one's units then or does today. */
export async function ownerOn(tx: Tx, scope: Scope, staffId: string, on: string): Promise<OwnerRow | undefined> {
  const [lo, hi] = [scope.lo ?? 0, scope.hi ?? -1];
  const { rows } = await sql<OwnerRow>`
    select s.id as staff_id, s.name, coalesce(h.role, s.role) as role, coalesce(u.name, t.name) as unit_name
      from organisation.staff s join organisation.org_unit t on t.id = s.org_unit_id
      left join organisation.post_history h on h.staff_id = s.id and h.from_date <= ${on}::date and (h.to_date is null or h.to_date > ${on}::date)
      left join organisation.org_unit u on u.id = h.org_unit_id
     where s.id = ${staffId} and (s.id = ${scope.staffId} or t.unit_no between ${lo} and ${hi} or u.unit_no between ${lo} and ${hi})`.execute(
    tx.db,
  );
  return rows[0];
}

export interface HadRow {
  readonly customer_id: string;
  readonly name: string;
  readonly seat: 'lead' | 'joint';
  readonly band: number;
  readonly outlet_id: string | null;
  readonly from_date: string;
  readonly to_date: string | null;
  readonly reason: string;
}

const key = z.tuple([z.string(), z.string()]);

/** Whom somebody covered on a day, of those whom the reader sees today; by customer. */
export async function hadOn(
  tx: Tx,
  { staffId, on }: { readonly staffId: string; readonly on: string },
  page: { after?: string | undefined; limit: number },
) {
  const after = keyOfCursor(page.after, key);
  const { rows } = await sql<HadRow>`
    select customer_id, name, seat, band, outlet_id, from_date, to_date, reason from coverage.had_on(${staffId}, ${on}::date)
     where ${after === undefined ? sql`true` : sql`(customer_id, seat) > (${after[0]}, ${after[1]})`}
     order by customer_id, seat limit ${page.limit + 1}`.execute(tx.db);
  return toPage(rows, page.limit, (row) => [row.customer_id, row.seat]);
}

/** How many customers somebody covered on a day, of those whom the reader sees today. */
export async function countHadOn(tx: Tx, staffId: string, on: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from coverage.had_on(${staffId}, ${on}::date)`.execute(
    tx.db,
  );
  return rows[0]?.n ?? 0;
}

export function toHadRow(view: View, row: HadRow): z.input<typeof hadRow> {
  return {
    customerId: row.customer_id,
    name: maskName(row.name),
    outlet: unitRefOf(view.units, row.outlet_id),
    seat: row.seat,
    bandTitle: bandTitle(view, row.band),
    from: row.from_date,
    to: row.to_date,
    reasonText: reasonWords(row.reason),
  };
}
