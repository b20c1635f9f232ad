import type pg from 'pg';
import type { PostOn, UnitOn } from './contract.ts';
import { numberTree } from './rules/tree.ts';

interface UnitRow {
  readonly id: string;
  readonly name: string;
  readonly level: UnitOn['level'];
  readonly parentId: string | null;
  readonly closedOn: string | null;
  readonly mergedInto: string | null;
}

/** The units of a subtree as the tree was on a day, in pre-order. A unit that was not there yet has no subtree. */
export async function unitsOn(pool: pg.Pool, day: string, rootId: string | undefined): Promise<UnitOn[]> {
  const { rows } = await pool.query<UnitRow>(
    `select id, name, level, parent_id as "parentId", closed_on as "closedOn", merged_into as "mergedInto"
       from organisation.unit_history where from_date <= $1 and (to_date is null or to_date > $1)`,
    [day],
  );
  const numbers = new Map(numberTree(rows).map((unit) => [unit.id, unit]));
  const root = rootId === undefined ? undefined : numbers.get(rootId);
  if (rootId !== undefined && root === undefined) return [];
  return rows
    .map((row) => ({ row, no: numbers.get(row.id)?.unitNo ?? 0 }))
    .filter(({ no }) => root === undefined || (no >= root.unitNo && no <= root.lastNo))
    .sort((a, b) => a.no - b.no)
    .map(({ row }) => ({ ...row, open: row.closedOn === null || row.closedOn > day }));
}

/** Who held which post in some units on a day, by id. */
export async function postsOn(pool: pg.Pool, day: string, unitIds: readonly string[]): Promise<PostOn[]> {
  const { rows } = await pool.query<PostOn>(
    `select staff_id as id, name, org_unit_id as "unitId", role from organisation.post_history
      where from_date <= $1 and (to_date is null or to_date > $1) and (left_on is null or left_on > $1) and org_unit_id = any($2)
      order by staff_id`,
    [day, unitIds],
  );
  return rows;
}
