import { existsSync } from 'node:fs';
import type pg from 'pg';
import { type BusinessDate, daysFromTo, todayOf } from '../../kernel/business-date.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type Actor, audit } from '../../platform/audit/index.ts';
import type { Platform } from '../../platform/context.ts';
import { point } from '../../platform/crash.ts';
import { LOCKS } from '../../platform/db/locks.ts';
import { oneConnectionANode, type Tx, unscoped } from '../../platform/db/transaction.ts';
import type { Duck } from '../../platform/duck.ts';
import { type Folders, fileOfDay, foldersOf, makeFolders, sweepFolder } from './archive.ts';
import type { ClosedDay, CloseProgress, CloseReport, Restated } from './contract.ts';
import { quietDay, recordWork } from './days.ts';
import { openEngine } from './engine.ts';
import { type DayInput, type Inputs, readInputs } from './inputs.ts';
import { closedDays } from './reads.ts';
import { type ClosedFacts, closedFacts, type Drift, findDrift, isDrift, restate } from './restate.ts';
import { applyChange, diffContent, loadPositions, withChanges, writeCheckpoint } from './state.ts';
import { applyPositions, applyTotals, emptyStage, loadFirstPositions, loadFirstTotals, recordDay, recordFacts } from './store.ts';
import { makeFirstHoldings, makeHoldings, stageChangedPositions, stageTotals } from './totals.ts';

/** What other rooms do in the same transaction: after each closed day, and after closed days were worked out anew. */
export interface CloseHooks {
  /** `changed`: table with a `customer_id` of everybody whose positions changed on the day, whether or not their totals did. */
  readonly afterDay?: (tx: Tx, closed: { readonly day: BusinessDate; readonly changed: string }) => Promise<void>;
  /** `customers`: table with a `customer_id` of everybody whose past was written anew. */
  readonly afterRestate?: (tx: Tx, restated: Restated & { readonly changed: string }) => Promise<void>;
  readonly onProgress?: (progress: CloseProgress) => void;
}

const CHANGED_TABLE = 'closing.stage_total';
/** On the first closed day everybody changes, and nothing is staged. */
const EVERYBODY_TABLE = 'closing.balance';
export const RESTATED_TABLE = 'closing.stage_customer';

/** Runs work while nobody else closes: two closes at once would both be right, but one of them in vain. */
export async function aloneClosing<T>(platform: Platform, work: () => Promise<T>): Promise<T> {
  const client: pg.PoolClient = await platform.worker.connect();
  let fault: Error | undefined;
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [LOCKS.close]);
    if (rows[0]?.mine !== true) {
      refuse('closing-busy', '另一个日终正在进行，请等它结束后再试。', 'Another close is running; wait until it has ended.');
    }
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCKS.close]).catch((error: Error) => {
        fault = error;
      });
    }
  } finally {
    client.release(fault);
  }
}

interface Closing {
  readonly platform: Platform;
  readonly actor: Actor;
  readonly folders: Folders;
  readonly hooks: CloseHooks;
}

/**
 * Closes every day up to `to`, in order, each in its own transaction, after working out anew what files changed of the days that
 * are closed already. May be stopped at any point and called again: it goes on where it was, and does nothing when all is done.
 */
export function closeTo(platform: Platform, actor: Actor, to: BusinessDate, hooks: CloseHooks = {}): Promise<CloseReport> {
  return aloneClosing(platform, async () => {
    refuseFuture(platform, to);
    const closing: Closing = { platform, actor, folders: foldersOf(platform), hooks };
    await makeFolders(closing.folders);
    const known = await unscoped(platform.worker, async (tx) => ({
      inputs: await readInputs(tx),
      days: await closedDays(tx),
      facts: await closedFacts(tx),
    }));
    const { inputs } = known;
    const drift = findDrift(known.days, known.facts, inputs);
    const restated = known.days.length > 0 && isDrift(drift) ? await restateClosed(closing, inputs, known.days, drift) : null;
    const days = restated === null ? known.days : await unscoped(platform.worker, closedDays);
    const start = inputs.days[0]?.day;
    if (start === undefined && restated === null) {
      refuse('closing-nothing', '还没有持仓文件，没有可日终的日期。', 'There is no positions file yet, so no day to close.');
    }
    const newFacts = restated === null && !sameFacts(known.facts, inputs);
    const closed = start === undefined ? [] : await closeDays(closing, inputs, days, to, newFacts);
    const all = [...days, ...closed];
    await sweepArchive(closing.folders, all);
    return { firstDay: all[0]?.day ?? to, lastDay: all.at(-1)?.day ?? to, closed, restated };
  });
}

