export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly payload?: Record<string, unknown>;
}

/** What a walk asks of one route: anything at all, and pairs of what is foreign and what is nowhere, whose answers must be the same. */
export interface Visit {
  readonly asks: readonly Ask[];
  readonly pairs: readonly { readonly foreign: Ask; readonly nowhere: Ask }[];
}

/** Ids of nobody and of nothing. */
export const NOWHERE = 'ZZ999';
export const NO_UUID = '00000000-0000-4000-8000-000000000000';
export const get = (url: string): Ask => ({ method: 'GET', url });
export const post = (url: string, payload: Record<string, unknown> = {}): Ask => ({ method: 'POST', url, payload });
export const visit = (...asks: Ask[]): Visit => ({ asks, pairs: [] });
export const each = (url: (id: string) => string, ...ids: string[]): Visit => ({
  asks: [],
  pairs: ids.map((id) => ({ foreign: get(url(id)), nowhere: get(url(NOWHERE)) })),
});
/** The same write on something foreign and on something that is nowhere. */
export const eachPost = (
  url: (id: string) => string,
  payload: (id: string) => Record<string, unknown>,
  ...ids: string[]
): Visit => ({
  asks: [],
  pairs: ids.map((id) => ({ foreign: post(url(id), payload(id)), nowhere: post(url(NOWHERE), payload(NOWHERE)) })),
});
export const both = (...visits: Visit[]): Visit => ({
  asks: visits.flatMap((v) => v.asks),
  pairs: visits.flatMap((v) => v.pairs),
});
