import { z } from 'zod';
import { RefusedByServer } from '../../api/client.ts';
import { type Shape, shapeSchema } from './shape.ts';

const content = z.record(z.string(), z.looseObject({ schema: shapeSchema.optional() }));
const operationSchema = z.looseObject({
  operationId: z.string().optional(),
  summary: z.string().optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header', 'cookie']),
        required: z.boolean().optional(),
        description: z.string().optional(),
        schema: shapeSchema.optional(),
      }),
    )
    .optional(),
  requestBody: z.looseObject({ content }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: content.optional() })),
});
const documentSchema = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly parameters: NonNullable<z.output<typeof operationSchema>['parameters']>;
  readonly body: { readonly type: string; readonly shape: Shape | undefined } | undefined;
  readonly answers: readonly { readonly status: string; readonly shape: Shape | undefined }[];
}

export interface Description {
  readonly version: string;
  readonly operations: readonly Operation[];
}

/** The server's own description, as a flat list. */
export async function loadDescription(): Promise<Description> {
  const answer = await fetch('/api/openapi.json', { credentials: 'same-origin' });
  if (!answer.ok) throw new RefusedByServer(answer.status, {});
  const found = documentSchema.parse(await answer.json());
  return {
    version: found.openapi,
    operations: Object.entries(found.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => flat(path, method, operation)),
    ),
  };
}

function flat(path: string, method: string, operation: z.output<typeof operationSchema>): Operation {
  const [type, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  return {
    method: method.toUpperCase(),
    path,
    id: operation.operationId ?? `${method} ${path}`,
    summary: operation.summary ?? '',
    parameters: operation.parameters ?? [],
    body: type === undefined ? undefined : { type, shape: body?.schema },
    answers: Object.entries(operation.responses).map(([status, response]) => ({
      status,
      shape: Object.values(response.content ?? {})[0]?.schema,
    })),
  };
}
