import { endAccess } from '../../platform/auth/session.ts';
import { type CopyCell, copyRows } from '../../platform/db/copy.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { numberTree, type TreeUnit } from './rules/tree.ts';

type Batches = AsyncIterable<readonly (readonly CopyCell[])[]>;

/** Columns of the staging tables after import_id, in the order in which rows must come. */
export const UNIT_COLUMNS = [
  'line',
  'id',
  'name',
  'level',
  'parent_id',
  'district',
  'longitude',
  'latitude',
  'closed_on',
  'merged_into',
] as const;
export const STAFF_COLUMNS = [
  'line',
  'id',
  'name',
  'pinyin',
  'initials',
  'org_unit_id',
  'role',
  'grade',
  'share_bp',
  'hired_on',
  'left_on',
] as const;

/** Writes units and removes those that are gone; afterwards the tree is numbered. Returns whose number changed. */
export async function saveUnits(tx: Tx, importId: string, rows: Batches, gone: readonly string[]): Promise<Renumbered> {
  const before = await numbersOf(tx);
  await copyRows(tx, 'organisation.stage_org_unit', ['import_id', ...UNIT_COLUMNS], rows);
  await tx.client.query(
    `insert into organisation.org_unit (id, name, level, parent_id, district, longitude, latitude, closed_on, merged_into, unit_no, last_no)
     select id, name, level, parent_id, district, longitude, latitude, closed_on, merged_into, 0, 0 from organisation.stage_org_unit where import_id = $1
     on conflict (id) do update set name = excluded.name, level = excluded.level, parent_id = excluded.parent_id,
       district = excluded.district, longitude = excluded.longitude, latitude = excluded.latitude,
       closed_on = excluded.closed_on, merged_into = excluded.merged_into`,
    [importId],
  );
  await tx.client.query('delete from organisation.stage_org_unit where import_id = $1', [importId]);
  await tx.client.query('delete from organisation.org_unit where id = any($1)', [gone]);
  await renumber(tx);
  return movedBetween(before, await numbersOf(tx));
}

/** Numbers of units that changed. Whatever stood at a unit that is gone goes to the root. */
export type Renumbered = readonly { readonly from: number; readonly to: number }[];

async function numbersOf(tx: Tx): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.db.selectFrom('organisation.org_unit').select(['id', 'unit_no']).execute();
  return new Map(rows.map((row) => [row.id, row.unit_no]));
}

function movedBetween(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Renumbered {
  const root = Math.min(...after.values());
  return [...before]
    .map(([id, from]) => ({ from, to: after.get(id) ?? root }))
    .filter(({ from, to }) => from !== to && Number.isFinite(to));
}

async function renumber(tx: Tx): Promise<void> {
  const { rows } = await tx.client.query<TreeUnit>('select id, level, parent_id as "parentId" from organisation.org_unit');
  const numbered = numberTree(rows);
  await tx.client.query(
    `update organisation.org_unit u set unit_no = n.unit_no, last_no = n.last_no, branch_id = n.branch_id, sub_branch_id = n.sub_branch_id
       from unnest($1::text[], $2::int[], $3::int[], $4::text[], $5::text[]) as n (id, unit_no, last_no, branch_id, sub_branch_id)
      where u.id = n.id and (u.unit_no, u.last_no, u.branch_id, u.sub_branch_id)
        is distinct from (n.unit_no, n.last_no, n.branch_id, n.sub_branch_id)`,
    [
      numbered.map((n) => n.id),
      numbered.map((n) => n.unitNo),
      numbered.map((n) => n.lastNo),
      numbered.map((n) => n.branchId),
      numbered.map((n) => n.subBranchId),
    ],
  );
}

/** Writes staff and removes those that are gone. Whoever leaves or changes unit or role is signed out in the same transaction. */
export async function saveStaff(tx: Tx, importId: string, rows: Batches, gone: readonly string[]): Promise<void> {
  await copyRows(tx, 'organisation.stage_staff', ['import_id', ...STAFF_COLUMNS], rows);
  const changed = await tx.client.query<{ id: string }>(
    `select s.id from organisation.staff s join organisation.stage_staff n on n.id = s.id and n.import_id = $1
      where (s.org_unit_id, s.role, s.left_on) is distinct from (n.org_unit_id, n.role, n.left_on)`,
    [importId],
  );
  await endAccess(tx, [...changed.rows.map((row) => row.id), ...gone]);
  await tx.client.query(
    `insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, grade, share_bp, hired_on, left_on)
     select id, name, pinyin, initials, org_unit_id, role, grade, coalesce(share_bp, 10000), hired_on, left_on
       from organisation.stage_staff where import_id = $1
     on conflict (id) do update set name = excluded.name, pinyin = excluded.pinyin, initials = excluded.initials,
       org_unit_id = excluded.org_unit_id, role = excluded.role, grade = excluded.grade, share_bp = excluded.share_bp,
       hired_on = excluded.hired_on, left_on = excluded.left_on`,
    [importId],
  );
  await tx.client.query('delete from organisation.stage_staff where import_id = $1', [importId]);
  await tx.client.query('delete from organisation.staff where id = any($1)', [gone]);
}
