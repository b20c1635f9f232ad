import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { sealChunks } from './chunks.ts';
import { dropAbandoned, type HeldFiles, holdFiles, writeWhole } from './files.ts';
import { type PartHead, writePart } from './parts.ts';
import { partitionsOf, rowsOf, SAME_TEXT, sequencesOf, tablesOf } from './tables.ts';

export interface BackupWork {
  readonly home: string;
  readonly ownerUrl: string;
  /** The file to be made. */
  readonly file: string;
  readonly key: Buffer | undefined;
  readonly version: string;
  readonly now: Date;
  readonly onProgress: (done: number, of: number) => void;
}

export interface BackupReport {
  readonly bytes: number;
  readonly files: number;
  readonly tables: number;
  readonly rows: number;
}

/**
 * Backs up an embedded database with its home folder while both are in use: all tables as of one instant, the archive as of the same.
 * What is committed after that instant is not in it.
 */
export async function writeBackup(work: BackupWork): Promise<BackupReport> {
  await dropAbandoned(work.home);
  const held = holdFiles(work.home);
  const client = new pg.Client({ connectionString: work.ownerUrl, application_name: 'guanhu backup', options: SAME_TEXT });
  await client.connect();
  try {
    // Held before the instant and after it: a file that a transaction of the past names is in one of the two.
    await held.hold();
    await client.query('begin isolation level repeatable read read only');
    const report = { files: 0, tables: 0, rows: 0 };
    await client.query('select 1');
    await held.hold();
    const parts = Readable.from(allParts(work, client, held, report));
    const packed = pipeline(parts, createGzip({ level: 1 }), () => undefined);
    await writeWhole(work.file, sealChunks(packed, work.key));
    return { ...report, bytes: statSync(work.file).size };
  } finally {
    await client.end();
    await held.drop();
  }
}

async function* allParts(
  work: BackupWork,
  client: pg.Client,
  held: HeldFiles,
  report: { files: number; tables: number; rows: number },
): AsyncGenerator<Buffer> {
  const digests = createHash('sha256');
  const part = (head: PartHead, data: AsyncIterable<Buffer>) => writePart(head, data, (digest) => void digests.update(digest));
  const migrations = (await client.query<{ file: string }>('select file from public.guanhu_migration order by file')).rows;
  const [partitions, sequences] = [await partitionsOf(client), await sequencesOf(client)];
  const [files, tables] = [await held.list(), await tablesOf(client)];
  const of = files.length + tables.length;
  const { version } = work;
  const start = { at: work.now.toISOString(), version, migrations: migrations.map(({ file }) => file), partitions, sequences };
  yield* part({ kind: 'start', ...start }, nothing());
  for (const path of files) {
    yield* part({ kind: 'file', path }, held.open(path));
    report.files += 1;
    work.onProgress(report.files, of);
  }
  for (const table of tables) {
    yield* part(
      table,
      counted(rowsOf(client, table), (rows) => {
        report.rows += rows;
      }),
    );
    report.tables += 1;
    work.onProgress(files.length + report.tables, of);
  }
  const end = { files: report.files, tables: report.tables, digest: digests.digest('hex') };
  yield* writePart({ kind: 'end', ...end }, nothing(), () => undefined);
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** Rows of COPY's text form: one line each, line feeds inside are escaped. */
async function* counted(lines: AsyncIterable<Buffer>, told: (rows: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of lines) {
    let rows = 0;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) rows += 1;
    told(rows);
    yield piece;
  }
}
