import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { openPool } from './db/connect.ts';
import { migrate, roleUrl } from './db/migrate.ts';
import { loadSecrets, type Secrets } from './secrets.ts';

/** What every use case may need from the machine. Made once per process; tests make their own. */
export interface Platform {
  readonly home: string;
  /** Accepted files and the Parquet made from them, inside the home folder. */
  readonly archive: string;
  /** The file with the signed heads of the audit. */
  readonly anchors: string;
  /** Requests: the application role, under row security. */
  readonly app: pg.Pool;
  /** Jobs and the command line: the worker role. */
  readonly worker: pg.Pool;
  readonly secrets: Secrets;
  readonly now: () => Date;
  readonly close: () => Promise<void>;
}

/** Connects to a database that `ownerUrl` owns, bringing it to this version first. */
export async function openPlatform(
  home: string,
  ownerUrl: string,
  now: () => Date,
  anchors = join(home, 'audit-anchors.jsonl'),
): Promise<Platform> {
  const secrets = loadSecrets(home);
  await migrate(ownerUrl, secrets);
  const archive = join(home, 'archive');
  mkdirSync(archive, { recursive: true, mode: 0o700 });
  const app = openPool(roleUrl(ownerUrl, 'guanhu_app', secrets.appPassword), {
    max: 20,
    applicationName: 'guanhu app',
    statementTimeoutMs: 5_000,
  });
  const worker = openPool(roleUrl(ownerUrl, 'guanhu_worker', secrets.workerPassword), {
    max: 8,
    applicationName: 'guanhu worker',
    statementTimeoutMs: 0,
  });
  const close = async () => void (await Promise.all([app.end(), worker.end()]));
  return { home, archive, anchors, app, worker, secrets, now, close };
}
