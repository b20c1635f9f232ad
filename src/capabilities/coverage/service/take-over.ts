import { todayOf } from '../../../kernel/business-date.ts';
import { Refused, refuse } from '../../../kernel/refusal.ts';
import { type CopyCell, copyRows } from '../../../platform/db/copy.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { type Applying, batchesOf, textCell } from '../../feed/index.ts';
import { bandsAscending, portfolioOf, type Scheme, seatRoles } from '../rules/scheme.ts';
import { keepPortfoliosStill } from './portfolio-lock.ts';
import { activeSchemeOf } from './schemes.ts';

/** Where customers go whose manager fits no seat of the scheme in force, or while none is: a portfolio without a limit. */
export const TAKEN_OVER = '#taken-over';

const COLUMNS = ['customer_id', 'work', 'seat', 'staff_id', 'portfolio', 'band', 'from_date'];

/**
 * Takes the portfolios of an assignments file as they are: each row's person covers the customer from its day. The seat is the one
 * that the scheme in force has for the customer's band and the person's role, and its limit holds. Refuses the file when a limit
 * would be broken, or when it names more than two people for one customer.
 */
export async function takeAssignments({ tx, duck, importId, now }: Applying): Promise<void> {
  const today = todayOf(now);
  async function* rows(): AsyncGenerator<CopyCell[][]> {
    const source = batchesOf(duck, 'SELECT customer_id, staff_id, since::VARCHAR FROM next ORDER BY customer_id, line');
    for await (const batch of source) {
      yield batch.map(([customer, staff, since]) => [
        textCell(customer) ?? '',
        importId,
        'lead',
        textCell(staff) ?? '',
        TAKEN_OVER,
        -1,
        textCell(since) ?? today,
      ]);
    }
  }
  await keepPortfoliosStill(tx);
  await copyRows(tx, 'coverage.stage_taken', COLUMNS, rows());
  const active = await activeSchemeOf(tx);
  if (active !== undefined) await findSeats(tx, active.scheme, importId);
  await secondSeats(tx, importId);
  await takePlaces(tx, importId);
  await tx.client.query('delete from coverage.stage_taken where work = $1', [importId]);
}

/** Takes an assignments file back. */
export async function giveBackAssignments({ tx, importId }: Applying): Promise<void> {
  await keepPortfoliosStill(tx);
  await tx.client.query('select coverage.give_back($1)', [importId]);
  await tx.client.query('delete from coverage.stage_taken where work = $1', [importId]);
}

/** Gives each row the first seat of the customer's band that the person's role can fill, with that seat's limit. */
async function findSeats(tx: Tx, scheme: Scheme, work: string): Promise<void> {
  const seats = bandsAscending(scheme).flatMap((band, number) =>
    band.seats.flatMap((seat, order) =>
      seatRoles(scheme, seat).map((role) => ({
        ...{ band: number, seat: seat.seat, order, role, portfolio: portfolioOf(band, seat) },
        limit: seat.limit?.at_most ?? seat.limit?.initial ?? null,
      })),
    ),
  );
  const source = `jsonb_to_recordset($2) as x (band smallint, seat text, "order" integer, role text, portfolio text, "limit" integer)`;
  await tx.client.query(
    `update coverage.stage_taken t set seat = x.seat, portfolio = x.portfolio, band = x.band
       from (select distinct on (t.customer_id, t.staff_id) t.customer_id, t.staff_id, x.seat, x.portfolio, x.band
               from coverage.stage_taken t join coverage.standing s on s.customer_id = t.customer_id
               join organisation.staff p on p.id = t.staff_id join ${source} on x.band = s.band and x.role = p.role
              where t.work = $1 order by t.customer_id, t.staff_id, x."order") x
      where t.work = $1 and t.customer_id = x.customer_id and t.staff_id = x.staff_id`,
    [work, JSON.stringify(seats)],
  );
  await tx.client.query(
    `select coverage.set_cap(t.staff_id, t.portfolio, (x."limit" * least(p.share_bp, 10000)::bigint / 10000)::integer)
       from (select distinct staff_id, portfolio from coverage.stage_taken where work = $1) t
       join organisation.staff p on p.id = t.staff_id join (select distinct portfolio, "limit" from ${source}) x on x.portfolio = t.portfolio
      where not exists (select 1 from coverage.portfolio q where q.staff_id = t.staff_id and q.portfolio = t.portfolio)`,
    [work, JSON.stringify(seats)],
  );
}

/** Two people on one customer: the first sent leads, the other is joint. A third is refused. */
async function secondSeats(tx: Tx, work: string): Promise<void> {
  await tx.client.query(
    `update coverage.stage_taken t set seat = case x.n when 1 then 'lead' when 2 then 'joint' else 'none' end
       from (select customer_id, staff_id, row_number() over (partition by customer_id order by seat desc, staff_id) as n,
                    count(*) over (partition by customer_id) as people, count(*) over (partition by customer_id, seat) as same
               from coverage.stage_taken where work = $1) x
      where t.work = $1 and t.customer_id = x.customer_id and t.staff_id = x.staff_id and (x.same > 1 or x.people > 2)`,
    [work],
  );
  const { rows } = await tx.client.query<{ customer_id: string }>(
    `select customer_id from coverage.stage_taken where work = $1 and seat = 'none' order by 1 limit 5`,
    [work],
  );
  if (rows.length === 0) return;
  const ids = rows.map((row) => row.customer_id);
  refuse(
    'too-many-managers',
    `一位客户最多两位管户人：${ids.join('、')} 在文件中超过两位。`,
    `A customer has at most two managers: ${ids.join(', ')} have more in the file.`,
    { customers: ids },
  );
}

async function takePlaces(tx: Tx, work: string): Promise<void> {
  await tx.client.query(
    `select coverage.set_cap(staff_id, portfolio, null) from (select distinct staff_id, portfolio from coverage.stage_taken
      where work = $1 and portfolio = $2) t`,
    [work, TAKEN_OVER],
  );
  try {
    await tx.client.query('select coverage.take_over($1)', [work]);
  } catch (error) {
    throw isOverLimit(error) ? overLimit() : error;
  }
}

/** On a cluster constraints carry the number of their shard. */
export function isOverLimit(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && /^portfolio_within_cap(_\d+)?$/.test(String(error.constraint));
}

function overLimit(): Refused {
  return new Refused({
    code: 'portfolio-full',
    words: {
      zh: '文件中的管户关系会超过有关人员的户数上限，没有接入。',
      en: 'The file would put somebody over the limit of the portfolio; nothing was taken.',
    },
  });
}
