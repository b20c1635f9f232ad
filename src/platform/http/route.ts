import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Actor, AuditEntry } from '../audit/index.ts';
import type { Permission } from '../auth/roles.ts';
import type { SignedIn } from '../auth/session.ts';
import type { Platform } from '../context.ts';

/** What a handler knows of the request around it. `person` is present on every route but the public ones. */
export interface Ctx {
  readonly platform: Platform;
  readonly person: SignedIn;
  readonly actor: Actor;
  readonly requestId: string;
  /** Says what this request has looked at. The answer waits until that is written. */
  readonly looked: (entry: AuditEntry) => void;
}

/** A refusal that a route has declared. */
export interface RefusedWith<Code extends string> extends Refusal {
  readonly code: Code;
  readonly refused: true;
}

/** Answers with a declared refusal. */
export function refusedWith<Code extends string>(
  code: Code,
  zh: string,
  en: string,
  details?: Readonly<Record<string, unknown>>,
): RefusedWith<Code> {
  return { ...refusal(code, zh, en, details), code, refused: true };
}

/** A download: bytes with a name; written as attachment, never cached. */
export interface FileAnswer {
  readonly fileName: string;
  readonly contentType: string;
  readonly stream: Readable;
}

/** An uploaded file as it arrives. */
export interface Upload {
  readonly fileName: string;
  readonly stream: Readable;
  /** Text of the part `control`, if one was sent; asked for once the stream has been read. */
  readonly beside: () => Promise<string | undefined>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Refusal code → HTTP status. */
export type Refusals = Readonly<Record<string, 400 | 404 | 409 | 413 | 422 | 429 | 503>>;

type Input<P, Q, B> = { readonly params: P; readonly query: Q; readonly body: B };

/** One route, whole: what it is called, who may use it, what goes in and out, how it can refuse. Anything missing does not compile. */
export interface RouteDefinition<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  S extends z.ZodType,
  R extends Refusals,
> {
  readonly method: Method;
  readonly url: `/api/${string}`;
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly response: S;
  readonly refusals: R;
  /** Passwords, codes, links: neither the question nor the answer is kept, so an Idempotency-Key counts for nothing. */
  readonly secret?: true;
  readonly handler: (
    ctx: Ctx,
    input: Input<z.output<P>, z.output<Q>, z.output<B>>,
  ) => Promise<z.input<S> | RefusedWith<Extract<keyof R, string>>>;
}

/** A route as the server mounts it; its own types have done their work in `defineRoute`. */
export interface Route {
  readonly kind: 'json';
  readonly method: Method;
  readonly url: string;
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  readonly response: z.ZodType;
  readonly refusals: Refusals;
  readonly secret?: true;
  readonly handle: (ctx: Ctx, input: { params: unknown; query: unknown; body: unknown }) => Promise<unknown>;
}

export interface FileRoute {
  readonly kind: 'file';
  readonly method: 'GET';
  readonly url: `/api/${string}`;
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly refusals: Refusals;
  readonly handle: (ctx: Ctx, input: { params: unknown; query: unknown }) => Promise<FileAnswer | Refusal>;
}

export interface UploadRoute {
  readonly kind: 'upload';
  readonly method: 'POST';
  readonly url: `/api/${string}`;
  readonly name: string;
  readonly summary: string;
  readonly permission: Permission;
  readonly query: z.ZodType;
  readonly response: z.ZodType;
  readonly refusals: Refusals;
  readonly handle: (ctx: Ctx, input: { query: unknown; file: Upload }) => Promise<unknown>;
}

export type AnyRoute = Route | FileRoute | UploadRoute;

export function defineRoute<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  S extends z.ZodType,
  const R extends Refusals,
>(definition: RouteDefinition<P, Q, B, S, R>): Route {
  const { handler, ...rest } = definition;
  return {
    ...rest,
    kind: 'json',
    // Parsing the input gives exactly the types that the handler asked for.
    handle: async (ctx, input) =>
      handler(ctx, {
        params: definition.params.parse(input.params),
        query: definition.query.parse(input.query),
        body: definition.body.parse(input.body),
      }),
  };
}

interface FileDefinition<P extends z.ZodType, Q extends z.ZodType, R extends Refusals>
  extends Omit<FileRoute, 'kind' | 'handle' | 'method' | 'params' | 'query' | 'refusals'> {
  readonly params: P;
  readonly query: Q;
  readonly refusals: R;
  readonly handler: (
    ctx: Ctx,
    input: { readonly params: z.output<P>; readonly query: z.output<Q> },
  ) => Promise<FileAnswer | RefusedWith<Extract<keyof R, string>>>;
}

/** A route that answers with a file to download. */
export function defineFileRoute<P extends z.ZodType, Q extends z.ZodType, const R extends Refusals>(
  definition: FileDefinition<P, Q, R>,
): FileRoute {
  const { handler, ...rest } = definition;
  return {
    ...rest,
    kind: 'file',
    method: 'GET',
    handle: async (ctx, input) =>
      handler(ctx, { params: definition.params.parse(input.params), query: definition.query.parse(input.query) }),
  };
}

interface UploadDefinition<Q extends z.ZodType, S extends z.ZodType, R extends Refusals>
  extends Omit<UploadRoute, 'kind' | 'handle' | 'method' | 'query' | 'response' | 'refusals'> {
  readonly query: Q;
  readonly response: S;
  readonly refusals: R;
  readonly handler: (
    ctx: Ctx,
    input: { readonly query: z.output<Q>; readonly file: Upload },
  ) => Promise<z.input<S> | RefusedWith<Extract<keyof R, string>>>;
}

/** A route that takes one uploaded file (multipart) as a stream. */
export function defineUploadRoute<Q extends z.ZodType, S extends z.ZodType, const R extends Refusals>(
  definition: UploadDefinition<Q, S, R>,
): UploadRoute {
  const { handler, ...rest } = definition;
  return {
    ...rest,
    kind: 'upload',
    method: 'POST',
    handle: async (ctx, input) => handler(ctx, { query: definition.query.parse(input.query), file: input.file }),
  };
}
