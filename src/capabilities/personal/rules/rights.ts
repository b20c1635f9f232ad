import { addMonths, type BusinessDate } from '../../../kernel/business-date.ts';

export const PURPOSES = ['marketing', 'profiling'] as const;
export const REQUEST_KINDS = ['correct', 'restrict', 'release', 'hold', 'unhold', 'erase', 'appeal'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];
export const REQUEST_STATES = ['requested', 'done', 'rejected', 'withdrawn'] as const;
export const DECISIONS = ['approve', 'reject', 'withdraw'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What protects the person holds at once; whatever changes, frees or destroys takes a second person. */
export function holdsAtOnce(kind: RequestKind): boolean {
  return kind === 'restrict' || kind === 'hold';
}

/** What somebody may do with a request that waits. */
export function mayDecide(
  request: { readonly state: string; readonly requestedBy: string },
  { staffId, identities = [staffId] }: { readonly staffId: string; readonly identities?: readonly string[] },
): readonly Decision[] {
  if (request.state !== 'requested') return [];
  if (request.requestedBy === staffId) return ['withdraw'];
  return identities.includes(request.requestedBy) ? [] : ['approve', 'reject'];
}

/** How long identity is kept after the end of the relationship (反洗钱法 第三十四条). */
export const KEPT_MONTHS = 120;

export interface ErasureGround {
  readonly heldAt: Date | null;
  readonly holdings: number;
  readonly openedOn: string | null;
  readonly closedOn: BusinessDate | null;
  readonly today: BusinessDate;
}
export type ErasureObstacle = 'held' | 'still-customer' | 'law-keeps';

/** What stands against erasing a person today; nothing for who never was a customer, or ceased to be long enough ago. */
export function erasureObstacle(
  ground: ErasureGround,
): { readonly code: ErasureObstacle; readonly until?: BusinessDate } | undefined {
  if (ground.heldAt !== null) return { code: 'held' };
  if (ground.holdings > 0 || (ground.openedOn !== null && ground.closedOn === null)) return { code: 'still-customer' };
  const until = ground.closedOn === null ? undefined : addMonths(ground.closedOn, KEPT_MONTHS);
  return until !== undefined && ground.today < until ? { code: 'law-keeps', until } : undefined;
}

/** The kind that a stored name means; the database holds no other. */
export function kindOf(name: string): RequestKind {
  const kind = REQUEST_KINDS.find((known) => known === name);
  if (kind === undefined) throw new Error(`unknown kind of request ${name}`);
  return kind;
}

export function stateOf(name: string): (typeof REQUEST_STATES)[number] {
  const state = REQUEST_STATES.find((known) => known === name);
  if (state === undefined) throw new Error(`unknown state of a request ${name}`);
  return state;
}

interface Standing {
  readonly restricted: boolean;
  readonly held: boolean;
  readonly erased: boolean;
  readonly erasable: boolean;
  /** Kinds of requests that wait. */
  readonly waiting: ReadonlySet<string>;
}

/** What can be asked for as things stand: corrections of several fields side by side, everything else once at a time. */
export function mayAskFor({ restricted, held, erased, erasable, waiting }: Standing): RequestKind[] {
  if (erased) return [];
  const fits: Readonly<Record<RequestKind, boolean>> = {
    correct: true,
    restrict: !restricted,
    release: restricted,
    hold: !held,
    unhold: held,
    erase: erasable,
    appeal: true,
  };
  return REQUEST_KINDS.filter((kind) => fits[kind] && (kind === 'correct' || !waiting.has(kind)));
}
