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

const BATCH = 2_000;
const WEEK = 7;

interface Tally {
  atOnce: number;
  inWeek: number;
  readonly people: Set<string>;
}

/** Works out what rules would make of the bank as it stands, changing nothing; undefined before the first close. */
export async function simulateCatalogue(
  platform: Platform,
  catalogue: Catalogue,
  onProgress?: (done: number) => void,
): Promise<Forecast | undefined> {
  const tallies = new Map<string, Tally>(catalogue.rules.map(({ rule }) => [rule, { atOnce: 0, inWeek: 0, people: new Set() }]));
  const people = new Set<string>();
  let customers = 0;
  for (let after = ''; ; ) {
    const batch = await unscoped(platform.worker, (tx) => nextBatch(tx, catalogue, after));
    if (batch === undefined) return undefined;
    for (const facts of batch.all) {
      count(batch.book, facts, tallies);
      for (const seat of facts.seats) people.add(seat.staffId);
    }
    customers += batch.all.length;
    onProgress?.(customers);
    const last = batch.all.at(-1);
    if (last === undefined) return forecast(batch.book.day, customers, people.size, tallies);
    after = last.customerId;
  }
}

async function nextBatch(
  tx: Tx,
  catalogue: Catalogue,
  after: string,
): Promise<{ readonly book: Rulebook; readonly all: readonly Facts[] } | undefined> {
  const book = await rulebook(tx, catalogue);
  if (book === undefined) return undefined;
  const { rows } = await tx.client.query<{ customer_id: string }>(
    `select distinct customer_id from coverage.by_staff where customer_id > $1 order by customer_id limit ${BATCH}`,
    [after],
  );
  const known = await loadFacts(
    tx,
    book,
    book.day,
    rows.map((row) => row.customer_id),
  );
  return { book, all: known.map(({ facts }) => facts) };
}

/** Goes through the week from one day on which something may change to the next. */
function count(book: Rulebook, facts: Facts, tallies: ReadonlyMap<string, Tally>): void {
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

function forecast(day: BusinessDate, customers: number, people: number, tallies: ReadonlyMap<string, Tally>): Forecast {
  const rules = [...tallies].map(([rule, tally]) => ({
    ...{ rule, atOnce: tally.atOnce, inWeek: tally.inWeek, people: tally.people.size },
  }));
  const sum = (of: 'atOnce' | 'inWeek') => rules.reduce((total, one) => total + one[of], 0);
  return { day, customers, people, atOnce: sum('atOnce'), inWeek: sum('inWeek'), rules };
}
