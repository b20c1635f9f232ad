import { sql } from 'kysely';
import { wholeNumber } from '../../../kernel/numbers.ts';
import type { Scope, Tx } from '../../../platform/db/transaction.ts';
import { type Secrets, searchKey } from '../../../platform/secrets.ts';
import { type StandingRow, scopeSql } from './customers.ts';

/** A number stands for one person; a bank that has them twice shows both. */
const MOST = 20;

/** Customers of one's scope with exactly this mobile or ID number, through its keyed hash. A text that is no number asks all the same. */
export async function findByNumber(tx: Tx, scope: Scope, secrets: Secrets, text: string): Promise<StandingRow[]> {
  const number = wholeNumber(text) ?? { kind: 'id', forms: [''] };
  const keys = number.forms.map((form) => searchKey(secrets, number.kind, form));
  const field = sql.ref(number.kind === 'mobile' ? 'mobile_key' : 'id_key');
  const { rows } = await sql<StandingRow>`
    with hit as materialized (
      select customer_id, name, no_marketing from coverage.card where ${field} = any(${keys}::bytea[]) and ${scopeSql(scope)} order by customer_id limit ${MOST})
    select s.customer_id, hit.name, s.outlet_id, s.tier, s.band, s.below_since, s.has_loan, s.assets_fen, s.lead_staff, s.joint_staff, hit.no_marketing
      from hit join coverage.standing s using (customer_id) order by s.customer_id`.execute(tx.db);
  return rows;
}
