import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { rawPath, rejectsPath } from '../archive.ts';

const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * Files that were never taken have their bad cells for as long as somebody may mend them; then those go, from the table and from the
 * archive. That a file came, and how many rows were wrong, stays. Gives how many there are.
 */
export async function forgetUntaken(platform: Platform, tx: Tx, apply: boolean): Promise<number> {
  const before = new Date(platform.now().getTime() - KEPT_DAYS * DAY_MS);
  const { rows } = await sql<{ import_id: string; sha256: string | null; shared: boolean }>`
    select import_id, sha256, exists (select 1 from feed.import k where k.sha256 = i.sha256 and k.state in ('accepted', 'checked', 'undone')) as shared
      from feed.import i where state in ('refused', 'discarded') and problems::text <> '[]' and coalesce(decided_at, sent_at) < ${before}`.execute(
    tx.db,
  );
  if (!apply) return rows.length;
  for (const { import_id: importId, sha256, shared } of rows) {
    await tx.db.updateTable('feed.import').set({ problems: '[]' }).where('import_id', '=', importId).execute();
    await rm(rejectsPath(platform, importId), { force: true });
    if (sha256 !== null && !shared) await rm(rawPath(platform, sha256), { force: true });
  }
  return rows.length;
}
