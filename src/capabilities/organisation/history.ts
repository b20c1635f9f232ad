import type { BusinessDate } from '../../kernel/business-date.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { heirsOf, type MergingUnit } from './rules/merge.ts';

interface Kept {
  readonly table: string;
  readonly history: string;
  readonly key: string;
  readonly columns: readonly string[];
  /** SQL of the first day of what was there first. */
  readonly since: string;
}

const UNITS: Kept = {
  ...{ table: 'org_unit', history: 'unit_history', key: 'id', since: "date '1900-01-01'" },
  columns: ['name', 'level', 'parent_id', 'closed_on', 'merged_into'],
};
const POSTS: Kept = {
  ...{ table: 'staff', history: 'post_history', key: 'staff_id', since: "coalesce(s.hired_on, date '1900-01-01')" },
  columns: ['name', 'org_unit_id', 'role', 'left_on'],
};

/** Keeps what was until a day and what is from it on; a second change on one day replaces the first. */
async function keep(tx: Tx, { table, history, key, columns, since }: Kept, day: BusinessDate): Promise<void> {
  const of = (name: string) => columns.map((column) => `${name}.${column}`).join(', ');
  const other = `h.to_date is null and not exists (select from organisation.${table} s where s.id = h.${key} and (${of('s')}) is not distinct from (${of('h')}))`;
  await tx.client.query(`delete from organisation.${history} h where h.from_date >= $1 and ${other}`, [day]);
  await tx.client.query(`update organisation.${history} h set to_date = $1 where ${other}`, [day]);
  await tx.client.query(
    `insert into organisation.${history} (${key}, from_date, ${columns.join(', ')})
     select s.id, case when exists (select from organisation.${history} h where h.${key} = s.id) then $1::date else least($1::date, ${since}) end, ${of('s')}
       from organisation.${table} s where not exists (select from organisation.${history} h where h.${key} = s.id and h.to_date is null)`,
    [day],
  );
}

export const keepUnits = (tx: Tx, day: BusinessDate): Promise<void> => keep(tx, UNITS, day);
export const keepPosts = (tx: Tx, day: BusinessDate): Promise<void> => keep(tx, POSTS, day);

/** Lets units that have been merged by a day be stood in for, and gives the ids of those whose heir is another now. */
export async function settleHeirs(tx: Tx, day: BusinessDate): Promise<string[]> {
  const { rows } = await tx.client.query<MergingUnit & { heirId: string | null }>(
    'select id, level, closed_on as "closedOn", merged_into as "mergedInto", heir_id as "heirId" from organisation.org_unit order by id',
  );
  const heirs = heirsOf(rows, day);
  const changed = rows.filter(({ id, heirId }) => (heirs.get(id) ?? null) !== heirId).map(({ id }) => id);
  for (const id of changed)
    await tx.client.query('update organisation.org_unit set heir_id = $2 where id = $1', [id, heirs.get(id) ?? null]);
  return changed;
}
