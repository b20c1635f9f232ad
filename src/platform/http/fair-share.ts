import type { FastifyInstance } from 'fastify';
import type { Platform } from '../context.ts';
import { sendCommon } from './problem.ts';

/** A request under way that counts towards its person's share. */
interface Place {
  /** Its answer is made: no connection to the database is used any more. */
  answered: boolean;
  /** The line to the client has ended, with or without the answer. */
  gone: boolean;
  readonly free: () => void;
}

/**
 * Nobody takes more than half of the connections, with however many windows and scripts: the other half is for everybody else. A place is
 * free again when the answer is made and sent, or its client has gone; whoever hangs up early keeps it until the work that was begun ends.
 */
export function addFairShare(server: FastifyInstance, platform: Platform): void {
  const share = Math.floor((platform.app.options.max ?? 2) / 2);
  const running = new Map<string, number>();
  server.decorateRequest('place', undefined);
  server.addHook('onRequest', async (request, reply) => {
    const { person } = request;
    // Who has hung up amid the body is never answered.
    if (person === undefined || (reply.raw.destroyed && !request.raw.complete)) return undefined;
    const now = running.get(person.staffId) ?? 0;
    if (now >= share) return sendCommon(reply, request.id, 'too-many');
    running.set(person.staffId, now + 1);
    const place: Place = { answered: false, gone: reply.raw.destroyed, free: once(() => leave(running, person.staffId)) };
    request.place = place;
    reply.raw.once('close', () => {
      place.gone = true;
      if (place.answered || !request.raw.complete) place.free();
    });
    return undefined;
  });
  server.addHook('onSend', async ({ place }) => {
    if (place === undefined) return;
    place.answered = true;
    if (place.gone) place.free();
  });
}

function leave(running: Map<string, number>, staffId: string): void {
  const left = (running.get(staffId) ?? 1) - 1;
  if (left === 0) running.delete(staffId);
  else running.set(staffId, left);
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

declare module 'fastify' {
  interface FastifyRequest {
    place: Place | undefined;
  }
}
