import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Platform } from '../../../platform/context.ts';
import { point } from '../../../platform/crash.ts';
import { LOCKS } from '../../../platform/db/locks.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { moveAppointments } from '../../appointments/index.ts';
import { takeSeatNews } from '../../coverage/index.ts';
import { followSeats } from '../../groups/index.ts';
import { followUpsOn } from '../rules/follow.ts';
import { reconcile } from '../rules/reconcile.ts';
import { type Rulebook, rulebook } from './ground.ts';
import { keptOf } from './kept.ts';
import { loadFacts } from './load-facts.ts';
import { type Written, writeChanges } from './write.ts';

/** What an evaluation did. */
export interface Evaluated {
  readonly day: BusinessDate | null;
  /** Customers looked at. */
  readonly customers: number;
  readonly opened: number;
  readonly renewed: number;
  readonly ended: number;
}

/** Customers of one transaction: a kill costs no more than these. */
const BATCH = 2_000;

/**
 * Works out follow-ups as of the morning after the newest closed day: of everybody who changed since the last time or whose day has
 * come, or of all when `full`. Can be killed at any instant and run again; running it twice makes nothing twice.
 */
export async function evaluateFollowUps(
  platform: Platform,
  { full = false, onProgress }: { readonly full?: boolean; readonly onProgress?: (done: number, of: number) => void } = {},
): Promise<Evaluated> {
  const of = await unscoped(platform.worker, (tx) => gatherNews(tx, full));
  point('follow-ups.gathered');
  let total: Evaluated = { day: null, customers: 0, opened: 0, renewed: 0, ended: 0 };
  for (;;) {
    const part = await unscoped(platform.worker, evaluateBatch);
    point('follow-ups.committed');
    if (part === undefined || part.customers === 0) return { ...total, day: part?.day ?? total.day };
    total = {
      day: part.day,
      customers: total.customers + part.customers,
      opened: total.opened + part.opened,
      renewed: total.renewed + part.renewed,
      ended: total.ended + part.ended,
    };
    onProgress?.(total.customers, Math.max(of, total.customers));
  }
}

/** Names who is to be looked at: who is not as the rules saw them last, whose day has come, and whose seats changed by day. */
async function gatherNews(tx: Tx, full: boolean): Promise<number> {
  const book = await rulebook(tx);
  if (book === undefined) return 0;
  await tx.client.query(
    `insert into engagement.news (customer_id)
     select coalesce(s.customer_id, g.customer_id) from coverage.standing s left join closing.balance b on b.customer_id = s.customer_id
       left join customers.customer c on c.customer_id = s.customer_id full join engagement.agenda g on g.customer_id = s.customer_id
      where (s.lead_staff is not null or s.joint_staff is not null or g.customer_id is not null)
        and ($2 or g.customer_id is null or g.wake_on <= $1
          or (g.lead_staff, g.joint_staff, g.band, g.below_since, g.balance_from, g.assets_fen, g.birth_date, g.risk_expires_on)
            is distinct from (s.lead_staff, s.joint_staff, s.band, s.below_since, b.from_date, coalesce(b.assets_fen, 0), c.birth_date, c.risk_expires_on))
     on conflict do nothing`,
    [book.day, full],
  );
  await hearOfSeats(tx);
  const { rows } = await tx.client.query<{ n: number }>('select count(*) as n from engagement.news');
  return rows[0]?.n ?? 0;
}

async function hearOfSeats(tx: Tx): Promise<void> {
  const ids = await takeSeatNews(tx);
  await tx.client.query('insert into engagement.news (customer_id) select unnest($1::text[]) on conflict do nothing', [ids]);
  await followSeats(tx, ids);
  await moveAppointments(tx, ids);
}

/** Notes, in the transaction that worked closed days out anew, whom it was about: `table` has their numbers. */
export async function noteCustomers(tx: Tx, table: string): Promise<void> {
  await tx.client.query(
    `insert into engagement.news (customer_id) select g.customer_id from engagement.agenda g
      where g.customer_id in (select customer_id from ${table}) on conflict do nothing`,
  );
}

/** Notes, in the transaction of a day's close, whose positions changed: what they are made of does not show in the totals. */
export async function notePositions(tx: Tx, day: BusinessDate): Promise<void> {
  await tx.client.query(
    `insert into engagement.news (customer_id) select distinct p.customer_id from closing.stage_position p
       join engagement.agenda g on g.customer_id = p.customer_id where p.business_date = $1 on conflict do nothing`,
    [day],
  );
}

/** Whether somebody's seats changed by day, or something else waits that no night has seen. */
export async function hasNews(platform: Platform): Promise<boolean> {
  const { rows } = await platform.worker.query<{ any: boolean }>(
    'select exists (select from coverage.seat_news) or exists (select from engagement.news) as any',
  );
  return rows[0]?.any === true;
}

/** Takes up what happened since the night, without looking through the whole bank. */
export async function catchUp(platform: Platform): Promise<void> {
  await unscoped(platform.worker, hearOfSeats);
  while ((await unscoped(platform.worker, evaluateBatch))?.customers);
}

async function evaluateBatch(tx: Tx): Promise<Evaluated | undefined> {
  const book = await rulebook(tx);
  if (book === undefined) return undefined;
  // One batch at a time; who is in another transaction's hand is gone from the list when that one is done.
  await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.followUps]);
  const waiting = await idsOf(tx, `select customer_id from engagement.news order by customer_id limit ${BATCH}`);
  const taken = await idsOf(tx, 'delete from engagement.news where customer_id = any($1) returning customer_id', [waiting]);
  const ids = taken.sort();
  if (ids.length === 0) return { day: book.day, customers: 0, opened: 0, renewed: 0, ended: 0 };
  const written = await evaluateIn(tx, book, ids);
  point('follow-ups.written');
  return { day: book.day, customers: ids.length, ...written };
}

async function idsOf(tx: Tx, sql: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await tx.client.query<{ customer_id: string }>(sql, values);
  return rows.map((row) => row.customer_id);
}

/** Works out the follow-ups of one customer within a transaction that has changed what is known of them. */
export async function evaluateOne(tx: Tx, customerId: string): Promise<void> {
  const book = await rulebook(tx);
  if (book === undefined) return;
  // Waits for a batch that has the customer in hand, and keeps the next one out.
  await tx.client.query('insert into engagement.news (customer_id) values ($1) on conflict do nothing', [customerId]);
  await tx.client.query('delete from engagement.news where customer_id = $1', [customerId]);
  await evaluateIn(tx, book, [customerId]);
}

async function evaluateIn(tx: Tx, book: Rulebook, ids: readonly string[]): Promise<Written> {
  const known = await loadFacts(tx, book, book.day, ids);
  const kept = await keptOf(tx, ids);
  return writeChanges(
    tx,
    book.day,
    known.map(({ facts, standing }) => {
      const { wants, wakeOn } = followUpsOn(book.catalogue, facts, book.day);
      const changes = reconcile(kept.get(facts.customerId) ?? [], wants, facts, book.day);
      return { customerId: facts.customerId, standing, wakeOn, changes, isCovered: facts.seats.length > 0 };
    }),
  );
}
