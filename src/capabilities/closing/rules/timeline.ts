import { addDays, type BusinessDate, daysFromTo, yearStart } from '../../../kernel/business-date.ts';
import { ROLLING_DAYS } from './measure.ts';

/** What a product counts as: only `asset` makes assets; a credit card is no loan (DOMAIN §1). */
export type ProductClass = 'asset' | 'loan' | 'other';

export function classOf(category: string): ProductClass {
  if (category === 'loan') return 'loan';
  return category === 'credit-card' || category === 'service' ? 'other' : 'asset';
}

/** The file that stands for a day: a full one replaces everything, a delta only what it names. */
export interface DayFile {
  readonly delta: boolean;
  readonly rows: readonly FileRow[];
}

export interface FileRow {
  readonly customerId: string;
  readonly outletId: string;
  readonly productCode: string;
  readonly balanceFen: bigint;
}

export interface Bank {
  readonly files: ReadonlyMap<BusinessDate, DayFile>;
  /** Customer number → the number that it was merged into; chains are followed. */
  readonly merged: ReadonlyMap<string, string>;
  /** Product code → category. */
  readonly categories: ReadonlyMap<string, string>;
}

/** A customer at the end of a day. Amounts in fen, balance-days in fen × days. */
export interface Standing {
  readonly assetsFen: bigint;
  readonly homeOutlet: string | null;
  readonly hasLoan: boolean;
  readonly runnerUpOutlet: string | null;
  readonly yearDays: bigint;
  readonly rollingDays: bigint;
}

const SEPARATOR = '\u0000';

function survivor(merged: ReadonlyMap<string, string>, customerId: string): string {
  const into = merged.get(customerId);
  return into === undefined ? customerId : survivor(merged, into);
}

function applyFile(state: ReadonlyMap<string, bigint>, file: DayFile): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const row of file.rows) {
    const key = [row.customerId, row.outletId, row.productCode].join(SEPARATOR);
    sums.set(key, (sums.get(key) ?? 0n) + row.balanceFen);
  }
  return new Map([...(file.delta ? state : []), ...sums]);
}

interface Outlet {
  assetsFen: bigint;
  stands: boolean;
}
interface Holding {
  readonly outlets: Map<string, Outlet>;
  hasLoan: boolean;
}

function holdings(bank: Bank, state: ReadonlyMap<string, bigint>): Map<string, Holding> {
  const all = new Map<string, Holding>();
  for (const [key, balance] of state) {
    const [raw = '', outletId = '', product = ''] = key.split(SEPARATOR);
    const customerId = survivor(bank.merged, raw);
    const category = bank.categories.get(product) ?? '';
    const holding = all.get(customerId) ?? { outlets: new Map<string, Outlet>(), hasLoan: false };
    const outlet = holding.outlets.get(outletId) ?? { assetsFen: 0n, stands: false };
    if (classOf(category) === 'asset') outlet.assetsFen += balance;
    if (balance !== 0n || category === 'service') outlet.stands = true;
    if (category === 'loan' && balance !== 0n) holding.hasLoan = true;
    holding.outlets.set(outletId, outlet);
    all.set(customerId, holding);
  }
  return all;
}

/** Outlets with assets above zero, largest first, ties by id. */
function ranked(holding: Holding): string[] {
  const rich = [...holding.outlets].filter(([, outlet]) => outlet.assetsFen > 0n);
  rich.sort(([a, x], [b, y]) => (x.assetsFen === y.assetsFen ? (a < b ? -1 : 1) : x.assetsFen > y.assetsFen ? -1 : 1));
  return rich.map(([id]) => id);
}

/** The smallest id of the outlets where there is any business: home of a customer who never had assets. */
function fallback(holding: Holding): string | null {
  const standing = [...holding.outlets].filter(([, outlet]) => outlet.stands).map(([id]) => id);
  return standing.sort()[0] ?? null;
}

interface Track {
  home: string | null;
  held: boolean;
  readonly daily: Map<BusinessDate, bigint>;
}

function sum(daily: ReadonlyMap<BusinessDate, bigint>, from: BusinessDate, to: BusinessDate): bigint {
  return daysFromTo(from, to).reduce((total, day) => total + (daily.get(day) ?? 0n), 0n);
}

/**
 * Every customer's standing on every day from the first file to `last`, worked out day by day from the files that stand, with
 * nothing remembered but each day's assets. Slow and plain on purpose: the close must equal it to the fen.
 */
export function naiveTimeline(bank: Bank, last: BusinessDate): Map<BusinessDate, Map<string, Standing>> {
  const first = [...bank.files.keys()].sort()[0];
  const result = new Map<BusinessDate, Map<string, Standing>>();
  if (first === undefined) return result;
  const tracks = new Map<string, Track>();
  let state: ReadonlyMap<string, bigint> = new Map();
  for (const day of daysFromTo(first, last)) {
    const file = bank.files.get(day);
    if (file !== undefined) state = applyFile(state, file);
    const held = holdings(bank, state);
    for (const id of held.keys()) if (!tracks.has(id)) tracks.set(id, { home: null, held: false, daily: new Map() });
    const standings = new Map<string, Standing>();
    for (const [id, track] of tracks) {
      const holding = held.get(id) ?? { outlets: new Map(), hasLoan: false };
      const [richest = null, runnerUpOutlet = null] = ranked(holding);
      track.home = richest ?? (track.held ? track.home : (fallback(holding) ?? track.home));
      track.held ||= richest !== null;
      const assetsFen = [...holding.outlets.values()].reduce((total, outlet) => total + outlet.assetsFen, 0n);
      track.daily.set(day, assetsFen);
      standings.set(id, {
        assetsFen,
        homeOutlet: track.home,
        hasLoan: holding.hasLoan,
        runnerUpOutlet,
        yearDays: sum(track.daily, yearStart(day), day),
        rollingDays: sum(track.daily, addDays(day, 1 - ROLLING_DAYS), day),
      });
    }
    result.set(day, standings);
  }
  return result;
}
