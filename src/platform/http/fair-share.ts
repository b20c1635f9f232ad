import type { FastifyInstance } from 'fastify';
import type { Platform } from '../context.ts';
import { sendCommon } from './problem.ts';

/** Nobody takes more than half of the connections, with however many windows and scripts: the other half is for everybody else. */
export function addFairShare(server: FastifyInstance, platform: Platform): void {
  const share = Math.floor((platform.app.options.max ?? 2) / 2);
  const running = new Map<string, number>();
  server.decorateRequest('counted', false);
  server.addHook('onRequest', async (request, reply) => {
    const { person } = request;
    if (person === undefined) return undefined;
    const now = running.get(person.staffId) ?? 0;
    if (now >= share) return sendCommon(reply, request.id, 'too-many');
    running.set(person.staffId, now + 1);
    request.counted = true;
    return undefined;
  });
  server.addHook('onResponse', async ({ counted, person }) => {
    if (!counted || person === undefined) return;
    const left = (running.get(person.staffId) ?? 1) - 1;
    if (left === 0) running.delete(person.staffId);
    else running.set(person.staffId, left);
  });
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether it counts towards its person's share. */
    counted: boolean;
  }
}
