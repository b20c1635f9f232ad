import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCKS } from '../src/platform/db/locks.ts';
import { projectFile } from '../src/platform/files.ts';
import { type FreshDatabase, freshDatabase } from './support/database.ts';

/** The rules that keep one SQL from the embedded server to a cluster, as questions to the catalogue: each must have no answer. */
const RULES: Readonly<Record<string, string>> = {
  'a table declares no place': `select name from t where place is null`,
  'a customer table has no plain customer_id': `select t.name from t left join pg_attribute a on a.attrelid = t.oid and a.attname = 'customer_id' and not a.attisdropped
     where t.place = 'customer' and (a.attname is null or a.atttypid <> 'text'::regtype or not a.attnotnull or a.attgenerated <> '' or a.attcollation <> 'default'::regcollation)`,
  'a unique index leaves out customer_id': `select i.indexrelid::regclass::text as name from t join pg_index i on i.indrelid = t.oid join pg_attribute a on a.attrelid = t.oid and a.attname = 'customer_id'
     where t.place = 'customer' and i.indisunique and not (a.attnum = any((i.indkey::int2[])[0:i.indnkeyatts - 1]))`,
  'a foreign key crosses places': `select k.conname as name from pg_constraint k join t f on f.oid = k.conrelid join t g on g.oid = k.confrelid
     where k.contype = 'f' and (f.place, g.place) not in (('customer','customer'),('customer','reference'),('reference','reference'),('local','local'),('local','reference'))`,
  'a customer key changes its children': `select k.conname as name from pg_constraint k join t f on f.oid = k.conrelid
     where k.contype = 'f' and f.place = 'customer' and (k.confdeltype in ('n','d') or k.confupdtype in ('n','d','c'))`,
  'a trigger stands on a customer or reference table': `select g.tgname as name from t join pg_trigger g on g.tgrelid = t.oid where t.place <> 'local' and not g.tgisinternal`,
  'a customer table has a sequence or identity': `select t.name from t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where t.place = 'customer' and (a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%')`,
  'a default reads clock, chance or session': `select t.name from t join pg_attrdef d on d.adrelid = t.oid join pg_attribute a on a.attrelid = t.oid and a.attnum = d.adnum
     where t.place <> 'local' and a.attgenerated = '' and pg_get_expr(d.adbin, d.adrelid) ~* '(now|_timestamp|random|uuid|current_|setting)'`,
  'a policy holds a subquery': `select p.polname as name from t join pg_policy p on p.polrelid = t.oid where p.polqual::text like '%SUBLINK%' or p.polwithcheck::text like '%SUBLINK%'`,
};

/** Row security where a table holds customers: SECURITY 8. Staging is the exception, because COPY FROM is refused under it. */
const SECURITY: Readonly<Record<string, string>> = {
  'a customer table lies open': `select t.name from t join pg_class c on c.oid = t.oid where t.place = 'customer' and not (c.relrowsecurity and c.relforcerowsecurity)
     and (c.relpersistence <> 'u' or has_table_privilege('guanhu_app', c.oid, 'select, insert, update, delete'))`,
  'the application reaches a partition past the policies of its table': `select c.oid::regclass::text as name from pg_class c
     where c.relispartition and c.relkind in ('r', 'p', 'f') and (has_any_column_privilege('guanhu_app', c.oid, 'select, insert, update, references')
       or has_table_privilege('guanhu_app', c.oid, 'delete, truncate, trigger'))`,
  'a policy for the application has another form': `select t.name || ' ' || p.polname as name from t join pg_policy p on p.polrelid = t.oid
     where 'guanhu_app'::regrole::oid = any(p.polroles) and p.polname not in ('scope', 'one_customer')
       and t.name || ' ' || p.polname not in ('coverage.card claimable', 'coverage.standing claimable')`,
  'a view runs with its owner’s rights': `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'v' and n.nspname in (select split_part(table_name, '.', 1) from platform.table_place) and not coalesce(c.reloptions::text like '%security_invoker=true%', false)`,
  'a materialized view holds a copy': `select c.oid::regclass::text as name from pg_class c where c.relkind = 'm'`,
  'a role of the product has too much': `select rolname as name from pg_roles where rolname in ('guanhu_app', 'guanhu_worker') and (rolsuper or rolbypassrls or rolcreatedb or rolcreaterole)`,
  'the application can write assignments or truncate': `select t.name from t where has_table_privilege('guanhu_app', t.oid, 'truncate')
     or (has_table_privilege('guanhu_worker', t.oid, 'truncate') and (select relpersistence from pg_class where oid = t.oid) <> 'u')
     or (t.name in ('coverage.assignment', 'coverage.portfolio') and (has_table_privilege('guanhu_app', t.oid, 'insert, update, delete') or has_table_privilege('guanhu_worker', t.oid, 'insert, update, delete')))`,
};

const TABLES = `with t as (
  select c.oid, n.nspname || '.' || c.relname as name, p.place from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join platform.table_place p on p.table_name = n.nspname || '.' || c.relname
   where c.relkind in ('r', 'p') and not c.relispartition and n.nspname in (select split_part(table_name, '.', 1) from platform.table_place)) `;

describe('the catalogue', () => {
  let database: FreshDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await freshDatabase();
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('is being looked at', async () => {
    const { rows } = await client.query<{ place: string; tables: number }>(
      `${TABLES} select place, count(*)::int as tables from t group by place order by place`,
    );
    expect(rows.map((row) => row.place)).toEqual(['customer', 'local', 'reference']);
    for (const row of rows) expect(row.tables).toBeGreaterThan(3);
  });

  it('has partitions, and shows it when the application is given one', async () => {
    const rule = SECURITY['the application reaches a partition past the policies of its table'] ?? '';
    await client.query('begin');
    await client.query('grant select (customer_id) on closing.balance_rows to guanhu_app');
    const { rows } = await client.query(rule);
    await client.query('rollback');
    expect(rows).toEqual([{ name: 'closing.balance_rows' }]);
  });

  it.each(Object.entries({ ...RULES, ...SECURITY }))('never shows that %s', async (_rule, sql) => {
    const { rows } = await client.query<{ name: string }>(TABLES + sql);
    expect(rows.map((row) => row.name)).toEqual([]);
  });
});

describe('advisory locks', () => {
  it('have a number each', () => {
    expect(new Set(Object.values(LOCKS)).size).toBe(Object.keys(LOCKS).length);
  });

  it('take their numbers from the one list', () => {
    const sources = readdirSync(projectFile('src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const texts = sources.map((file) => ({ file, text: readFileSync(join(projectFile('src'), file), 'utf8') }));
    const locking = texts.filter(({ text }) => /pg_(try_)?advisory/.test(text));
    expect(locking.length).toBeGreaterThan(5);
    const own = locking.filter(
      ({ text }) => /pg_(try_)?advisory\w*\((?!\$1\))/.test(text) || !/\bLOCKS\./.test(text) || /\b727_?\d{3}\b/.test(text),
    );
    expect(own.map(({ file }) => file)).toEqual([]);
  });
});
