import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { refuse } from '../../kernel/refusal.ts';
import { projectFile } from '../files.ts';

const placeRow = z.object({ table_name: z.string(), place: z.enum(['customer', 'reference', 'local']) });
const keyRow = z.object({ child: z.string(), parent: z.string(), name: z.string(), definition: z.string() });
const ROOT_TABLE = 'customers.customer';

export interface Distribution {
  readonly distributed: readonly string[];
  readonly reference: readonly string[];
  readonly already: readonly string[];
}

/**
 * Turns the schema into distributed tables when the database is a Citus coordinator, by what each table declares in
 * platform.table_place. One transaction; running it again after an upgrade distributes what is new.
 */
export async function distribute(ownerUrl: string): Promise<Distribution> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'guanhu distribute' });
  await client.connect();
  try {
    await checkCitus(client);
    await client.query('begin');
    await client.query("set local citus.multi_shard_modify_mode = 'sequential'");
    const result = await distributeTables(client);
    await replaceFunctions(client);
    await client.query('commit');
    // Row security reads app.* on the workers too.
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    await client.query(
      `alter database ${client.escapeIdentifier(rows[0]?.name ?? '')} set citus.propagate_set_commands = 'local'`,
    );
    return result;
  } finally {
    await client.end();
  }
}

/** Functions that do on one server in one statement what a cluster does in several. An upgrade may have made them anew. */
async function replaceFunctions(client: pg.Client): Promise<void> {
  const folder = projectFile('migrations/cluster');
  for (const file of (await readdir(folder)).sort()) await client.query(await readFile(join(folder, file), 'utf8'));
}

async function checkCitus(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query("select 1 from pg_extension where extname = 'citus'");
  if (rowCount === 1) return;
  refuse(
    'not-a-cluster',
    '这个数据库不是 Citus 协调节点：请先在库中执行 create extension citus，或不做分布（单机不需要）。',
    'This database is no Citus coordinator: create extension citus in it first, or leave it undistributed (one machine needs no more).',
  );
}

async function distributeTables(client: pg.Client): Promise<Distribution> {
  const places = z
    .array(placeRow)
    .parse((await client.query('select table_name, place from platform.table_place order by table_name')).rows);
  const { rows } = await client.query<{ name: string }>(
    "select n.nspname || '.' || c.relname as name from pg_dist_partition d join pg_class c on c.oid = d.logicalrelid join pg_namespace n on n.oid = c.relnamespace",
  );
  const done = new Set(rows.map((row) => row.name));
  const fresh = places.filter((table) => table.place !== 'local' && !done.has(table.table_name));
  if (fresh.length === 0) return { distributed: [], reference: [], already: [...done] };
  const keys = await dropForeignKeys(
    client,
    places.map((table) => table.table_name),
  );
  const reference = fresh.filter((table) => table.place === 'reference').map((table) => table.table_name);
  for (const table of reference) await client.query('select create_reference_table($1)', [table]);
  const customer = fresh.filter((table) => table.place === 'customer').map((table) => table.table_name);
  const ordered = [...customer.filter((name) => name === ROOT_TABLE), ...customer.filter((name) => name !== ROOT_TABLE)];
  for (const table of ordered) {
    const colocate = table === ROOT_TABLE ? 'default' : ROOT_TABLE;
    await client.query("select create_distributed_table($1, 'customer_id', colocate_with => $2)", [table, colocate]);
  }
  const placeOf = new Map(places.map((table) => [table.table_name, table.place]));
  // A key from a local to a reference table would draw the local one into the cluster: it could then not be written after
  // customers in the same transaction, which is how every run ends. The server that allocates checks it instead.
  const kept = keys.filter((key) => placeOf.get(key.child) !== 'local' || placeOf.get(key.parent) === 'local');
  for (const key of kept)
    await client.query(`alter table ${key.child} add constraint ${client.escapeIdentifier(key.name)} ${key.definition}`);
  return { distributed: ordered, reference, already: [...done] };
}

/** Foreign keys stand in the way while tables move; their definitions are told, to be added back. */
async function dropForeignKeys(client: pg.Client, tables: readonly string[]): Promise<z.output<typeof keyRow>[]> {
  const { rows } = await client.query(
    `select k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent, k.conname as name, pg_get_constraintdef(k.oid) as definition
       from pg_constraint k where k.contype = 'f' and k.conparentid = 0 and k.conrelid = any($1::regclass[])`,
    [tables],
  );
  const keys = z.array(keyRow).parse(rows);
  for (const key of keys) await client.query(`alter table ${key.child} drop constraint ${client.escapeIdentifier(key.name)}`);
  return keys;
}
