import type pg from 'pg';
import type { Platform } from '../context.ts';
import { point } from '../crash.ts';
import { logFault } from '../log.ts';
import { anchorKey, appendAnchor, type Head } from './anchors.ts';

const SEAL_EVERY_MS = 1_000;
/** Steps from one anchor to the next: five minutes. */
const ANCHOR_EVERY = 300;
/** Failures in a row. */
const TOLD_AFTER = 10;

/** Seals what has been written since the last seal, once. Returns how many entries; nothing is done while another process seals. */
export async function sealNext(worker: pg.Pool): Promise<number> {
  const { rows } = await worker.query<{ sealed: number }>('select audit.seal_next() as sealed');
  return Math.max(0, rows[0]?.sealed ?? 0);
}

/** Seals, and writes the newest seal, signed, to the file outside the database. */
export async function sealAndAnchor(platform: Platform): Promise<void> {
  await sealNext(platform.worker);
  point('audit.sealed');
  const { rows } = await platform.worker.query<Head>(
    `select seal_no as "sealNo", encode(chain, 'hex') as chain, total_entries::bigint as "totalEntries"
       from audit.seal order by seal_no desc limit 1`,
  );
  const [head] = rows;
  if (head !== undefined) appendAnchor(anchorKey(platform.home), platform.anchors, head, platform.now());
}

/** Seals each second and anchors every five minutes until `stop`, which does both once more. */
export function startSealing(platform: Platform): { readonly stop: () => Promise<void> } {
  let steps = 0;
  let failures = 0;
  let running = false;
  let turn: Promise<void> = Promise.resolve();
  const step = async () => {
    try {
      if (steps % ANCHOR_EVERY === 0) {
        await platform.worker.query('select audit.make_months()');
        await sealAndAnchor(platform);
      } else await sealNext(platform.worker);
      steps += 1;
      failures = 0;
    } catch (error) {
      // A database that restarts is back in a moment; what stays unsealed for long is told of.
      failures += 1;
      if (failures % TOLD_AFTER === 0) logFault('the audit has not been sealed for a while', error);
    }
  };
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    turn = step().finally(() => {
      running = false;
    });
  }, SEAL_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await turn;
      // Where the database is gone, the next start seals what this one could not.
      await sealAndAnchor(platform).catch(() => undefined);
    },
  };
}
