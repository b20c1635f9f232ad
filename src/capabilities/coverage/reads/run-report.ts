import { z } from 'zod';
import type { Platform } from '../../../platform/context.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { runTotals } from '../contract.ts';
import { runRow } from '../service/simulate.ts';
import { schemeViewById } from './schemes.ts';

/** A pool of a run as scripts read it: what its people have after the run. */
export interface PoolReport {
  readonly unit: string;
  readonly band: string;
  readonly seat: string;
  readonly staff: number;
  readonly countMin: number;
  readonly countMax: number;
  readonly assetsMinFen: number;
  readonly assetsMaxFen: number;
  readonly assetsMeanFen: number;
  readonly uncovered: number;
  readonly staffNeeded: number;
}

export interface RunReport {
  readonly runId: string;
  readonly kind: string;
  readonly state: string;
  readonly scheme: string;
  readonly date: string;
  readonly effectiveFrom: string | null;
  readonly digest: string | null;
  readonly customers: number;
  readonly covered: number;
  readonly uncovered: number;
  readonly kept: number;
  /** With a move budget at most so many; `replaced` had to go to another manager beyond it. */
  readonly moved: number;
  readonly replaced: number;
  readonly new: number;
  readonly released: number;
  readonly staffNeeded: number;
  readonly pools: readonly PoolReport[];
}

const people = z.array(z.object({ after: z.number(), assetsAfterFen: z.number() }));

/** A whole run for the command line. */
export function runReport(platform: Platform, runId: string): Promise<RunReport> {
  return unscoped(platform.worker, async (tx) => {
    const run = await runRow(tx, runId);
    const totals = runTotals.safeParse(run.totals).data;
    const scheme = await schemeViewById(tx, run.scheme_id);
    const pools = await tx.db
      .selectFrom('coverage.run_pool')
      .selectAll()
      .where('run_id', '=', runId)
      .orderBy('pool_no')
      .execute();
    const {
      customers = 0,
      covered = 0,
      uncovered = 0,
      kept = 0,
      moved = 0,
      replaced = 0,
      fresh = 0,
      released = 0,
      staffNeeded = 0,
    } = totals ?? {};
    return {
      ...{ runId, kind: run.kind, state: run.state, scheme: run.scheme_id, date: run.business_date },
      ...{ effectiveFrom: run.effective_from, digest: run.digest },
      ...{ customers, covered, uncovered, kept, moved, replaced, new: fresh, released, staffNeeded },
      pools: pools.map((pool) => ({
        unit: pool.unit_id,
        band: scheme?.bands[pool.band]?.id ?? String(pool.band),
        seat: pool.seat,
        ...spreadOf(people.parse(pool.staff)),
        uncovered: pool.uncovered,
        staffNeeded: pool.staff_needed,
      })),
    };
  });
}

function spreadOf(staff: z.infer<typeof people>) {
  const counts = staff.map((person) => person.after);
  const assets = staff.map((person) => person.assetsAfterFen);
  const sum = assets.reduce((total, fen) => total + fen, 0);
  return {
    staff: staff.length,
    countMin: staff.length === 0 ? 0 : Math.min(...counts),
    countMax: Math.max(0, ...counts),
    assetsMinFen: staff.length === 0 ? 0 : Math.min(...assets),
    assetsMaxFen: Math.max(0, ...assets),
    assetsMeanFen: staff.length === 0 ? 0 : Math.floor(sum / staff.length),
  };
}

/** Every run, newest first, without its pools. */
export function runList(platform: Platform) {
  return unscoped(platform.worker, async (tx) => {
    const rows = await tx.db
      .selectFrom('coverage.run')
      .select(['run_id', 'kind', 'scheme_id', 'business_date', 'effective_from', 'state', 'digest', 'totals'])
      .orderBy('created_at', 'desc')
      .orderBy('run_id', 'desc')
      .execute();
    return rows.map((row) => {
      const totals = runTotals.safeParse(row.totals).data;
      return {
        ...{ runId: row.run_id, kind: row.kind, state: row.state, scheme: row.scheme_id, date: row.business_date },
        ...{ effectiveFrom: row.effective_from, digest: row.digest },
        ...{ customers: totals?.customers ?? 0, covered: totals?.covered ?? 0, uncovered: totals?.uncovered ?? 0 },
      };
    });
  });
}
