import { type BusinessDate, businessDate } from '../../kernel/business-date.ts';
import { digestOf } from '../../kernel/digest.ts';
import type { Tx } from '../../platform/db/transaction.ts';

/** The positions file that stands for a day. */
export interface DayInput {
  readonly day: BusinessDate;
  readonly importId: string;
  readonly sha256: string | null;
  readonly delta: boolean;
  readonly rows: number;
  readonly rejected: number;
  /** Control totals that the feed has checked; absent parts are not compared. */
  readonly control: { readonly rows?: number | undefined; readonly balanceFen?: string | undefined };
  /** Customers whose rows are left out, because nobody knows them yet. */
  readonly held: readonly string[];
  readonly digest: string;
}

/** Everything that closing takes from the rooms on its left. */
export interface Inputs {
  /** By day, ascending. */
  readonly days: readonly DayInput[];
  /** Merged number → the number that survives, chains resolved. */
  readonly merged: ReadonlyMap<string, string>;
  /** Product code → category. */
  readonly products: ReadonlyMap<string, string>;
}

/** A day without a file of its own. */
export const CARRIED = digestOf('carried');

/** What stands now. */
export async function readInputs(tx: Tx): Promise<Inputs> {
  return { days: await standingDays(tx), merged: await mergedNumbers(tx), products: await categories(tx) };
}

async function standingDays(tx: Tx): Promise<DayInput[]> {
  const { rows } = await tx.client.query<StandingRow>(
    `select distinct on (business_date) import_id, business_date, sha256, delta, rows, rejected, totals
       from feed.import
      where feed = 'positions' and state = 'accepted'
      order by business_date, revision desc, accept_no desc nulls last, seq desc`,
  );
  const held = await heldCustomers(tx);
  return rows.map((row) => {
    const left = held.get(row.import_id) ?? [];
    const { rows: count, balanceFen } = row.totals;
    return {
      day: businessDate(row.business_date),
      importId: row.import_id,
      sha256: row.sha256,
      delta: row.delta,
      rows: row.rows,
      rejected: row.rejected,
      control: { rows: count, balanceFen },
      held: left,
      digest: digestOf([row.import_id, left]),
    };
  });
}

interface StandingRow {
  readonly import_id: string;
  readonly business_date: string;
  readonly sha256: string | null;
  readonly delta: boolean;
  readonly rows: number;
  readonly rejected: number;
  readonly totals: { readonly rows?: number; readonly balanceFen?: string };
}

async function heldCustomers(tx: Tx): Promise<Map<string, string[]>> {
  const { rows } = await tx.client.query<{ import_id: string; customers: string[] }>(
    `select import_id, array_agg(customer_id order by customer_id collate "C") as customers
       from feed.held where taken_at is null group by import_id`,
  );
  return new Map(rows.map((row) => [row.import_id, row.customers]));
}

async function mergedNumbers(tx: Tx): Promise<Map<string, string>> {
  const { rows } = await tx.client.query<{ customer_id: string; merged_into: string }>(
    'select customer_id, merged_into from customers.customer where merged_into is not null',
  );
  const direct = new Map(rows.map((row) => [row.customer_id, row.merged_into]));
  return new Map([...direct.keys()].map((id) => [id, survivor(direct, id)]));
}

/** Follows a chain of merges. A cycle cannot be stored (the customers feed refuses it), so meeting one is a broken invariant. */
function survivor(direct: ReadonlyMap<string, string>, customerId: string): string {
  let at = customerId;
  for (let steps = 0; steps <= direct.size; steps++) {
    const into = direct.get(at);
    if (into === undefined) return at;
    at = into;
  }
  throw new Error('merged customer numbers form a cycle');
}

async function categories(tx: Tx): Promise<Map<string, string>> {
  const { rows } = await tx.client.query<{ code: string; category: string }>('select code, category from products.product');
  return new Map(rows.map((row) => [row.code, row.category]));
}
