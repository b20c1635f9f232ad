import { sql } from 'kysely';
import { z } from 'zod';
import type { Person } from '../../../platform/auth/session.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { TEAM_MAY, type TeamMay, type teamCustomers, type teamOfCustomer } from '../team-contract.ts';
import { type FoundCustomer, findCustomer } from './customers.ts';
import { staffRefOf, staffRefs } from './refs.ts';
import { activeScheme } from './schemes.ts';
import { toCustomerRow, viewFor } from './view.ts';

const CUSTOMERS_MAX = 50;
const may = z.enum(TEAM_MAY);

/** What somebody may do in the team of a customer; undefined when they are not in it. */
export async function teamPart(tx: Tx, staffId: string, customerId: string): Promise<TeamMay | undefined> {
  const row = await tx.db
    .selectFrom('coverage.team_member')
    .select('may')
    .where('customer_id', '=', customerId)
    .where('staff_id', '=', staffId)
    .where('ended_on', 'is', null)
    .executeTakeFirst();
  return row && may.parse(row.may);
}

/** A customer by their number alone: for who has just been found in their team. */
export async function customerOfTeam(tx: Tx, customerId: string): Promise<FoundCustomer | undefined> {
  const { rows } = await sql<FoundCustomer>`
    select s.customer_id, c.name, s.outlet_id, s.tier, s.band, s.band_since, s.below_since, s.has_loan, s.assets_fen, s.lead_staff, s.joint_staff, c.no_marketing, c.mobile_last4
      from coverage.standing s join coverage.card c on c.customer_id = s.customer_id where s.customer_id = ${customerId}`.execute(
    tx.db,
  );
  return rows[0];
}

/** One customer to read: of one's scope, or of whose team one is. Who is neither learns nothing. */
export async function seeCustomer(tx: Tx, scope: Scope, customerId: string): Promise<FoundCustomer | undefined> {
  const own = await findCustomer(tx, scope, customerId);
  if (own !== undefined || (await teamPart(tx, scope.staffId, customerId)) === undefined) return own;
  await tx.client.query('select platform.set_team_scope($1)', [customerId]);
  return customerOfTeam(tx, customerId);
}

/** Whether somebody may work with a customer whom they see: of their scope, or as a working member of the team. */
export async function mayWorkWith(tx: Tx, { permissions, scope }: Person, customerId: string): Promise<boolean> {
  if (!permissions.has('contacts.record')) return false;
  return (await findCustomer(tx, scope, customerId)) !== undefined || (await teamPart(tx, scope.staffId, customerId)) === 'work';
}

/** Whether a customer is of the highest band of the scheme in force: private customers [S3]. */
export async function isPrivate(tx: Tx, { band }: Pick<FoundCustomer, 'band'>): Promise<boolean> {
  const bands = (await activeScheme(tx))?.bands ?? [];
  return bands.length > 0 && band === Math.max(...bands.map((one) => one.band));
}

/** The team of a customer who is open to the transaction. */
export async function teamOf(tx: Tx, person: Person, customer: FoundCustomer): Promise<z.input<typeof teamOfCustomer>> {
  const rows = await tx.db
    .selectFrom('coverage.team_member')
    .select(['member_id', 'staff_id', 'may', 'words', 'from_date', 'added_by'])
    .where('customer_id', '=', customer.customer_id)
    .where('ended_on', 'is', null)
    .orderBy('from_date')
    .orderBy('member_id')
    .execute();
  const staff = await staffRefs(
    tx,
    rows.flatMap((row) => [row.staff_id, row.added_by]),
  );
  const leads =
    person.permissions.has('contacts.record') && (await findCustomer(tx, person.scope, customer.customer_id)) !== undefined;
  const high = await isPrivate(tx, customer);
  return {
    isPrivate: high,
    members: rows.map((row) => ({
      memberId: row.member_id,
      staff: staffRefOf(staff, row.staff_id) ?? { staffId: row.staff_id, name: row.staff_id, role: '', unitName: '' },
      ...{ may: may.parse(row.may), words: row.words, from: row.from_date, addedBy: staffRefOf(staff, row.added_by) },
    })),
    may: leads ? [...(high ? (['add'] as const) : []), 'end'] : [],
  };
}

/** Customers in whose team somebody is, the newest first. */
export async function teamCustomersOf(tx: Tx, { scope }: Person): Promise<z.input<typeof teamCustomers>> {
  const parts = await tx.db
    .selectFrom('coverage.team_member')
    .select(['customer_id', 'may', 'words', 'from_date'])
    .where('staff_id', '=', scope.staffId)
    .where('ended_on', 'is', null)
    .orderBy('from_date', 'desc')
    .orderBy('customer_id')
    .limit(CUSTOMERS_MAX)
    .execute();
  const items: z.input<typeof teamCustomers>['items'] = [];
  for (const part of parts) {
    // Row security shows one of them at a time.
    const row = await seeCustomer(tx, scope, part.customer_id);
    if (row === undefined) continue;
    const view = await viewFor(tx, [row.lead_staff, row.joint_staff]);
    items.push({ ...toCustomerRow(view, row), part: may.parse(part.may), words: part.words, from: part.from_date });
  }
  return { items };
}