/** A day that has not come has no balances yet: closing it would carry today's forward and put averages into the future. */
function refuseFuture(platform: Platform, to: BusinessDate): void {
  const today = todayOf(platform.now());
  if (to <= today) return;
  refuse(
    'closing-future',
    `${to} 还没有到：今天是 ${today}，最晚只能日终到今天。请把 --to 改为 ${today} 或更早的日期。`,
    `${to} has not come yet: today is ${today}, and days can be closed up to today only. Give ${today} or an earlier day as --to.`,
    { to, today },
  );
}

async function restateClosed(
  closing: Closing,
  inputs: Inputs,
  days: readonly ClosedDay[],
  drift: Drift,
): Promise<Restated | null> {
  const { platform, actor, folders, hooks } = closing;
  const duck = await openEngine(folders, inputs.merged, inputs.products);
  try {
    const onDay = (day: BusinessDate, done: number, of: number) => hooks.onProgress?.({ step: 'restate', day, done, of });
    const done = await unscoped(platform.worker, async (tx) => {
      await oneConnectionANode(tx);
      const restated = await restate(tx, {
        ...{ duck, folders, target: folders, days, inputs, drift, closedAt: platform.now(), onDay },
      });
      if (restated === undefined) return null;
      await audit(tx, actor, { kind: 'closing.restated', subject: restated.from, body: { ...restated } });
      await hooks.afterRestate?.(tx, { ...restated, changed: RESTATED_TABLE });
      point('closing.restate.recorded');
      return restated;
    });
    point('closing.restate.committed');
    return done;
  } finally {
    duck.close();
  }
}

/** Closes the days that are still open, from the day after the last closed one (or the first file's) to `to`. */
async function closeDays(
  closing: Closing,
  inputs: Inputs,
  known: readonly ClosedDay[],
  to: BusinessDate,
  newFacts: boolean,
): Promise<ClosedDay[]> {
  const files = new Map(inputs.days.map((input) => [input.day, input]));
  const last = known.at(-1);
  const start = last?.day ?? inputs.days[0]?.day ?? to;
  const todo = daysFromTo(start, to).slice(last === undefined ? 0 : 1);
  const state = lazyState(closing, inputs, known);
  const closed: ClosedDay[] = [];
  try {
    for (const [n, day] of todo.entries()) {
      closing.hooks.onProgress?.({ step: 'day', day, done: n, of: todo.length });
      const work = { day, input: files.get(day), days: [...known, ...closed], files, recordFacts: newFacts && n === 0 };
      closed.push(await closeDay(closing, inputs, work, state.open));
    }
    const all = [...known, ...closed];
    const newest = all.at(-1);
    // Also when nothing was left to close: the run before may have been killed on its way here.
    if (newest !== undefined) await state.checkpoint(all, newest);
    return closed;
  } finally {
    state.close();
  }
}

function sameFacts(facts: ClosedFacts, inputs: Inputs): boolean {
  const same = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>) =>
    a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
  return same(facts.merged, inputs.merged) && same(facts.products, inputs.products);
}

interface LazyState {
  readonly open: () => Promise<Duck>;
  readonly checkpoint: (days: readonly ClosedDay[], newest: ClosedDay) => Promise<void>;
  readonly close: () => void;
}

/** A checkpoint is worth its writing once a quarter of the positions have changed since the last one. */
const CHECKPOINT_SHARE = 4;

/** The engine with the positions as they stand, loaded only when a day needs them. */
function lazyState(closing: Closing, inputs: Inputs, known: readonly ClosedDay[]): LazyState {
  let duck: Duck | undefined;
  const open = async () => {
    if (duck !== undefined) return duck;
    const opened = await openEngine(closing.folders, inputs.merged, inputs.products);
    duck = opened;
    await loadPositions(
      opened,
      closing.folders,
      'state',
      known.map((day) => withChanges(closing.folders, day)),
    );
    return opened;
  };
  const checkpoint = async (days: readonly ClosedDay[], newest: ClosedDay) => {
    if (changedSinceCheckpoint(closing.folders, days) * CHECKPOINT_SHARE <= newest.positions) return;
    await writeCheckpoint(await open(), closing.folders, newest.day, newest.chain);
  };
  return { open, checkpoint, close: () => duck?.close() };
}

interface DayWork {
  readonly day: BusinessDate;
  readonly input: DayInput | undefined;
  /** All days closed so far. */
  readonly days: readonly ClosedDay[];
  readonly recordFacts: boolean;
  readonly files: ReadonlyMap<BusinessDate, DayInput>;
}

