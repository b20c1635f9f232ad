import { z } from 'zod';
import { type BusinessDate, businessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse, type Words } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { point } from '../../../platform/crash.ts';
import { oneConnectionANode, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { basisDigest, basisSchema, changesOf, readBasis } from './basis.ts';
import { refreshCounts } from './follow.ts';
import { aloneRunning } from './lock.ts';
import { keepPortfoliosStill, refuseWhileLocked } from './portfolio-lock.ts';
import { activateIn, type StoredScheme, schemeById } from './schemes.ts';
import { type OnProgress, runRow } from './simulate.ts';

export interface ApplyWish {
  readonly runId: string;
  /** From when; by default the run's own day, or the day of the newest change of any assignment when that is later. */
  readonly effectiveFrom?: BusinessDate | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface Applied {
  readonly runId: string;
  readonly effectiveFrom: BusinessDate;
  /** Assignments opened and ended by this call; a run that was half applied before counts only the rest. */
  readonly opened: number;
  readonly ended: number;
}

/** Pools side by side, the largest first so that none is left to wait for alone: they share nothing but their customers' rows. */
const WORKERS = 2;
/** Pools after which the planner looks again. */
const LEARNT_AFTER = 16;
/** Customers up to whom small pools of a first run share a transaction. */
const TOGETHER = 1_000;

/**
 * Carries out a simulated run: one transaction a pool, every limit held at each of them, and nobody without anyone meanwhile whom
 * another pool will take. Puts the run's scheme in force. Called again after an interruption it goes on where it was; for a run
 * that is applied it does nothing. Refuses a run whose ground has changed since it was simulated, and says what has.
 */
export function applyRun(platform: Platform, actor: Actor, wish: ApplyWish): Promise<Applied> {
  return aloneRunning(platform, async () => {
    const begun = await beginApply(platform, actor, wish);
    if (begun.stale.length > 0) refuseStale(wish.runId, begun.stale);
    const { effectiveFrom } = begun;
    if (begun.done) return { runId: wish.runId, effectiveFrom, opened: 0, ended: 0 };
    const sums = await applyPools(platform, wish, effectiveFrom);
    await unscoped(platform.worker, (tx) => finishApply(platform, tx, actor, wish.runId, sums));
    point('apply.marked');
    return { runId: wish.runId, effectiveFrom, ...sums };
  });
}

interface Begun {
  readonly effectiveFrom: BusinessDate;
  readonly done: boolean;
  readonly stale: readonly Words[];
}

/** Checks the ground, puts the scheme in force and marks the run as being applied, in one transaction. */
function beginApply(platform: Platform, actor: Actor, wish: ApplyWish): Promise<Begun> {
  return unscoped(platform.worker, async (tx) => {
    await oneConnectionANode(tx);
    await keepPortfoliosStill(tx);
    const run = await runRow(tx, wish.runId);
    const effectiveFrom = await effectiveDay(tx, run, wish.effectiveFrom);
    if (run.state === 'applied' || run.state === 'applying') return { effectiveFrom, done: run.state === 'applied', stale: [] };
    if (run.state !== 'simulated') refuseState(wish.runId, run.state);
    const other = await tx.db.selectFrom('coverage.run').select('run_id').where('state', '=', 'applying').executeTakeFirst();
    if (other !== undefined) refuseOther(other.run_id);
    await refuseWhileLocked(tx, [effectiveFrom, todayOf(platform.now())], changesOfRun(run.totals));
    const scheme = await schemeById(tx, run.scheme_id);
    const stale = changesOf(basisSchema.parse(run.basis), await readBasis(tx, scheme.digest, run.business_date));
    if (stale.length > 0) {
      await tx.db
        .updateTable('coverage.run')
        .set({ state: 'stale', progress: JSON.stringify({ changes: stale }) })
        .where('run_id', '=', wish.runId)
        .execute();
      return { effectiveFrom, done: false, stale };
    }
    if (scheme.state !== 'active') await activateIn(tx, actor, scheme);
    await tx.db
      .updateTable('coverage.run')
      .set({ state: 'applying', effective_from: effectiveFrom, applied_by: actor.staffId })
      .where('run_id', '=', wish.runId)
      .execute();
    return { effectiveFrom, done: false, stale };
  });
}

const changedSeats = z.object({ fresh: z.number(), moved: z.number(), replaced: z.number().default(0), released: z.number() });

/** Seats that applying the run would open, move or end. */
function changesOfRun(totals: unknown): number {
  const { fresh, moved, replaced, released } = changedSeats.parse(totals);
  return fresh + moved + replaced + released;
}

/** Assignments are a history without gaps or overlaps, so a run cannot begin before the newest change that is there. */
async function effectiveDay(
  tx: Tx,
  run: { readonly business_date: BusinessDate; readonly effective_from: string | null },
  wished: BusinessDate | undefined,
): Promise<BusinessDate> {
  if (run.effective_from !== null) return businessDate(run.effective_from);
  const { rows } = await tx.client.query<{ day: string | null }>(
    'select max(effective_from) as day from coverage.run where state = $1',
    ['applied'],
  );
  const newest = rows[0]?.day ?? null;
  const earliest = newest !== null && newest > run.business_date ? businessDate(newest) : run.business_date;
  if (wished === undefined) return earliest;
  if (newest !== null && wished < newest) {
    refuse(
      'effective-too-early',
      `生效日不能早于最近一次管户变动的日期 ${newest}。`,
      `It cannot take effect before ${newest}, the day of the newest change of assignments.`,
      { earliest: newest },
    );
  }
  return wished;
}

async function applyPools(
  platform: Platform,
  wish: ApplyWish,
  effectiveFrom: BusinessDate,
): Promise<{ opened: number; ended: number }> {
  const at = platform.now();
  await unscoped(platform.worker, learn);
  const { pools, bundles } = await unscoped(platform.worker, whatIsLeft(wish.runId));
  const sums = { opened: 0, ended: 0 };
  let done = pools - bundles.reduce((sum, bundle) => sum + bundle.pools, 0);
  let learnt = false;
  const one = async (bundle: Bundle) => {
    const { opened, ended } = await applyPool(platform, wish.runId, bundle, effectiveFrom, at);
    sums.opened += opened;
    sums.ended += ended;
    point('apply.pool-committed');
    done += bundle.pools;
    if (!learnt && done >= LEARNT_AFTER) {
      learnt = true;
      await unscoped(platform.worker, learn);
    }
    wish.onProgress?.({ zh: '逐池生效', en: 'Applying pools' }, done, pools + 1);
  };
  // Lead and joint seats of one customer are two pools: they are never worked on at the same time.
  for (const seat of ['lead', 'joint']) {
    const queue = bundles.filter((bundle) => bundle.seat === seat).values();
    const work = async () => {
      for (const bundle of queue) await one(bundle);
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
  }
  await one({ lo: -1, hi: -1, seat: 'none', covered: 0, pools: 1 });
  return sums;
}

/** Pools lo … hi that are applied in one transaction. */
interface Bundle {
  readonly lo: number;
  readonly hi: number;
  readonly seat: string;
  readonly covered: number;
  readonly pools: number;
}

/** How many pools a run has, and which are still to be applied, the largest first. */
const whatIsLeft = (runId: string) => async (tx: Tx) => {
  const pools = await tx.db
    .selectFrom('coverage.run_pool')
    .select(['pool_no', 'applied_at', 'seat', 'covered'])
    .where('run_id', '=', runId)
    .orderBy('pool_no')
    .execute();
  const sitting = await tx.db.selectFrom('coverage.portfolio').select('staff_id').where('customers', '>', 0).limit(1).execute();
  const bundles: Bundle[] = [];
  for (const { pool_no: no, applied_at, seat, covered } of pools) {
    if (applied_at !== null) continue;
    const last = bundles.at(-1);
    // Where nobody sits yet nobody can leave one pool for another, so that small pools go together.
    if (
      last !== undefined &&
      sitting.length === 0 &&
      last.seat === seat &&
      last.hi === no - 1 &&
      last.covered + covered <= TOGETHER
    )
      bundles[bundles.length - 1] = { ...last, hi: no, covered: last.covered + covered, pools: last.pools + 1 };
    else bundles.push({ lo: no, hi: no, seat, covered, pools: 1 });
  }
  return { pools: pools.length, bundles: bundles.toSorted((a, b) => b.covered - a.covered) };
};

/** Tells the planner what is in the tables: a first run fills assignments from nothing. */
async function learn(tx: Tx): Promise<void> {
  await tx.client.query('select coverage.analyze_seats()');
}

const DEADLOCK = '40P01';
const TRIES = 5;

/**
 * One transaction. Two pools that hand customers to each other may wait for one another; the one that is stopped tries again.
 * Nobody waits for the disk here: a pool that a power cut takes back is applied again, and the run is marked as applied by a
 * transaction that reaches the disk behind all of them.
 */
async function applyPool(
  platform: Platform,
  runId: string,
  { lo, hi }: Bundle,
  from: BusinessDate,
  at: Date,
): Promise<{ opened: number; ended: number }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await unscoped(platform.worker, async (tx) => {
        await tx.client.query('set local synchronous_commit = off');
        const sums = await callApply(tx, runId, lo, hi, from, at);
        point('apply.pool-half');
        return sums;
      });
    } catch (error) {
      if (attempt < TRIES && error instanceof Error && 'code' in error && error.code === DEADLOCK) continue;
      throw error;
    }
  }
}

