import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ByteReader } from './bytes.ts';
import { refuseChanged } from './chunks.ts';

/** What a backup is made of, in this order: `start`, the files of the home folder, the tables, `end`. */
const startPart = z.strictObject({
  kind: z.literal('start'),
  at: z.string(),
  version: z.string(),
  /** The migrations that the database had: its tables are made from the same ones before the rows are loaded. */
  migrations: z.array(z.string()),
  partitions: z.array(z.strictObject({ name: z.string(), parent: z.string(), bound: z.string() })),
  sequences: z.array(z.strictObject({ name: z.string(), value: z.string() })),
});
const filePart = z.strictObject({ kind: z.literal('file'), path: z.string() });
const tablePart = z.strictObject({
  kind: z.literal('table'),
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
});
const endPart = z.strictObject({ kind: z.literal('end'), files: z.number(), tables: z.number(), digest: z.string() });
const partSchema = z.discriminatedUnion('kind', [startPart, filePart, tablePart, endPart]);
export type PartHead = z.output<typeof partSchema>;
export type StartPart = z.output<typeof startPart>;
export type TablePart = z.output<typeof tablePart>;
export type EndPart = z.output<typeof endPart>;

export interface Part {
  readonly head: PartHead;
  /** Its bytes; to be read to the end before the next part is asked for. Ends with a refusal when its digest does not fit. */
  readonly data: AsyncIterable<Buffer>;
  /** Its digest, once it has been read. */
  readonly digest: () => string;
}

const HEAD_LIMIT = 1 << 20;
const PIECE_LIMIT = 1 << 26;

function framed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** The bytes of one part: its head, its data in pieces, an empty piece, its digest, which `told` hears too. */
export async function* writePart(
  head: PartHead,
  data: AsyncIterable<Buffer>,
  told: (digest: string) => void,
): AsyncGenerator<Buffer> {
  const text = Buffer.from(JSON.stringify(head));
  const hash = createHash('sha256').update(text);
  yield framed(text);
  for await (const piece of data) {
    if (piece.length === 0) continue;
    hash.update(piece);
    yield framed(piece);
  }
  yield framed(Buffer.alloc(0));
  const digest = hash.digest();
  yield digest;
  told(digest.toString('hex'));
}

/** The digest that a part with this head and data has. */
export async function digestOfPart(head: PartHead, data: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(head));
  for await (const piece of data) hash.update(piece);
  return hash.digest('hex');
}

/** The parts of a backup one after the other. */
export async function* readParts(reader: ByteReader): AsyncGenerator<Part> {
  for (;;) {
    const text = await piece(reader, HEAD_LIMIT);
    const head = parseHead(text);
    const state = { digest: '' };
    yield { head, data: dataOf(reader, text, state), digest: () => state.digest };
    if (state.digest === '') throw new Error('a part of the backup was not read to its end');
    if (head.kind === 'end') return;
  }
}

function parseHead(text: Buffer): PartHead {
  try {
    return partSchema.parse(JSON.parse(text.toString('utf8')));
  } catch {
    return refuseChanged();
  }
}

async function* dataOf(reader: ByteReader, head: Buffer, state: { digest: string }): AsyncGenerator<Buffer> {
  const hash = createHash('sha256').update(head);
  for (;;) {
    const next = await piece(reader, PIECE_LIMIT);
    if (next.length === 0) break;
    hash.update(next);
    yield next;
  }
  const digest = await reader.take(32);
  if (digest === undefined || !hash.digest().equals(digest)) refuseChanged();
  state.digest = digest.toString('hex');
}

async function piece(reader: ByteReader, limit: number): Promise<Buffer> {
  const length = (await reader.take(4))?.readUInt32BE(0);
  if (length === undefined || length > limit) refuseChanged();
  return (await reader.take(length)) ?? refuseChanged();
}
