import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { refuse } from '../../kernel/refusal.ts';
import { type Account, reaches } from './account.ts';
import { SHARED_FOLDER } from './binaries.ts';

const recordFile = z.strictObject({ password: z.string().regex(/^[0-9a-f]{48}$/), folder: z.string() });

/** What the home folder knows about its database server. */
export interface HomeRecord {
  /** Password of the database owner. */
  readonly password: string;
  /** Absolute path of the server's folder; its data is in `data` below, its log beside that. */
  readonly folder: string;
}

/** Makes the home folder. Refuses one that cannot be made or written, in one sentence. */
export function makeHome(home: string): string {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const probe = join(home, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    return realpathSync(home);
  } catch (error) {
    return refuse(
      'home-unwritable',
      `文件夹 ${home} 无法写入（${errorCode(error)}）：请修改权限，或用 GUANHU_HOME 指定别的文件夹。`,
      `Folder ${home} cannot be written (${errorCode(error)}): change its permissions or set GUANHU_HOME to another one.`,
    );
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** Reads the home's record, undefined before the first start. */
export function readRecord(home: string): HomeRecord | undefined {
  const file = join(home, 'postgres.json');
  if (!existsSync(file)) return undefined;
  const record = recordFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  return { password: record.password, folder: record.folder === '' ? join(home, 'postgres') : record.folder };
}

/**
 * The home's record, made at the first start. The password is written before the database exists,
 * so that a start that dies in between can be repeated.
 */
export function ensureRecord(home: string, account: Account | undefined): HomeRecord {
  const known = readRecord(home);
  if (known !== undefined) return known;
  if (existsSync(join(home, 'postgres'))) {
    refuse(
      'database-password-lost',
      `${home} 里有数据库，但缺少 postgres.json（内有口令）：请从备份恢复该文件。`,
      `${home} holds a database but postgres.json with its password is missing: restore that file from a backup.`,
    );
  }
  // Only the passage is opened, and only of our own folder: the secrets inside keep their mode.
  if (account !== undefined) chmodSync(home, 0o711);
  const reachable = account === undefined || reaches(account, home);
  const folder = reachable ? '' : join(SHARED_FOLDER, randomBytes(6).toString('hex'));
  const draft = join(home, `postgres.json.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify({ password: randomBytes(24).toString('hex'), folder })}\n`, { mode: 0o600 });
  try {
    // A link never overwrites: of two first starts at once, both use the first one's record.
    linkSync(draft, join(home, 'postgres.json'));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const made = readRecord(home);
  if (made === undefined) throw new Error('postgres.json vanished while it was made');
  return made;
}
