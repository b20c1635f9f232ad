import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { refuseChanged } from './chunks.ts';
import type { StartPart, TablePart } from './parts.ts';

/** Ordinary tables with rows to keep; unlogged ones are scratch that a crash empties too. A partition comes with its parent. */
const TABLES = `select n.nspname as schema, c.relname as name,
    array(select a.attname::text from pg_attribute a
           where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence = 'p'
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
 order by 1, 2`;
const SEQUENCES = `select quote_ident(schemaname) || '.' || quote_ident(sequencename) as name, last_value::text as value
  from pg_sequences where last_value is not null order by 1`;
const PARTITIONS = `select c.oid::regclass::text as name, i.inhparent::regclass::text as parent, pg_get_expr(c.relpartbound, c.oid) as bound
  from pg_class c join pg_inherits i on i.inhrelid = c.oid where c.relispartition and c.relkind in ('r', 'p') order by c.oid`;
/** Only such text may become part of a statement. */
const NAME = /^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/;
const BOUND = /^(DEFAULT|FOR VALUES (FROM \([^();]*\) TO \([^();]*\)|IN \([^();]*\)|WITH \([^();]*\)))$/;
const TO_TEXT = 'with (format text)';

/** Settings of a session under which the same rows always make the same bytes: how values are written, and in which order rows come. */
export const SAME_TEXT = [
  'timezone=UTC',
  'datestyle=ISO',
  'intervalstyle=postgres',
  'bytea_output=hex',
  'extra_float_digits=1',
  'synchronize_seqscans=off',
  'max_parallel_workers_per_gather=0',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export async function tablesOf(client: pg.Client): Promise<TablePart[]> {
  const { rows } = await client.query<{ schema: string; name: string; columns: string[] }>(TABLES);
  return rows.map(({ schema, name, columns }) => ({ kind: 'table', schema, name, columns }));
}

export async function sequencesOf(client: pg.Client): Promise<StartPart['sequences']> {
  return (await client.query<{ name: string; value: string }>(SEQUENCES)).rows;
}

/** Partitions with what they hold: some are made as time goes on, not by a migration. */
export async function partitionsOf(client: pg.Client): Promise<StartPart['partitions']> {
  return (await client.query<StartPart['partitions'][number]>(PARTITIONS)).rows;
}

/** Makes the partitions that the migrations have not made. */
export async function addPartitions(client: pg.Client, wanted: StartPart['partitions']): Promise<void> {
  const there = new Set((await partitionsOf(client)).map(({ name }) => name));
  for (const { name, parent, bound } of wanted) {
    if (there.has(name)) continue;
    if (![name, parent].every((text) => NAME.test(text)) || !BOUND.test(bound)) refuseChanged();
    await client.query(`create table ${name} partition of ${parent} ${bound}`);
  }
}

/** The rows of a table in PostgreSQL's own text form, in the order in which they lie. */
export function rowsOf(client: pg.Client, table: TablePart): AsyncIterable<Buffer> {
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
  return client.query(copyTo(`copy (select ${columns} from ${nameOf(client, table)}) to stdout ${TO_TEXT}`));
}

/** Fills the tables of a fresh schema, in the caller's transaction; rows that migrations have put there go first. */
export async function emptyTables(client: pg.Client): Promise<void> {
  // Keys and append-only guards rest for this session: the rows come from one snapshot in which they held.
  await client.query("set local session_replication_role = 'replica'");
  const names = (await tablesOf(client)).map((table) => nameOf(client, table));
  await client.query(`truncate ${names.join(', ')}`);
}

export async function fillTable(client: pg.Client, table: TablePart, rows: AsyncIterable<Buffer>): Promise<number> {
  const known = (await tablesOf(client)).find(({ schema, name }) => schema === table.schema && name === table.name);
  if (known === undefined || table.columns.some((column) => !known.columns.includes(column))) refuseChanged();
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
  const target = client.query(copyFrom(`copy ${nameOf(client, table)} (${columns}) from stdin ${TO_TEXT}`));
  await pipeline(Readable.from(rows), target);
  return target.rowCount;
}

export async function setSequences(client: pg.Client, sequences: StartPart['sequences']): Promise<void> {
  for (const { name, value } of sequences) await client.query('select setval($1::regclass, $2)', [name, value]);
}

function nameOf(client: pg.Client, { schema, name }: TablePart): string {
  return `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
}
