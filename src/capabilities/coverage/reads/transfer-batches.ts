import { sql } from 'kysely';
import type { z } from 'zod';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { type BatchSide, mayDoBatch } from '../service/transfer-batches.ts';
import type { BATCH_STATES, batchDetail, batchesSchema, batchSide } from '../transfer-contract.ts';
import { staffRefOf, staffRefs } from './refs.ts';
import { toTransferRow, transfersOfBatch, viewOfTransfers } from './transfers.ts';

interface BatchRow {
  readonly batch_id: string;
  readonly file_name: string;
  readonly state: (typeof BATCH_STATES)[number];
  readonly items: number;
  readonly lo: number;
  readonly hi: number;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
}

const LIST_MAX = 100;

/** Batches that one asked for or whose units are all one's own. Row security says the same once more. */
async function batches(tx: Tx, { scope }: Person, batchId?: string): Promise<BatchRow[]> {
  const { lo, hi = lo } = scope;
  const { rows } = await sql<BatchRow>`
    select * from coverage.transfer_batch
     where (requested_by = ${scope.staffId} or (lo >= ${lo ?? null}::int and hi <= ${hi ?? null}::int))
       and (${batchId ?? null}::text is null or batch_id = ${batchId ?? null})
     order by requested_at desc, batch_id desc limit ${LIST_MAX}`.execute(tx.db);
  return rows;
}

export async function listBatches(tx: Tx, person: Person): Promise<z.input<typeof batchesSchema>['items']> {
  const rows = await batches(tx, person);
  const named = await staffRefs(
    tx,
    rows.flatMap((row) => [row.requested_by, row.decided_by]),
  );
  return rows.map((row) => toBatch(named, row));
}

function toBatch(named: Awaited<ReturnType<typeof staffRefs>>, row: BatchRow) {
  return {
    batchId: row.batch_id,
    fileName: row.file_name,
    state: row.state,
    count: row.items,
    requestedBy: staffRefOf(named, row.requested_by),
    requestedAt: row.requested_at.toISOString(),
    decidedBy: staffRefOf(named, row.decided_by),
    decidedAt: row.decided_at?.toISOString() ?? null,
    note: row.note,
  };
}

/** One batch with the transfers that its reader sees; undefined when there is none in the scope. */
export async function batchOf(tx: Tx, person: Person, batchId: string): Promise<z.input<typeof batchDetail> | undefined> {
  const [row] = await batches(tx, person, batchId);
  if (row === undefined) return undefined;
  const items = await transfersOfBatch(tx, person.scope, batchId);
  const named = await staffRefs(tx, [row.requested_by, row.decided_by]);
  const view = await viewOfTransfers(tx, items);
  const moved = new Map<string, BatchSide>();
  const add = (staffId: string | null, gains: number, loses: number) => {
    if (staffId === null) return;
    const side = moved.get(staffId) ?? { staffId, gains: 0, loses: 0 };
    moved.set(staffId, { staffId, gains: side.gains + gains, loses: side.loses + loses });
  };
  for (const item of items) {
    add(item.from_staff, 0, 1);
    add(item.to_staff, 1, 0);
  }
  return {
    ...toBatch(named, row),
    items: items.map((item) => toTransferRow(view, person, item)),
    sides: await sidesOf(tx, [...moved.values()]),
    may: mayDoBatch(row, items, { person }),
  };
}

/** Each side with its name and how many customers it has now. */
export async function sidesOf(tx: Tx, sides: readonly BatchSide[]): Promise<z.input<typeof batchSide>[]> {
  const ids = sides.map((side) => side.staffId);
  const named = await staffRefs(tx, ids);
  const { rows } = await sql<{ id: string; customers: number }>`
    select staff_id as id, sum(customers)::int as customers from coverage.portfolio where staff_id = any(${ids}) group by staff_id`.execute(
    tx.db,
  );
  const now = new Map(rows.map((row) => [row.id, row.customers]));
  return sides.map(({ staffId, gains, loses }) => ({
    ...{ staff: staffRefOf(named, staffId), staffId, gains, loses, customers: now.get(staffId) ?? 0 },
  }));
}
