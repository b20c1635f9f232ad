import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BusinessDate } from '../../kernel/business-date.ts';
import { point } from '../../platform/crash.ts';

/** Where closing keeps its Parquet files. Their names carry the day's chain, so a file never stands for other inputs than its own. */
export interface Folders {
  readonly content: string;
  readonly changes: string;
  readonly state: string;
  /** Spill and CSV files on their way into the database. */
  readonly scratch: string;
}

interface Home {
  readonly home: string;
  readonly archive: string;
}

export function foldersOf(home: Home): Folders {
  return {
    content: join(home.archive, 'content'),
    changes: join(home.archive, 'changes'),
    state: join(home.archive, 'state'),
    scratch: join(home.home, 'closing'),
  };
}

export async function makeFolders(folders: Folders): Promise<void> {
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 });
}

export function fileOfDay(folder: string, day: BusinessDate, chain: string): string {
  return join(folder, `${day}.${chain.slice(0, 24)}.parquet`);
}

/** Gives a finished file its name: on disk first, so that a name never stands for half a file. */
export async function settle(kind: 'changes' | 'state', path: string): Promise<void> {
  const draft = draftOf(path);
  const file = await open(draft, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  point(`closing.${kind}.written`);
  await rename(draft, path);
  const folder = await open(join(path, '..'), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  point(`closing.${kind}.renamed`);
}

export function draftOf(path: string): string {
  return `${path}.draft`;
}

/** Removes files of a folder that no closed day stands behind any more, drafts of a killed run among them. */
export async function sweepFolder(folder: string, keep: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder))
    if (!keep.has(join(folder, name))) await rm(join(folder, name), { recursive: true, force: true });
}
