import { fenFromDb } from '../../../kernel/money.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { amountsOf, WHOLE } from '../rules/share.ts';

/**
 * Puts staged sales into the ledger, each attributed as of its day: who had raised the customer, who had claimed them, who covered them.
 * It counts for who sold it; the shares that an earlier version had by a checked correction stay.
 */
export async function placeStaged(
  tx: Tx,
  {
    work,
    source,
    by,
    words,
    now,
  }: {
    readonly work: string;
    readonly source: 'feed' | 'own';
    readonly by: string;
    readonly words: string;
    readonly now: Date;
  },
): Promise<void> {
  await tx.client.query(
    `insert into ledgers.sale (customer_id, sale_id, version, product_code, amount_fen, on_date, staff_id, unit_no, referrer, claimer, coverer,
       seller_bp, referrer_bp, claimer_bp, coverer_bp, seller_fen, referrer_fen, claimer_fen, coverer_fen, words, source, import_id, recorded_by, recorded_at, state)
     select t.customer_id, t.sale_id, coalesce(v.version, 0) + 1, t.product_code, t.amount_fen, t.on_date, t.staff_id, u.unit_no,
            coalesce(k.referrer, r.staff_id), coalesce(k.claimer, c.staff_id), coalesce(k.coverer, a.staff_id),
            coalesce(k.seller_bp, 10000), coalesce(k.referrer_bp, 0), coalesce(k.claimer_bp, 0), coalesce(k.coverer_bp, 0),
            t.amount_fen, 0, 0, 0, $2, $3, $4, $5, $6, 'stands'
       from ledgers.stage_sale t join organisation.staff s on s.id = t.staff_id join organisation.org_unit u on u.id = s.org_unit_id
       left join (select customer_id, sale_id, max(version) as version from ledgers.sale
          where sale_id in (select sale_id from ledgers.stage_sale where work = $1) group by customer_id, sale_id) v
         on v.customer_id = t.customer_id and v.sale_id = t.sale_id
       left join ledgers.sale k on k.customer_id = t.customer_id and k.sale_id = t.sale_id and k.version = v.version
         and k.staff_id = t.staff_id and k.on_date = t.on_date and k.state <> 'undone'
       left join coverage.assignment a on a.customer_id = t.customer_id and a.seat = 'lead' and a.from_date <= t.on_date
         and (a.to_date is null or a.to_date > t.on_date)
       left join ${raisedSql('raised')} r on r.customer_id = t.customer_id and r.from_date <= t.on_date and (r.to_date is null or r.to_date > t.on_date)
       left join ${raisedSql('claimed')} c on c.customer_id = t.customer_id and c.from_date <= t.on_date and (c.to_date is null or c.to_date > t.on_date)
      where t.work = $1`,
    [work, words, source, source === 'feed' ? work : null, by, now],
  );
  await shareOut(tx, work);
  await tx.client.query('delete from ledgers.stage_sale where work = $1', [work]);
}

/** Who raised or claimed each customer, and until when nobody else had. */
function raisedSql(how: 'raised' | 'claimed'): string {
  const hows = how === 'claimed' ? "how = 'claimed'" : "how in ('raised', 'recruited')";
  return `(select customer_id, staff_id, on_date as from_date,
      lead(on_date) over (partition by customer_id order by on_date, recorded_at, raised_id) as to_date from coverage.raised_by
     where ${hows} and customer_id in (select customer_id from ledgers.stage_sale where work = $1))`;
}

interface Shared {
  readonly customer_id: string;
  readonly sale_id: string;
  readonly version: number;
  readonly amount_fen: number;
  readonly seller_bp: number;
  readonly referrer_bp: number;
  readonly claimer_bp: number;
  readonly coverer_bp: number;
}

/** What counts for whom in fen, of those that do not count for the seller alone. */
async function shareOut(tx: Tx, work: string): Promise<void> {
  const { rows } = await tx.client.query<Shared>(
    `select s.* from ledgers.sale s join ledgers.stage_sale t on t.customer_id = s.customer_id and t.sale_id = s.sale_id
      where t.work = $1 and s.state = 'stands' and s.seller_bp < ${WHOLE}`,
    [work],
  );
  for (const row of rows) {
    const { seller_bp: seller, referrer_bp: referrer, claimer_bp: claimer, coverer_bp: coverer } = row;
    const parts = amountsOf(fenFromDb(row.amount_fen), { seller, referrer, claimer, coverer });
    await tx.db
      .updateTable('ledgers.sale')
      .set({
        ...{ seller_fen: parts.seller, referrer_fen: parts.referrer },
        ...{ claimer_fen: parts.claimer, coverer_fen: parts.coverer },
      })
      .where('customer_id', '=', row.customer_id)
      .where('sale_id', '=', row.sale_id)
      .where('version', '=', row.version)
      .execute();
  }
}
