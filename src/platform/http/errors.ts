import type { FastifyError, FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refused } from '../../kernel/refusal.ts';
import { isAway, OutcomeUnknown } from '../db/away.ts';
import { isDiskFull } from '../disk-full.ts';
import { logFault } from '../log.ts';
import { sendCommon, sendProblem } from './problem.ts';

/** Faults become problem+json without a trace of SQL, paths or stacks; the log has them under the request id. */
export function addErrorHandling(server: FastifyInstance): void {
  server.setErrorHandler((error: FastifyError, request, reply) => {
    if (error instanceof Refused) return sendProblem(reply, request.id, 422, error.refusal);
    if (hasZodFastifySchemaValidationErrors(error)) {
      return sendCommon(reply, request.id, 'bad-request', {
        fields: error.validation.map((issue) => `${error.validationContext ?? ''}${issue.instancePath}`),
      });
    }
    if (error instanceof z.ZodError)
      return sendCommon(reply, request.id, 'bad-request', { fields: error.issues.map((issue) => issue.path.join('.')) });
    if (error.statusCode === 429) return sendCommon(reply, request.id, 'too-many');
    if (error.statusCode === 503) return sendCommon(reply, request.id, 'busy');
    if (error.statusCode === 413) return sendCommon(reply, request.id, 'too-large');
    if (error.statusCode !== undefined && error.statusCode < 500) return sendCommon(reply, request.id, 'bad-request');
    if (error instanceof OutcomeUnknown || isAway(error)) {
      return sendCommon(reply, request.id, request.method === 'GET' ? 'database-away' : 'outcome-unknown');
    }
    if (isDiskFull(error)) {
      logFault('no room on the disk', error, { requestId: request.id, route: request.routeOptions.url ?? '' });
      return sendCommon(reply, request.id, 'disk-full');
    }
    logFault('request failed', error, { requestId: request.id, route: request.routeOptions.url ?? '' });
    return sendCommon(reply, request.id, 'fault');
  });
}
