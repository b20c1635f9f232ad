import { previewChange } from '../capabilities/closing/index.ts';
import { afterRestate } from '../capabilities/coverage/index.ts';
import type { ImportRecord } from '../capabilities/feed/contract.ts';
import type { UndoEffect } from '../capabilities/feed/index.ts';
import { COMMAND_LINE } from '../platform/audit/index.ts';
import type { Platform } from '../platform/context.ts';
import type { Tx } from '../platform/db/transaction.ts';

const NOTHING: UndoEffect = { days: [], averages: 0, bands: 0, assignments: 0 };

interface Moved {
  readonly bands: number;
  readonly assignments: number;
}

/** What else changes when an import is taken back: only positions move days, averages, bands and seats. Nothing is written. */
export async function undoEffect(platform: Platform, record: ImportRecord): Promise<UndoEffect> {
  if (record.feed !== 'positions') return NOTHING;
  const change = await previewChange(platform, { without: record.importId }, async (tx, restated): Promise<Moved> => {
    await tx.client.query(
      `create temp table standing_before on commit drop as select customer_id, band, lead_staff, joint_staff
         from coverage.standing where customer_id in (select customer_id from ${restated.changed})`,
    );
    await afterRestate(tx, { actor: COMMAND_LINE, now: platform.now() }, restated);
    return countMoved(tx);
  });
  return { days: [...change.days], averages: change.averages, ...(change.seen ?? { bands: 0, assignments: 0 }) };
}

async function countMoved(tx: Tx): Promise<Moved> {
  const { rows } = await tx.client.query<Moved>(
    `select count(*) filter (where b.band <> s.band)::int as bands,
            count(*) filter (where (b.lead_staff, b.joint_staff) is distinct from (s.lead_staff, s.joint_staff))::int as assignments
       from standing_before b join coverage.standing s on s.customer_id = b.customer_id`,
  );
  return rows[0] ?? { bands: 0, assignments: 0 };
}
