import { fen } from '../../../kernel/money.ts';
import { type CopyCell, copyRows } from '../../../platform/db/copy.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { type AllocationResult, type CustomerColumns, REASONS } from '../rules/allocation-types.ts';
import type { Gone, Roster } from './load.ts';

const SLOTS = ['lead', 'joint'] as const;
const BATCH = 5_000;

const COLUMNS = [
  'customer_id',
  'run_id',
  'seat',
  'pool_no',
  'band',
  'before_staff',
  'staff_id',
  'reason',
  'runner_up',
  'average_fen',
  'has_loan',
  'outlet_id',
];

interface Outcome {
  readonly runId: string;
  readonly customers: CustomerColumns;
  readonly gone: readonly Gone[];
  readonly roster: Roster;
  readonly result: AllocationResult;
}

/** Rows of the decisions: one a customer and seat, unless nobody sits there and nothing was asked. */
async function* decisionRows({ runId, customers, gone, roster, result }: Outcome): AsyncGenerator<CopyCell[][]> {
  const staffId = (index: number | undefined) => (index === undefined || index < 0 ? null : (roster.staff[index]?.id ?? null));
  let batch: CopyCell[][] = [];
  for (let c = 0; c < customers.count; c++) {
    for (const seat of SLOTS) {
      const outcome = result.seats[seat];
      const before = staffId(customers.current[seat][c]);
      const reason = REASONS[outcome.reason[c] ?? 0] ?? 'none';
      if (reason === 'none' && before === null) continue;
      batch.push([
        customers.ids[c] ?? '',
        runId,
        seat,
        outcome.pool[c] ?? -1,
        customers.band[c] ?? -1,
        before,
        staffId(outcome.staff[c]),
        reason === 'none' ? 'released' : reason,
        staffId(outcome.runnerUp[c]),
        customers.averageFen[c] ?? 0,
        customers.hasLoan[c] === 1,
        roster.units[customers.unit[c] ?? -1]?.id ?? null,
      ]);
    }
    if (batch.length >= BATCH) {
      yield batch;
      batch = [];
    }
  }
  yield [
    ...batch,
    ...gone.map((row) => [row.customerId, runId, row.seat, -1, -1, row.staffId, null, row.reason, null, 0, false, null]),
  ];
}

/** Writes a run's pools and, customer by customer, what it decided and why. */
export async function recordOutcome(tx: Tx, outcome: Outcome): Promise<void> {
  await copyRows(tx, 'coverage.stage_decision', COLUMNS, decisionRows(outcome));
  await tx.client.query(
    `insert into coverage.decision (${COLUMNS.join(', ')}, branch_id, unit_no, lead_staff, joint_staff)
     select ${COLUMNS.map((column) => `d.${column}`).join(', ')}, u.branch_id, coalesce(u.unit_no, s.unit_no), s.lead_staff, s.joint_staff
       from coverage.stage_decision d join coverage.standing s on s.customer_id = d.customer_id
       left join organisation.org_unit u on u.id = d.outlet_id where d.run_id = $1 order by d.customer_id`,
    [outcome.runId],
  );
  await tx.client.query('delete from coverage.stage_decision where run_id = $1', [outcome.runId]);
  await recordPools(tx, outcome);
}

async function recordPools(tx: Tx, { runId, roster, result }: Outcome): Promise<void> {
  const { rows } = await tx.client.query<{ id: string; unit_no: number }>('select id, unit_no from organisation.org_unit');
  const unitNo = new Map(rows.map((row) => [row.id, row.unit_no]));
  for (const pool of result.pools) {
    const unitId = roster.units[pool.unit]?.id ?? '';
    const { customers, covered, uncovered, kept, moved, fresh } = pool;
    await tx.db
      .insertInto('coverage.run_pool')
      .values({
        run_id: runId,
        pool_no: pool.no,
        unit_id: unitId,
        unit_no: unitNo.get(unitId) ?? 0,
        band: pool.band,
        seat: pool.seat,
        portfolio: pool.portfolio,
        ...{ customers, covered, uncovered, kept, moved, fresh },
        staff_needed: pool.staffNeeded,
        over_initial: pool.usedOverInitial,
        staff: JSON.stringify(
          pool.people.map((person) => ({
            staffId: roster.staff[person.staff]?.id ?? '',
            before: person.countBefore,
            after: person.countAfter,
            here: person.here,
            assetsBeforeFen: fen(person.assetsBeforeFen),
            assetsAfterFen: fen(person.assetsAfterFen),
            limitInitial: person.limitInitial ?? null,
            limitAtMost: person.limitAtMost ?? null,
            share: person.share,
          })),
        ),
      })
      .execute();
  }
}
