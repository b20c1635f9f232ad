import createClient from 'openapi-fetch';
import type { operations, paths } from './schema.d.ts';

/** The API, typed from its own description. */
export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });

/** A refusal in the server's words. */
export class RefusedByServer extends Error {
  readonly status: number;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly requestId: string;

  constructor(status: number, problem: { code?: string; zh?: string; en?: string; requestId?: string }) {
    super(problem.en ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? 'unknown';
    this.zh = problem.zh ?? '没有得到回答，请重试。';
    this.en = problem.en ?? 'No answer; please try again.';
    this.requestId = problem.requestId ?? '';
  }
}

/** The answer's data, or the refusal thrown. */
export function unwrap<T>(result: { data?: T; error?: unknown; response: Response }): T {
  if (result.data !== undefined) return result.data;
  const problem = typeof result.error === 'object' && result.error !== null ? result.error : {};
  throw new RefusedByServer(result.response.status, problem);
}

/** What an operation answers with when it goes well. */
export type Answer<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : never;
/** A row of a paged answer. */
export type RowOf<Name extends keyof operations> = Answer<Name> extends { items: (infer Row)[] } ? Row : never;

export interface Words {
  zh: string;
  en: string;
}
