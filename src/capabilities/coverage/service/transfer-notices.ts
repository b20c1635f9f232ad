import { todayOf } from '../../../kernel/business-date.ts';
import { type Permission, ROLE_RIGHTS } from '../../../platform/auth/roles.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import type { NoticeKind } from '../../../platform/notice/kinds.ts';

/** Heads who may decide on transfers of a unit's customers; the branch's administration looks at its list without being told of each. */
export async function headsOver(tx: Tx, now: Date, lo: number, hi = lo): Promise<string[]> {
  const { rows } = await tx.client.query<{ id: string }>(
    `select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.role = any($1) and u.level in ('outlet', 'sub-branch') and u.unit_no <= $2 and u.last_no >= $3
        and (s.left_on is null or s.left_on > $4::date) order by 1`,
    [rolesWith('transfers.decide'), lo, hi, todayOf(now)],
  );
  return rows.map((row) => row.id);
}

/** Those of the head office whose role has a right. */
export async function headOfficeWith(tx: Tx, now: Date, permission: Permission): Promise<string[]> {
  const { rows } = await tx.client.query<{ id: string }>(
    `select s.id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.role = any($1) and u.level = 'head-office' and (s.left_on is null or s.left_on > $2::date) order by 1`,
    [rolesWith(permission), todayOf(now)],
  );
  return rows.map((row) => row.id);
}

function rolesWith(permission: Permission): string[] {
  return Object.entries(ROLE_RIGHTS).flatMap(([role, { permissions }]) => (permissions.includes(permission) ? [role] : []));
}

interface Told {
  readonly transfer_id: string;
  readonly from_staff: string | null;
  readonly to_staff: string | null;
  readonly requested_by: string;
}

/** What became of a transfer, for everybody whom it touches but who did it: who asked, and both sides. */
export function tellSides(
  tx: Tx,
  now: Date,
  transfer: Told,
  state: 'scheduled' | 'approved' | 'rejected' | 'withdrawn' | 'failed',
  by?: string,
  others: readonly string[] = [],
) {
  const { transfer_id: subject, from_staff: from, to_staff: to, requested_by: asked } = transfer;
  // What comes to nothing before it was agreed to is nothing to the taker.
  const taker = state === 'rejected' || state === 'withdrawn' ? null : to;
  const kind: NoticeKind = `transfer-${state}`;
  return notify(
    tx,
    now,
    [asked, from, taker, ...others].filter((id) => id !== by),
    { kind, subject },
  );
}
