import { type Budget, byAssets, byCount, costOf, type Holder, isBarred, shiftLoad, type Table, widthOf } from './budget-table.ts';

/** So many of the fullest are paired with so many of the emptiest. */
const PAIRS = 6;
/** Two people whose assets differ by less of the mean are even, and an exchange must bring them closer by this much of it. */
const EVEN = 0.01;
const GAIN = 0.001;

/** Customers who change hands between two people of a pool: `give` goes over, `take` (if any) comes back. */
export interface Step {
  readonly from: Holder;
  readonly to: Holder;
  readonly give: number;
  readonly take: number | undefined;
}

/** The fullest with the emptiest first; equal people stay in the order of their ids. */
function* pairsOf(table: Table, of: (holder: Holder) => number): Generator<readonly [Holder, Holder]> {
  const order = table.people.toSorted((a, b) => of(b) - of(a));
  for (const from of order.slice(0, PAIRS)) {
    for (const to of order.slice(-PAIRS).reverse()) if (from !== to) yield [from, to];
  }
}

/** One customer from a fuller to an emptier person, so that head-counts come closer; the spread of assets stays within what it was. */
export function findShift(budget: Budget, table: Table): Step | undefined {
  for (const [from, to] of pairsOf(table, byCount)) {
    if (!evensCounts(from, to) || !hasRoom(from, to)) continue;
    const give = bestGiven(budget, table, from, to);
    const step = give === undefined ? undefined : { from, to, give, take: undefined };
    if (step && sparesKin(budget, table, step)) return step;
  }
  return undefined;
}

/** After the move neither is beyond where the other was, so that the two lie closer together. */
function evensCounts(from: Holder, to: Holder): boolean {
  const [high, low] = [byCount(from), byCount(to)];
  const [after, risen] = [(from.load.customers - 1) / from.weight, (to.load.customers + 1) / to.weight];
  return after >= low && risen <= high && Math.abs(after - risen) < high - low;
}

/** Within the limits; above an initial limit only to relieve somebody who is above theirs. */
function hasRoom(from: Holder, to: Holder): boolean {
  if (to.load.customers >= to.atMost) return false;
  return to.load.customers < to.initial || from.load.customers > from.initial;
}

/**
 * The customer whose move costs least and then is closest to what each of the customers still to go should take along, so that
 * head-counts and assets of the two become even together.
 */
function bestGiven(budget: Budget, table: Table, from: Holder, to: Holder): number | undefined {
  const { averageFen } = budget.work.input.customers;
  const surplus = (of: (one: Holder) => number) => of(from) * to.weight - of(to) * from.weight;
  const wanted = surplus(({ load }) => load.assetsFen) / surplus(({ load }) => load.customers);
  const others = table.people.filter((person) => person !== from && person !== to).map(byAssets);
  const [most, least] = [Math.max(...others), Math.min(...others)];
  let best: { readonly customer: number; readonly cost: number; readonly gap: number } | undefined;
  for (const customer of from.hand) {
    const cost = costOf(budget, table, customer, from, to);
    if (cost > budget.left || isBarred(budget, table, customer, to)) continue;
    const fen = averageFen[customer] ?? 0;
    const [a, b] = [(from.load.assetsFen - fen) / from.weight, (to.load.assetsFen + fen) / to.weight];
    const gap = Math.abs(fen - wanted);
    if (best && (cost > best.cost || (cost === best.cost && gap >= best.gap))) continue;
    if (Math.max(most, a, b) - Math.min(least, a, b) <= table.widest.assets) best = { customer, cost, gap };
  }
  return best?.customer;
}

/**
 * Customers who change hands so that the assets of two people come closer, head-counts staying as even as they are: one against
 * one, or one alone where it widens no head-counts. Two people are left alone when their assets are as good as even.
 */
export function findExchange(budget: Budget, table: Table): Step | undefined {
  const sum = table.people.reduce((total, person) => total + person.load.assetsFen, 0);
  const mean = Math.abs(sum / table.people.length);
  for (const [from, to] of pairsOf(table, byAssets)) {
    const gap = byAssets(from) - byAssets(to);
    if (gap <= EVEN * mean) continue;
    const step = bestExchange(budget, table, from, to, gap - GAIN * mean);
    if (step && sparesKin(budget, table, step)) return step;
  }
  return undefined;
}

/** The exchange of the two that leaves the smallest gap, if smaller than `below`. Both end between where they were. */
function bestExchange(budget: Budget, table: Table, from: Holder, to: Holder, below: number): Step | undefined {
  const { averageFen } = budget.work.input.customers;
  const fenOf = (customer: number | undefined) => (customer === undefined ? 0 : (averageFen[customer] ?? 0));
  const [high, low] = [byAssets(from), byAssets(to)];
  let best: Step | undefined;
  let least = below;
  const consider = (give: number, take: number | undefined) => {
    const fen = fenOf(give) - fenOf(take);
    const [a, b] = [(from.load.assetsFen - fen) / from.weight, (to.load.assetsFen + fen) / to.weight];
    if (Math.abs(a - b) >= least || a < low || b > high) return;
    if (isBarred(budget, table, give, to) || (take !== undefined && isBarred(budget, table, take, from))) return;
    const cost = costOf(budget, table, give, from, to) + (take === undefined ? 0 : costOf(budget, table, take, to, from));
    if (cost > budget.left) return;
    best = { from, to, give, take };
    least = Math.abs(a - b);
  };
  const alone = mayGoAlone(table, from, to);
  const ideal = (from.load.assetsFen * to.weight - to.load.assetsFen * from.weight) / (from.weight + to.weight);
  let j = 0;
  for (const give of from.hand) {
    if (alone) consider(give, undefined);
    while (j < to.hand.length && fenOf(to.hand[j]) > fenOf(give) - ideal) j++;
    for (const take of [to.hand[j - 1], to.hand[j]]) if (take !== undefined) consider(give, take);
  }
  return best;
}

/** One customer alone may go over when neither the two nor the pool's head-counts come further apart. */
function mayGoAlone(table: Table, from: Holder, to: Holder): boolean {
  if (!hasRoom(from, to)) return false;
  const [gap, width] = [Math.abs(byCount(from) - byCount(to)), widthOf(table.people, byCount)];
  const after = () => Math.abs(byCount(from) - byCount(to)) <= gap && widthOf(table.people, byCount) <= width;
  return afterwards(from, to, 1, 0, after);
}

/** Whether no pool that shares these portfolios by other shares gets wider. */
function sparesKin(budget: Budget, table: Table, { from, to, give, take }: Step): boolean {
  if (table.kin.length === 0) return true;
  const { averageFen } = budget.work.input.customers;
  const fen = (averageFen[give] ?? 0) - (take === undefined ? 0 : (averageFen[take] ?? 0));
  const within = ({ people, widest }: Table) =>
    widthOf(people, byCount) <= widest.counts && widthOf(people, byAssets) <= widest.assets;
  return afterwards(from, to, take === undefined ? 1 : 0, fen, () => table.kin.every(within));
}

/** Asks about the loads as they would be after the move, and puts them back. */
function afterwards(from: Holder, to: Holder, customers: number, fen: number, ask: () => boolean): boolean {
  shiftLoad(from.load, -customers, -fen);
  shiftLoad(to.load, customers, fen);
  const answer = ask();
  shiftLoad(from.load, customers, fen);
  shiftLoad(to.load, -customers, -fen);
  return answer;
}
