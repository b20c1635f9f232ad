import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BusinessDate } from '../../kernel/business-date.ts';
import type { Platform } from '../../platform/context.ts';
import { oneConnectionANode, type Tx, unscoped } from '../../platform/db/transaction.ts';
import { foldersOf, makeFolders } from './archive.ts';
import type { Restated } from './contract.ts';
import { openEngine } from './engine.ts';
import { readInputs } from './inputs.ts';
import { closedDays, standingAtSql } from './reads.ts';
import { closedFacts, findDrift, isDrift, restate } from './restate.ts';
import { aloneClosing, RESTATED_TABLE } from './service.ts';

/** What working closed days out anew would change, as of the newest closed day. */
export interface ChangePreview<T> {
  /** Closed days that would be worked out anew. */
  readonly days: readonly BusinessDate[];
  /** Customers whose calendar-year average would change, and by how many balance-days altogether. */
  readonly averages: number;
  readonly balanceDaysMoved: bigint;
  /** The largest changes, at most ten. */
  readonly examples: readonly { readonly customerId: string; readonly before: bigint; readonly after: bigint }[];
  /** What `look` saw. */
  readonly seen: T;
}

const NO_CHANGE = { days: [], averages: 0, balanceDaysMoved: 0n, examples: [] };

/** Ends the transaction of a preview: carries its result out of the rollback. */
class Enough<T> extends Error {
  readonly result: T;
  constructor(result: T) {
    super('preview');
    this.result = result;
  }
}

/**
 * Shows what the next close would change if `pretend` were done now: does the real thing in a transaction that is rolled back, its
 * files in a folder that is thrown away. `look` sees the database as it would be, and what was worked out anew, if anything was
 * (bands and assignments of the customers in `changed`).
 */
export function previewChange<T>(
  platform: Platform,
  pretend: (tx: Tx) => Promise<void>,
  look: (tx: Tx, restated: (Restated & { readonly changed: string }) | undefined) => Promise<T>,
): Promise<ChangePreview<T>> {
  return aloneClosing(platform, async () => {
    const folders = foldersOf(platform);
    await makeFolders(folders);
    const folder = await mkdtemp(join(folders.scratch, 'preview-'));
    const target = { ...folders, changes: folder };
    try {
      return await unscoped<never>(platform.worker, async (tx) => {
        await oneConnectionANode(tx);
        await pretend(tx);
        const inputs = await readInputs(tx);
        const days = await closedDays(tx);
        const drift = findDrift(days, await closedFacts(tx), inputs);
        const last = days.at(-1)?.day;
        if (!isDrift(drift) || last === undefined) throw new Enough({ ...NO_CHANGE, seen: await look(tx, undefined) });
        await tx.client.query(`create temp table before_change on commit drop as
          select customer_id, balance_days from ${standingAtSql(last, 'calendar-year', last)} s`);
        const duck = await openEngine(folders, inputs.merged, inputs.products);
        try {
          const work = { duck, folders, target, days, inputs, drift, closedAt: platform.now(), onDay: () => undefined };
          const restated = await restate(tx, work);
          if (restated === undefined) throw new Enough({ ...NO_CHANGE, seen: await look(tx, undefined) });
          const redone = days.map((day) => day.day).filter((day) => day >= restated.from);
          const seen = await look(tx, { ...restated, changed: RESTATED_TABLE });
          throw new Enough({ days: redone, ...(await compareAverages(tx, last)), seen });
        } finally {
          duck.close();
        }
      });
    } catch (error) {
      if (error instanceof Enough) return error.result;
      throw error;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

interface MovedRow {
  readonly customer_id: string;
  readonly before: string;
  readonly after: string;
  readonly n: number;
  readonly moved: string;
}

async function compareAverages(
  tx: Tx,
  last: BusinessDate,
): Promise<Pick<ChangePreview<never>, 'averages' | 'balanceDaysMoved' | 'examples'>> {
  const { rows } = await tx.client.query<MovedRow>(
    `select customer_id, before::text, after::text, count(*) over () as n, (sum(abs(after - before)) over ())::text as moved
       from (select customer_id, coalesce(b.balance_days, 0) as before, coalesce(a.balance_days, 0) as after
               from before_change b full join ${standingAtSql(last, 'calendar-year', last)} a using (customer_id)) both_days
      where before <> after order by abs(after - before) desc, customer_id limit 10`,
  );
  const [first] = rows;
  return {
    averages: first?.n ?? 0,
    balanceDaysMoved: BigInt(first?.moved ?? 0),
    examples: rows.map((row) => ({ customerId: row.customer_id, before: BigInt(row.before), after: BigInt(row.after) })),
  };
}
