import type { BusinessDate } from '../../../kernel/business-date.ts';
import { addDays, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { HANDOVER_DAYS, type Leaving, type SplitGround } from '../rules/handover.ts';
import type { Place } from '../rules/transfer.ts';
import { loadRoster } from './load.ts';
import { activeSchemeOf } from './schemes.ts';

/** A customer of the portfolio with what the lines of a handover keep beside the rule's facts. */
export interface Held extends Leaving {
  readonly portfolio: string;
  readonly unitNo: number;
  readonly lead: string | null;
  readonly joint: string | null;
  /** The last day on which an assignment of this seat ended; changes never reach behind it. */
  readonly until: string | null;
  /** Import, run, transfer or handover that gave the customer to the owner. */
  readonly given: string | null;
}

interface HeldRow {
  readonly customer_id: string;
  readonly seat: 'lead' | 'joint';
  readonly band: number;
  readonly outlet_id: string | null;
  readonly has_loan: boolean;
  readonly assets_fen: number;
  readonly lead_staff: string | null;
  readonly joint_staff: string | null;
  readonly unit_no: number;
  readonly portfolio: string;
  readonly run_id: string | null;
  readonly household_id: string | null;
  readonly until: string | null;
  readonly handovers: number;
}

/** Who a person looks after, without numbers that are closed or merged. */
export async function heldBy(tx: Tx, staffId: string, day: BusinessDate): Promise<Held[]> {
  const { rows } = await tx.client.query<HeldRow>(
    `select s.customer_id, b.seat, s.band, s.outlet_id, s.has_loan, s.assets_fen, s.lead_staff, s.joint_staff, s.unit_no, a.portfolio, a.run_id, c.household_id,
            e.until, e.handovers
       from coverage.by_staff b join coverage.standing s on s.customer_id = b.customer_id
       join coverage.assignment a on a.customer_id = b.customer_id and a.seat = b.seat and a.to_date is null
       join customers.customer c on c.customer_id = b.customer_id
       cross join lateral (select max(to_date)::text as until, count(*) filter (where to_date > $3::date)::integer as handovers
                             from coverage.assignment x where x.customer_id = b.customer_id and x.seat = b.seat and x.to_date is not null) e
      where b.staff_id = $1 and c.merged_into is null and (c.closed_on is null or c.closed_on > $2::date)
      order by s.customer_id`,
    [staffId, day, addDays(day, -HANDOVER_DAYS)],
  );
  return rows.map((row) => ({
    customerId: row.customer_id,
    seat: row.seat,
    band: row.band,
    outletId: row.outlet_id,
    hasLoan: row.has_loan,
    other: row.seat === 'lead' ? row.joint_staff : row.lead_staff,
    assetsFen: row.assets_fen,
    household: row.household_id,
    handovers: row.handovers,
    portfolio: row.portfolio,
    unitNo: row.unit_no,
    lead: row.lead_staff,
    joint: row.joint_staff,
    until: row.until,
    given: row.run_id,
  }));
}

/** The newest closed day; refuses before there is one. */
export async function closedDay(tx: Tx): Promise<BusinessDate> {
  return (
    (await lastClosedDay(tx)) ??
    refuse(
      'no-scheme',
      '还没有启用方案或日终，不能交接。',
      'No scheme is in force or no day is closed yet, so nothing can be handed over.',
    )
  );
}

export type Ground = Omit<SplitGround, 'customers' | 'owner' | 'successors' | 'moveOften'>;

/** What portfolios are split on today; whoever hands over their own portfolio takes none. */
export async function handoverGround(tx: Tx, now: Date): Promise<Ground> {
  const ground = await seatsToday(tx, now);
  const { rows: frozen } = await tx.client.query<{ staff_id: string }>(
    "select staff_id from coverage.handover where state in ('frozen', 'split')",
  );
  const busy = new Set(frozen.map((row) => row.staff_id));
  return { ...ground, staff: ground.staff.map((person) => (busy.has(person.id) ? { ...person, active: false } : person)) };
}

/** Who can hold which seats today, and what they have; refuses before a scheme is in force. */
export async function seatsToday(tx: Tx, now: Date): Promise<Ground> {
  const active = await activeSchemeOf(tx);
  if (active === undefined)
    return refuse(
      'no-scheme',
      '还没有启用方案或日终，不能交接。',
      'No scheme is in force or no day is closed yet, so nothing can be handed over.',
    );
  return { scheme: active.scheme, ...(await loadRoster(tx, todayOf(now))), loadOf: await loadsNow(tx) };
}

async function loadsNow(tx: Tx): Promise<(place: Place) => number> {
  const rows = await tx.db.selectFrom('coverage.portfolio').select(['staff_id', 'portfolio', 'customers']).execute();
  const loads = new Map(rows.map((row) => [`${row.staff_id} ${row.portfolio}`, row.customers]));
  return ({ staffId, portfolio }) => loads.get(`${staffId} ${portfolio}`) ?? 0;
}
