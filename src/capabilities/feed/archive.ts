import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Platform } from '../../platform/context.ts';
import { point } from '../../platform/crash.ts';
import { keyIdOf, openSealed, sealFile } from '../../platform/sealed-file.ts';
import type { FeedName } from './contract.ts';

/** The file as it was sent, sealed: it names people. */
export function rawPath(platform: Platform, sha256: string): string {
  return join(platform.archive, 'raw', sha256);
}

/** Feeds whose rows hold numbers and addresses of people: their archived rows are sealed too. */
export function holdsIdentity(feed: FeedName): boolean {
  return feed === 'customers';
}

/**
 * Where an import's rows can be read by the work on another: sealed ones are opened into its scratch, once, and go with it; those of an
 * earlier version are read where they lie.
 */
export async function readableContent(platform: Platform, feed: FeedName, importId: string, workOf: string): Promise<string> {
  const kept = contentPath(platform, importId);
  if (!holdsIdentity(feed) || (await keyIdOf(kept)) === undefined) return kept;
  const folder = join(workPath(platform, workOf), 'open');
  const place = join(folder, `${importId}.parquet`);
  if (existsSync(place)) return place;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await openSealed(platform.secrets, kept, `${place}.draft`);
  await rename(`${place}.draft`, place);
  return place;
}

/** The good rows of an import, typed: what is applied, and what everything can be rebuilt from. */
export function contentPath(platform: Platform, importId: string): string {
  return join(platform.archive, 'content', `${importId}.parquet`);
}

/** The rows of an import that were not taken, with the reasons; sealed like the file. */
export function rejectsPath(platform: Platform, importId: string): string {
  return join(platform.archive, 'rejects', `${importId}.parquet`);
}

/** Scratch of one import; gone when its work is over. */
export function workPath(platform: Platform, importId: string): string {
  return join(platform.home, 'work', importId);
}

export async function prepareFolders(platform: Platform, importId: string): Promise<void> {
  for (const folder of ['raw', 'content', 'rejects'])
    await mkdir(join(platform.archive, folder), { recursive: true, mode: 0o700 });
  await mkdir(workPath(platform, importId), { recursive: true, mode: 0o700 });
}

export async function dropWork(platform: Platform, importId: string): Promise<void> {
  await rm(workPath(platform, importId), { recursive: true, force: true });
}

/** Stores a stream under its SHA-256: whole, sealed and on disk before it has its name. In the open it lies among the scratch, for the reader. */
export async function storeRaw(
  platform: Platform,
  importId: string,
  source: Readable,
): Promise<{ sha256: string; bytes: number }> {
  const sent = join(workPath(platform, importId), 'sent');
  const hash = createHash('sha256');
  let bytes = 0;
  const tap = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      point('feed.receive.half');
      done(null, chunk);
    },
  });
  await pipeline(source, tap, createWriteStream(sent, { mode: 0o600 }));
  const sha256 = hash.digest('hex');
  await settleSealed(platform, importId, sent, rawPath(platform, sha256));
  return { sha256, bytes };
}

/** Removes a file that must not be kept; the digest of what came stays in its import. */
export async function dropRaw(platform: Platform, sha256: string): Promise<void> {
  await rm(rawPath(platform, sha256), { force: true });
}

/** Where the reader finds an import's file under its own name, its control file beside it. */
export async function layOut(platform: Platform, importId: string, fileName: string, control: string | undefined): Promise<void> {
  const folder = join(workPath(platform, importId), 'in');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(join(workPath(platform, importId), 'sent'), join(folder, fileName));
  if (control !== undefined) await writeFile(join(folder, `${fileName}.ctl`), control, { mode: 0o600 });
}

export function laidOut(platform: Platform, importId: string, fileName: string): string {
  return join(workPath(platform, importId), 'in', fileName);
}

/** Seals a finished file to its place. */
export async function settleSealed(platform: Platform, importId: string, file: string, place: string): Promise<void> {
  const draft = join(workPath(platform, importId), 'sealed');
  await sealFile(platform.secrets, file, draft);
  await settle(draft, place);
}

/** Moves a finished file to its place: synced first, so that a name never stands for half a file. */
export async function settle(draft: string, place: string): Promise<void> {
  const file = await open(draft, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  point('feed.file.written');
  await rename(draft, place);
  point('feed.file.renamed');
}

/** Removes what dead imports left: scratch folders, and archived files that no import stands behind. */
export async function sweep(platform: Platform, alive: ReadonlySet<string>, keep: ArchiveKeep): Promise<void> {
  await sweepFolder(join(platform.home, 'work'), (name) => alive.has(name));
  await sweepFolder(join(platform.archive, 'raw'), (name) => keep.sha256.has(name));
  await sweepFolder(join(platform.archive, 'content'), (name) => keep.content.has(name.replace(/\.parquet$/, '')));
  await sweepFolder(join(platform.archive, 'rejects'), (name) => keep.rejects.has(name.replace(/\.parquet$/, '')));
}

export interface ArchiveKeep {
  readonly sha256: ReadonlySet<string>;
  readonly content: ReadonlySet<string>;
  readonly rejects: ReadonlySet<string>;
}

async function sweepFolder(folder: string, wanted: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (!wanted(name)) await rm(join(folder, name), { recursive: true, force: true });
}
