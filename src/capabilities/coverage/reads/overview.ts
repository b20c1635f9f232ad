import { sql } from 'kysely';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';

export interface CountRow {
  readonly unit_id: string;
  readonly band: number;
  readonly tier: number;
  readonly customers: number;
  readonly covered: number;
  readonly assets_fen: number;
  readonly covered_assets_fen: number;
}

/** Counters of units from the night, per band and tier. */
export async function unitCounts(tx: Tx, unitIds: readonly string[]): Promise<readonly CountRow[]> {
  if (unitIds.length === 0) return [];
  const { rows } = await sql<CountRow>`
    select unit_id, band, tier, customers, covered, assets_fen::bigint as assets_fen, covered_assets_fen::bigint as covered_assets_fen
      from coverage.unit_count where unit_id = any(${[...unitIds]})`.execute(tx.db);
  return rows;
}

/** The same counts of one's own portfolio, counted now: it is small. */
export async function portfolioCounts(tx: Tx, scope: Scope): Promise<readonly CountRow[]> {
  const { rows } = await sql<CountRow>`
    select ${scope.staffId} as unit_id, band, tier, count(*)::bigint as customers, count(*)::bigint as covered,
           sum(assets_fen)::bigint as assets_fen, sum(assets_fen)::bigint as covered_assets_fen
      from (select band, tier, assets_fen from coverage.standing where lead_staff = ${scope.staffId}
            union all select band, tier, assets_fen from coverage.standing where joint_staff = ${scope.staffId}) mine
     group by band, tier`.execute(tx.db);
  return rows;
}

/** Customers at risk of a lower band, per band. */
export async function atRiskCounts(tx: Tx, scope: Scope, lo: number, hi: number): Promise<ReadonlyMap<number, number>> {
  const where =
    scope.lo === undefined
      ? sql`(lead_staff = ${scope.staffId} or joint_staff = ${scope.staffId})`
      : sql`unit_no between ${lo} and ${hi}`;
  const { rows } = await sql<{ band: number; customers: number }>`
    select band, count(*)::bigint as customers from coverage.standing where below_since is not null and ${where} group by band`.execute(
    tx.db,
  );
  return new Map(rows.map((row) => [row.band, row.customers]));
}

/** People missing per band in the last applied full run, for pools of a range of units. */
export async function staffNeeded(tx: Tx, lo: number, hi: number): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ band: number; needed: number; uncovered: number }>`
    select band, sum(staff_needed)::bigint as needed from coverage.run_pool
     where run_id = (select run_id from coverage.run where state = 'applied' and kind = 'full' order by applied_at desc limit 1)
       and unit_no between ${lo} and ${hi} group by band`.execute(tx.db);
  return new Map(rows.map((row) => [row.band, row.needed]));
}
