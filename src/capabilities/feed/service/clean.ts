import type pg from 'pg';
import { audit, COMMAND_LINE } from '../../../platform/audit/index.ts';
import { kyselyOver } from '../../../platform/db/connect.ts';
import { LOCKS } from '../../../platform/db/locks.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { sweep } from '../archive.ts';
import { importSchema } from '../contract.ts';
import type { Desk } from './desk.ts';

/**
 * Says on a connection of its own that feed work is going on in this process, for as long as `work` runs. PostgreSQL lets go of
 * it when the process dies, so that what is left half done can be told from what is being done.
 */
export async function whileWorking<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('select pg_advisory_lock_shared($1)', [LOCKS.feedWork]);
    return await work();
  } finally {
    await client.query('select pg_advisory_unlock_shared($1)', [LOCKS.feedWork]).catch(() => undefined);
    client.release();
  }
}

/**
 * Puts aside imports whose process died before they were decided, and removes the files that they left. Does nothing while
 * any process works on feeds. Returns how many were put aside.
 */
export async function cleanUp(desk: Desk): Promise<number> {
  const { platform } = desk;
  return unscoped(platform.worker, async (tx) => {
    const { rows } = await tx.client.query<{ free: boolean }>('select pg_try_advisory_xact_lock($1) as free', [LOCKS.feedWork]);
    if (rows[0]?.free !== true) return 0;
    const undecided = await tx.db
      .selectFrom('feed.import')
      .select(['import_id', 'feed', 'state', 'options'])
      .where('state', 'in', ['received', 'reading', 'checked', 'applying'])
      .execute();
    // What a page has checked waits for its decision; the command line decides at once or died.
    const dead = undecided.filter((row) => row.state !== 'checked' || importSchema.shape.options.parse(row.options).direct);
    for (const row of dead) {
      await tx.db
        .updateTable('feed.import')
        .set({ state: 'discarded', decided_at: platform.now() })
        .where('import_id', '=', row.import_id)
        .execute();
      await audit(tx, COMMAND_LINE, {
        kind: 'feed.discarded',
        subject: row.import_id,
        body: { feed: row.feed, interrupted: true },
      });
    }
    await sweepArchive(desk, tx.client);
    return dead.length;
  });
}

async function sweepArchive(desk: Desk, client: pg.PoolClient): Promise<void> {
  const rows = await kyselyOver(client).selectFrom('feed.import').select(['import_id', 'sha256', 'state', 'rejected']).execute();
  const kept = rows.filter((row) => ['accepted', 'checked', 'undone'].includes(row.state));
  await sweep(desk.platform, new Set(), {
    sha256: new Set(kept.flatMap((row) => (row.sha256 === null ? [] : [row.sha256]))),
    content: new Set(kept.map((row) => row.import_id)),
    rejects: new Set(rows.filter((row) => row.rejected > 0 && row.state !== 'discarded').map((row) => row.import_id)),
  });
}
