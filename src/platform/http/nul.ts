import type { FastifyInstance } from 'fastify';
import { sendCommon } from './problem.ts';

/** PostgreSQL keeps no NUL character in a text: refused at the door, wherever it stands, with the name of its field. */
export function addNulGuard(server: FastifyInstance): void {
  server.addHook('preValidation', async ({ id, params, query, body }, reply) => {
    const fields = Object.entries({ params, query, body }).flatMap(([name, part]) => (holdsNul(part) ? [name] : []));
    return fields.length === 0 ? undefined : sendCommon(reply, id, 'bad-request', { fields });
  });
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => key.includes('\u0000') || holdsNul(inner));
}
