/**
 * All positions of the demo bank as columns, so that millions stay in bounded memory. A customer's positions are a linked list;
 * (customer, outlet, product) occurs once, and a position that ended keeps its place with balance 0.
 */
export interface Holdings {
  count: number;
  owner: Int32Array;
  outlet: Uint16Array;
  product: Uint8Array;
  /** Fen; what is owed on loans and cards is positive too. */
  balance: Float64Array;
  /** Days from the window's first day; NO_MATURITY when it has none. */
  matures: Int32Array;
  next: Int32Array;
  /** First position of each customer, -1 for none. */
  readonly head: Int32Array;
}

export const NO_MATURITY = -2_000_000_000;

export function emptyHoldings(customers: number, capacity: number): Holdings {
  return {
    count: 0,
    owner: new Int32Array(capacity),
    outlet: new Uint16Array(capacity),
    product: new Uint8Array(capacity),
    balance: new Float64Array(capacity),
    matures: new Int32Array(capacity),
    next: new Int32Array(capacity),
    head: new Int32Array(customers).fill(-1),
  };
}

function grow(h: Holdings): void {
  const size = Math.ceil(h.owner.length * 1.3) + 16;
  const copy = <T extends Int32Array | Uint16Array | Uint8Array | Float64Array>(from: T, to: T): T => {
    to.set(from);
    return to;
  };
  h.owner = copy(h.owner, new Int32Array(size));
  h.outlet = copy(h.outlet, new Uint16Array(size));
  h.product = copy(h.product, new Uint8Array(size));
  h.balance = copy(h.balance, new Float64Array(size));
  h.matures = copy(h.matures, new Int32Array(size));
  h.next = copy(h.next, new Int32Array(size));
}

/** The position of a customer in an outlet and product, or -1. */
export function findPosition(h: Holdings, owner: number, outlet: number, product: number): number {
  let p = h.head[owner] ?? -1;
  while (p >= 0 && (h.outlet[p] !== outlet || h.product[p] !== product)) p = h.next[p] ?? -1;
  return p;
}

/** Positions of a customer, newest first, those that ended included. */
export function positionsOf(h: Holdings, owner: number): number[] {
  const positions: number[] = [];
  for (let p = h.head[owner] ?? -1; p >= 0; p = h.next[p] ?? -1) positions.push(p);
  return positions;
}

/** Adds an amount to the customer's position there, opening it when there is none; returns the position. */
export function deposit(
  h: Holdings,
  owner: number,
  outlet: number,
  product: number,
  amount: number,
  matures = NO_MATURITY,
): number {
  let p = findPosition(h, owner, outlet, product);
  if (p < 0) {
    if (h.count === h.owner.length) grow(h);
    p = h.count++;
    h.owner[p] = owner;
    h.outlet[p] = outlet;
    h.product[p] = product;
    h.next[p] = h.head[owner] ?? -1;
    h.head[owner] = p;
  }
  h.balance[p] = (h.balance[p] ?? 0) + amount;
  h.matures[p] = matures;
  return p;
}
