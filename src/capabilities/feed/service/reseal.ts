import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Platform } from '../../../platform/context.ts';
import { LOCKS } from '../../../platform/db/locks.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { keyIdOf, openSealed } from '../../../platform/sealed-file.ts';
import { type Secrets, seal, unseal } from '../../../platform/secrets.ts';
import { dropWork, prepareFolders, settleSealed, workPath } from '../archive.ts';

const WORK = 'reseal';

/** Whether no process works on feeds; while `work` runs none begins to. */
export async function whileNoFeeds<T>(platform: Platform, work: () => Promise<T>): Promise<T | undefined> {
  const client = await platform.worker.connect();
  try {
    const { rows } = await client.query<{ free: boolean }>('select pg_try_advisory_lock($1) as free', [LOCKS.feedWork]);
    if (rows[0]?.free !== true) return undefined;
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCKS.feedWork]);
    }
  } finally {
    client.release();
  }
}

/** Puts the archive's sealed files under the key of now, and seals those of an earlier version; one after the other, each at one stroke. */
export async function resealArchive(platform: Platform): Promise<number> {
  await prepareFolders(platform, WORK);
  let sealed = 0;
  try {
    for (const folder of ['raw', 'rejects', 'content']) {
      const names = (await readdir(join(platform.archive, folder))).filter(
        (name) => folder !== 'content' || name.startsWith('customers-'),
      );
      for (const name of names) {
        const place = join(platform.archive, folder, name);
        if ((await keyIdOf(place)) === platform.secrets.sealKeyId) continue;
        const open = join(workPath(platform, WORK), 'open');
        await openSealed(platform.secrets, place, open);
        await settleSealed(platform, WORK, open, place);
        sealed += 1;
      }
    }
  } finally {
    await dropWork(platform, WORK);
  }
  return sealed;
}

/** The same for what checks have found. */
export function resealProblems(platform: Platform): Promise<number> {
  const { secrets } = platform;
  return unscoped(platform.worker, async (tx) => {
    const rows = await tx.db.selectFrom('feed.import').select(['import_id', 'problems']).forUpdate().execute();
    let sealed = 0;
    for (const { import_id: importId, problems } of rows) {
      const plain = plainProblems(secrets, problems);
      if (plain === undefined) continue;
      const value = JSON.stringify(seal(secrets, plain).toString('base64'));
      await tx.db.updateTable('feed.import').set({ problems: value }).where('import_id', '=', importId).execute();
      sealed += 1;
    }
    return sealed;
  });
}

/** Findings as text when they have to be sealed anew. */
function plainProblems(secrets: Secrets, problems: unknown): string | undefined {
  if (typeof problems !== 'string') return Array.isArray(problems) && problems.length > 0 ? JSON.stringify(problems) : undefined;
  const sealed = Buffer.from(problems, 'base64');
  return sealed[0] === secrets.sealKeyId ? undefined : unseal(secrets, sealed);
}
