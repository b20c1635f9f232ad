import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FreshDatabase, freshDatabase, freshPlatform } from '../../../test/support/database.ts';
import { refuseMighty } from './migrate.ts';

let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

it('lets both roles sign in, and neither may bypass row security', async () => {
  for (const url of [database.appUrl, database.workerUrl]) {
    const sql = 'select rolsuper or rolbypassrls or rolcreaterole as mighty from pg_roles where rolname = current_user';
    expect(await query(url, sql)).toEqual([{ mighty: false }]);
  }
});

it('gives each table a place on a cluster', async () => {
  const sql = `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname !~ '^(pg_|information_schema|public)'
      and n.nspname || '.' || c.relname not in (select table_name from platform.table_place)`;
  expect(await query(database.ownerUrl, sql)).toEqual([]);
});

it('sorts names by pinyin where asked, by code point elsewhere', async () => {
  const sql = `select string_agg(n, '' order by n collate "zh-x-icu") as pinyin, string_agg(n, '' order by n) as plain
    from (values ('赵'), ('阿'), ('陈')) v(n)`;
  expect(await query(database.ownerUrl, sql)).toEqual([{ pinyin: '阿陈赵', plain: '赵阿陈' }]);
});

it('brings several databases of one server to this version at the same time', async () => {
  const platforms = await Promise.all(Array.from({ length: 4 }, () => freshPlatform(() => new Date(0))));
  for (const { platform } of platforms) expect((await platform.app.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await Promise.all(platforms.map(({ close }) => close()));
});

it('refuses to start while a role of ours could put row security aside [SECURITY 9]', async () => {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await refuseMighty(client);
    // Roles belong to the whole server: nobody else may see these.
    for (const power of ['bypassrls', 'superuser']) {
      await client.query(`begin; create role test_mighty ${power}; create role test_between; grant test_mighty to test_between`);
      await client.query('grant test_between to guanhu_worker');
      await expect(refuseMighty(client)).rejects.toThrow('role-mighty');
      await client.query('rollback');
    }
    await client.query('begin');
    await client.query(`do $$ begin execute format('grant %I to guanhu_app', current_user); end $$`);
    await expect(refuseMighty(client)).rejects.toThrow('role-mighty');
    await client.query('rollback');
  } finally {
    await client.end();
  }
});
