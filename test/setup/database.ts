import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { digestOf } from '../../src/kernel/digest.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { type Database, ensureDatabase } from '../../src/platform/embedded/index.ts';
import { projectFile } from '../../src/platform/files.ts';
import { loadSecrets } from '../../src/platform/secrets.ts';

export interface TestServer {
  /** Any database of the server, as its owner. */
  readonly serverUrl: string;
  /** A migrated database to clone. */
  readonly template: string;
  /** Home folder whose secrets fit the server's roles. */
  readonly home: string;
  /** Every database of this run begins so. */
  readonly prefix: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    testServer: TestServer;
  }
}

const SETUP_LOCK = 727_010;

/** One server for the whole run, kept in the temporary folder from run to run; runs at the same time share it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = join(tmpdir(), `guanhu-test-${digestOf([projectFile('.'), process.getuid?.() ?? 0]).slice(0, 12)}`);
  const config = loadConfig({ GUANHU_HOME: home, DATABASE_URL: process.env.GUANHU_TEST_DATABASE_URL }, '/');
  const database = await ensureDatabase(config, 'command', () => undefined);
  const prefix = `t_${process.pid}_`;
  try {
    const template = await onServer(database.ownerUrl, (client) => prepare(client, database, home));
    project.provide('testServer', { serverUrl: database.ownerUrl, template, home, prefix });
  } catch (error) {
    // A set-up that throws gets no tear-down.
    await database.stop();
    throw error;
  }
  return async () => {
    await onServer(database.ownerUrl, (client) => dropDatabases(client, (name) => name.startsWith(prefix)));
    await database.stop();
  };
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function prepare(client: pg.Client, database: Database, home: string): Promise<string> {
  await client.query('select pg_advisory_lock($1)', [SETUP_LOCK]);
  await dropDatabases(client, isAbandoned);
  const folder = projectFile('migrations');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort();
  const digest = digestOf(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const template = `template_${digest.slice(0, 16)}`;
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [template]);
  if (rowCount === 0) {
    const draft = `t_${process.pid}_draft`;
    await client.query(`create database ${draft} template template0 encoding 'UTF8' locale 'C'`);
    const url = new URL(database.ownerUrl);
    url.pathname = `/${draft}`;
    await migrate(url.toString(), loadSecrets(home));
    await client.query(`alter database ${draft} rename to ${template}`);
  }
  return template;
}

/** Left by a run that was killed. */
function isAbandoned(name: string): boolean {
  const pid = Number(/^t_(\d+)_/.exec(name)?.[1]);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

async function dropDatabases(client: pg.Client, which: (name: string) => boolean): Promise<void> {
  const { rows } = await client.query<{ name: string }>("select datname as name from pg_database where datname like 't\\_%'");
  for (const { name } of rows.filter((row) => which(row.name))) {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
  }
}
