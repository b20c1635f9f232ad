import type { FastifyInstance } from 'fastify';
import type { Platform } from '../context.ts';
import { isCurrent } from '../db/migrate.ts';

const READY_MS = 2_000;

/**
 * Whether the process lives, and whether it can serve: the database answers within 2 s and has exactly this version's tables.
 * Without sign-in and without a word of why, which is for the logs and metrics.
 */
export function addHealth(server: FastifyInstance, platform: Platform): void {
  const options = { schema: { hide: true }, config: { rateLimit: false } };
  server.get('/api/health', options, async () => ({ status: 'ok' }));
  server.get('/api/ready', options, async (_request, reply) => {
    const ready = await within(READY_MS, isCurrent(platform.app));
    return reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not-ready' });
  });
}

/** Whether the answer is yes and came in time. */
async function within(ms: number, answer: Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((done) => {
    timer = setTimeout(() => done(false), ms);
  });
  try {
    return await Promise.race([answer.catch(() => false), late]);
  } finally {
    clearTimeout(timer);
  }
}
