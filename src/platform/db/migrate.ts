import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { refuse } from '../../kernel/refusal.ts';
import { projectFile } from '../files.ts';
import { LOCKS } from './locks.ts';

/** Passwords of the two roles that the product signs in with; the owner's own URL is only for migrations. */
export interface RoleSecrets {
  readonly appPassword: string;
  readonly workerPassword: string;
}

/** Row security leaked through statistics and plan reuse before these releases (CVE-2025-8713, CVE-2024-10976). */
const OLDEST_PATCHED = [150_014, 160_010, 170_006];

/**
 * Brings the database to this version: roles, then each numbered file once, in its own transaction. Refuses a newer or too old database.
 * With `only` it stops at an earlier version, the one of a backup.
 */
export async function migrate(ownerUrl: string, secrets: RoleSecrets, only?: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'guanhu migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [LOCKS.migrate]);
    await checkServer(client);
    await ensureRole(client, 'guanhu_app', secrets.appPassword);
    await ensureRole(client, 'guanhu_worker', secrets.workerPassword);
    await refuseMighty(client);
    await applyFiles(client, only);
  } finally {
    await client.end();
  }
}

/** The URL of one of the two roles on the owner's server. */
export function roleUrl(ownerUrl: string, role: 'guanhu_app' | 'guanhu_worker', password: string): string {
  const url = new URL(ownerUrl);
  url.username = role;
  url.password = password;
  return url.toString();
}

/** Whether a server of this `server_version_num` has the fixes that row security needs. */
export function isPatched(version: number): boolean {
  const major = Math.floor(version / 10_000);
  const oldest = OLDEST_PATCHED.find((v) => Math.floor(v / 10_000) === major);
  return oldest === undefined ? major > 17 : version >= oldest;
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
  const version = Number(rows[0]?.version ?? 0);
  if (isPatched(version)) return;
  refuse(
    'database-too-old',
    `PostgreSQL 版本过低（${version}）：需要 15.14、16.10、17.6 或更新版本，旧版本的行级安全有漏洞。`,
    `PostgreSQL is too old (${version}): 15.14, 16.10, 17.6 or newer is needed, row security leaks before.`,
  );
}

async function ensureRole(client: pg.Client, role: string, password: string): Promise<void> {
  const options = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD ${client.escapeLiteral(password)}`;
  for (let tries = 1; ; tries += 1) {
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
    try {
      await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${client.escapeIdentifier(role)} ${options}`);
      return;
    } catch (error) {
      // Roles belong to the server, our lock to one database: another database's start may touch the same role.
      const raced = error instanceof pg.DatabaseError && (error.code === 'XX000' || error.code === '23505');
      if (!raced || tries === 20) throw error;
    }
  }
}

/**
 * Refuses to start while a role of ours could put row security aside: by its own power, by being the owner, or by belonging to a role
 * that has the power. Of what it may be on its own, `ensureRole` has taken away what it can.
 */
export async function refuseMighty(client: pg.Client | pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ role: string; through: string }>(
    `select r.rolname as role, m.rolname as through from pg_roles r cross join pg_roles m
      where r.rolname in ('guanhu_app', 'guanhu_worker') and pg_has_role(r.oid, m.oid, 'member')
        and (m.rolsuper or m.rolbypassrls or m.oid = (select datdba from pg_database where datname = current_database())) order by 1, 2 limit 1`,
  );
  const [found] = rows;
  if (found === undefined) return;
  refuse(
    'role-mighty',
    `数据库角色 ${found.role} 可以借 ${found.through} 绕过行级安全：请收回（revoke ${found.through} from ${found.role}）后再启动。`,
    `The database role ${found.role} can put row security aside through ${found.through}: revoke ${found.through} from ${found.role} and start again.`,
    { ...found },
  );
}

async function applyFiles(client: pg.Client, only: readonly string[] | undefined): Promise<void> {
  await client.query(
    'create table if not exists public.guanhu_migration (file text primary key, applied_at timestamptz not null)',
  );
  await client.query('grant select on public.guanhu_migration to guanhu_app');
  const { rows } = await client.query<{ file: string }>('select file from public.guanhu_migration order by file');
  const done = new Set(rows.map((row) => row.file));
  const files = await shippedFiles();
  const unknown = [...done, ...(only ?? [])].filter((file) => !files.includes(file));
  if (unknown.length > 0) {
    refuse(
      'database-newer',
      `数据由更新版本的管户写成（${unknown.join('、')}）：请用那个版本或更新版本启动，数据未改动。`,
      `The data was written by a newer Guanhu (${unknown.join(', ')}): start that version or a newer one; nothing was changed.`,
    );
  }
  for (const file of files.filter((name) => !done.has(name) && (only?.includes(name) ?? true))) {
    await client.query('begin');
    await client.query(await readFile(projectFile(`migrations/${file}`), 'utf8'));
    await client.query('insert into public.guanhu_migration values ($1, clock_timestamp())', [file]);
    await client.query('commit');
  }
}

/** The migrations of this version, in order. */
export async function shippedFiles(): Promise<string[]> {
  return (await readdir(projectFile('migrations'))).filter((name) => name.endsWith('.sql')).sort();
}

/** Whether the database has exactly this version's tables: another version may have been started on it since. */
export async function isCurrent(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ file: string }>('select file from public.guanhu_migration order by file');
  return rows.map((row) => row.file).join() === (await shippedFiles()).join();
}
