import { sql } from 'kysely';
import type { Words } from '../../../kernel/refusal.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { UnitRow } from './refs.ts';

interface Decision {
  readonly kind: string;
  readonly count: number;
  readonly text: Words;
  readonly to: string;
}

/** What waits for somebody's decision, most pressing first; only what this person could act on or should know. */
export async function decisionsToday(tx: Tx, person: Person, unit: UnitRow): Promise<Decision[]> {
  const list = [
    await waitingRun(tx, person),
    await waitingTransfers(tx, person),
    await openHandovers(tx, person),
    await shortPools(tx, person, unit),
    await waitingImports(tx, person),
    await heldRows(tx, person),
  ];
  return list.filter((item) => item !== undefined);
}

async function waitingRun(tx: Tx, person: Person): Promise<Decision | undefined> {
  if (!person.permissions.has('runs.read')) return undefined;
  const run = await tx.db
    .selectFrom('coverage.run')
    .select(['run_id'])
    .where('state', '=', 'simulated')
    .orderBy('created_at', 'desc')
    .executeTakeFirst();
  if (run === undefined) return undefined;
  const text = {
    zh: `试算 ${run.run_id} 等待决定：应用或放弃`,
    en: `Simulation ${run.run_id} awaits a decision: apply or discard`,
  };
  return { kind: 'simulated-run', count: 1, text, to: `/runs/${run.run_id}` };
}

async function waitingTransfers(tx: Tx, person: Person): Promise<Decision | undefined> {
  const { lo, hi = lo } = person.scope;
  if (!person.permissions.has('transfers.decide') || lo === undefined || hi === undefined) return undefined;
  const us = person.identities;
  const { rows } = await sql<{ count: number }>`
    select count(*)::bigint as count from coverage.transfer
     where state = 'requested' and unit_no between ${lo} and ${hi} and requested_by <> all (${us})
       and coalesce(from_staff <> all (${us}), true) and coalesce(to_staff <> all (${us}), true)`.execute(tx.db);
  const count = rows[0]?.count ?? 0;
  return count === 0
    ? undefined
    : {
        kind: 'waiting-transfers',
        count,
        text: { zh: `${count} 笔调户待审批`, en: `${count} transfers wait for approval` },
        to: '/transfers',
      };
}

async function openHandovers(tx: Tx, person: Person): Promise<Decision | undefined> {
  const { lo, hi = lo } = person.scope;
  const heads = person.permissions.has('transfers.decide');
  const { rows } = await sql<{ count: number }>`
    select count(*)::bigint as count from coverage.handover h
     where state in ('frozen', 'split') and ((${heads} and unit_no between ${lo ?? 0} and ${hi ?? -1} and staff_id <> ${person.staffId})
        or (state = 'split' and staff_id = ${person.staffId} and giver_signed_by is null)
        or (state = 'split' and ${person.staffId} = any(successors) and not exists (select from coverage.handover_signature g
             where g.handover_id = h.handover_id and g.staff_id = ${person.staffId})))`.execute(tx.db);
  const count = rows[0]?.count ?? 0;
  if (count === 0) return undefined;
  const text = heads
    ? { zh: `${count} 笔交接在办理`, en: `${count} handovers are under way` }
    : { zh: `${count} 笔交接等您签字`, en: `${count} handovers wait for your signature` };
  return { kind: 'open-handovers', count, text, to: '/handovers' };
}

async function shortPools(tx: Tx, person: Person, unit: UnitRow): Promise<Decision | undefined> {
  if (!person.permissions.has('runs.read')) return undefined;
  const { rows } = await sql<{ run_id: string; day: string; pools: number; uncovered: number; needed: number }>`
    select r.run_id, r.business_date as day, count(*)::bigint as pools, sum(p.uncovered)::bigint as uncovered, sum(p.staff_needed)::bigint as needed
      from (select run_id, business_date from coverage.run where state = 'applied' and kind = 'full' order by applied_at desc limit 1) r
      join coverage.run_pool p using (run_id)
     where p.uncovered > 0 and p.unit_no between ${unit.unit_no} and ${unit.last_no} group by r.run_id, r.business_date`.execute(
    tx.db,
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const text = {
    zh: `${row.day} 的分户有 ${row.pools} 个池人手不足：当时 ${row.uncovered} 户没有人管，差 ${row.needed} 人`,
    en: `The run of ${row.day} left ${row.pools} pools short: ${row.uncovered} customers with nobody, ${row.needed} people missing`,
  };
  return { kind: 'short-pools', count: row.uncovered, text, to: `/runs/${row.run_id}?tab=gaps` };
}

async function waitingImports(tx: Tx, person: Person): Promise<Decision | undefined> {
  if (!person.permissions.has('feeds.read')) return undefined;
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::bigint as count from feed.import where state = 'checked'`.execute(tx.db);
  const count = rows[0]?.count ?? 0;
  return count === 0
    ? undefined
    : {
        kind: 'checked-imports',
        count,
        text: { zh: `${count} 个文件已核对，等待导入`, en: `${count} checked files wait to be taken` },
        to: '/feeds',
      };
}

async function heldRows(tx: Tx, person: Person): Promise<Decision | undefined> {
  if (!person.permissions.has('feeds.read')) return undefined;
  const { rows } = await sql<{
    count: number;
  }>`select coalesce(sum(held), 0)::bigint as count from feed.import where state = 'accepted'`.execute(tx.db);
  const count = rows[0]?.count ?? 0;
  return count === 0
    ? undefined
    : {
        kind: 'held-rows',
        count,
        text: { zh: `${count} 行持仓因客户未知被挂起`, en: `${count} position rows are held: customer not known` },
        to: '/feeds',
      };
}
