import { z } from 'zod';
import { type BusinessDate, businessDate } from '../../kernel/business-date.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../platform/http/page.ts';
import type { Looks } from './rules/unusual.ts';

export interface EntryFilter {
  readonly staffId?: string | undefined;
  readonly kind?: string | undefined;
  /** One whom the caller has opened. */
  readonly customerId?: string | undefined;
  /** First and last day in Beijing, both inclusive. */
  readonly from: string;
  readonly to: string;
}

export interface EntryRow {
  readonly entry_id: string;
  readonly at: Date;
  readonly actor: string;
  readonly on_behalf_of: string | null;
  readonly role: string;
  readonly origin: string | null;
  readonly kind: string;
  readonly subject: string;
  readonly customer_id: string | null;
  readonly purpose: string | null;
  readonly body: Record<string, unknown>;
}

const beginOf = (day: string) => `${day}T00:00:00+08:00`;
const endOf = (day: string) => new Date(Date.parse(beginOf(day)) + 86_400_000);
const entryKey = z.tuple([z.iso.datetime(), z.uuid()]);

/** Entries in scope, the newest first. */
export async function listEntries(tx: Tx, filter: EntryFilter, page: { after?: string | undefined; limit: number }) {
  const [at, id] = keyOfCursor(page.after, entryKey) ?? [null, null];
  const { rows } = await tx.client.query<EntryRow>('select * from audit.entries($1, $2, $3, $4, $5, $6, $7, $8)', [
    filter.staffId ?? null,
    filter.kind ?? null,
    filter.customerId ?? null,
    beginOf(filter.from),
    endOf(filter.to),
    at,
    id,
    page.limit + 1,
  ]);
  return toPage(rows, page.limit, (row) => [row.at.toISOString(), row.entry_id]);
}

/** Whether the customer is in the caller's scope. */
export async function isVisible(tx: Tx, customerId: string): Promise<boolean> {
  const row = await tx.db
    .selectFrom('coverage.card')
    .select('customer_id')
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  return row !== undefined;
}

export interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly unit_name: string;
  readonly left_on: string | null;
}

/** The people behind ids; who is no member of staff (the command line, a name mistyped at sign-in) is not among them. */
export async function peopleOf(tx: Tx, ids: Iterable<string | null>): Promise<ReadonlyMap<string, PersonRow>> {
  const wanted = [...new Set([...ids].filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('organisation.staff as s')
    .innerJoin('organisation.org_unit as u', 'u.id', 's.org_unit_id')
    .select(['s.id', 's.name', 's.left_on', 'u.name as unit_name'])
    .where('s.id', 'in', wanted)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

interface SumRow {
  readonly actor: string;
  readonly role: string;
  readonly looks: number;
  readonly customers: number;
  readonly outside: number;
  readonly night: number;
  readonly exported: string;
}

/** Sums of everybody's looks in a period, with the last day of who leaves or has left. */
export async function sumLooks(
  tx: Tx,
  from: string,
  to: string,
): Promise<{ looks: Looks[]; people: ReadonlyMap<string, PersonRow> }> {
  const { rows } = await tx.client.query<SumRow>('select * from audit.look_sums($1, $2)', [beginOf(from), endOf(to)]);
  const people = await peopleOf(
    tx,
    rows.map(({ actor }) => actor),
  );
  const leftOn = (actor: string): BusinessDate | null => {
    const day = people.get(actor)?.left_on ?? null;
    return day === null ? null : businessDate(day);
  };
  return { looks: rows.map((row) => ({ ...row, exported: Number(row.exported), leftOn: leftOn(row.actor) })), people };
}
