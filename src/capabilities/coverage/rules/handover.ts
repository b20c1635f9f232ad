import type { Words } from '../../../kernel/refusal.ts';
import type { AllocationStaff, AllocationUnit } from './allocation-types.ts';
import type { Scheme, SeatSlot } from './scheme.ts';
import { type Place, placesFor } from './transfer.ts';

export const HANDOVER_KINDS = ['leaving', 'move', 'absence'] as const;
export type HandoverKind = (typeof HANDOVER_KINDS)[number];
export const HANDOVER_WORDS: Readonly<Record<HandoverKind, Words>> = {
  leaving: { zh: '离职', en: 'Leaving' },
  move: { zh: '调岗', en: 'Another post' },
  absence: { zh: '长期离岗', en: 'Long absence' },
};

/** A customer changes hands at most so often in these days; more only with a reason. */
export const HANDOVERS_AT_MOST = 2;
export const HANDOVER_DAYS = 90;

/** A customer of the portfolio, in the seat that its owner has. */
export interface Leaving {
  readonly customerId: string;
  readonly seat: SeatSlot;
  readonly band: number;
  readonly outletId: string | null;
  readonly hasLoan: boolean;
  /** Who has the customer's other seat: never the successor. */
  readonly other: string | null;
  readonly assetsFen: number;
  /** Customers of one household stay together where one person can take them all. */
  readonly household: string | null;
  /** Changes of manager in the last HANDOVER_DAYS. */
  readonly handovers: number;
}

export interface SplitGround {
  readonly scheme: Scheme;
  readonly units: readonly AllocationUnit[];
  readonly staff: readonly AllocationStaff[];
  readonly owner: string;
  /** Only these take over; undefined = everybody whom the seats allow. */
  readonly successors?: readonly string[] | undefined;
  readonly customers: readonly Leaving[];
  /** Whether those who changed hands too often lately go too; else they stay, flagged. */
  readonly moveOften: boolean;
  /** Customers in a place already. */
  readonly loadOf: (place: Place) => number;
}

export interface SplitItem {
  readonly customer: Leaving;
  /** Undefined: nobody can take the customer. */
  readonly place: Place | undefined;
  readonly often: boolean;
}

const isOften = ({ handovers }: Leaving) => handovers >= HANDOVERS_AT_MOST;
const keyOf = ({ staffId, portfolio }: Place) => `${staffId} ${portfolio}`;

/** Who can take a customer by the rules of the seats: the owner and whoever has the other seat cannot. */
export function takersOf(ground: Omit<SplitGround, 'customers' | 'loadOf' | 'moveOften'>): (customer: Leaving) => Place[] {
  const staff = ground.staff.map((person) => (person.id === ground.owner ? { ...person, active: false } : person));
  const named = ground.successors && new Set(ground.successors);
  const known = new Map<string, Place[]>();
  return (customer) => {
    const { band, outletId, hasLoan, seat, other } = customer;
    const alike = JSON.stringify([band, outletId, hasLoan, seat]);
    const found =
      known.get(alike) ??
      placesFor({ ...ground, staff, customer: { band, outletId, hasLoan, seats: { lead: null, joint: null } }, seat });
    known.set(alike, found);
    return found.filter(({ staffId }) => staffId !== other && (named === undefined || named.has(staffId)));
  };
}

/**
 * Splits a portfolio among those who can take it: within their limits, households together where one person can take them all, and
 * even: each goes to who has fewest customers for their share, then to who has received the smallest assets. Large households and
 * rich customers are placed first; those who changed hands too often lately come last. How many each person gets is settled by that;
 * customers whom the same people can take are then dealt anew among these, so that assets are even too. The same input gives the
 * same split.
 */
export function splitPortfolio(ground: SplitGround): SplitItem[] {
  const takers = takersOf(ground);
  const shares = new Map(ground.staff.map((person) => [person.id, person.shareBp]));
  const loads = new Map<string, number>();
  const received = new Map<string, number>();
  const loadOf = (place: Place) => loads.get(keyOf(place)) ?? ground.loadOf(place);
  const items: SplitItem[] = [];
  const give = (customer: Leaving, place: Place | undefined) => {
    items.push({ customer, place, often: isOften(customer) });
    if (place === undefined) return;
    loads.set(keyOf(place), loadOf(place) + 1);
    received.set(place.staffId, (received.get(place.staffId) ?? 0) + customer.assetsFen);
  };
  const best = (group: readonly Leaving[]): Place[] | undefined => {
    if (!ground.moveOften && group.some(isOften)) return undefined;
    const offers = placesForAll(group, takers).filter((places) => fits(places, loadOf));
    const weight = (places: Place[]) => {
      const [first] = places;
      return first === undefined ? 0 : (loadOf(first) * 10_000) / Math.max(1, shares.get(first.staffId) ?? 10_000);
    };
    const got = (places: Place[]) => received.get(places[0]?.staffId ?? '') ?? 0;
    return offers.sort((a, b) => weight(a) - weight(b) || got(a) - got(b))[0];
  };
  for (const group of householdsOf(ground.customers)) {
    const together = best(group);
    for (const [i, customer] of group.entries()) give(customer, together === undefined ? best([customer])?.[0] : together[i]);
  }
  return evenAssets(items, takers);
}

/**
 * Deals single customers whom the same people can take anew: as many to each place as before, the richest first to who has received
 * the smallest assets.
 */
