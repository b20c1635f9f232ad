import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { refuse } from '../../kernel/refusal.ts';

/** The newest seal as it was once, signed: kept outside the database, it shows what was cut off or put back there later. */
const anchorLine = z.strictObject({
  sealNo: z.int(),
  chain: z.string().regex(/^[0-9a-f]{64}$/),
  totalEntries: z.int(),
  at: z.iso.datetime(),
  signature: z.string(),
});
export type Anchor = z.infer<typeof anchorLine>;
export interface Head {
  readonly sealNo: number;
  readonly chain: string;
  readonly totalEntries: number;
}

/** The key that signs, made at the first use, for its owner alone. */
export function anchorKey(home: string): KeyObject {
  const file = join(home, 'audit-key.pem');
  if (!existsSync(file)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    renameSync(draft, file);
  }
  return createPrivateKey(readFileSync(file));
}

const signed = ({ sealNo, chain, totalEntries, at }: Omit<Anchor, 'signature'>) =>
  Buffer.from([sealNo, chain, totalEntries, at].join('|'));

/** Adds the head to the file unless its last line has it already. */
export function appendAnchor(key: KeyObject, file: string, head: Head, now: Date): void {
  const last = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) : undefined;
  if (last?.includes(`"chain":"${head.chain}"`)) return;
  const plain = { ...head, at: now.toISOString() };
  const anchor: Anchor = { ...plain, signature: sign(null, signed(plain), key).toString('base64') };
  appendFileSync(file, `${JSON.stringify(anchor)}\n`, { mode: 0o600 });
}

/** The anchors of a file, each with whether its signature holds. Refuses what is no such file. */
export function readAnchors(key: KeyObject, file: string): readonly (Anchor & { readonly holds: boolean })[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line === '') return [];
    const anchor = parseAnchor(line);
    if (anchor === undefined) {
      return refuse(
        'no-anchors',
        `${file} 第 ${index + 1} 行不是审计锚点：请用 --anchors 指定管户写出的锚点文件。`,
        `Line ${index + 1} of ${file} is no anchor of the audit: give the file that Guanhu writes with --anchors.`,
      );
    }
    const holds = verify(null, signed(anchor), createPublicKey(key), Buffer.from(anchor.signature, 'base64'));
    return [{ ...anchor, holds }];
  });
}

function parseAnchor(line: string): Anchor | undefined {
  try {
    return anchorLine.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
