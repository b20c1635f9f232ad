import { refuse } from '../../../kernel/refusal.ts';
import type { Platform } from '../../../platform/context.ts';
import { LOCKS } from '../../../platform/db/locks.ts';

/** Runs work while nobody else simulates or applies: two at once would stand on each other's ground. */
export async function aloneRunning<T>(platform: Platform, work: () => Promise<T>): Promise<T> {
  const client = await platform.worker.connect();
  let fault: Error | undefined;
  try {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [LOCKS.allocate]);
    if (rows[0]?.mine !== true) {
      refuse('run-busy', '另一个分户正在进行，请等它结束后再试。', 'Another allocation is running; wait until it has ended.');
    }
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [LOCKS.allocate]).catch((error: Error) => {
        fault = error;
      });
    }
  } finally {
    client.release(fault);
  }
}
