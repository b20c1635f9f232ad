import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { Refused } from '../../kernel/refusal.ts';
import { byteReader } from './bytes.ts';
import { openChunks, sealChunks } from './chunks.ts';

const KEY = Buffer.alloc(32, 7);
const DATA = Buffer.alloc((1 << 20) + 17, 'a line of text\n');

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
}

const sealed = (data: Buffer, key: Buffer | undefined) => collect(sealChunks(Readable.from([data]), key));
const opened = (file: Buffer, key: Buffer | undefined) => collect(openChunks(byteReader(Readable.from([file])), key));
const outcome = (file: Buffer, key: Buffer | undefined) =>
  opened(file, key).then(
    () => 'opened',
    (error: unknown) => (error instanceof Refused ? error.refusal.code : String(error)),
  );

it.each([undefined, KEY])('gives back what was sealed, also over several chunks', async (key) => {
  for (const data of [Buffer.alloc(0), Buffer.from('x'), DATA])
    expect((await opened(await sealed(data, key), key)).equals(data)).toBe(true);
});

it.each([undefined, KEY])('refuses every changed byte and every cut [SECURITY 56]', async (key) => {
  const file = await sealed(Buffer.from('some rows\n'), key);
  const seen = new Set<string>();
  for (let at = 0; at < file.length; at += 1) {
    const changed = Buffer.from(file);
    changed.writeUInt8(changed.readUInt8(at) ^ 0x01, at);
    seen.add(await outcome(changed, key));
    seen.add(await outcome(file.subarray(0, at), key));
  }
  seen.add(await outcome(Buffer.concat([file, Buffer.from([0])]), key));
  const known = ['backup-changed', 'backup-cut', 'backup-key-wrong', 'backup-not-encrypted', 'not-a-backup'];
  expect([...seen].filter((code) => !known.includes(code))).toEqual([]);
});

it.each([undefined, KEY])('refuses chunks that have changed their places', async (key) => {
  const file = await sealed(Buffer.concat([DATA, DATA]), key);
  const body = file.indexOf(10) + 1;
  const chunk = 5 + (1 << 20) + (key === undefined ? 32 : 16);
  const swapped = Buffer.concat([
    file.subarray(0, body),
    file.subarray(body + chunk, body + 2 * chunk),
    file.subarray(body, body + chunk),
    file.subarray(body + 2 * chunk),
  ]);
  expect(await outcome(swapped, key)).toBe('backup-changed');
});
