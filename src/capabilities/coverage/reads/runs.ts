import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import type { RUN_KINDS } from '../contract.ts';
import { scopeSql } from './customers.ts';
import type { UnitRow } from './refs.ts';

const runKey = z.tuple([z.iso.datetime(), z.string()]);

/** Runs of a kind or of both, newest first, without those discarded. */
export async function listRuns(
  tx: Tx,
  kind: (typeof RUN_KINDS)[number] | undefined,
  page: { after?: string | undefined; limit: number },
) {
  const key = keyOfCursor(page.after, runKey);
  let query = tx.db
    .selectFrom('coverage.run')
    .selectAll()
    .where('state', '!=', 'discarded')
    .orderBy('created_at', 'desc')
    .orderBy('run_id', 'desc')
    .limit(page.limit + 1);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (key !== undefined)
    query = query.where(({ eb, refTuple, tuple }) => eb(refTuple('created_at', 'run_id'), '<', tuple(new Date(key[0]), key[1])));
  return toPage(await query.execute(), page.limit, (row) => [row.created_at.toISOString(), row.run_id]);
}

export async function findRun(tx: Tx, runId: string) {
  return tx.db.selectFrom('coverage.run').selectAll().where('run_id', '=', runId).executeTakeFirst();
}

/** Pools of a run inside the person's units: whom a pool covers is for those who see its unit. */
export async function runPools(
  tx: Tx,
  scope: Scope,
  runId: string,
  filter: { unit?: UnitRow | undefined; band?: number | undefined },
) {
  let query = tx.db
    .selectFrom('coverage.run_pool')
    .selectAll()
    .where('run_id', '=', runId)
    .orderBy('unit_no')
    .orderBy('band')
    .orderBy('seat');
  query = query.where('unit_no', '>=', scope.lo ?? 1).where('unit_no', '<=', scope.lo === undefined ? 0 : (scope.hi ?? scope.lo));
  if (filter.unit !== undefined)
    query = query.where('unit_no', '>=', filter.unit.unit_no).where('unit_no', '<=', filter.unit.last_no);
  if (filter.band !== undefined) query = query.where('band', '=', filter.band);
  return query.execute();
}

export const DECISION_KINDS = ['uncovered', 'moved', 'fresh', 'released', 'kept'] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

const KIND_SQL: Readonly<Record<DecisionKind, RawBuilder<unknown>>> = {
  uncovered: sql`staff_id is null and pool_no >= 0`,
  moved: sql`staff_id is not null and before_staff is not null and staff_id <> before_staff`,
  fresh: sql`staff_id is not null and before_staff is null`,
  released: sql`staff_id is null and before_staff is not null`,
  kept: sql`staff_id = before_staff`,
};

export interface DecisionFilter {
  readonly kind: DecisionKind;
  readonly unit?: UnitRow | undefined;
  readonly band?: number | undefined;
  readonly reason?: string | undefined;
}

const decisionKey = z.tuple([z.number().int(), z.string(), z.string()]);
export interface DecisionRow {
  readonly customer_id: string;
  readonly seat: string;
  readonly band: number;
  readonly pool_no: number;
  readonly before_staff: string | null;
  readonly staff_id: string | null;
  readonly reason: string;
  readonly average_fen: number;
  readonly outlet_id: string | null;
  readonly name: string | null;
}

/** A customer who has moved away since the run is no longer for those of the former unit; row security shows cards as they are today. */
const STILL_SEEN = sql`exists (select 1 from coverage.card c where c.customer_id = decision.customer_id)`;

/** Decisions of a run on customers in scope, largest average first. */
export async function runDecisions(
  tx: Tx,
  scope: Scope,
  runId: string,
  filter: DecisionFilter,
  page: { after?: string | undefined; limit: number },
) {
  const key = keyOfCursor(page.after, decisionKey);
  const where = [sql`run_id = ${runId}`, scopeSql(scope), STILL_SEEN, KIND_SQL[filter.kind]];
  if (filter.unit !== undefined) where.push(sql`unit_no between ${filter.unit.unit_no} and ${filter.unit.last_no}`);
  if (filter.band !== undefined) where.push(sql`band = ${filter.band}`);
  if (filter.reason !== undefined) where.push(sql`reason = ${filter.reason}`);
  if (key !== undefined) where.push(sql`(average_fen, customer_id, seat) < (${key[0]}::bigint, ${key[1]}, ${key[2]})`);
  const { rows } = await sql<DecisionRow>`
    with page as (
      select customer_id, seat, band, pool_no, before_staff, staff_id, reason, average_fen, outlet_id from coverage.decision
       where ${sql.join(where, sql` and `)} order by average_fen desc, customer_id desc, seat desc limit ${page.limit + 1})
    select page.*, card.name from page left join coverage.card card using (customer_id) order by average_fen desc, customer_id desc, seat desc`.execute(
    tx.db,
  );
  return toPage(rows, page.limit, (row) => [row.average_fen, row.customer_id, row.seat]);
}
