import type { Tx } from '../../../platform/db/transaction.ts';

/** Shows on standings, cards and lists who has what `stage_taken` names under `work`, and leaves word of whose seats changed. */
export async function showSeats(tx: Tx, work: string): Promise<void> {
  await tx.client.query('select coverage.show_seats($1)', [work]);
  await tx.client.query(
    `insert into coverage.seat_news (customer_id) select distinct customer_id from coverage.stage_taken where work = $1
     on conflict do nothing`,
    [work],
  );
}

/** Customers whose seats changed since this was last asked; they are told once. */
export async function takeSeatNews(tx: Tx): Promise<string[]> {
  const { rows } = await tx.client.query<{ customer_id: string }>('delete from coverage.seat_news returning customer_id');
  return rows.map((row) => row.customer_id);
}
