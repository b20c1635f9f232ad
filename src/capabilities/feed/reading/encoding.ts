import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, writeSync } from 'node:fs';
import { pieces } from './bytes.ts';
import { refuseFile } from './refused-file.ts';

/** Chinese characters, their punctuation and full-width forms, three bytes each in UTF-8. */
const CHINESE = /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/u;
/** A surrogate pair written as two three-byte sequences (CESU-8), read as Latin-1. */
const CESU = /\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]/;

/** The lines' bytes without their line breaks, with the offset and number of each. */
function* byteLines(path: string): Generator<{ bytes: Buffer; offset: number; line: number }> {
  let rest = Buffer.alloc(0);
  let line = 1;
  let end = 0;
  for (const piece of pieces(path)) {
    const whole = rest.length > 0 ? Buffer.concat([rest, piece.bytes]) : piece.bytes;
    const base = piece.offset - rest.length;
    let from = 0;
    for (let to = whole.indexOf(0x0a); to >= 0; to = whole.indexOf(0x0a, from)) {
      yield { bytes: whole.subarray(from, to), offset: base + from, line };
      from = to + 1;
      line++;
    }
    rest = Buffer.from(whole.subarray(from));
    end = piece.offset + piece.bytes.length;
  }
  if (rest.length > 0) yield { bytes: rest, offset: end - rest.length, line };
}

/** Length of the valid GB18030 sequence at `at`, 0 when it is none (four-byte forms included). */
function gbLength(bytes: Buffer, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  if (a < 0x80) return 1;
  if (a === 0x80 || a === 0xff) return 0;
  if (b >= 0x40 && b !== 0x7f && b !== 0xff) return 2;
  return b >= 0x30 && b <= 0x39 && c >= 0x81 && c <= 0xfe && d >= 0x30 && d <= 0x39 ? 4 : 0;
}

function firstBadGb(bytes: Buffer): number {
  for (let at = 0; at < bytes.length; ) {
    const length = gbLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** Offset of the first byte that is no UTF-8 within the line: the longest valid prefix, in steps of a sequence. */
function firstBadUtf8(bytes: Buffer): number {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (!isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return -1;
}

function firstWide(bytes: Buffer): number {
  return bytes.findIndex((byte) => byte > 0x7f);
}

function isChineseUtf8(bytes: Buffer): boolean {
  return isUtf8(bytes) && CHINESE.test(bytes.toString('utf8'));
}

interface Lines {
  readonly firstIsUtf8: boolean;
  readonly utf8Lines: number;
  readonly otherLines: number;
  readonly badUtf8?: { offset: number; line: number };
  readonly badGb?: { offset: number; line: number };
  readonly firstUtf8?: { offset: number; line: number };
}

/** Looks at each line with bytes above 127: GB18030 text is hardly ever valid UTF-8 Chinese, and the other way round. */
function lookAtLines(path: string): Lines {
  const found: { -readonly [K in keyof Lines]: Lines[K] } = { firstIsUtf8: false, utf8Lines: 0, otherLines: 0 };
  for (const { bytes, offset, line } of byteLines(path)) {
    const wide = firstWide(bytes);
    if (wide < 0) continue;
    const first = found.utf8Lines + found.otherLines === 0;
    if (isChineseUtf8(bytes) || CESU.test(bytes.toString('latin1'))) {
      found.utf8Lines++;
      if (first) found.firstIsUtf8 = true;
      found.firstUtf8 ??= { offset: offset + wide, line };
    } else {
      found.otherLines++;
      const gb = firstBadGb(bytes);
      if (gb >= 0) found.badGb ??= { offset: offset + gb, line };
    }
    const bad = firstBadUtf8(bytes);
    if (bad >= 0) found.badUtf8 ??= { offset: offset + bad, line };
  }
  return found;
}

/**
 * Confirms that a file that is no UTF-8 is GB18030 throughout. Refuses mixtures and broken bytes at the first bad byte
 * (RELIABILITY §4, 17 and 19). A single line of GB18030 that happens to be valid UTF-8 is let pass.
 */
export function confirmGb18030(path: string, file: string): void {
  const found = lookAtLines(path);
  if (found.firstIsUtf8 && found.badUtf8) {
    const code = found.otherLines > 1 && !found.badGb ? 'encoding-mixed' : 'encoding-broken';
    refuseFile(code, file, { line: found.badUtf8.line }, { offset: found.badUtf8.offset, encoding: 'UTF-8' });
  }
  const mixed = found.utf8Lines > 0 && found.utf8Lines * 20 > found.otherLines;
  if (mixed && found.firstUtf8 && (!found.badGb || found.firstUtf8.offset < found.badGb.offset)) {
    refuseFile('encoding-mixed', file, { line: found.firstUtf8.line }, { offset: found.firstUtf8.offset, encoding: 'GB18030' });
  }
  if (found.badGb)
    refuseFile('encoding-broken', file, { line: found.badGb.line }, { offset: found.badGb.offset, encoding: 'GB18030' });
}

/** Writes the GB18030 file as UTF-8. The decoder is strict: bytes without a character refuse the file. */
export function toUtf8(path: string, out: string, file: string): void {
  const decoder = new TextDecoder('gb18030', { fatal: true });
  const fd = openSync(out, 'wx');
  let done = 0;
  try {
    for (const { bytes, offset } of pieces(path)) {
      done = offset;
      writeSync(fd, decoder.decode(bytes, { stream: true }));
    }
    decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) refuseFile('encoding-broken', file, {}, { offset: done, encoding: 'GB18030' });
    throw error;
  } finally {
    closeSync(fd);
  }
}
