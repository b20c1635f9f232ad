import { sql } from 'kysely';
import { z } from 'zod';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import type { UnitRow } from './refs.ts';

export interface PortfolioRow {
  readonly staff_id: string;
  readonly name: string;
  readonly role: string;
  readonly unit_id: string;
  readonly unit_name: string;
  readonly unit_no: number;
  readonly customers: number;
  readonly assets_fen: number;
  readonly seats: { readonly portfolio: string; readonly customers: number; readonly cap: number | null }[];
}

const key = z.tuple([z.number().int(), z.string()]);

/** People with portfolios, or who could have one, of a range of units; in the order of the unit tree. */
export async function listPortfolios(
  tx: Tx,
  scope: Scope,
  filter: { unit?: UnitRow | undefined; role?: string | undefined; staffId?: string | undefined; seatRoles: readonly string[] },
  page: { after?: string | undefined; limit: number },
) {
  const after = keyOfCursor(page.after, key);
  const mine =
    scope.lo === undefined ? sql`s.id = ${scope.staffId}` : sql`u.unit_no between ${scope.lo} and ${scope.hi ?? scope.lo}`;
  const unit = filter.unit === undefined ? sql`true` : sql`u.unit_no between ${filter.unit.unit_no} and ${filter.unit.last_no}`;
  const one =
    filter.staffId === undefined
      ? sql`(p.customers > 0 or (s.left_on is null and s.role = any(${[...filter.seatRoles]})))`
      : sql`s.id = ${filter.staffId}`;
  const { rows } = await sql<PortfolioRow>`
    with who as (
      select s.id as staff_id, s.name, s.role, u.id as unit_id, u.name as unit_name, u.unit_no, coalesce(p.customers, 0)::bigint as customers, coalesce(p.seats, '[]') as seats
        from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
        left join (select staff_id, sum(customers) as customers, json_agg(json_build_object('portfolio', portfolio, 'customers', customers, 'cap', cap) order by portfolio) as seats
                     from coverage.portfolio group by staff_id) p on p.staff_id = s.id
       where ${mine} and ${unit} and ${one} and ${filter.role === undefined ? sql`true` : sql`s.role = ${filter.role}`}
         and ${after === undefined ? sql`true` : sql`(u.unit_no, s.id) > (${after[0]}, ${after[1]})`}
       order by u.unit_no, s.id limit ${page.limit + 1}),
    held as (
      select staff_id, sum(assets_fen)::bigint as assets_fen from coverage.by_staff
       where staff_id = any(array(select staff_id from who)) group by staff_id)
    select who.*, coalesce(held.assets_fen, 0)::bigint as assets_fen from who left join held using (staff_id) order by who.unit_no, who.staff_id`.execute(
    tx.db,
  );
  return toPage(rows, page.limit, (row) => [row.unit_no, row.staff_id]);
}
