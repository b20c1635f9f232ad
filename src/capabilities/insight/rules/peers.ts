/** Lower ends of the ages that count as alike; the last is open. */
export const AGE_GROUPS = [0, 30, 40, 50, 60, 70] as const;

/** A share of fewer customers than this says nothing, and might say something of one of them. */
export const LEAST_PEERS = 30;

export interface PeerCount {
  readonly category: string;
  /** Customers of the same tier and age, and how many of them hold it. */
  readonly customers: number;
  readonly holders: number;
}

/**
 * 同类客户持有情况: what customers of the same tier and age hold and this one does not, the commonest first. Plain counts: no score, no
 * model. Leaves out what fewer than one in twenty hold, and groups too small to say anything.
 */
export function missing(counts: readonly PeerCount[], held: ReadonlySet<string>): PeerCount[] {
  return counts
    .filter(({ category, customers, holders }) => !held.has(category) && customers >= LEAST_PEERS && holders * 20 >= customers)
    .sort((a, b) => b.holders * a.customers - a.holders * b.customers || (a.category < b.category ? -1 : 1));
}
