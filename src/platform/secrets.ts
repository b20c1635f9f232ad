import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { refuse } from '../kernel/refusal.ts';

const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const secretsFile = z.strictObject({
  appPassword: hex32,
  workerPassword: hex32,
  sealKey: hex32,
  searchKey: hex32,
  sealKeyId: z.int().min(1).default(1),
  /** Keys that sealed before, by id: what they sealed can still be opened. */
  oldSealKeys: z.record(z.string().regex(/^\d+$/), hex32).default({}),
  /** A change of keys has begun and not everything is under the new one yet. */
  resealing: z.boolean().default(false),
});
type SecretsFile = z.output<typeof secretsFile>;
/** What the home folder keeps secret: passwords of the two database roles, the keys that seal fields, the key of the search hashes. */
export interface Secrets extends Readonly<SecretsFile> {
  /** Where they stand: a process that runs on meets values under a key that came after it. */
  readonly file: string;
}

const MOST_KEYS = 255;

/** Reads the home folder's secrets, making them at the first start. Refuses a file that others can read. */
export function loadSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json');
  if (!existsSync(file)) makeSecrets(file);
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    refuse(
      'secrets-exposed',
      `${file} 的权限过宽：请改为 600 后再启动。`,
      `${file} can be read by others: set its mode to 600 and start again.`,
    );
  }
  return { ...secretsFile.parse(JSON.parse(readFileSync(file, 'utf8'))), file };
}

function makeSecrets(file: string): void {
  const key = () => randomBytes(32).toString('hex');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeSecrets(file, secretsFile.parse({ appPassword: key(), workerPassword: key(), sealKey: key(), searchKey: key() }));
}

function writeSecrets(file: string, secrets: SecretsFile): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, file);
}

/** Begins to seal with a new key, or goes on where a change of keys was broken off. The key before opens what it has sealed. */
export function beginRotation(home: string): Secrets {
  const { file: place, ...old } = loadSecrets(home);
  if (old.resealing) return { ...old, file: place };
  if (old.sealKeyId >= MOST_KEYS) throw new Error('no number is left for another key');
  const next: SecretsFile = {
    ...old,
    sealKey: randomBytes(32).toString('hex'),
    sealKeyId: old.sealKeyId + 1,
    oldSealKeys: { ...old.oldSealKeys, [old.sealKeyId]: old.sealKey },
    resealing: true,
  };
  writeSecrets(place, next);
  return { ...next, file: place };
}

/** Everything is under the new key. The one before stays until the next change: a process that runs on may still seal with it. */
export function endRotation({ file: place, ...done }: Secrets): void {
  const before = String(done.sealKeyId - 1);
  const oldSealKeys = Object.fromEntries(Object.entries(done.oldSealKeys).filter(([id]) => id === before));
  writeSecrets(place, { ...done, oldSealKeys, resealing: false });
}

/** The key of an id. One that is not known here came after this process began: the file has it. */
export function sealKeyOf(secrets: Secrets, id: number): Buffer {
  const found = knownKey(secrets, id) ?? knownKey(loadSecrets(dirname(secrets.file)), id);
  if (found === undefined) throw new Error(`unknown seal key ${id}`);
  return Buffer.from(found, 'hex');
}

function knownKey(secrets: Secrets, id: number): string | undefined {
  return id === secrets.sealKeyId ? secrets.sealKey : secrets.oldSealKeys[id];
}

/** Seals a text with AES-256-GCM: key id, nonce, tag, ciphertext. Each call differs, so a sealed value can't be searched. */
export function seal(secrets: Secrets, text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(secrets.sealKey, 'hex'), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([secrets.sealKeyId]), nonce, cipher.getAuthTag(), sealed]);
}

/** Opens a sealed text; throws when it was changed or sealed with another key. */
export function unseal(secrets: Secrets, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', sealKeyOf(secrets, sealed.readUInt8(0)), sealed.subarray(1, 13));
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