function evenAssets(items: readonly SplitItem[], takers: (customer: Leaving) => Place[]): SplitItem[] {
  const alike = new Map<string, SplitItem[]>();
  const received = new Map<string, number>();
  const get = (place: Place | undefined, fen: number) => {
    if (place !== undefined) received.set(place.staffId, (received.get(place.staffId) ?? 0) + fen);
  };
  for (const item of items) {
    const { customer, place } = item;
    const key = takers(customer).map(keyOf).join(' ');
    if (place === undefined || customer.household !== null) get(place, customer.assetsFen);
    else alike.set(key, [...(alike.get(key) ?? []), item]);
  }
  const placed = new Map<string, Place>();
  for (const group of alike.values()) {
    const slots = group.flatMap(({ place }) => place ?? []).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    for (const { customer } of group.toSorted((a, b) => richerFirst(a.customer, b.customer))) {
      const smallest = Math.min(...slots.map((place) => received.get(place.staffId) ?? 0));
      const at = slots.findIndex((place) => (received.get(place.staffId) ?? 0) === smallest);
      const [place] = slots.splice(at, 1);
      if (place !== undefined) placed.set(customer.customerId, place);
      get(place, customer.assetsFen);
    }
  }
  return items.map((item) => ({ ...item, place: placed.get(item.customer.customerId) ?? item.place }));
}

function richerFirst(a: Leaving, b: Leaving): number {
  return b.assetsFen - a.assetsFen || (a.customerId < b.customerId ? -1 : 1);
}

/** Each person who could take everybody of a group, with the place for each of them; by id. */
function placesForAll(group: readonly Leaving[], takers: (customer: Leaving) => Place[]): Place[][] {
  const [first, ...rest] = group.map(takers);
  return (first ?? []).flatMap((place) => {
    const others = rest.map((places) => places.find(({ staffId }) => staffId === place.staffId));
    const all = [place, ...others].filter((one) => one !== undefined);
    return all.length === group.length ? [all] : [];
  });
}

/** Whether the places all have room for as many as are to go there. */
function fits(places: readonly Place[], loadOf: (place: Place) => number): boolean {
  return places.every((place) => loadOf(place) + places.filter((one) => keyOf(one) === keyOf(place)).length <= place.atMost);
}

/** Households in the order in which they are placed. */
function householdsOf(customers: readonly Leaving[]): Leaving[][] {
  const groups = new Map<string, Leaving[]>();
  for (const customer of customers) {
    const key = customer.household === null ? `c ${customer.customerId}` : `h ${customer.household}`;
    groups.set(key, [...(groups.get(key) ?? []), customer]);
  }
  const often = (group: Leaving[]) => Number(group.some(isOften));
  const assets = (group: Leaving[]) => group.reduce((sum, { assetsFen }) => sum + assetsFen, 0);
  const first = (group: Leaving[]) => group[0]?.customerId ?? '';
  const byId = [...groups.values()].map((group) => group.sort((a, b) => (a.customerId < b.customerId ? -1 : 1)));
  return byId.sort(
    (a, b) => often(a) - often(b) || b.length - a.length || assets(b) - assets(a) || (first(a) < first(b) ? -1 : 1),
  );
}

export const HANDOVER_ACTIONS = ['split', 'sign', 'sign-for', 'approve', 'withdraw', 'return'] as const;
export type HandoverAction = (typeof HANDOVER_ACTIONS)[number];

/** What matters of a handover for the question who may do what with it. */
interface Standing {
  readonly state: string;
  readonly kind: string;
  readonly staffId: string;
  readonly onDate: string;
  readonly backOn: string | null;
  /** The owner has left the bank. */
  readonly left: boolean;
  readonly startedBy: string;
  readonly splitBy: string | null;
  readonly giverSignedBy: string | null;
  readonly successors: readonly string[];
  readonly signed: readonly string[];
}
interface Asker {
  readonly staffId: string;
  /** Themselves, whom they stand in for, and who stands in for them. */
  readonly identities: readonly string[];
  /** May decide on changes of portfolios, and the portfolio lies in their unit. */
  readonly heads: boolean;
  readonly today: string;
}

/**
 * What a person may do next. The owner signs for giving, or for them, once they are gone, somebody of the unit; each successor signs
 * for taking. Who approves has started, split and signed nothing of it and gets nothing of it (SECURITY 18).
 */
export function mayDoHandover(handover: Standing, { staffId, identities, heads, today }: Asker): HandoverAction[] {
  const { state, successors, signed, startedBy, splitBy, giverSignedBy } = handover;
  const owner = handover.staffId;
  if (state === 'done')
    return handover.kind === 'absence' && heads && staffId !== owner && today >= (handover.backOn ?? '') ? ['return'] : [];
  if (state !== 'frozen' && state !== 'split') return [];
  const may: HandoverAction[] = heads && staffId !== owner ? ['split', 'withdraw'] : [];
  if (state === 'frozen') return may;
  const takes = successors.includes(staffId);
  if ((staffId === owner && giverSignedBy === null) || (takes && !signed.includes(staffId))) may.push('sign');
  const gone = handover.left || (handover.kind === 'absence' && today >= handover.onDate);
  if (heads && staffId !== owner && giverSignedBy === null && gone && !takes) may.push('sign-for');
  const all = giverSignedBy !== null && successors.every((successor) => signed.includes(successor));
  const involved = identities.some((id) => [...successors, owner, startedBy, splitBy, giverSignedBy].includes(id));
  if (heads && all && !involved) may.push('approve');
  return may;
}
