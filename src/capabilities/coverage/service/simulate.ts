import { type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import { refuse, type Words } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { point } from '../../../platform/crash.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { allocate } from '../rules/allocate.ts';
import { allocationDigest } from '../rules/allocation-digest.ts';
import { bandsAtSql } from './bands.ts';
import { basisDigest, readBasis } from './basis.ts';
import { loadCustomers, loadRoster } from './load.ts';
import { aloneRunning } from './lock.ts';
import { recordOutcome } from './record.ts';
import { activeSchemeOf, type StoredScheme } from './schemes.ts';
import { totalsOfRun } from './totals.ts';

export type OnProgress = (step: Words, done: number, total: number) => void;

export interface Wish {
  readonly scheme: StoredScheme;
  readonly date: BusinessDate;
  readonly moveBudget?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

const STEPS = 4;

/**
 * Works out who would have whom, and keeps it as a run to look at: nothing that others see changes. The date may be any closed
 * day; a past one is taken as it was, by averages without grace. Refuses a day that is not closed. Returns the run's id.
 */
export function simulate(platform: Platform, actor: Actor, wish: Wish): Promise<string> {
  return aloneRunning(platform, async () => {
    const runId = await beginRun(platform, actor, wish);
    await unscoped(platform.worker, (tx) => workOut(tx, actor, wish, runId));
    // Who looks at the run, and who carries it out, reads it by pool: the planner must know of it. In a transaction of its own, because
    // on a cluster the owner, who alone may tell it, cannot see what this one has written.
    await unscoped(platform.worker, (tx) => tx.client.query('select coverage.analyze_decisions()'));
    return runId;
  });
}

/** Leaves the run's name and that it is under way; runs that a killed process left half made are taken away first. */
function beginRun(platform: Platform, actor: Actor, { scheme, date, moveBudget }: Wish): Promise<string> {
  return unscoped(platform.worker, async (tx) => {
    const last = await lastClosedDay(tx);
    const { rowCount } = await tx.client.query('select 1 from closing.day where business_date = $1', [date]);
    if (last === undefined || (rowCount ?? 0) === 0) {
      refuse(
        'day-not-closed',
        `${date} 还没有日终，不能按它分户${last === undefined ? '' : `；最近的日终是 ${last}`}。`,
        `${date} is not closed, so it cannot be allocated by${last === undefined ? '' : `; the newest closed day is ${last}`}.`,
        { date, lastClosedDay: last ?? null },
      );
    }
    await tx.db.deleteFrom('coverage.run').where('state', '=', 'simulating').execute();
    const runId = await nextRunId(tx, date);
    await tx.db
      .insertInto('coverage.run')
      .values({
        run_id: runId,
        kind: 'full',
        scheme_id: scheme.schemeId,
        business_date: date,
        move_budget: moveBudget ?? null,
        state: 'simulating',
        created_by: actor.staffId,
        created_at: platform.now(),
      })
      .execute();
    return runId;
  });
}

/** `2026-06-30-3`: the day, and the number of the run on it. */
export async function nextRunId(tx: Tx, date: BusinessDate): Promise<string> {
  const { rows } = await tx.client.query<{ n: number }>(
    `select coalesce(max(substring(run_id from 12)::integer), 0) + 1 as n from coverage.run where business_date = $1`,
    [date],
  );
  return `${date}-${rows[0]?.n ?? 1}`;
}

async function workOut(tx: Tx, actor: Actor, wish: Wish, runId: string): Promise<void> {
  const { scheme, date, moveBudget } = wish;
  const tell = (zh: string, en: string, done: number) => wish.onProgress?.({ zh, en }, done, STEPS);
  const last = (await lastClosedDay(tx)) ?? date;
  const active = await activeSchemeOf(tx);
  tell('读取客户', 'Reading customers', 0);
  const basis = await readBasis(tx, scheme.digest, date);
  const roster = await loadRoster(tx, date);
  const bands = bandsAtSql(scheme, date === last ? active : undefined, date, last);
  const { customers, gone } = await loadCustomers(tx, { scheme: scheme.scheme, day: date, last, bands }, roster);
  tell('分户', 'Allocating', 1);
  const input = { scheme: scheme.scheme, ...roster, customers, ...(moveBudget === undefined ? {} : { moveBudget }) };
  const result = allocate(input);
  tell('保存结果', 'Keeping the result', 2);
  await recordOutcome(tx, { runId, customers, gone, roster, result });
  point('allocate.simulated-half');
  const totals = totalsOfRun(scheme.scheme, customers, result, gone.length);
  const digest = allocationDigest(input, result);
  await tx.db
    .updateTable('coverage.run')
    .set({
      state: 'simulated',
      input_digest: basisDigest(basis),
      digest,
      basis: JSON.stringify(basis),
      totals: JSON.stringify(totals),
      roster: JSON.stringify(roster),
    })
    .where('run_id', '=', runId)
    .execute();
  await audit(tx, actor, { kind: 'run.simulated', subject: runId, body: { scheme: scheme.schemeId, date, digest } });
  tell('完成', 'Done', STEPS);
}

/** A run's own day and scheme. */
export async function runRow(tx: Tx, runId: string) {
  const row = await tx.db.selectFrom('coverage.run').selectAll().where('run_id', '=', runId).executeTakeFirst();
  if (row === undefined) {
    return refuse(
      'run-unknown',
      `没有分户记录“${runId}”：请用 guanhu runs list 查看。`,
      `There is no run "${runId}": see guanhu runs list.`,
    );
  }
  return { ...row, business_date: businessDate(row.business_date) };
}
