import { closeSync, openSync, readSync } from 'node:fs';
import { refuseFile } from './refused-file.ts';

export type FileType = 'text' | 'gzip' | 'zip' | 'parquet';

/** The first bytes of the file. */
export function firstBytes(path: string, count: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(count);
    return buffer.subarray(0, readSync(fd, buffer, 0, count, 0));
  } finally {
    closeSync(fd);
  }
}

function looksUtf16(head: Buffer): boolean {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return true;
  // Without a mark: every other byte of plain text is NUL, and the ones between are printable.
  const pairs = Array.from(
    { length: Math.floor(Math.min(head.length, 64) / 2) },
    (_, i) => [head[2 * i] ?? 0, head[2 * i + 1] ?? 0] as const,
  );
  const plain = (byte: number) => byte === 0x0a || byte === 0x0d || (byte >= 0x20 && byte < 0x7f);
  const little = pairs.filter(([low, high]) => plain(low) && high === 0).length;
  const big = pairs.filter(([high, low]) => plain(low) && high === 0).length;
  return pairs.length >= 4 && Math.max(little, big) > pairs.length * 0.6;
}

/** The file's type by its content, never by its name (SECURITY 37). Refuses what is none of ours, with its name. */
export function sniff(path: string, file: string): FileType {
  const head = firstBytes(path, 4096);
  const starts = (...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
  if (head.length === 0 || (head.length === 3 && starts(0xef, 0xbb, 0xbf))) refuseFile('file-empty', file);
  if (starts(0x1f, 0x8b)) return 'gzip';
  if (starts(0x50, 0x4b, 0x03, 0x04) || starts(0x50, 0x4b, 0x05, 0x06)) return 'zip';
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) refuseFile('file-type-old-excel', file);
  if (looksUtf16(head)) refuseFile('encoding-utf16', file);
  const controls = head.filter((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte)).length;
  if (controls > head.length * 0.1) refuseFile('file-type-unknown', file);
  return 'text';
}
