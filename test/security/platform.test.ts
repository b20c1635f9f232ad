import { chmodSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPatched } from '../../src/platform/db/migrate.ts';
import { loadSecrets, seal, searchKey, unseal } from '../../src/platform/secrets.ts';
import { type FreshPlatform, freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';

let fresh: FreshPlatform;
let owner: pg.Pool;

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T04:00:00Z'));
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
});
afterAll(async () => {
  await owner.end();
  await fresh.close();
});

const rows = async (sql: string) => (await owner.query<Record<string, unknown>>(sql)).rows;
const ROLES = "('guanhu_app', 'guanhu_worker')";
const OURS = "n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

describe('tables with customers [SECURITY 8]', () => {
  it('show rows to the application only through row security that also binds the owner', async () => {
    const readable =
      await rows(`select c.oid::regclass::text as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'customer_id' and not a.attisdropped
     where c.relkind in ('r', 'p') and has_table_privilege('guanhu_app', c.oid, 'select')`);
    expect(readable.length).toBeGreaterThan(5);
    expect(readable.filter(({ enabled, forced }) => !enabled || !forced)).toEqual([]);
  });

  it('have no policy for the application but by scope or for one customer', async () => {
    const policies = await rows(`select schemaname || '.' || tablename as name, qual from pg_policies
      where 'guanhu_app' = any(roles) or 'public' = any(roles)`);
    expect(policies.length).toBeGreaterThan(5);
    expect(policies.filter(({ qual }) => !/current_setting\('app\.(lo|staff|customer)'/.test(String(qual)))).toEqual([]);
  });

  it('are in no materialized view, and views look with the eyes of who asks', async () => {
    const views = await rows(`select c.oid::regclass::text as name, c.relkind as kind, c.reloptions::text as options
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('v', 'm') and ${OURS}`);
    expect(views.filter(({ kind, options }) => kind === 'm' || !/security_invoker=(true|on)/.test(String(options)))).toEqual([]);
  });
});

describe('the roles [SECURITY 9, 52]', () => {
  it('own nothing, belong to nobody and have no power over the server', async () => {
    const powers =
      await rows(`select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as mighty
      from pg_roles where rolname in ${ROLES} order by 1`);
    expect(powers).toEqual([
      { rolname: 'guanhu_app', mighty: false },
      { rolname: 'guanhu_worker', mighty: false },
    ]);
    expect(await rows(`select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname in ${ROLES}`)).toEqual(
      [],
    );
    expect(
      await rows(`select c.relname from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname in ${ROLES}`),
    ).toEqual([]);
  });

  it('make and empty no table: the application none at all, jobs only their scratch', async () => {
    const made = await rows(`select r.rolname, n.nspname from pg_roles r cross join pg_namespace n
      where r.rolname in ${ROLES} and ${OURS} and has_schema_privilege(r.oid, n.oid, 'create')`);
    expect(made).toEqual([]);
    const emptied =
      await rows(`select r.rolname as role, c.oid::regclass::text as name, c.relpersistence as kind from pg_roles r cross join pg_class c
      join pg_namespace n on n.oid = c.relnamespace
      where r.rolname in ${ROLES} and ${OURS} and c.relkind in ('r', 'p') and has_table_privilege(r.oid, c.oid, 'truncate')`);
    expect(emptied.filter(({ role, kind }) => role === 'guanhu_app' || kind !== 'u')).toEqual([]);
  });

  it('may add to the audit and neither change nor remove [SECURITY 31]', async () => {
    const privileges = await rows(`select r.rolname as role, p.name as privilege from pg_roles r
      cross join (values ('insert'), ('update'), ('delete'), ('truncate')) p (name)
      where r.rolname in ${ROLES} and (has_table_privilege(r.oid, 'audit.entry', p.name)
        or p.name in ('insert', 'update') and has_any_column_privilege(r.oid, 'audit.entry', p.name)) order by 1`);
    expect(privileges).toEqual([
      { role: 'guanhu_app', privilege: 'insert' },
      { role: 'guanhu_worker', privilege: 'insert' },
    ]);
  });
});

it('only servers whose row security is mended are taken [SECURITY 53]', () => {
  for (const version of [150_014, 150_020, 160_010, 170_006, 180_000])
    expect([version, isPatched(version)]).toEqual([version, true]);
  for (const version of [0, 90_624, 140_022, 150_013, 160_009, 170_005])
    expect([version, isPatched(version)]).toEqual([version, false]);
});

describe('secrets [SECURITY 23, 24, 51]', () => {
  it('are made at the first start, for their owner alone, and refused when others can read them', () => {
    const root = temporaryFolder('secrets');
    const home = join(root, 'home');
    const secrets = loadSecrets(home);
    expect(loadSecrets(home)).toEqual(secrets);
    expect(new Set(Object.values(secrets)).size).toBe(Object.values(secrets).length);
    const file = join(home, 'secrets.json');
    expect([statSync(home).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    for (const mode of [0o640, 0o604, 0o666]) {
      chmodSync(file, mode);
      expect(() => loadSecrets(home)).toThrow(/secrets-exposed/);
    }
    rmSync(root, { recursive: true });
  });

  it('seal a field so that the same text never looks the same and no changed byte is opened', () => {
    const secrets = loadSecrets(fresh.platform.home);
    const sealed = seal(secrets, '10099887766');
    expect(seal(secrets, '10099887766').equals(sealed)).toBe(false);
    expect(unseal(secrets, sealed)).toBe('10099887766');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => unseal(secrets, changed)).toThrow();
    }
  });

  it('find a number however it is written, and keep kinds and homes apart', () => {
    const secrets = loadSecrets(fresh.platform.home);
    const key = searchKey(secrets, 'mobile', '10099887766').toString('hex');
    for (const text of ['+86 100 9988 7766', '８６10099887766', '100-9988-7766'])
      expect(searchKey(secrets, 'mobile', text).toString('hex')).toBe(key);
    expect(searchKey(secrets, 'id', '10099887766').toString('hex')).not.toBe(key);
    expect(searchKey({ ...secrets, searchKey: 'a'.repeat(64) }, 'mobile', '10099887766').toString('hex')).not.toBe(key);
  });
});
