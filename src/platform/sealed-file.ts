import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { byteReader } from './backup/bytes.ts';
import { openChunks, sealChunks } from './backup/chunks.ts';
import { KEY_ID, type Secrets } from './secrets.ts';

/**
 * A file under the key of the home folder: the key's id, then chunks as in a backup, each let out only after its tag has held. A file
 * of any size takes no more memory than a chunk.
 */
export async function sealFile(secrets: Secrets, from: string, to: string): Promise<void> {
  const chunks = sealChunks(buffers(from), Buffer.from(secrets.sealKey, 'hex'));
  await pipeline(Readable.from(withId(chunks)), createWriteStream(to, { mode: 0o600 }));
}

/** Opens a sealed file into another; one of an earlier version, which is not sealed, is copied as it is. */
export async function openSealed(secrets: Secrets, from: string, to: string): Promise<void> {
  const source = (await isSealed(from)) ? opened(secrets, from) : buffers(from);
  await pipeline(Readable.from(source), createWriteStream(to, { mode: 0o600 }));
}

async function* withId(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from([KEY_ID]);
  yield* chunks;
}

async function* opened(secrets: Secrets, path: string): AsyncGenerator<Buffer> {
  const reader = byteReader(buffers(path));
  await reader.take(1);
  yield* openChunks(reader, Buffer.from(secrets.sealKey, 'hex'));
}

async function* buffers(path: string): AsyncGenerator<Buffer> {
  for await (const part of createReadStream(path, { highWaterMark: 1 << 18 })) yield Buffer.from(part);
}

/** Whether a file begins with the id of a key; no Parquet file does. */
export async function isSealed(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, 0);
    return bytesRead === 1 && buffer[0] === KEY_ID;
  } finally {
    await file.close();
  }
}
