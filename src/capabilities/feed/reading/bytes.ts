import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const [LF, CR] = [0x0a, 0x0d];

/** The file's bytes in pieces; each piece is valid only until the next. */
export function* pieces(path: string): Generator<{ bytes: Buffer; offset: number }> {
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let offset = 0; ; ) {
      const read = readSync(fd, buffer, 0, CHUNK_BYTES, offset);
      if (read === 0) return;
      yield { bytes: buffer.subarray(0, read), offset };
      offset += read;
    }
  } finally {
    closeSync(fd);
  }
}

/** What a text file's rows contain: checks that cannot fire are left out of the SQL. All `true` when nothing is known. */
export interface TextFacts {
  /** Any byte above 127. */
  readonly wide: boolean;
  readonly spaces: boolean;
  readonly tabs: boolean;
  readonly quotes: boolean;
  readonly controls: boolean;
  /** Bytes that begin zero-width, direction-changing or private-use characters (and many harmless ones). */
  readonly oddities: boolean;
  readonly plus: boolean;
  readonly hash: boolean;
}

export const NOTHING_KNOWN: TextFacts = {
  wide: true,
  spaces: true,
  tabs: true,
  quotes: true,
  controls: true,
  oddities: true,
  plus: true,
  hash: true,
};

export interface Scan {
  readonly sha256: string;
  readonly bytes: number;
  readonly utf8: boolean;
  readonly facts: TextFacts;
  /** Physical lines, the header's included. */
  readonly lines: number;
  /** Carriage returns, NULs or blank lines: lines can't be counted by rows. */
  readonly uneven: boolean;
}

/** How many bytes at the end begin a UTF-8 sequence that goes on in the next piece. */
function cutSequence(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

function factsOf(seen: Uint8Array): TextFacts {
  const any = (from: number, to: number) => seen.subarray(from, to + 1).includes(1);
  return {
    wide: any(0x80, 0xff),
    spaces: any(0x20, 0x20),
    tabs: any(0x09, 0x09),
    quotes: any(0x22, 0x22),
    controls: any(0x00, 0x08) || any(0x0b, 0x0c) || any(0x0e, 0x1f) || any(0x7f, 0x7f),
    oddities: any(0xe2, 0xe2) || any(0xee, 0xef),
    plus: any(0x2b, 0x2b),
    hash: any(0x23, 0x23),
  };
}

/**
 * One pass over the bytes: digest, whether they are UTF-8, and what the rows below the first line contain. Reads at about
 * 0.7 GB/s, so that the checks which it makes superfluous (a regular expression per cell) are well paid.
 */
export function scanBytes(path: string, onBytes: (done: number) => void): Scan {
  const hash = createHash('sha256');
  const seen = new Uint8Array(256);
  let [carry, bytesRead, newlines, last]: [Buffer, number, number, number] = [Buffer.alloc(0), 0, 0, LF];
  let [utf8, blank, inHeader] = [true, false, true];
  for (const { bytes } of pieces(path)) {
    hash.update(bytes);
    bytesRead += bytes.length;
    if (utf8) {
      const whole = carry.length > 0 ? Buffer.concat([carry, bytes]) : bytes;
      const cut = cutSequence(whole);
      utf8 = isUtf8(whole.subarray(0, whole.length - cut));
      carry = Buffer.from(whole.subarray(whole.length - cut));
    }
    blank ||= (last === LF && bytes[0] === LF) || bytes.includes('\n\n');
    last = bytes.at(-1) ?? last;
    const header = inHeader ? bytes.indexOf(LF) : -1;
    if (header >= 0) inHeader = false;
    const length = bytes.length;
    if (header >= 0) newlines++;
    for (let i = header + 1; i < length; i++) {
      const byte = bytes[i] ?? 0;
      seen[byte] = 1;
      if (byte === LF) newlines++;
    }
    onBytes(bytesRead);
  }
  utf8 &&= carry.length === 0;
  const facts = inHeader ? NOTHING_KNOWN : factsOf(seen);
  if (last !== LF) newlines++;
  return {
    sha256: hash.digest('hex'),
    bytes: bytesRead,
    utf8,
    facts,
    lines: newlines,
    uneven: blank || seen[CR] === 1 || seen[0] === 1,
  };
}

/** Whether every line ends in CR LF and none is blank: then lines can be counted by rows after all. */
export function isEvenCrLf(path: string): boolean {
  let [last, beforeLast] = [LF, CR];
  for (const { bytes } of pieces(path)) {
    const length = bytes.length;
    for (let i = 0; i < length; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === 0 || (last === CR) !== (byte === LF)) return false;
      if (byte === CR && last === LF && beforeLast === CR) return false;
      beforeLast = last;
      last = byte;
    }
  }
  return last !== CR;
}
