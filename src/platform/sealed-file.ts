import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { byteReader } from './backup/bytes.ts';
import { MAGIC, openChunks, sealChunks } from './backup/chunks.ts';
import { type Secrets, sealKeyOf } from './secrets.ts';

/**
 * A file under the key of the home folder: the key's id, then chunks as in a backup, each let out only after its tag has held. A file
 * of any size takes no more memory than a chunk.
 */
export async function sealFile(secrets: Secrets, from: string, to: string): Promise<void> {
  const chunks = sealChunks(buffers(from), Buffer.from(secrets.sealKey, 'hex'));
  await pipeline(Readable.from(withId(secrets.sealKeyId, chunks)), createWriteStream(to, { mode: 0o600 }));
}

/** Opens a sealed file into another; one of an earlier version, which is not sealed, is copied as it is. */
export async function openSealed(secrets: Secrets, from: string, to: string): Promise<void> {
  const source = (await keyIdOf(from)) !== undefined ? opened(secrets, from) : buffers(from);
  await pipeline(Readable.from(source), createWriteStream(to, { mode: 0o600 }));
}

async function* withId(id: number, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from([id]);
  yield* chunks;
}

async function* opened(secrets: Secrets, path: string): AsyncGenerator<Buffer> {
  const reader = byteReader(buffers(path));
  const id = await reader.take(1);
  if (id === undefined) throw new Error(`${path} is empty`);
  yield* openChunks(reader, sealKeyOf(secrets, id.readUInt8(0)));
}

async function* buffers(path: string): AsyncGenerator<Buffer> {
  for await (const part of createReadStream(path, { highWaterMark: 1 << 18 })) yield Buffer.from(part);
}

/** The id of the key that sealed a file; undefined when it is not sealed. */
export async function keyIdOf(path: string): Promise<number | undefined> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1 + MAGIC.length), 0, 1 + MAGIC.length, 0);
    return bytesRead > 1 && buffer.subarray(1, bytesRead).toString('latin1') === MAGIC ? buffer.readUInt8(0) : undefined;
  } finally {
    await file.close();
  }
}
