import type { BusinessDate } from '../../../kernel/business-date.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { standingAtSql } from '../../closing/index.ts';
import { allocate } from '../rules/allocate.ts';
import { allocationDigest } from '../rules/allocation-digest.ts';
import type { BaseLoad } from '../rules/allocation-types.ts';
import type { Scheme } from '../rules/scheme.ts';
import { callApply } from './apply.ts';
import { type ActiveScheme, averageSql, bandsAtSql } from './bands.ts';
import { basisDigest, readBasis } from './basis.ts';
import { loadCustomers, loadRoster, type Roster } from './load.ts';
import { keepPortfoliosStill, lockOn } from './portfolio-lock.ts';
import { recordOutcome } from './record.ts';
import { schemeById } from './schemes.ts';
import { nextRunId } from './simulate.ts';
import { totalsOfRun } from './totals.ts';

interface Night {
  readonly tx: Tx;
  readonly actor: Actor;
  readonly now: Date;
  readonly active: ActiveScheme;
  readonly day: BusinessDate;
  /** SQL of the customers to decide. */
  readonly only: string;
}

const EVERY_POOL = 2_147_483_647;

/** Whether portfolios have been allocated under the scheme in force: before that there is nothing to keep in step. */
export async function hasAppliedRun(tx: Tx, schemeId: string): Promise<boolean> {
  const { rowCount } = await tx.client.query(
    `select 1 from coverage.run where scheme_id = $1 and kind = 'full' and state = 'applied' limit 1`,
    [schemeId],
  );
  return (rowCount ?? 0) > 0;
}

/**
 * Decides anew about the given customers only, by the same rules, and carries it out at once: all others stay with whom they
 * have and count against the limits. Leaves a run of kind `nightly`; none when there is nobody to decide.
 */
export async function decideSome(night: Night): Promise<void> {
  const { tx, actor, now, active, day } = night;
  await keepPortfoliosStill(tx);
  const only = (await lockOn(tx, day)) === undefined ? night.only : goneOf(night.only, day);
  const { scheme, schemeId } = active;
  const roster = await loadRoster(tx, day);
  const bands = bandsAtSql(active, active, day, day);
  const { customers, gone } = await loadCustomers(tx, { scheme, day, last: day, bands, only }, roster);
  if (customers.count + gone.length === 0) return;
  const baseLoads = await loadBase(tx, scheme, day, only, roster);
  const input = { scheme, ...roster, customers, baseLoads };
  const result = allocate(input);
  const basis = await readBasis(tx, (await schemeById(tx, schemeId)).digest, day);
  const runId = await nextRunId(tx, day);
  const digest = allocationDigest(input, result);
  await tx.db
    .insertInto('coverage.run')
    .values({
      run_id: runId,
      kind: 'nightly',
      scheme_id: schemeId,
      business_date: day,
      effective_from: day,
      state: 'applying',
      input_digest: basisDigest(basis),
      digest,
      basis: JSON.stringify({ ...basis, baseLoads }),
      totals: JSON.stringify(totalsOfRun(scheme, customers, result, gone.length)),
      roster: JSON.stringify(roster),
      created_by: actor.staffId,
      created_at: now,
    })
    .execute();
  await recordOutcome(tx, { runId, customers, gone, roster, result });
  const sums = await callApply(tx, runId, -1, EVERY_POOL, day, now);
  await tx.db
    .updateTable('coverage.run')
    .set({ state: 'applied', applied_by: actor.staffId, applied_at: now })
    .where('run_id', '=', runId)
    .execute();
  await audit(tx, actor, { kind: 'run.nightly', subject: runId, body: { customers: customers.count, digest, ...sums } });
}

/** While portfolios are locked the night moves nobody: only a number that is closed or merged loses its manager. */
function goneOf(only: string, day: BusinessDate): string {
  return `select customer_id from customers.customer where customer_id in (${only}) and (merged_into is not null or closed_on <= date '${day}')`;
}

/** What everybody carries through customers who are not decided tonight. */
async function loadBase(tx: Tx, scheme: Scheme, day: BusinessDate, only: string, roster: Roster): Promise<BaseLoad[]> {
  const { rows } = await tx.client.query<{ staff_id: string; portfolio: string; customers: number; assets: number }>(
    `select a.staff_id, a.portfolio, count(*) as customers, coalesce(sum(${averageSql('b.balance_days', scheme, day)}), 0)::bigint as assets
       from coverage.assignment a left join ${standingAtSql(day, scheme.measure, day)} b on b.customer_id = a.customer_id
      where a.to_date is null and a.customer_id not in (${only}) group by a.staff_id, a.portfolio order by 1, 2`,
  );
  const staffNo = new Map(roster.staff.map((person, i) => [person.id, i]));
  return rows.map((row) => ({
    staff: staffNo.get(row.staff_id) ?? -1,
    portfolio: row.portfolio,
    customers: row.customers,
    assetsFen: row.assets,
  }));
}
