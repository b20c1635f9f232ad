import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';

/** Filters of the customer list; each is optional, all apply. */
export interface CustomerFilter {
  readonly unit?: { readonly id: string; readonly level: string; readonly lo: number; readonly hi: number } | undefined;
  readonly staffId?: string | undefined;
  readonly tier?: number | undefined;
  readonly band?: number | undefined;
  readonly covered?: boolean | undefined;
  /** Only customers in one of these bands: those that have seats. */
  readonly bands?: readonly number[] | undefined;
  readonly atRisk?: boolean | undefined;
}

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
}

const listKey = z.tuple([z.number().int(), z.string()]);
const COLUMNS = sql`customer_id, outlet_id, unit_no, tier, band, below_since, has_loan, assets_fen, lead_staff, joint_staff`;

/** Each source is one index's equality: outlet, branch or the whole bank. The list is their merge. */
async function sources(tx: Tx, filter: CustomerFilter): Promise<RawBuilder<unknown>[]> {
  if (filter.unit?.level === 'outlet') return [sql`outlet_id = ${filter.unit.id}`];
  if (filter.unit?.level === 'branch') return [sql`branch_id = ${filter.unit.id}`];
  if (filter.unit?.level === 'head-office' || filter.unit === undefined) return [sql`true`];
  const outlets = await tx.db
    .selectFrom('organisation.org_unit')
    .select('id')
    .where('level', '=', 'outlet')
    .where('unit_no', '>=', filter.unit.lo)
    .where('unit_no', '<=', filter.unit.hi)
    .orderBy('id')
    .execute();
  return outlets.length === 0 ? [sql`false`] : outlets.map(({ id }) => sql`outlet_id = ${id}`);
}

/** The scope as SQL, beside row security: units in one's range, or one's own customers. */
export function scopeSql(scope: Scope): RawBuilder<unknown> {
  if (scope.lo === undefined) return sql`(lead_staff = ${scope.staffId} or joint_staff = ${scope.staffId})`;
  return sql`(unit_no between ${scope.lo} and ${scope.hi ?? scope.lo} or lead_staff = ${scope.staffId} or joint_staff = ${scope.staffId})`;
}

function conditions(scope: Scope, filter: CustomerFilter): RawBuilder<unknown> {
  const list = [scopeSql(scope)];
  if (filter.unit !== undefined && filter.staffId !== undefined)
    list.push(sql`unit_no between ${filter.unit.lo} and ${filter.unit.hi}`);
  if (filter.tier !== undefined) list.push(sql`tier = ${filter.tier}`);
  if (filter.band !== undefined) list.push(sql`band = ${filter.band}`);
  if (filter.bands !== undefined) list.push(sql`band = any(${[...filter.bands]}::int[])`);
  if (filter.covered === true) list.push(sql`lead_staff is not null`);
  if (filter.covered === false) list.push(sql`lead_staff is null`);
  if (filter.atRisk === true) list.push(sql`below_since is not null`);
  return sql.join(list, sql` and `);
}

/** Customers in scope, largest assets first, a page at a time: a person's portfolio, or those of a unit. */
export async function listCustomers(
  tx: Tx,
  scope: Scope,
  filter: CustomerFilter,
  page: { after?: string | undefined; limit: number },
) {
  const key = keyOfCursor(page.after, listKey);
  const where = conditions(scope, filter);
  const wanted = page.limit + 1;
  const staffId = filter.staffId ?? (scope.lo === undefined ? scope.staffId : undefined);
  const found = staffId === undefined ? await ofUnits(tx, filter, where, key, wanted) : ofStaff(staffId, where, key, wanted);
  const { rows } = await sql<StandingRow>`
    with page as (${found})
    select page.*, card.name from page join coverage.card card using (customer_id) order by page.assets_fen desc, page.customer_id desc`.execute(
    tx.db,
  );
  return toPage(rows, page.limit, (row) => [row.assets_fen, row.customer_id]);
}

type ListKey = z.output<typeof listKey> | undefined;

function ofStaff(staffId: string, where: RawBuilder<unknown>, key: ListKey, wanted: number): RawBuilder<unknown> {
  const from = key === undefined ? sql`true` : sql`(b.assets_fen, b.customer_id) < (${key[0]}::bigint, ${key[1]})`;
  return sql`select s.* from coverage.by_staff b
    cross join lateral (select ${COLUMNS} from coverage.standing where customer_id = b.customer_id and ${where}) s
    where b.staff_id = ${staffId} and ${from} order by b.assets_fen desc, b.customer_id desc limit ${wanted}`;
}

async function ofUnits(
  tx: Tx,
  filter: CustomerFilter,
  where: RawBuilder<unknown>,
  key: ListKey,
  wanted: number,
): Promise<RawBuilder<unknown>> {
  const from = key === undefined ? sql`true` : sql`(assets_fen, customer_id) < (${key[0]}::bigint, ${key[1]})`;
  const parts = (await sources(tx, filter)).map(
    (source) =>
      sql`(select ${COLUMNS} from coverage.standing where ${source} and ${where} and ${from} order by assets_fen desc, customer_id desc limit ${wanted})`,
  );
  return sql`select * from (${sql.join(parts, sql` union all `)}) merged order by assets_fen desc, customer_id desc limit ${wanted}`;
}

/** One customer of one's scope, found through the card; undefined when there is none or it isn't one's to see. */
export async function findCustomer(
  tx: Tx,
  scope: Scope,
  customerId: string,
): Promise<(StandingRow & { band_since: string | null; mobile_last4: string | null }) | undefined> {
  const { rows } = await sql<StandingRow & { band_since: string | null; mobile_last4: string | null }>`
    select s.customer_id, c.name, s.outlet_id, s.tier, s.band, s.band_since, s.below_since, s.has_loan, s.assets_fen, s.lead_staff, s.joint_staff, c.mobile_last4
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
      select customer_id, name, ${field} as sort from coverage.card
       where ${place} and ${scopeSql(scope)} and ${own} and ${range} and ${after} order by ${field}, customer_id limit ${limit})
    select s.customer_id, hit.name, s.outlet_id, s.tier, s.band, s.below_since, s.has_loan, s.assets_fen, s.lead_staff, s.joint_staff, hit.sort
      from hit join coverage.standing s using (customer_id) order by hit.sort, s.customer_id`.execute(tx.db);
  return rows;
}
