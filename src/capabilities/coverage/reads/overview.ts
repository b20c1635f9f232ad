import { sql } from 'kysely';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';

export interface CountRow {
  readonly unit_id: string;
  readonly band: number;
  readonly tier: number;
  readonly customers: number;
  readonly covered: number;
  readonly at_risk: number;
  readonly assets_fen: number;
  readonly covered_assets_fen: number;
}

/** Counters of units from the night, per band and tier. */
export async function unitCounts(tx: Tx, unitIds: readonly string[]): Promise<readonly CountRow[]> {
  if (unitIds.length === 0) return [];
  const { rows } = await sql<CountRow>`
    select unit_id, band, tier, customers, covered, at_risk, assets_fen::bigint as assets_fen, covered_assets_fen::bigint as covered_assets_fen
      from coverage.unit_count where unit_id = any(${[...unitIds]})`.execute(tx.db);
  return rows;
}

/** The same counts of one's own portfolio, counted now: it is small. */
export async function portfolioCounts(tx: Tx, scope: Scope): Promise<readonly CountRow[]> {
  const { rows } = await sql<CountRow>`
    select ${scope.staffId} as unit_id, band, tier, count(*)::bigint as customers, count(*)::bigint as covered,
           count(*) filter (where below_since is not null)::bigint as at_risk, sum(b.assets_fen)::bigint as assets_fen, sum(b.assets_fen)::bigint as covered_assets_fen
      from coverage.by_staff b join coverage.standing s using (customer_id) where b.staff_id = ${scope.staffId}
     group by band, tier`.execute(tx.db);
  return rows;
}

/** People missing per band in the last applied full run, for pools of a range of units. */
export async function staffNeeded(tx: Tx, lo: number, hi: number): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ band: number; needed: number; uncovered: number }>`
    select band, sum(staff_needed)::bigint as needed from coverage.run_pool
     where run_id = (select run_id from coverage.run where state = 'applied' and kind = 'full' order by applied_at desc limit 1)
       and unit_no between ${lo} and ${hi} group by band`.execute(tx.db);
  return new Map(rows.map((row) => [row.band, row.needed]));
}
