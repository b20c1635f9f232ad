import { z } from 'zod';
import { addDays, type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { CHANNEL_NAMES, OUTCOME_NAMES } from '../rules/contact.ts';
import type { ContactFact, Facts, PositionFact, SeatFact, StretchFact, TaskFact } from '../rules/facts.ts';
import { registeredOn } from '../rules/profile.ts';

/** How far back balances and contacts count. */
const STRETCH_DAYS = 400;
const CONTACT_DAYS = 800;

/** A customer's facts with what is kept beside them. */
export interface Known {
  readonly facts: Facts;
  readonly standing: Standing | undefined;
}

export interface Standing {
  readonly unitNo: number;
  readonly leadStaff: string | null;
  readonly jointStaff: string | null;
  readonly band: number;
  readonly belowSince: string | null;
  readonly balanceFrom: string | null;
  readonly assetsFen: number;
  readonly birthDate: string | null;
  readonly riskExpiresOn: string | null;
}

/** Months of grace before a band is lost, and the limits of the scheme in force. */
export interface Ground {
  readonly ladder: Facts['ladder'];
  readonly fallsOn: (since: BusinessDate) => BusinessDate;
}

interface StandingRow {
  readonly customer_id: string;
  readonly unit_no: number;
  readonly lead_staff: string | null;
  readonly joint_staff: string | null;
  readonly band: number;
  readonly below_since: string | null;
  readonly balance_from: string | null;
  readonly assets_fen: number | null;
  readonly birth_date: string | null;
  readonly risk_expires_on: string | null;
}

/** Reads all that the rules may know of the customers. Under the worker role, or with the one customer opened. */
export async function loadFacts(tx: Tx, ground: Ground, day: BusinessDate, ids: readonly string[]): Promise<Known[]> {
  const { rows } = await tx.client.query<StandingRow>(
    `select s.customer_id, s.unit_no, s.lead_staff, s.joint_staff, s.band, s.below_since, b.from_date as balance_from, b.assets_fen,
            c.birth_date, c.risk_expires_on
       from coverage.standing s left join closing.balance b on b.customer_id = s.customer_id
       left join customers.customer c on c.customer_id = s.customer_id where s.customer_id = any($1)`,
    [ids],
  );
  const standings = new Map(rows.map((row) => [row.customer_id, row]));
  const seats = await seatsOf(tx, ids);
  const stretches = await stretchesOf(tx, addDays(day, -STRETCH_DAYS), ids);
  const positions = await positionsOf(tx, ids);
  const contacts = await contactsOf(tx, addDays(day, -CONTACT_DAYS), ids);
  const tasks = await tasksOf(tx, ids);
  const profiles = await profilesOf(tx, ids);
  const family = await familyOf(tx, ids);
  return ids.map((customerId): Known => {
    const row = standings.get(customerId);
    const since = dated(row?.below_since);
    return {
      facts: {
        customerId,
        seats: seats.get(customerId) ?? [],
        stretches: stretches.get(customerId) ?? [],
        ladder: ground.ladder,
        below: since === null ? null : { since, fallsOn: ground.fallsOn(since) },
        positions: positions.get(customerId) ?? [],
        birthDate: dated(row?.birth_date),
        family: family.get(customerId) ?? [],
        riskExpiresOn: dated(row?.risk_expires_on),
        contacts: contacts.get(customerId) ?? [],
        tasks: tasks.get(customerId) ?? [],
        profile: profiles.get(customerId) ?? { registeredOn: null, addressOn: null },
      },
      standing: row && toStanding(row),
    };
  });
}

function toStanding(row: StandingRow): Standing {
  return {
    ...{ unitNo: row.unit_no, leadStaff: row.lead_staff, jointStaff: row.joint_staff, band: row.band },
    ...{ belowSince: row.below_since, balanceFrom: row.balance_from, assetsFen: row.assets_fen ?? 0 },
    ...{ birthDate: row.birth_date, riskExpiresOn: row.risk_expires_on },
  };
}

function dated(text: string | null | undefined): BusinessDate | null {
  return text == null ? null : businessDate(text);
}

/** Rows by customer, in the order in which they come. */
function gather<Row extends { readonly id: string }, T>(rows: readonly Row[], toOne: (row: Row) => T): Map<string, T[]> {
  const all = new Map<string, T[]>();
  for (const row of rows) {
    const list = all.get(row.id);
    if (list === undefined) all.set(row.id, [toOne(row)]);
    else list.push(toOne(row));
  }
  return all;
}

/** Open seats, lead first, each since its holder has had it without a break: a new band with the same manager begins nothing anew. */
async function seatsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, SeatFact[]>> {
  const { rows } = await tx.client.query<{ id: string; seat: 'lead' | 'joint'; staff: string; role: string; since: string }>(
    `select a.customer_id as id, a.seat, a.staff_id as staff, s.role, (
        select min(x.from_date) from coverage.assignment x
         where x.customer_id = a.customer_id and x.seat = a.seat and x.staff_id = a.staff_id and x.from_date > coalesce((
            select max(y.from_date) from coverage.assignment y
             where y.customer_id = a.customer_id and y.seat = a.seat and y.staff_id <> a.staff_id), '-infinity')) as since
       from coverage.assignment a join organisation.staff s on s.id = a.staff_id
      where a.to_date is null and a.customer_id = any($1) order by a.customer_id, a.seat desc`,
    [ids],
  );
  return gather(rows, ({ seat, staff, role, since }) => ({ seat, staffId: staff, role, since: businessDate(since) }));
}

async function stretchesOf(tx: Tx, since: BusinessDate, ids: readonly string[]): Promise<Map<string, StretchFact[]>> {
  const { rows } = await tx.client.query<{ id: string; from: string; fen: number }>(
    `select customer_id as id, from_date as from, assets_fen as fen from closing.segment where customer_id = any($1) and to_date > $2
     union all select customer_id, from_date, assets_fen from closing.balance where customer_id = any($1) order by 1, 2`,
    [ids, since],
  );
  return gather(rows, ({ from, fen }) => ({ from: businessDate(from), assetsFen: fen }));
}

/** What comes free one day: a loan that is paid back does not. */
async function positionsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, PositionFact[]>> {
  const lent = await tx.db
    .selectFrom('products.product')
    .select('code')
    .where('category', 'in', ['loan', 'credit-card'])
    .execute();
  const { rows } = await tx.client.query<{ id: string; outlet: string; code: string; fen: number; on: string }>(
    `select customer_id as id, outlet_id as outlet, product_code as code, balance_fen as fen, matures_on as on from closing.position
      where customer_id = any($1) and matures_on is not null and product_code <> all($2) order by 1, 2, 3`,
    [ids, lent.map(({ code }) => code)],
  );
  return gather(rows, ({ outlet, code, fen, on }) => ({
    ...{ outletId: outlet, productCode: code, balanceFen: fen },
    maturesOn: businessDate(on),
  }));
}

async function tasksOf(tx: Tx, ids: readonly string[]): Promise<Map<string, TaskFact[]>> {
  const { rows } = await tx.client.query<{ id: string; task_id: string; on: string; due: string; words: string }>(
    `select customer_id as id, task_id, on_date as on, due_on as due, words from engagement.task
      where customer_id = any($1) order by customer_id, made_at, task_id`,
    [ids],
  );
  return gather(rows, ({ task_id, on, due, words }) => ({
    taskId: task_id,
    on: businessDate(on),
    due: businessDate(due),
    words,
  }));
}

const channel = z.enum(CHANNEL_NAMES);
const outcome = z.enum(OUTCOME_NAMES);

async function contactsOf(tx: Tx, since: BusinessDate, ids: readonly string[]): Promise<Map<string, ContactFact[]>> {
  const { rows } = await tx.client.query<{
    id: string;
    contact_id: string;
    on: string;
    role: string;
    channel: string;
    outcome: string;
    next_on: string | null;
  }>(
    `select customer_id as id, contact_id, on_date as on, role, channel, outcome, next_on from engagement.contact
      where customer_id = any($1) and on_date > $2 and reversed_at is null order by customer_id, on_date, recorded_at, contact_id`,
    [ids, since],
  );
  return gather(rows, (row) => ({
    ...{ contactId: row.contact_id, on: businessDate(row.on), role: row.role },
    ...{ channel: channel.parse(row.channel), outcome: outcome.parse(row.outcome), nextOn: dated(row.next_on) },
  }));
}

async function profilesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Facts['profile']>> {
  const { rows } = await tx.client.query<{ id: string; field: string; value: string; first_on: string; confirmed_on: string }>(
    'select customer_id as id, field, value, first_on, confirmed_on from engagement.profile_field where customer_id = any($1)',
    [ids],
  );
  const fields = gather(rows, (row) => ({ ...row, firstOn: businessDate(row.first_on) }));
  return new Map(
    [...fields].map(([id, list]) => [
      id,
      { registeredOn: registeredOn(list), addressOn: dated(list.find(({ field }) => field === 'address')?.confirmed_on) },
    ]),
  );
}

async function familyOf(tx: Tx, ids: readonly string[]) {
  const { rows } = await tx.client.query<{ id: string; member: string; birth: string }>(
    `select customer_id as id, member_id as member, birth_date as birth from engagement.family_member
      where customer_id = any($1) and birth_date is not null order by 1, 2`,
    [ids],
  );
  return gather(rows, ({ member, birth }) => ({ memberId: member, birthDate: businessDate(birth) }));
}
