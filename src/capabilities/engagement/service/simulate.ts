import { addDays, type BusinessDate } from '../../../kernel/business-date.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import type { Catalogue } from '../rules/catalogue.ts';
import type { Facts } from '../rules/facts.ts';
import { followUpsOn } from '../rules/follow.ts';
import { type Rulebook, rulebook } from './ground.ts';
import { loadFacts } from './load-facts.ts';

/** What rules would bring about: at once, and in the week after it. */
export interface Forecast {
  readonly day: BusinessDate;
  readonly customers: number;
  readonly people: number;
  readonly atOnce: number;
  readonly inWeek: number;
  readonly rules: readonly { readonly rule: string; readonly atOnce: number; readonly inWeek: number; readonly people: number }[];
}

/** The same for some of the customers; people by name, so that parts can be put together. */
export interface ForecastPart {
  readonly day: BusinessDate;
  readonly customers: number;
  readonly people: readonly string[];
  readonly rules: readonly {
    readonly rule: string;
    readonly atOnce: number;
    readonly inWeek: number;
    readonly people: readonly string[];
  }[];
  /** The customer after whom the next part begins; null = this was the last. */
  readonly next: string | null;
}

const BATCH = 2_000;
const WEEK = 7;

interface Tally {
  atOnce: number;
  inWeek: number;
  readonly people: Set<string>;
}
type Tallies = ReadonlyMap<string, Tally>;

const noTallies = ({ rules }: Catalogue): Tallies =>
  new Map(rules.map(({ rule }) => [rule, { atOnce: 0, inWeek: 0, people: new Set<string>() }]));

/** Works out what rules would make of the bank as it stands, changing nothing; undefined before the first close. */
export async function simulateCatalogue(platform: Platform, catalogue: Catalogue): Promise<Forecast | undefined> {
  const tallies = noTallies(catalogue);
  const people = new Set<string>();
  let customers = 0;
  for (let after = ''; ; ) {
    const part = await simulatePart(platform, catalogue, after);
    if (part === undefined) return undefined;
    customers += part.customers;
    for (const id of part.people) people.add(id);
    for (const { rule, ...own } of part.rules) add(tallies, rule, own);
    if (part.next === null) return forecast(part.day, customers, people.size, tallies);
    after = part.next;
  }
}

function add(tallies: Tallies, rule: string, own: Omit<ForecastPart['rules'][number], 'rule'>): void {
  const tally = tallies.get(rule);
  if (tally === undefined) return;
  tally.atOnce += own.atOnce;
  tally.inWeek += own.inWeek;
  for (const id of own.people) tally.people.add(id);
}

/** What rules would make of the next customers after one, in the order of their numbers; undefined before the first close. */
export function simulatePart(platform: Platform, catalogue: Catalogue, after: string): Promise<ForecastPart | undefined> {
  return unscoped(platform.worker, async (tx) => {
    const batch = await nextBatch(tx, catalogue, after);
    if (batch === undefined) return undefined;
    const tallies = noTallies(catalogue);
    const people = new Set<string>();
    for (const facts of batch.all) {
      count(batch.book, facts, tallies);
      for (const seat of facts.seats) people.add(seat.staffId);
    }
    return {
      ...{ day: batch.book.day, customers: batch.all.length, people: [...people] },
      rules: [...tallies].map(([rule, tally]) => ({ rule, ...tally, people: [...tally.people] })),
      next: batch.next,
    };
  });
}

async function nextBatch(
  tx: Tx,
  catalogue: Catalogue,
  after: string,
): Promise<{ readonly book: Rulebook; readonly all: readonly Facts[]; readonly next: string | null } | undefined> {
  const book = await rulebook(tx, catalogue);
  if (book === undefined) return undefined;
  const { rows } = await tx.client.query<{ customer_id: string }>(
    `select distinct customer_id from coverage.by_staff where customer_id > $1 order by customer_id limit ${BATCH}`,
    [after],
  );
  const ids = rows.map((row) => row.customer_id);
  const known = await loadFacts(tx, book, book.day, ids);
  return { book, all: known.map(({ facts }) => facts), next: ids.length < BATCH ? null : (ids.at(-1) ?? null) };
}

/** Goes through the week from one day on which something may change to the next. */
function count(book: Rulebook, facts: Facts, tallies: Tallies): void {
  const seen = new Set<string>();
  const end = addDays(book.day, WEEK);
  for (let day: BusinessDate | null = book.day; day !== null && day <= end; ) {
    const called = followUpsOn(book.catalogue, facts, day);
    for (const { rule, cause, staffId } of called.wants) {
      const tally = tallies.get(rule);
      if (tally === undefined || seen.has(`${rule} ${cause}`)) continue;
      seen.add(`${rule} ${cause}`);
      tally.people.add(staffId);
      if (day === book.day) tally.atOnce += 1;
      else tally.inWeek += 1;
    }
    day = called.wakeOn;
  }
}

function forecast(day: BusinessDate, customers: number, people: number, tallies: Tallies): Forecast {
  const rules = [...tallies].map(([rule, tally]) => ({
    ...{ rule, atOnce: tally.atOnce, inWeek: tally.inWeek, people: tally.people.size },
  }));
  const sum = (of: 'atOnce' | 'inWeek') => rules.reduce((total, one) => total + one[of], 0);
  return { day, customers, people, atOnce: sum('atOnce'), inWeek: sum('inWeek'), rules };
}

/** How many customers a simulation goes through: who has somebody, by the counters of portfolios (a customer of two counts twice). */
export async function coveredCustomers(tx: Tx): Promise<number> {
  const { rows } = await tx.client.query<{ n: number }>('select coalesce(sum(customers), 0)::int as n from coverage.portfolio');
  return rows[0]?.n ?? 0;
}
