import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';

export interface StandingRow {
  readonly customer_id: string;
  readonly name: string;
  readonly outlet_id: string | null;
  readonly tier: number;
  readonly band: number;
  readonly below_since: string | null;
  readonly has_loan: boolean;
  readonly assets_fen: number;
  readonly lead_staff: string | null;
  readonly joint_staff: string | null;
  readonly no_marketing: boolean;
}

/** A customer as one opens them. */
export type FoundCustomer = StandingRow & { readonly band_since: string | null; readonly mobile_last4: string | null };

/** The scope as SQL, beside row security: units in one's range, or one's own customers. */
export function scopeSql(scope: Scope): RawBuilder<unknown> {
  if (scope.lo === undefined) return sql`(lead_staff = ${scope.staffId} or joint_staff = ${scope.staffId})`;
  return sql`(unit_no between ${scope.lo} and ${scope.hi ?? scope.lo} or lead_staff = ${scope.staffId} or joint_staff = ${scope.staffId})`;
}

/** One customer of one's scope, found through the card; undefined when there is none or it isn't one's to see. */
export async function findCustomer(tx: Tx, scope: Scope, customerId: string): Promise<FoundCustomer | undefined> {
  const { rows } = await sql<FoundCustomer>`
    select s.customer_id, c.name, s.outlet_id, s.tier, s.band, s.band_since, s.below_since, s.has_loan, s.assets_fen, s.lead_staff, s.joint_staff, c.no_marketing, c.mobile_last4
      from (select * from coverage.standing where customer_id = ${customerId} and ${scopeSql(scope)}) s
      join coverage.card c on c.customer_id = s.customer_id`.execute(tx.db);
  return rows[0];
}

const SEARCH_COLUMNS = ['name', 'pinyin', 'initials', 'mobile_last4', 'customer_id'] as const;
type SearchColumn = (typeof SEARCH_COLUMNS)[number];
const searchKey = z.tuple([z.enum(SEARCH_COLUMNS), z.string(), z.string()]);
type SearchRow = StandingRow & { readonly sort: string };

/** Which columns a query can mean, most likely first: four digits = a mobile's last four, letters = initials, then pinyin, else a name or id. */
export function searchColumns(query: string): readonly SearchColumn[] {
  if (/^\d{4}$/.test(query)) return ['mobile_last4', 'customer_id'];
  if (/^[a-z]+$/i.test(query)) return ['initials', 'pinyin', 'customer_id'];
  if (/^[A-Za-z0-9_-]+$/.test(query)) return ['customer_id'];
  return ['name'];
}

/** Customers whose name, initials, pinyin or id begin with the text, or whose mobile ends in it: the first column that has any answers. */
export async function searchCustomers(
  tx: Tx,
  person: { scope: Scope; branchId: string | null },
  query: string,
  page: { after?: string | undefined; limit: number },
) {
  const key = keyOfCursor(page.after, searchKey);
  for (const column of key === undefined ? searchColumns(query) : [key[0]]) {
    const text = column === 'initials' || column === 'pinyin' ? query.toLowerCase() : query;
    const rows = await searchOne(tx, person, column, text, key, page.limit + 1);
    if (rows.length > 0 || key !== undefined) return toPage(rows, page.limit, (row) => [column, row.sort, row.customer_id]);
  }
  return { items: [], next: null };
}

async function searchOne(
  tx: Tx,
  person: { scope: Scope; branchId: string | null },
  column: SearchColumn,
  text: string,
  key: [SearchColumn, string, string] | undefined,
  limit: number,
): Promise<SearchRow[]> {
  const field = sql.ref(column);
  const last = `${text}\u{10FFFF}`;
  const range = column === 'mobile_last4' ? sql`${field} = ${text}` : sql`${field} >= ${text} and ${field} < ${last}`;
  // Below head office the branch's index serves; one's own portfolio is small and is read through the staff index.
  const { scope } = person;
  const place = scope.lo !== undefined && person.branchId !== null ? sql`branch_id = ${person.branchId}` : sql`true`;
  const own =
    scope.lo === undefined
      ? sql`customer_id in (select customer_id from coverage.by_staff where staff_id = ${scope.staffId})`
      : sql`true`;
  const after = key === undefined ? sql`true` : sql`(${field}, customer_id) > (${key[1]}, ${key[2]})`;
  const { rows } = await sql<SearchRow>`
    with hit as materialized (
      select customer_id, name, no_marketing, ${field} as sort from coverage.card
       where ${place} and ${scopeSql(scope)} and ${own} and ${range} and ${after} order by ${field}, customer_id limit ${limit})
    select s.customer_id, hit.name, s.outlet_id, s.tier, s.band, s.below_since, s.has_loan, s.assets_fen, s.lead_staff, s.joint_staff, hit.no_marketing, hit.sort
      from hit join coverage.standing s using (customer_id) order by hit.sort, s.customer_id`.execute(tx.db);
  return rows;
}
