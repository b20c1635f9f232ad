import { previewChange } from '../capabilities/closing/index.ts';
import { afterRestate } from '../capabilities/coverage/index.ts';
import type { FeedName } from '../capabilities/feed/contract.ts';
import type { Trial, UndoEffect } from '../capabilities/feed/index.ts';
import { COMMAND_LINE } from '../platform/audit/index.ts';
import type { Platform } from '../platform/context.ts';
import { copyRows } from '../platform/db/copy.ts';
import { type Tx, unscoped } from '../platform/db/transaction.ts';

const NOTHING: UndoEffect = { days: [], averages: 0, bands: 0, assignments: 0 };

/** Feeds that closed days are worked out from: balances, merged numbers, categories. */
const CLOSED_WITH: ReadonlySet<FeedName> = new Set(['positions', 'customers', 'products']);

interface Moved {
  readonly bands: number;
  readonly assignments: number;
}

/**
 * What else changes when an import is taken back: the days that the next close works out again, averages, bands and seats.
 * Nothing is written: it is taken back and closed in a transaction that is rolled back. Changes of other files that no close
 * has seen yet are part of what it shows.
 */
export async function undoEffect(platform: Platform, trial: Trial): Promise<UndoEffect> {
  const { record } = trial;
  if (record.feed === 'assignments') return { ...NOTHING, assignments: await seatsOf(platform, record.importId) };
  if (!CLOSED_WITH.has(record.feed)) return NOTHING;
  const change = await previewChange(
    platform,
    async (tx) => {
      await tx.client.query('create temp table touched (customer_id text) on commit drop');
      await tx.client.query(
        `create temp table standing_before (customer_id text, band int, lead_staff text, joint_staff text, leaves boolean) on commit drop`,
      );
      if (record.feed === 'customers') await copyRows(tx, 'touched', ['customer_id'], trial.keys());
      // Before, since a customer who goes takes the standing along.
      await noteStandings(tx);
      await trial.takeBack(tx);
    },
    async (tx, restated): Promise<Moved> => {
      if (restated !== undefined) {
        await tx.client.query(
          `insert into touched select customer_id from ${restated.changed} where customer_id not in (select customer_id from touched)`,
        );
        await noteStandings(tx);
        await afterRestate(tx, { actor: COMMAND_LINE, now: platform.now() }, restated);
      }
      return countMoved(tx);
    },
  );
  return { days: [...change.days], averages: change.averages, ...change.seen };
}

/** Below the lowest band, where also those stand who have no standing. */
const NO_BAND = -1;
/** Whether a close takes the customer's people away. */
const LEAVES = '(c.merged_into is not null or c.closed_on is not null)';

async function noteStandings(tx: Tx): Promise<void> {
  await tx.client.query(
    `insert into standing_before select s.customer_id, s.band, s.lead_staff, s.joint_staff, ${LEAVES}
       from coverage.standing s join customers.customer c on c.customer_id = s.customer_id
      where s.customer_id in (select customer_id from touched) and s.customer_id not in (select customer_id from standing_before)`,
  );
}

/** Customers with another band or other people than before; and those whom the next close gives up, as it does after a run, but did not before. */
async function countMoved(tx: Tx): Promise<Moved> {
  const { rows } = await tx.client.query<Moved>(
    `select count(*) filter (where coalesce(b.band, ${NO_BAND}) <> coalesce(s.band, ${NO_BAND}))::int as bands,
            count(*) filter (where (b.lead_staff, b.joint_staff) is distinct from (s.lead_staff, s.joint_staff)
              or ((s.lead_staff is not null or s.joint_staff is not null) and ${LEAVES} and not b.leaves
                  and exists (select from coverage.run where kind = 'full' and state = 'applied')))::int as assignments
       from touched t left join standing_before b on b.customer_id = t.customer_id
       left join (select * from coverage.standing where customer_id in (select customer_id from touched)) s on s.customer_id = t.customer_id
       left join (select * from customers.customer where customer_id in (select customer_id from touched)) c on c.customer_id = t.customer_id`,
  );
  return rows[0] ?? { bands: 0, assignments: 0 };
}

/** Customers whose people an assignments file has named and who have them still. */
function seatsOf(platform: Platform, importId: string): Promise<number> {
  return unscoped(platform.worker, async (tx) => {
    const { rows } = await tx.client.query<{ n: number }>(
      'select count(distinct customer_id)::int as n from coverage.assignment where run_id = $1 and to_date is null',
      [importId],
    );
    return rows[0]?.n ?? 0;
  });
}
