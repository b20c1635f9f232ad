import type { Scope, Tx } from '../../../platform/db/transaction.ts';

export interface UnitRow {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly parent_id: string | null;
  readonly unit_no: number;
  readonly last_no: number;
  readonly branch_id: string | null;
  /** Who stands in for a unit that has been merged. */
  readonly heir_id: string | null;
}

/** Every unit by id: a few hundred rows, in tree order. */
export async function allUnits(tx: Tx): Promise<ReadonlyMap<string, UnitRow>> {
  const rows = await tx.db
    .selectFrom('organisation.org_unit')
    .select(['id', 'name', 'level', 'parent_id', 'unit_no', 'last_no', 'branch_id', 'heir_id'])
    .orderBy('unit_no')
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** A unit inside one's range; undefined when it isn't there or isn't one's own. */
export function unitInScope(units: ReadonlyMap<string, UnitRow>, scope: Scope, id: string): UnitRow | undefined {
  const unit = units.get(id);
  if (unit === undefined || scope.lo === undefined || scope.hi === undefined) return undefined;
  return unit.unit_no >= scope.lo && unit.last_no <= scope.hi ? unit : undefined;
}

export function unitRefOf(
  units: ReadonlyMap<string, UnitRow>,
  id: string | null,
): { id: string; name: string; level: string } | null {
  const unit = id === null ? undefined : units.get(id);
  return unit === undefined ? null : { id: unit.id, name: unit.name, level: unit.level };
}

export interface StaffRef {
  readonly staffId: string;
  readonly name: string;
  readonly role: string;
  readonly unitName: string;
}

export type StaffRefs = ReadonlyMap<string, StaffRef>;

/** The people behind ids, for lists: 姓名 · 岗位 · 网点. */
export async function staffRefs(tx: Tx, ids: Iterable<string | null>): Promise<StaffRefs> {
  const wanted = [...new Set([...ids].filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await tx.db
    .selectFrom('organisation.staff as s')
    .innerJoin('organisation.org_unit as u', 'u.id', 's.org_unit_id')
    .select(['s.id', 's.name', 's.role', 'u.name as unit_name'])
    .where('s.id', 'in', wanted)
    .execute();
  return new Map(rows.map((row) => [row.id, { staffId: row.id, name: row.name, role: row.role, unitName: row.unit_name }]));
}

/** The person behind an id that may be gone from the staff. */
export function staffRefOf(staff: ReadonlyMap<string, StaffRef>, id: string | null): StaffRef | null {
  if (id === null) return null;
  return staff.get(id) ?? { staffId: id, name: id, role: '', unitName: '' };
}
