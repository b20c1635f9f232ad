import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { refuse } from '../kernel/refusal.ts';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const secretsFile = z.strictObject({ appPassword: hex32, workerPassword: hex32, sealKey: hex32, searchKey: hex32 });
/** What the home folder keeps secret: passwords of the two database roles, the key that seals fields, the key of the search hashes. */
export type Secrets = z.infer<typeof secretsFile>;

/** Reads the home folder's secrets, making them at the first start. Refuses a file that others can read. */
export function loadSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json');
  if (!existsSync(file)) writeSecrets(home, file);
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    refuse(
      'secrets-exposed',
      `${file} 的权限过宽：请改为 600 后再启动。`,
      `${file} can be read by others: set its mode to 600 and start again.`,
    );
  }
  return secretsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function writeSecrets(home: string, file: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const key = () => randomBytes(32).toString('hex');
  const secrets: Secrets = { appPassword: key(), workerPassword: key(), sealKey: key(), searchKey: key() };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** Says which key a value was sealed with; it stands before every one. */
export const KEY_ID = 1;

/** Seals a text with AES-256-GCM: key id, nonce, tag, ciphertext. Each call differs, so a sealed value can't be searched. */
export function seal(secrets: Secrets, text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(secrets.sealKey, 'hex'), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([KEY_ID]), nonce, cipher.getAuthTag(), sealed]);
}

/** Opens a sealed text; throws when it was changed or sealed with another key. */
export function unseal(secrets: Secrets, sealed: Buffer): string {
  if (sealed[0] !== KEY_ID) throw new Error(`unknown seal key ${sealed[0]}`);
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(secrets.sealKey, 'hex'), sealed.subarray(1, 13));
  decipher.setAuthTag(sealed.subarray(13, 29));
  return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]).toString('utf8');
}

/** The 16-byte keyed hash under which a mobile or ID number is found by exact match. */
export function searchKey(secrets: Secrets, kind: 'mobile' | 'id', text: string): Buffer {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s-]/g, '')
    .replace(/^\+?86(?=1\d{10}$)/, '')
    .toUpperCase();
  return createHmac('sha256', Buffer.from(secrets.searchKey, 'hex')).update(`${kind}:${plain}`).digest().subarray(0, 16);
}
