import { z } from 'zod';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { tierSql } from '../../closing/contract.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { allocate } from '../rules/allocate.ts';
import { allocationDigest } from '../rules/allocation-digest.ts';
import type { AllocationInput, AllocationStaff, BaseLoad, CustomerColumns } from '../rules/allocation-types.ts';
import { replayBands } from './bands.ts';
import type { Roster } from './load.ts';
import { activeSchemeOf, schemeById } from './schemes.ts';

/** Something that is not as it must be: which rule, and whom or what it is about. */
export interface CoverageDifference {
  readonly check: string;
  readonly subject: string;
  readonly is: string;
  readonly shouldBe: string;
}

export interface CoverageVerified {
  /** Checks made, and how many runs were worked out again. */
  readonly checks: readonly string[];
  readonly runs: number;
  readonly differences: number;
  /** At most a hundred. */
  readonly examples: readonly CoverageDifference[];
}

const EXAMPLES = 100;
const OPEN = 'coverage.assignment where to_date is null';

/** Checks that a query answers: each row of an answer (subject, is, should_be) is a difference. */
const CHECKS: Readonly<Record<string, string>> = {
  'places-counted': `select p.staff_id || ' ' || p.portfolio as subject, p.customers::text as is, coalesce(a.n, 0)::text as should_be
    from coverage.portfolio p full join (select staff_id, portfolio, count(*) as n from ${OPEN} group by 1, 2) a using (staff_id, portfolio)
    where p.customers is distinct from coalesce(a.n, 0)`,
  'limits-held': `select staff_id || ' ' || portfolio as subject, customers::text as is, cap::text as should_be from coverage.portfolio where customers > cap`,
  'one-at-a-time': `select a.customer_id || ' ' || a.seat as subject, a.from_date::text as is, b.from_date::text as should_be
    from coverage.assignment a join coverage.assignment b on b.customer_id = a.customer_id and b.seat = a.seat and b.from_date > a.from_date
    where a.to_date is null or a.to_date > b.from_date`,
  'two-people': `select l.customer_id as subject, l.staff_id as is, 'two people' as should_be from (select * from ${OPEN} and seat = 'lead') l
    join (select * from ${OPEN} and seat = 'joint') j on j.customer_id = l.customer_id and j.staff_id = l.staff_id`,
  'lists-follow': `select s.customer_id as subject, concat_ws(' ', s.lead_staff, s.joint_staff, c.lead_staff, c.joint_staff) as is, concat_ws(' ', l.staff_id, j.staff_id) as should_be
    from coverage.standing s left join coverage.card c on c.customer_id = s.customer_id
    left join (select * from ${OPEN} and seat = 'lead') l on l.customer_id = s.customer_id
    left join (select * from ${OPEN} and seat = 'joint') j on j.customer_id = s.customer_id
    where (s.lead_staff, s.joint_staff, c.lead_staff, c.joint_staff) is distinct from (l.staff_id, j.staff_id, l.staff_id, j.staff_id)`,
  'portfolios-follow': `select coalesce(b.customer_id, s.customer_id) as subject, concat_ws(' ', b.seat, b.staff_id, b.unit_no, b.assets_fen) as is,
      concat_ws(' ', s.seat, s.staff_id, s.unit_no, s.assets_fen) as should_be
    from coverage.by_staff b full join (
      select s.customer_id, a.seat, a.staff_id, s.unit_no, s.assets_fen from (select * from ${OPEN}) a join coverage.standing s on s.customer_id = a.customer_id) s
      on s.customer_id = b.customer_id and s.seat = b.seat
    where (b.staff_id, b.unit_no, b.assets_fen) is distinct from (s.staff_id, s.unit_no, s.assets_fen)`,
  'standings-follow': `select s.customer_id as subject, concat_ws(' ', s.assets_fen, s.outlet_id, s.has_loan, s.tier) as is,
      concat_ws(' ', coalesce(b.assets_fen, 0), coalesce(o.heir_id, b.home_outlet), coalesce(b.has_loan, false), ${tierSql('coalesce(b.assets_fen, 0)')}) as should_be
    from coverage.standing s left join closing.balance b on b.customer_id = s.customer_id
    left join organisation.org_unit o on o.id = b.home_outlet
    where (s.assets_fen, s.outlet_id, s.has_loan, s.tier) is distinct from
      (coalesce(b.assets_fen, 0), coalesce(o.heir_id, b.home_outlet), coalesce(b.has_loan, false), ${tierSql('coalesce(b.assets_fen, 0)')}::smallint)`,
  'decisions-stand': `select d.customer_id || ' ' || d.seat as subject, a.staff_id as is, d.staff_id as should_be
    from (select distinct on (d.customer_id, d.seat) d.customer_id, d.seat, d.staff_id, r.applied_at from coverage.decision d join coverage.run r on r.run_id = d.run_id
           where r.state = 'applied' order by d.customer_id, d.seat, r.applied_at desc, r.run_id desc) d
    left join (select * from ${OPEN}) a on a.customer_id = d.customer_id and a.seat = d.seat
    where a.staff_id is distinct from d.staff_id and a.reason is distinct from 'taken-over'
      and exists (select 1 from customers.customer c where c.customer_id = d.customer_id)
      and not exists (select 1 from coverage.transfer t where t.customer_id = d.customer_id and t.seat = d.seat and t.state in ('approved', 'claimed')
        and coalesce(t.carried_at, t.decided_at) >= d.applied_at and t.to_staff is not distinct from a.staff_id)
      and not exists (select 1 from coverage.handover_item i where i.customer_id = d.customer_id and i.seat = d.seat and i.handover_id = a.run_id
        and i.outcome in ('moved', 'returned'))`,
};

