import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Actor } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { tierSql } from '../../closing/contract.ts';
import { settleHeirs } from '../../organisation/index.ts';
import { type ActiveScheme, clearWork, replayBands, stepBands } from './bands.ts';
import { fillFirst, followTotals, isFilled } from './follow.ts';
import { openMissedHandovers } from './handover-night.ts';
import { decideSome, hasAppliedRun } from './nightly.ts';
import { carryOutScheduled } from './scheduled.ts';
import { activeSchemeOf } from './schemes.ts';

interface Evening {
  readonly actor: Actor;
  readonly now: Date;
}

/** What coverage does in the transaction of a day's close: standings, bands with grace, and whom that moves. */
export async function afterDay(
  tx: Tx,
  { actor, now }: Evening,
  closed: { readonly day: BusinessDate; readonly changed: string },
): Promise<void> {
  const { day, changed } = closed;
  const active = await activeSchemeOf(tx);
  const first = !(await isFilled(tx));
  const merged = await settleHeirs(tx, day);
  if (first) await fillFirst(tx, tierSql);
  else {
    await noteMoved(tx, day, changed);
    await followTotals(tx, changed, tierSql);
    if (merged.length > 0) await followMerged(tx, day);
  }
  if (active === undefined) return clearWork(tx, movedWork(day));
  const begun = active.activatedOn === undefined ? await beginScheme(tx, active, day) : active;
  await stepBands(tx, begun, { day, last: day }, bandWork(day));
  await carryOutScheduled(tx, { actor, now, day });
  if (await hasAppliedRun(tx, begun.schemeId)) {
    await decideSome({ tx, actor, now, active: begun, day, only: toDecideSql(day) });
    await openMissedHandovers(tx, { actor, now }, day);
  }
  await clearWork(tx, bandWork(day));
  await clearWork(tx, movedWork(day));
}

/** What coverage does after closed days were worked out anew: bands day by day as if it had been so at once, portfolios from now. */
export async function afterRestate(
  tx: Tx,
  { actor, now }: Evening,
  restated: { readonly from: BusinessDate; readonly to: BusinessDate; readonly changed: string },
): Promise<void> {
  const { to, changed } = restated;
  await followTotals(tx, changed, tierSql);
  const active = await activeSchemeOf(tx);
  if (active === undefined) return;
  await replayBands(tx, active, restated);
  if (!(await hasAppliedRun(tx, active.schemeId))) return;
  await decideSome({ tx, actor, now, active, day: to, only: `select customer_id from ${changed}` });
}

function bandWork(day: BusinessDate): string {
  return `band ${day}`;
}

function movedWork(day: BusinessDate): string {
  return `moved ${day}`;
}

/** Notes, before standings follow, whose home outlet or loan flag is another tonight. */
async function noteMoved(tx: Tx, day: BusinessDate, changed: string): Promise<void> {
  await tx.client.query(
    `insert into coverage.stage_change (customer_id, work)
     select s.customer_id, $1 from (select distinct customer_id from ${changed}) x
       join coverage.standing s on s.customer_id = x.customer_id join closing.balance b on b.customer_id = x.customer_id
       left join organisation.org_unit o on o.id = b.home_outlet
      where s.outlet_id is distinct from coalesce(o.heir_id, b.home_outlet) or s.has_loan <> b.has_loan`,
    [movedWork(day)],
  );
}

/** Customers of outlets that are merged tonight, or no longer are: their standings, and a decision in the pools of where they are now. */
async function followMerged(tx: Tx, day: BusinessDate): Promise<void> {
  const all = '(select customer_id from coverage.standing) m';
  await noteMoved(tx, day, all);
  await followTotals(tx, `(select customer_id from coverage.stage_change where work = '${movedWork(day)}') m`, tierSql);
}

/** Customers to decide anew: band, outlet or loan flag changed, or somebody covers a number that is closed or merged. */
function toDecideSql(day: BusinessDate): string {
  return `select customer_id from coverage.stage_change
      where (work = '${bandWork(day)}' and band <> was_band) or work = '${movedWork(day)}'
    union select s.customer_id from coverage.standing s join customers.customer c on c.customer_id = s.customer_id
      where (s.lead_staff is not null or s.joint_staff is not null) and (c.merged_into is not null or c.closed_on <= date '${day}')`;
}

/** A scheme that was put in force before the first close begins with it. */
async function beginScheme(tx: Tx, active: ActiveScheme, day: BusinessDate): Promise<ActiveScheme> {
  await tx.db.updateTable('coverage.scheme').set({ activated_on: day }).where('scheme_id', '=', active.schemeId).execute();
  return { ...active, activatedOn: day };
}
