import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import { todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import { point } from '../../../platform/crash.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { dropWork, layOut, prepareFolders, storeRaw } from '../archive.ts';
import type { FeedName, ImportOptions } from '../contract.ts';
import { type FeedFileName, parseFeedFileName } from '../reading/file-names.ts';
import { acceptedImports } from '../reads.ts';
import { insertImport } from '../store.ts';
import type { Desk } from './desk.ts';

export interface Sent {
  readonly fileName: string;
  readonly stream: Readable;
  /** Text of the control file beside it, or how to get it once the stream has been read. */
  readonly control?: string | undefined | (() => Promise<string | undefined>);
  /** The business day, when the sender says it. */
  readonly date?: BusinessDate | undefined;
  readonly delta?: boolean | undefined;
  readonly options: ImportOptions;
}

export interface Received {
  readonly importId: string;
  readonly name: FeedFileName;
  /** The file is the one that stands already: nothing to do. */
  readonly unchanged: boolean;
}

/** Takes a file in: stored under its digest, its row written. Refuses names that are none of a feed's. */
export async function receiveFile(desk: Desk, actor: Actor, sent: Sent): Promise<Received> {
  const { platform } = desk;
  const fileName = basename(sent.fileName);
  const parsed = parseFeedFileName(fileName);
  if (parsed === undefined) refuseName(fileName);
  const name = { ...parsed, delta: sent.delta === true || parsed.delta };
  const businessDate = sent.date ?? name.businessDate ?? null;
  const at = platform.now();
  const importId = newImportId(name.feed, businessDate ?? todayOf(at));
  await prepareFolders(platform, importId);
  try {
    const stored = await storeRaw(platform, importId, sent.stream);
    point('feed.stored');
    const control = typeof sent.control === 'function' ? await sent.control() : sent.control;
    await layOut(platform, importId, fileName, control);
    const received = await unscoped(platform.worker, async (tx) => {
      const unchanged = await standsAlready(tx, { ...name, businessDate, sha256: stored.sha256 });
      const row = {
        importId,
        ...name,
        fileName,
        ...stored,
        businessDate,
        options: sent.options,
        sentBy: actor.staffId,
        sentAt: at,
      };
      await insertImport(tx, row, unchanged ? 'unchanged' : 'received');
      await audit(tx, actor, {
        kind: 'feed.received',
        subject: importId,
        body: { feed: name.feed, fileName, ...stored, unchanged },
      });
      return { importId, name, unchanged };
    });
    if (received.unchanged) await dropWork(platform, importId);
    return received;
  } catch (error) {
    await dropWork(platform, importId);
    throw error;
  }
}

function newImportId(feed: FeedName, day: string): string {
  return `${feed}-${day.replaceAll('-', '')}-${randomBytes(4).toString('hex')}`;
}

function refuseName(fileName: string): never {
  refuse(
    'feed-name',
    `看不出“${fileName.slice(0, 80)}”是哪一类文件：请按“类别[-日期][.修订号][.delta].csv”命名，例如 customers.csv、positions-2026-06-30.csv。`,
    `"${fileName.slice(0, 80)}" names no feed: call it like customers.csv or positions-2026-06-30.csv.`,
  );
}

interface Identity {
  readonly feed: FeedName;
  readonly businessDate: string | null;
  readonly revision: number;
  readonly delta: boolean;
  readonly sha256: string;
}

/**
 * Whether the very same file stands: for positions the file of that day and revision; for the others the last one accepted.
 * An earlier file sent again after a different one is news.
 */
async function standsAlready(tx: Tx, file: Identity): Promise<boolean> {
  const accepted = await acceptedImports(tx, file.feed);
  if (file.feed !== 'positions') return accepted.at(-1)?.sha256 === file.sha256;
  const same = accepted.find((found) => found.businessDate === file.businessDate && found.revision === file.revision);
  return same !== undefined && same.sha256 === file.sha256 && same.delta === file.delta;
}