/** Carries out the decisions of the pools lo … hi inside a transaction. */
export async function callApply(
  tx: Tx,
  runId: string,
  lo: number,
  hi: number,
  from: BusinessDate,
  at: Date,
): Promise<{ opened: number; ended: number }> {
  const { rows } = await tx.client.query<{ opened: number; ended: number }>(
    'select opened, ended from coverage.apply_pool($1, $2, $3, $4, $5)',
    [runId, lo, hi, from, at],
  );
  return rows[0] ?? { opened: 0, ended: 0 };
}

async function finishApply(
  platform: Platform,
  tx: Tx,
  actor: Actor,
  runId: string,
  sums: { readonly opened: number; readonly ended: number },
): Promise<void> {
  point('apply.before-marked');
  await refreshCounts(tx);
  await tx.db
    .updateTable('coverage.run')
    .set({ state: 'applied', applied_at: platform.now(), progress: JSON.stringify({}) })
    .where('run_id', '=', runId)
    .execute();
  await audit(tx, actor, { kind: 'run.applied', subject: runId, body: { ...sums } });
}

/** The run of this wish that is half applied, or simulated on the ground as it still is: it is gone on with instead of a new one. */
export function unfinishedRun(
  platform: Platform,
  wish: { readonly scheme: StoredScheme; readonly date: BusinessDate; readonly moveBudget?: number | undefined },
): Promise<string | undefined> {
  return unscoped(platform.worker, async (tx) => {
    const basis = basisDigest(await readBasis(tx, wish.scheme.digest, wish.date));
    const row = await tx.db
      .selectFrom('coverage.run')
      .select('run_id')
      .where((run) =>
        run.or([run('state', '=', 'applying'), run.and([run('state', '=', 'simulated'), run('input_digest', '=', basis)])]),
      )
      .where('scheme_id', '=', wish.scheme.schemeId)
      .where('business_date', '=', wish.date)
      .where('move_budget', wish.moveBudget === undefined ? 'is' : '=', wish.moveBudget ?? null)
      .orderBy('state')
      .orderBy('created_at', 'desc')
      .executeTakeFirst();
    return row?.run_id;
  });
}

