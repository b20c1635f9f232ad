import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { refuse } from '../../kernel/refusal.ts';
import { refuseChanged } from './chunks.ts';

/** What of the home folder goes along beside the archive: the keys, and whether the home is a demo. */
const SINGLE = ['secrets.json', 'demo.json', 'audit-key.pem'];
const ARCHIVE = 'archive';
const PATH = /^(secrets\.json|demo\.json|audit-key\.pem|archive(\/[A-Za-z0-9_][A-Za-z0-9._-]*){1,4})$/;
/** A half-written file of somebody who is at work. */
const DRAFT = /\.draft$/;

/** Files of an archive that may go while they are read. */
export interface HeldFiles {
  /** Holds what is in the archive now as well; held files stay, whoever sweeps the archive. */
  readonly hold: () => Promise<void>;
  readonly list: () => Promise<readonly string[]>;
  readonly open: (path: string) => AsyncIterable<Buffer>;
  readonly drop: () => Promise<void>;
}

/** Holds files by second names inside the home folder: files of the archive never change, but a later day may sweep them. */
export function holdFiles(home: string): HeldFiles {
  const folder = join(home, `backup-${process.pid}`);
  const hold = async () => {
    for (const path of await archivedFiles(home)) {
      const held = join(folder, path);
      if (existsSync(held)) continue;
      await mkdir(dirname(held), { recursive: true, mode: 0o700 });
      await link(join(home, path), held).catch(ignoreGone);
    }
  };
  return {
    hold,
    list: async () => [...SINGLE.filter((name) => existsSync(join(home, name))), ...(await archivedFiles(folder))],
    open: (path) => createReadStream(SINGLE.includes(path) ? join(home, path) : join(folder, path)),
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Removes what a backup that was killed has held. */
export async function dropAbandoned(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = Number(/^backup-(\d+)$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) await rm(join(home, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function archivedFiles(home: string): Promise<string[]> {
  const folder = join(home, ARCHIVE);
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !DRAFT.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(home.length + 1)
        .split(sep)
        .join('/'),
    )
    .sort();
}

function ignoreGone(error: unknown): void {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  throw error;
}

/** Refuses a home that holds anything already: a restore never mixes two banks. */
export async function checkFresh(home: string): Promise<void> {
  const found = existsSync(home) ? await readdir(home) : [];
  if (found.length === 0) return;
  refuse(
    'home-not-empty',
    `文件夹 ${home} 不是空的：请用 GUANHU_HOME 指定一个新文件夹，恢复不会覆盖已有数据。`,
    `Folder ${home} is not empty: name a new one with GUANHU_HOME; a restore never writes over what is there.`,
  );
}

/** Writes one file of a backup into a fresh home. A path that does not belong there is refused. */
export async function placeFile(home: string, path: string, data: AsyncIterable<Buffer>): Promise<void> {
  checkPath(path);
  const target = join(home, ...path.split('/'));
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await pipeline(data, createWriteStream(target, { mode: 0o600, flags: 'wx' }));
}

export function checkPath(path: string): void {
  if (!PATH.test(path)) refuseChanged();
}

/** Writes a file under a draft name and gives it its own when it is whole and on disk. Refuses one that exists. */
export async function writeWhole(path: string, data: AsyncIterable<Buffer>): Promise<void> {
  if (existsSync(path)) {
    refuse(
      'backup-exists',
      `文件 ${path} 已存在：备份不会覆盖旧备份，请换一个文件名。`,
      `File ${path} exists: a backup never replaces another one, choose another name.`,
    );
  }
  const draft = `${path}.${process.pid}.part`;
  try {
    await writeFile(draft, data, { mode: 0o600, flag: 'wx', flush: true });
    await rename(draft, path);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    refuse('backup-unwritable', `无法写入 ${path}（${code}）。`, `${path} cannot be written (${code}).`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** ENOSPC, EACCES and their like; other errors are faults. */
function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error ? String(error.code) : undefined;
}
