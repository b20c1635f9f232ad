import type pg from 'pg';
import { type ColumnClass, parseClass } from '../rules/classes.ts';

export interface Column {
  /** With its schema: `coverage.card`. */
  readonly table: string;
  readonly column: string;
  readonly class: ColumnClass | undefined;
}

/** Every column of every table with what its comment says; a partition has its parent's. */
export async function readColumns(client: pg.ClientBase): Promise<Column[]> {
  const { rows } = await client.query<{ table: string; column: string; comment: string | null }>(
    `select n.nspname || '.' || c.relname as "table", a.attname as "column", col_description(c.oid, a.attnum) as comment
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and a.attnum > 0 and not a.attisdropped
        and n.nspname in ('appointments', 'audit', 'closing', 'coverage', 'customers', 'disclosure', 'engagement', 'feed', 'groups', 'insight', 'ledgers', 'meetings', 'organisation', 'outreach', 'personal', 'plans', 'platform', 'products', 'public', 'verify')
      order by n.nspname collate "C", c.relname collate "C", a.attnum`,
  );
  return rows.map(({ table, column, comment }) => ({ table, column, class: parseClass(comment) }));
}
