import { crc32, createInflateRaw } from 'node:zlib';
import { LIMITS } from './limits.ts';
import { refuseFile } from './refused-file.ts';
import { sizeText } from './unpack.ts';

export interface ZipPart {
  readonly name: string;
  readonly packed: Buffer;
  readonly stored: boolean;
  /** As declared; `inflate` holds the part to it. */
  readonly bytes: number;
  readonly checksum: number;
}

const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const END_BYTES = 22;

function findEnd(data: Buffer): number {
  for (let at = data.length - END_BYTES; at >= Math.max(0, data.length - END_BYTES - 0xffff); at--) {
    if (data.readUInt32LE(at) === END) return at;
  }
  return -1;
}

function partAt(data: Buffer, at: number, file: string): { part: ZipPart; next: number } {
  if (at + 46 > data.length || data.readUInt32LE(at) !== ENTRY) refuseFile('workbook-broken', file);
  const nameLength = data.readUInt16LE(at + 28);
  const name = data.toString('utf8', at + 46, at + 46 + nameLength);
  const next = at + 46 + nameLength + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  const [flags, method] = [data.readUInt16LE(at + 8), data.readUInt16LE(at + 10)];
  const [packedBytes, bytes, local] = [data.readUInt32LE(at + 20), data.readUInt32LE(at + 24), data.readUInt32LE(at + 42)];
  if (flags & 1) refuseFile('file-type-old-excel', file);
  if (method !== 0 && method !== 8) refuseFile('workbook-broken', file);
  if (local + 30 > data.length || data.readUInt32LE(local) !== LOCAL) refuseFile('workbook-broken', file);
  const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28);
  if (start + packedBytes > data.length) refuseFile('archive-cut', file);
  return {
    part: {
      name,
      packed: data.subarray(start, start + packedBytes),
      stored: method === 0,
      bytes,
      checksum: data.readUInt32LE(at + 16),
    },
    next,
  };
}

/**
 * The parts of a workbook, from its directory, before anything is unpacked. Refuses too many parts, names that occur twice or
 * point outside, sizes and ratios past the limits, and 64-bit archives (no workbook of an allowed size needs them).
 */
export function zipParts(data: Buffer, file: string): Map<string, ZipPart> {
  const end = findEnd(data);
  if (end < 0) refuseFile('archive-cut', file);
  const count = data.readUInt16LE(end + 10);
  if (count > LIMITS.workbookParts) unsafe(file, `${count}`, '部件过多', 'too many parts');
  const parts = new Map<string, ZipPart>();
  let [at, total] = [data.readUInt32LE(end + 16), 0];
  for (let i = 0; i < count; i++) {
    const { part, next } = partAt(data, at, file);
    at = next;
    const { name, bytes } = part;
    if (parts.has(name)) unsafe(file, name, '部件重名', 'a name occurs twice');
    if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..'))
      unsafe(file, name, '路径越界', 'the path leads outside');
    total += bytes;
    const tooDense = bytes > LIMITS.ratioFreeBytes && bytes > part.packed.length * LIMITS.unpackedRatio;
    if (tooDense || total > LIMITS.workbookUnpackedBytes) {
      refuseFile('archive-bomb', file, {}, { limit: sizeText(LIMITS.workbookUnpackedBytes), ratio: LIMITS.unpackedRatio });
    }
    parts.set(name, part);
  }
  return parts;
}

/** Refuses a workbook for one of its parts. */
export function unsafe(file: string, part: string, zh: string, en: string): never {
  refuseFile('workbook-unsafe', file, {}, { part: part.slice(0, 80), why: zh, whyEn: en });
}

async function* unpacked(part: ZipPart, file: string): AsyncGenerator<Buffer> {
  if (part.stored) {
    yield part.packed;
    return;
  }
  const stream = createInflateRaw();
  stream.end(part.packed);
  try {
    for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (error) {
    if (error instanceof Error && 'code' in error) refuseFile('workbook-broken', file);
    throw error;
  }
}

/** The part's bytes in pieces. Refuses when they are more than declared, damaged, or do not match their checksum. */
export async function* inflate(part: ZipPart, file: string): AsyncGenerator<Buffer> {
  let [bytes, checksum] = [0, 0];
  for await (const chunk of unpacked(part, file)) {
    bytes += chunk.length;
    if (bytes > part.bytes) unsafe(file, part.name, '解压后大于声明', 'it unpacks to more than declared');
    checksum = crc32(chunk, checksum);
    yield chunk;
  }
  if (checksum !== part.checksum) refuseFile('workbook-broken', file);
}

/** The whole text of a small part. */
export async function partText(part: ZipPart, file: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of inflate(part, file)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
