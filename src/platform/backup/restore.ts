import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { refuse } from '../../kernel/refusal.ts';
import { migrate, shippedFiles } from '../db/migrate.ts';
import { loadSecrets } from '../secrets.ts';
import { byteReader } from './bytes.ts';
import { openChunks, refuseChanged } from './chunks.ts';
import { checkPath, placeFile } from './files.ts';
import { digestOfPart, type EndPart, type Part, readParts, type StartPart } from './parts.ts';
import { addPartitions, emptyTables, fillTable, rowsOf, SAME_TEXT, setSequences } from './tables.ts';

export interface BackupFile {
  readonly file: string;
  readonly key: Buffer | undefined;
}

export interface BackupContents {
  readonly at: string;
  readonly version: string;
  readonly files: number;
  readonly tables: number;
}

/** Reads a backup from its first to its last byte and writes nothing. Refuses one that is not whole, not untouched or too new. */
export async function checkBackup(backup: BackupFile): Promise<BackupContents> {
  let start: StartPart | undefined;
  let end: EndPart | undefined;
  for await (const part of partsOf(backup)) {
    if (part.head.kind === 'start') start = part.head;
    if (part.head.kind === 'end') end = part.head;
    if (part.head.kind === 'file') checkPath(part.head.path);
    for await (const _piece of part.data);
  }
  if (start === undefined || end === undefined) refuseChanged();
  const shipped = await shippedFiles();
  const unknown = start.migrations.filter((file) => !shipped.includes(file));
  if (unknown.length > 0) {
    refuse(
      'backup-newer',
      `备份由更新版本的管户（${start.version}）写成：请用那个版本或更新版本恢复。`,
      `The backup was written by a newer Guanhu (${start.version}): restore it with that version or a newer one.`,
    );
  }
  return { at: start.at, version: start.version, files: end.files, tables: end.tables };
}

/**
 * Puts a backup into a fresh home and its fresh, empty database: files, the tables of the backup's version, all rows in one transaction
 * that commits only when every table reads back exactly as it was saved. Returns the number of rows.
 */
export async function restoreBackup(
  backup: BackupFile,
  home: string,
  ownerUrl: string,
  onProgress: (tables: number) => void,
): Promise<number> {
  let start: StartPart | undefined;
  let client: pg.Client | undefined;
  let rows = 0;
  let tables = 0;
  try {
    for await (const part of partsOf(backup)) {
      if (part.head.kind === 'start') start = part.head;
      if (part.head.kind === 'file') await placeFile(home, part.head.path, part.data);
      else if (part.head.kind === 'table') {
        if (start === undefined) refuseChanged();
        client ??= await freshTables(home, ownerUrl, start);
        rows += await loadTable(client, part);
        tables += 1;
        onProgress(tables);
      } else for await (const _piece of part.data);
    }
    if (client === undefined || start === undefined) refuseChanged();
    await setSequences(client, start.sequences);
    await client.query('commit');
    if (start.migrations.includes('0013_audit.sql')) await client.query('select audit.begin_epoch()');
    await client.query('analyze');
    return rows;
  } finally {
    await client?.end();
  }
}

/** All parts; the digest of all digests is checked at the end. */
async function* partsOf({ file, key }: BackupFile): AsyncGenerator<Part> {
  const sealed = byteReader(createReadStream(file));
  const packed = Readable.from(openChunks(sealed, key));
  // The callback only keeps Node from throwing twice: the error arrives where the parts are read.
  const plain = pipeline(packed, createGunzip(), () => undefined);
  const digests = createHash('sha256');
  for await (const part of readParts(byteReader(plain))) {
    yield part;
    if (part.head.kind !== 'end') digests.update(part.digest());
    else if (part.head.digest !== digests.digest('hex')) refuseChanged();
  }
}

async function freshTables(home: string, ownerUrl: string, start: StartPart): Promise<pg.Client> {
  await migrate(ownerUrl, loadSecrets(home), start.migrations);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'guanhu restore', options: SAME_TEXT });
  await client.connect();
  await client.query('begin');
  await addPartitions(client, start.partitions);
  await emptyTables(client);
  return client;
}

async function loadTable(client: pg.Client, part: Part): Promise<number> {
  if (part.head.kind !== 'table') throw new Error('not a table');
  const rows = await fillTable(client, part.head, part.data);
  const read = await digestOfPart(part.head, rowsOf(client, part.head));
  if (read !== part.digest())
    throw new Error(`table ${part.head.schema}.${part.head.name} reads back otherwise than it was saved`);
  return rows;
}