/** Puts a simulation away; what is applied or under way stays. */
export function discardRun(platform: Platform, actor: Actor, runId: string): Promise<void> {
  return unscoped(platform.worker, async (tx) => {
    const run = await runRow(tx, runId);
    if (run.state === 'discarded') return;
    if (run.state !== 'simulated' && run.state !== 'stale') refuseState(runId, run.state);
    await tx.db.deleteFrom('coverage.decision').where('run_id', '=', runId).execute();
    await tx.db.updateTable('coverage.run').set({ state: 'discarded' }).where('run_id', '=', runId).execute();
    await audit(tx, actor, { kind: 'run.discarded', subject: runId });
  });
}

const STATES: Readonly<Record<string, Words>> = {
  simulating: { zh: '还在模拟', en: 'is still being simulated' },
  applying: { zh: '正在生效', en: 'is being applied' },
  applied: { zh: '已经生效', en: 'is applied' },
  stale: { zh: '已经过时，请重新模拟', en: 'is out of date; simulate again' },
  discarded: { zh: '已经放弃', en: 'was discarded' },
};

function refuseState(runId: string, state: string): never {
  const words = STATES[state] ?? { zh: state, en: state };
  return refuse('run-state', `分户 ${runId} ${words.zh}。`, `Run ${runId} ${words.en}.`, { runId, state });
}

function refuseOther(runId: string): never {
  return refuse(
    'run-half-applied',
    `分户 ${runId} 只生效了一部分：请先用 guanhu runs apply ${runId} 完成它。`,
    `Run ${runId} is applied in part: finish it first with guanhu runs apply ${runId}.`,
    { runId },
  );
}

function refuseStale(runId: string, changes: readonly Words[]): never {
  return refuse(
    'run-stale',
    `模拟之后数据变了（${changes.map((change) => change.zh).join('、')}），分户 ${runId} 不能生效：请重新模拟。`,
    `What the simulation stood on has changed (${changes.map((change) => change.en).join(', ')}), so run ${runId} cannot be applied: simulate again.`,
    { runId, changes },
  );
}
