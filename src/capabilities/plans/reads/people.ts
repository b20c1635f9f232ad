import type { Tx } from '../../../platform/db/transaction.ts';
import type { UnitRow } from '../../coverage/index.ts';

/** Roles that work towards a unit's targets [S3]. */
const ROLES = ['wealth-advisor', 'wealth-manager', 'lobby-manager', 'loan-manager', 'remote-manager'];
const MOST = 1_000;

/** Who works towards the targets of a unit, with the share of a full post; in the order of the units. */
export async function peopleOf(tx: Tx, unit: UnitRow): Promise<readonly { readonly id: string; readonly shareBp: number }[]> {
  const rows = await tx.db
    .selectFrom('organisation.staff as s')
    .innerJoin('organisation.org_unit as u', 'u.id', 's.org_unit_id')
    .select(['s.id', 's.share_bp'])
    .where('u.unit_no', '>=', unit.unit_no)
    .where('u.unit_no', '<=', unit.last_no)
    .where('s.left_on', 'is', null)
    .where('s.role', 'in', ROLES)
    .orderBy('u.unit_no')
    .orderBy('s.id')
    .limit(MOST)
    .execute();
  return rows.map((row) => ({ id: row.id, shareBp: row.share_bp }));
}