/** Checks assignments, limits, lists and bands, and works every applied run out again from what it kept: the digests must be equal. */
export function verifyCoverage(platform: Platform): Promise<CoverageVerified> {
  return unscoped(platform.worker, async (tx) => {
    const found: CoverageDifference[] = [];
    for (const [check, query] of Object.entries(CHECKS)) {
      const { rows } = await tx.client.query<{ subject: string; is: string | null; should_be: string | null }>(query);
      found.push(...rows.map((row) => ({ check, subject: row.subject, is: row.is ?? '', shouldBe: row.should_be ?? '' })));
    }
    found.push(...(await checkBands(tx)));
    const runs = await tx.db
      .selectFrom('coverage.run')
      .select(['run_id', 'digest'])
      .where('state', '=', 'applied')
      .orderBy('run_id')
      .execute();
    for (const run of runs) {
      const digest = await replayRun(tx, run.run_id);
      if (digest !== run.digest)
        found.push({ check: 'runs-repeat', subject: run.run_id, is: run.digest ?? '', shouldBe: digest });
    }
    const checks = [...Object.keys(CHECKS), 'bands-repeat', 'runs-repeat'];
    return { checks, runs: runs.length, differences: found.length, examples: found.slice(0, EXAMPLES) };
  });
}

/** Steps everybody's bands again from the scheme's first day, compares, and leaves no trace. */
async function checkBands(tx: Tx): Promise<CoverageDifference[]> {
  const active = await activeSchemeOf(tx);
  const last = await lastClosedDay(tx);
  if (active?.activatedOn === undefined || last === undefined) return [];
  await tx.client.query('savepoint bands');
  const path = `select customer_id, band, band_since, below_since from coverage.standing`;
  await tx.client.query(
    `insert into coverage.stage_change (customer_id, work, band, band_since, below_since) select customer_id, 'verify', band, band_since, below_since from (${path}) s`,
  );
  await replayBands(tx, active, { from: active.activatedOn, to: last, changed: 'coverage.standing' });
  const text = (x: string) => `concat_ws(' ', ${x}.band, ${x}.band_since, ${x}.below_since)`;
  const { rows } = await tx.client.query<{ customer_id: string; was: string; now: string }>(
    `select s.customer_id, ${text('w')} as was, ${text('s')} as now from (${path}) s
       join coverage.stage_change w on w.work = 'verify' and w.customer_id = s.customer_id
      where (s.band, s.band_since, s.below_since) is distinct from (w.band, w.band_since, w.below_since)`,
  );
  await tx.client.query('rollback to savepoint bands');
  return rows.map((row) => ({ check: 'bands-repeat', subject: row.customer_id, is: row.was, shouldBe: row.now }));
}

const rosterSchema = z.object({
  units: z.array(
    z.object({ id: z.string(), level: z.enum(['head-office', 'branch', 'sub-branch', 'outlet']), parent: z.number() }),
  ),
  staff: z.array(z.object({ id: z.string(), role: z.string(), unit: z.number(), shareBp: z.number(), active: z.boolean() })),
});
const baseSchema = z.object({
  baseLoads: z
    .array(z.object({ staff: z.number(), portfolio: z.string(), customers: z.number(), assetsFen: z.number() }))
    .optional(),
});

/** Works a run out again from its roster and its customers as they were, and gives the digest. */
async function replayRun(tx: Tx, runId: string): Promise<string> {
  const run = await tx.db.selectFrom('coverage.run').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow();
  const { scheme } = await schemeById(tx, run.scheme_id);
  const roster: Roster = rosterSchema.parse(run.roster);
  const baseLoads: readonly BaseLoad[] | undefined = baseSchema.parse(run.basis).baseLoads;
  const customers = await decidedCustomers(tx, runId, roster);
  const input: AllocationInput = {
    scheme,
    ...roster,
    customers,
    ...(baseLoads === undefined ? {} : { baseLoads }),
    ...(run.move_budget === null ? {} : { moveBudget: run.move_budget }),
  };
  return allocationDigest(input, allocate(input));
}

interface DecidedRow {
  readonly customer_id: string;
  readonly average_fen: number;
  readonly band: number;
  readonly outlet_id: string | null;
  readonly has_loan: boolean;
  readonly lead: string | null;
  readonly joint: string | null;
}

/** The customers of a run as its decisions keep them; those whose number was closed or merged took no part. */
async function decidedCustomers(tx: Tx, runId: string, roster: Roster): Promise<CustomerColumns> {
  const { rows } = await tx.client.query<DecidedRow>(
    `select customer_id, min(average_fen) as average_fen, min(band) as band, min(outlet_id) as outlet_id, bool_or(has_loan) as has_loan,
            min(before_staff) filter (where seat = 'lead') as lead, min(before_staff) filter (where seat = 'joint') as joint
       from coverage.decision where run_id = $1 and reason not in ('closed', 'merged') group by customer_id order by customer_id`,
    [runId],
  );
  const index = (list: readonly Pick<AllocationStaff, 'id'>[]) => new Map(list.map((one, i) => [one.id, i]));
  const [units, staff] = [index(roster.units), index(roster.staff)];
  const at = (map: ReadonlyMap<string, number>, id: string | null) => (id === null ? -1 : (map.get(id) ?? -1));
  return {
    count: rows.length,
    ids: rows.map((row) => row.customer_id),
    averageFen: Float64Array.from(rows, (row) => row.average_fen),
    band: Int8Array.from(rows, (row) => row.band),
    unit: Int32Array.from(rows, (row) => at(units, row.outlet_id)),
    hasLoan: Uint8Array.from(rows, (row) => (row.has_loan ? 1 : 0)),
    current: {
      lead: Int32Array.from(rows, (row) => at(staff, row.lead)),
      joint: Int32Array.from(rows, (row) => at(staff, row.joint)),
    },
  };
}
