import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import type { StandingRow } from './customers.ts';

/** Filters of the customer list; each is optional, all apply. */
export interface CustomerFilter {
  readonly unit?: { readonly id: string; readonly level: string; readonly lo: number; readonly hi: number } | undefined;
  readonly staffId?: string | undefined;
  readonly tier?: number | undefined;
  readonly band?: number | undefined;
  readonly covered?: boolean | undefined;
  /** Whether one's band has seats, and which bands those are. */
  readonly due?: { readonly is: boolean; readonly bands: readonly number[] } | undefined;
  readonly atRisk?: boolean | undefined;
}

const listKey = z.tuple([z.number().int(), z.string()]);
type ListKey = z.output<typeof listKey> | undefined;
const COLUMNS = sql`customer_id, outlet_id, unit_no, tier, band, below_since, has_loan, assets_fen, lead_staff, joint_staff`;

/** Customers in scope, largest assets first, a page at a time: a person's portfolio, or those of a unit. */
export async function listCustomers(
  tx: Tx,
  scope: Scope,
  filter: CustomerFilter,
  page: { after?: string | undefined; limit: number },
) {
  const key = keyOfCursor(page.after, listKey);
  const wanted = page.limit + 1;
  const staffId = filter.staffId ?? (scope.lo === undefined ? scope.staffId : undefined);
  const found =
    staffId === undefined ? await ofUnits(tx, scope, filter, key, wanted) : ofStaff(staffId, scope, filter, key, wanted);
  const { rows } = await sql<StandingRow>`
    with page as (${found})
    select page.*, card.name, card.no_marketing from page join coverage.card card using (customer_id) order by page.assets_fen desc, page.customer_id desc`.execute(
    tx.db,
  );
  return toPage(rows, page.limit, (row) => [row.assets_fen, row.customer_id]);
}

/** What the filter asks of a standing, beside whose and where it is. */
function conditions(filter: CustomerFilter): RawBuilder<unknown> {
  const list = [sql`true`];
  if (filter.tier !== undefined) list.push(sql`tier = ${filter.tier}`);
  if (filter.band !== undefined) list.push(sql`band = ${filter.band}`);
  if (filter.due?.is === true) list.push(sql`band = any(${[...filter.due.bands]}::int[])`);
  if (filter.due?.is === false) list.push(sql`band <> all(${[...filter.due.bands]}::int[])`);
  if (filter.covered === true) list.push(sql`lead_staff is not null`);
  if (filter.covered === false) list.push(sql`lead_staff is null`);
  if (filter.atRisk === true) list.push(sql`below_since is not null`);
  if (filter.atRisk === false) list.push(sql`below_since is null`);
  return sql.join(list, sql` and `);
}

/** A portfolio in the order in which it is kept; the standings are looked up until the page is full. */
function ofStaff(staffId: string, scope: Scope, filter: CustomerFilter, key: ListKey, wanted: number): RawBuilder<unknown> {
  const from = key === undefined ? sql`true` : sql`(b.assets_fen, b.customer_id) < (${key[0]}::bigint, ${key[1]})`;
  const unit = filter.unit === undefined ? sql`true` : sql`b.unit_no between ${filter.unit.lo} and ${filter.unit.hi}`;
  return sql`select s.* from coverage.by_staff b
    cross join lateral (select ${COLUMNS} from coverage.standing where customer_id = b.customer_id and ${conditions(filter)}) s
    where b.staff_id = ${staffId} and ${seatScope(staffId, scope)} and ${unit} and ${from} order by b.assets_fen desc, b.customer_id desc limit ${wanted}`;
}

/** One's own portfolio is one's own; of another's only whom one may see. */
function seatScope(staffId: string, scope: Scope): RawBuilder<unknown> {
  if (staffId === scope.staffId) return sql`true`;
  const own = sql`s.lead_staff = ${scope.staffId} or s.joint_staff = ${scope.staffId}`;
  return scope.lo === undefined ? sql`(${own})` : sql`(b.unit_no between ${scope.lo} and ${scope.hi ?? scope.lo} or ${own})`;
}

/** The merge of one index's equalities: outlets, a branch or the whole bank. */
async function ofUnits(tx: Tx, scope: Scope, filter: CustomerFilter, key: ListKey, wanted: number): Promise<RawBuilder<unknown>> {
  const from = key === undefined ? sql`true` : sql`(assets_fen, customer_id) < (${key[0]}::bigint, ${key[1]})`;
  const parts = (await sources(tx, scope, filter.unit)).map(
    (source) => sql`(select ${COLUMNS} from coverage.standing where ${source} and ${conditions(filter)} and ${from}
      order by assets_fen desc, customer_id desc limit ${wanted})`,
  );
  return sql`select * from (${sql.join(parts, sql` union all `)}) merged order by assets_fen desc, customer_id desc limit ${wanted}`;
}

/**
 * Units within the scope, as equalities that an index answers in order. They are the scope in the query: a range of unit numbers beside
 * them would say the same again, and the planner, which multiplies the two, would take a page for the whole and sort it.
 */
async function sources(tx: Tx, scope: Scope, unit: CustomerFilter['unit']): Promise<RawBuilder<unknown>[]> {
  const { lo, hi = lo } = scope;
  if (lo === undefined || hi === undefined) return [sql`false`];
  if (unit === undefined || unit.level === 'head-office') return [sql`unit_no between ${lo} and ${hi}`];
  if (unit.lo < lo || unit.hi > hi) return [sql`false`];
  if (unit.level === 'outlet') return [sql`outlet_id = ${unit.id}`];
  if (unit.level === 'branch') return [sql`branch_id = ${unit.id}`];
  const outlets = await tx.db
    .selectFrom('organisation.org_unit')
    .select('id')
    .where('level', '=', 'outlet')
    .where('unit_no', '>=', unit.lo)
    .where('unit_no', '<=', unit.hi)
    .orderBy('id')
    .execute();
  return outlets.length === 0 ? [sql`false`] : outlets.map(({ id }) => sql`outlet_id = ${id}`);
}
