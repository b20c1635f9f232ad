import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { refuse } from '../../kernel/refusal.ts';
import type { ByteReader } from './bytes.ts';

/**
 * A backup file: a line that says what it is, then chunks of at most 1 MiB, each with the seal that binds it to its place. With a key
 * the seal is the tag of AES-256-GCM, without one a SHA-256 that goes on from the chunk before. A chunk is let out only after its seal
 * has held, so that no changed byte reaches what reads it; the last chunk says that it is the last, so that a cut file shows.
 */
export const MAGIC = 'guanhu-backup';
const FORMAT = 1;
const CHUNK = 1 << 20;
const TAG = 16;
const DIGEST = 32;
const HEADER_LIMIT = 1024;

const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  encrypted: z.boolean(),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  /** Tells a wrong key from a changed file. */
  keyCheck: z.string(),
});
type Header = z.output<typeof headerSchema>;

interface Sealer {
  readonly seal: (data: Buffer, last: boolean) => Buffer;
  readonly open: (data: Buffer, seal: Buffer, last: boolean) => Buffer | undefined;
  readonly sealBytes: number;
}

/** The bytes of a backup file around what `source` gives. */
export async function* sealChunks(source: AsyncIterable<Buffer>, key: Buffer | undefined): AsyncGenerator<Buffer> {
  const salt = randomBytes(16).toString('hex');
  const header: Header = { format: FORMAT, encrypted: key !== undefined, salt, keyCheck: key ? keyCheck(key, salt) : '' };
  const line = Buffer.from(`${MAGIC} ${JSON.stringify(header)}\n`);
  yield line;
  const sealer = sealerOf(line, header, key);
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const part of source) {
    waiting.push(part);
    size += part.length;
    while (size > CHUNK) {
      const all = Buffer.concat(waiting);
      yield sealer.seal(all.subarray(0, CHUNK), false);
      waiting = [all.subarray(CHUNK)];
      size = all.length - CHUNK;
    }
  }
  yield sealer.seal(Buffer.concat(waiting), true);
}

/** What is in a backup file, each byte checked. Refuses what is no backup, a wrong or missing key, a changed and a cut file. */
export async function* openChunks(reader: ByteReader, key: Buffer | undefined): AsyncGenerator<Buffer> {
  const { line, header } = await readHeader(reader);
  checkKey(header, key);
  const sealer = sealerOf(line, header, key);
  for (;;) {
    const head = await reader.take(5);
    if (head === undefined) refuseCut();
    const last = head[0] === 1;
    const length = head.readUInt32BE(1);
    if (head.readUInt8(0) > 1 || length > CHUNK) refuseChanged();
    const body = await reader.take(length + sealer.sealBytes);
    if (body === undefined) refuseCut();
    const data = sealer.open(body.subarray(0, length), body.subarray(length), last);
    if (data === undefined) refuseChanged();
    if (last && (await reader.take(1)) !== undefined) refuseChanged();
    yield data;
    if (last) return;
  }
}

async function readHeader(reader: ByteReader): Promise<{ line: Buffer; header: Header }> {
  const line = await reader.line(HEADER_LIMIT);
  if (line === undefined || !line.toString('latin1').startsWith(`${MAGIC} `)) {
    refuse('not-a-backup', '这不是管户的备份文件。', 'This is no backup file of Guanhu.');
  }
  try {
    return { line, header: headerSchema.parse(JSON.parse(line.toString('utf8').slice(MAGIC.length + 1))) };
  } catch {
    return refuseChanged();
  }
}

function checkKey(header: Header, key: Buffer | undefined): void {
  if (header.encrypted && key === undefined) {
    refuse(
      'backup-key-missing',
      '备份已加密：请用 --key 给出密钥文件。',
      'The backup is encrypted: name its key file with --key.',
    );
  }
  if (!header.encrypted && key !== undefined) {
    refuse(
      'backup-not-encrypted',
      '给出了密钥，但备份没有加密：它不是用这把密钥做的。',
      'A key was given but the backup is not encrypted: it was not made with this key.',
    );
  }
  if (key !== undefined && header.keyCheck !== keyCheck(key, header.salt)) {
    refuse('backup-key-wrong', '密钥不对：备份是用另一把密钥加密的。', 'Wrong key: the backup was encrypted with another one.');
  }
}

export function refuseChanged(): never {
  return refuse(
    'backup-changed',
    '备份文件的内容被改动或损坏，未恢复任何数据：请换一份备份。',
    'The backup file was changed or damaged; nothing was restored: take another backup.',
  );
}

function refuseCut(): never {
  return refuse(
    'backup-cut',
    '备份文件不完整，后面的部分缺失，未恢复任何数据：请换一份备份。',
    'The backup file is cut, its end is missing; nothing was restored: take another backup.',
  );
}

function derive(key: Buffer, salt: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.from(salt, 'hex'), `guanhu backup ${purpose}`, 32));
}

function keyCheck(key: Buffer, salt: string): string {
  return createHmac('sha256', derive(key, salt, 'check'))
    .update(MAGIC)
    .digest('hex');
}

function sealerOf(line: Buffer, header: Header, key: Buffer | undefined): Sealer {
  const start = createHash('sha256').update(line).digest();
  return key === undefined ? chained(start) : encrypted(start, derive(key, header.salt, 'body'));
}

function headOf(data: Buffer, last: boolean): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(last ? 1 : 0, 0);
  head.writeUInt32BE(data.length, 1);
  return head;
}

/** Each digest goes on from the one before, so that chunks can neither be changed nor leave their place. */
function chained(start: Buffer): Sealer {
  let before = start;
  const next = (data: Buffer, last: boolean) => {
    before = createHash('sha256').update(before).update(headOf(data, last)).update(data).digest();
    return before;
  };
  return {
    seal: (data, last) => Buffer.concat([headOf(data, last), data, next(data, last)]),
    open: (data, seal, last) => (next(data, last).equals(seal) ? data : undefined),
    sealBytes: DIGEST,
  };
}

/** The key is of this file alone, so the number of the chunk is nonce enough. */
function encrypted(start: Buffer, key: Buffer): Sealer {
  let number = 0;
  const nonce = () => {
    const bytes = Buffer.alloc(12);
    bytes.writeBigUInt64BE(BigInt(number), 4);
    number += 1;
    return bytes;
  };
  return {
    seal: (data, last) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonce()).setAAD(Buffer.concat([start, headOf(data, last)]));
      const sealed = Buffer.concat([cipher.update(data), cipher.final()]);
      return Buffer.concat([headOf(data, last), sealed, cipher.getAuthTag()]);
    },
    open: (data, seal, last) => {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce(), { authTagLength: TAG });
      decipher.setAAD(Buffer.concat([start, headOf(data, last)])).setAuthTag(seal);
      const opened = decipher.update(data);
      try {
        return Buffer.concat([opened, decipher.final()]);
      } catch {
        return undefined;
      }
    },
    sealBytes: TAG,
  };
}
