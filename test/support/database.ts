import { randomBytes } from 'node:crypto';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openPlatform, type Platform } from '../../src/platform/context.ts';
import { roleUrl } from '../../src/platform/db/migrate.ts';
import { loadSecrets } from '../../src/platform/secrets.ts';
import { temporaryFolder } from './folder.ts';

export interface FreshDatabase {
  readonly ownerUrl: string;
  readonly appUrl: string;
  readonly workerUrl: string;
  readonly drop: () => Promise<void>;
}

/** A migrated, empty database of one's own: a clone of the template, about 0.1 s. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { serverUrl, template, home, prefix } = inject('testServer');
  const name = `${prefix}${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, `create database ${name} template ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const ownerUrl = url.toString();
  const { appPassword, workerPassword } = loadSecrets(home);
  return {
    ownerUrl,
    appUrl: roleUrl(ownerUrl, 'guanhu_app', appPassword),
    workerUrl: roleUrl(ownerUrl, 'guanhu_worker', workerPassword),
    drop: () => dropDatabase(serverUrl, name),
  };
}

const IN_USE = '55006';

/**
 * A pool that has ended may still be saying goodbye: a session that is cut off then fails the test that is over. The server waits five
 * seconds for those; who stays is cut off.
 */
async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  try {
    await onServer(serverUrl, `drop database if exists ${name}`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== IN_USE) throw error;
    await onServer(serverUrl, `drop database if exists ${name} with (force)`);
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export interface FreshPlatform {
  readonly platform: Platform;
  readonly ownerUrl: string;
  readonly close: () => Promise<void>;
}

/** A platform on a database and a home folder of its own; the clock is the test's. */
export async function freshPlatform(now: () => Date): Promise<FreshPlatform> {
  const database = await freshDatabase();
  const home = temporaryFolder('home');
  // The roles belong to the server, so every home on it has the same secrets.
  copyFileSync(join(inject('testServer').home, 'secrets.json'), join(home, 'secrets.json'));
  const platform = await openPlatform(home, database.ownerUrl, now);
  const close = async () => {
    await platform.close();
    await database.drop();
    rmSync(home, { recursive: true, force: true });
  };
  return { platform, ownerUrl: database.ownerUrl, close };
}
