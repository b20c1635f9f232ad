import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LIMITS } from './limits.ts';
import { refuseFile } from './refused-file.ts';

/** A size in words: 16 GB. */
export function sizeText(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${Math.round(bytes / 1024 ** 3)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`;
}

/**
 * Unpacks a .gz into `out` and digests the packed bytes. Stops at the size and ratio limits as soon as they are passed, so
 * that a bomb costs no more than what is allowed.
 */
export async function unpackGzip(
  path: string,
  out: string,
  file: string,
  onBytes: (done: number) => void,
): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let [packed, unpacked] = [0, 0];
  const digest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      packed += chunk.length;
      onBytes(packed);
      done(null, chunk);
    },
  });
  const gunzip = createGunzip();
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      unpacked += chunk.length;
      const ratioLimit = Math.max(LIMITS.ratioFreeBytes, gunzip.bytesWritten * LIMITS.unpackedRatio);
      done(unpacked > LIMITS.unpackedBytes || unpacked > ratioLimit ? new Error('bomb') : null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(path), digest, gunzip, guard, createWriteStream(out, { flags: 'wx' }));
  } catch (error) {
    rethrow(error, file);
  }
  return { sha256: hash.digest('hex'), bytes: packed };
}

function rethrow(error: unknown, file: string): never {
  if (!(error instanceof Error)) throw error;
  if (error.message === 'bomb')
    refuseFile('archive-bomb', file, {}, { limit: sizeText(LIMITS.unpackedBytes), ratio: LIMITS.unpackedRatio });
  const code = 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') refuseFile('archive-cut', file);
  if (code === 'Z_DATA_ERROR') refuseFile('archive-broken', file);
  throw error;
}
