import { sql } from 'kysely';
import type { z } from 'zod';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { runCounts, runTotals } from '../contract.ts';
import type { SchemeView } from './schemes.ts';
import { reasonWords } from './words.ts';

type Counts = z.output<typeof runCounts>;
type Totals = z.output<typeof runTotals>;

/** A range of unit numbers: the units that somebody sees, or one of them with those below it. */
export interface UnitSpan {
  readonly lo: number;
  readonly hi: number;
}

interface BandCounts extends Counts {
  readonly run_id: string;
  readonly band: number;
}

const NOTHING: Counts = {
  ...{ customers: 0, covered: 0, uncovered: 0, kept: 0, moved: 0, replaced: 0, fresh: 0, released: 0, staffNeeded: 0 },
};

function plus(a: Counts, b: Counts): Counts {
  return {
    customers: a.customers + b.customers,
    covered: a.covered + b.covered,
    uncovered: a.uncovered + b.uncovered,
    kept: a.kept + b.kept,
    moved: a.moved + b.moved,
    replaced: a.replaced + b.replaced,
    fresh: a.fresh + b.fresh,
    released: a.released + b.released,
    staffNeeded: a.staffNeeded + b.staffNeeded,
  };
}

/** Pools of these units by band. Who was passed on to another seat of the band is counted there, where they were served or stayed uncovered. */
async function pooled(tx: Tx, runIds: readonly string[], { lo, hi }: UnitSpan): Promise<BandCounts[]> {
  const { rows } = await sql<BandCounts>`
    select run_id, band, coalesce(sum(covered + uncovered) filter (where seat = 'lead'), 0)::bigint as customers,
           coalesce(sum(covered) filter (where seat = 'lead'), 0)::bigint as covered,
           coalesce(sum(uncovered) filter (where seat = 'lead'), 0)::bigint as uncovered,
           sum(kept)::bigint as kept, sum(moved)::bigint as moved, 0 as replaced, sum(fresh)::bigint as fresh, 0 as released,
           sum(staff_needed)::bigint as "staffNeeded"
      from coverage.run_pool where run_id = any(${[...runIds]}::text[]) and unit_no between ${lo} and ${hi} group by run_id, band`.execute(
    tx.db,
  );
  return rows;
}

const ENDED = sql`('released', 'closed', 'merged')`;

/** What no pool decided: who lost a seat, and who is due but comes to no pool. */
async function unpooled(tx: Tx, runIds: readonly string[], { lo, hi }: UnitSpan): Promise<BandCounts[]> {
  const due = sql`count(*) filter (where seat = 'lead' and reason not in ${ENDED})::bigint`;
  const { rows } = await sql<BandCounts>`
    select run_id, band, ${due} as customers, 0 as covered, ${due} as uncovered, 0 as kept, 0 as moved, 0 as replaced, 0 as fresh,
           count(*) filter (where reason in ${ENDED})::bigint as released, 0 as "staffNeeded"
      from coverage.decision
     where run_id = any(${[...runIds]}::text[]) and pool_no = -1 and unit_no between ${lo} and ${hi} group by run_id, band`.execute(
    tx.db,
  );
  return rows;
}

/**
 * What runs did in a part of the bank: the sums of that part's pools, and what no pool decided about its customers. Pools of units
 * above are theirs. Who moved beyond a move budget is known of whole runs only, and is counted with the moved here.
 */
export async function countsOfPart(tx: Tx, runIds: readonly string[], span: UnitSpan): Promise<ReadonlyMap<string, Counts>> {
  const sums = new Map<string, Counts>(runIds.map((id) => [id, NOTHING]));
  for (const row of [...(await pooled(tx, runIds, span)), ...(await unpooled(tx, runIds, span))])
    sums.set(row.run_id, plus(sums.get(row.run_id) ?? NOTHING, row));
  return sums;
}

interface Pool {
  readonly pool_no: number;
  readonly band: number;
  readonly seat: string;
  readonly limits: readonly (number | null)[];
}

/** The same in full, with bands, assets and reasons. `pools` are the run's in these units, with the limits of their people. */
export async function totalsOfPart(
  tx: Tx,
  runId: string,
  span: UnitSpan,
  scheme: SchemeView | undefined,
  pools: readonly Pool[],
): Promise<Totals> {
  const parts = [...(await pooled(tx, [runId], span)), ...(await unpooled(tx, [runId], span))];
  const numbers = [-1, ...pools.map((pool) => pool.pool_no)];
  return {
    ...parts.reduce(plus, NOTHING),
    ...(await moneyOf(tx, runId, span, numbers)),
    bands: (scheme?.bands ?? []).map((band) => {
      const { customers, covered, uncovered, staffNeeded } = parts
        .filter((part) => part.band === band.band)
        .reduce(plus, NOTHING);
      const leads = pools.filter((pool) => pool.band === band.band && pool.seat === 'lead');
      return { ...band, customers, covered, uncovered, capacity: placesOf(leads), staffNeeded };
    }),
    reasons: await reasonsOf(tx, runId, span, numbers),
  };
}

function placesOf(pools: readonly Pool[]): number | null {
  const limits = pools.flatMap((pool) => pool.limits);
  return limits.some((limit) => limit === null) ? null : limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
}

interface Money {
  readonly assetsFen: number;
  readonly coveredAssetsFen: number;
  readonly coveredAssetsBeforeFen: number;
  readonly coveredBefore: number;
}

async function moneyOf(tx: Tx, runId: string, { lo, hi }: UnitSpan, pools: readonly number[]): Promise<Money> {
  const { rows } = await sql<Money>`
    select coalesce(sum(average), 0)::bigint as "assetsFen", coalesce(sum(average) filter (where after), 0)::bigint as "coveredAssetsFen",
           coalesce(sum(average) filter (where before), 0)::bigint as "coveredAssetsBeforeFen",
           count(*) filter (where before)::bigint as "coveredBefore"
      from (select max(average_fen) as average, bool_or(before_staff is not null) as before, bool_or(staff_id is not null) as after
              from coverage.decision
             where run_id = ${runId} and pool_no = any(${[...pools]}::int[]) and unit_no between ${lo} and ${hi} and reason not in ${ENDED}
             group by customer_id) due`.execute(tx.db);
  return rows[0] ?? { assetsFen: 0, coveredAssetsFen: 0, coveredAssetsBeforeFen: 0, coveredBefore: 0 };
}

async function reasonsOf(tx: Tx, runId: string, { lo, hi }: UnitSpan, pools: readonly number[]): Promise<Totals['reasons']> {
  const { rows } = await sql<{ reason: string; customers: number }>`
    select reason, count(*)::bigint as customers from coverage.decision
     where run_id = ${runId} and pool_no = any(${[...pools]}::int[]) and unit_no between ${lo} and ${hi}
     group by reason order by count(*) desc, reason`.execute(tx.db);
  return rows.map(({ reason, customers }) => ({ reason, text: reasonWords(reason), customers }));
}