async function closeDay(closing: Closing, inputs: Inputs, work: DayWork, open: () => Promise<Duck>): Promise<ClosedDay> {
  const { platform, actor, hooks } = closing;
  const { day, input } = work;
  const twin = input && sameFile(input, work.days, work.files);
  const quiet = input === undefined || twin !== undefined;
  const duck = quiet ? undefined : await open();
  const closed = await unscoped(platform.worker, async (tx) => {
    await oneConnectionANode(tx);
    await emptyStage(tx);
    const closed =
      input === undefined || duck === undefined
        ? quietDay(day, input, work.days.at(-1), twin?.totals.control ?? null)
        : await applyFile(tx, closing, duck, { ...work, input });
    await recordDay(tx, closed, platform.now());
    if (work.recordFacts) await recordFacts(tx, inputs);
    const { importId, customers, changedCustomers, digest } = closed;
    await audit(tx, actor, { kind: 'closing.closed', subject: day, body: { importId, customers, changedCustomers, digest } });
    await hooks.afterDay?.(tx, { day, changed: work.days.length === 0 ? EVERYBODY_TABLE : CHANGED_TABLE });
    point('closing.day.recorded');
    return closed;
  });
  point('closing.day.committed');
  return closed;
}

/** Works a day out and applies it; the database takes the positions while the engine goes on with figures and totals. */
async function applyFile(tx: Tx, closing: Closing, duck: Duck, work: DayWork & { readonly input: DayInput }): Promise<ClosedDay> {
  const { folders } = closing;
  const { day, input } = work;
  const before = work.days.at(-1);
  const fresh = before === undefined;
  const control = await diffContent(duck, folders, input);
  await applyChange(duck, 'state', 'change');
  await (fresh ? makeFirstHoldings(duck) : makeHoldings(duck, 'state', 'change'));
  const positions = await stageChangedPositions(duck, folders, day, 'change', fresh);
  const taking = fresh ? loadFirstPositions(tx, positions) : applyPositions(tx, day, positions);
  const working = async () => ({
    totals: await stageTotals(duck, folders, day, fresh),
    closed: await recordWork(duck, folders, { day, input, before, control }),
  });
  // Both are waited for even when one fails: nothing may still be running in the transaction when it is rolled back.
  const [taken, worked] = await Promise.allSettled([taking, working()]);
  if (taken.status === 'rejected') throw taken.reason;
  if (worked.status === 'rejected') throw worked.reason;
  point('closing.day.half');
  const { totals, closed } = worked.value;
  await (fresh ? loadFirstTotals(tx, totals) : applyTotals(tx, day, totals));
  return closed;
}

/**
 * The closed day whose full file is byte for byte the day's own, with the same rows left out, and after which no other file came:
 * then nothing can have changed.
 */
function sameFile(
  input: DayInput,
  days: readonly ClosedDay[],
  files: ReadonlyMap<BusinessDate, DayInput>,
): ClosedDay | undefined {
  const earlier = days.findLast((day) => day.importId !== null);
  const file = earlier && files.get(earlier.day);
  if (file === undefined || input.sha256 === null) return undefined;
  const sameBytes = file.sha256 === input.sha256 && !file.delta && !input.delta;
  const sameRows = file.rows === input.rows && file.rejected === 0 && input.rejected === 0;
  return sameBytes && sameRows && file.held.join() === input.held.join() ? earlier : undefined;
}

/** Positions changed since the newest checkpoint; before the first one the first day's file of changes serves as such. */
function changedSinceCheckpoint(folders: Folders, days: readonly ClosedDay[]): number {
  const from = Math.max(
    0,
    days.findLastIndex((day) => existsSync(fileOfDay(folders.state, day.day, day.chain))),
  );
  return days.slice(from + 1).reduce((sum, day) => sum + day.changedPositions, 0);
}

/** Keeps the changes of closed days and, of the checkpoints, the newest and the last of each month: restatements start there. */
async function sweepArchive(folders: Folders, days: readonly ClosedDay[]): Promise<void> {
  await sweepFolder(folders.changes, new Set(days.flatMap((day) => withChanges(folders, day).changes ?? [])));
  const checkpoints = days.map((day) => ({ month: day.day.slice(0, 7), path: fileOfDay(folders.state, day.day, day.chain) }));
  const there = checkpoints.filter(({ path }) => existsSync(path));
  await sweepFolder(folders.state, new Set(new Map(there.map(({ month, path }) => [month, path])).values()));
  await sweepFolder(folders.scratch, new Set());
}
