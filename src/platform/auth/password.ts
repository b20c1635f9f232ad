import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { dictionary } from '@zxcvbn-ts/language-common';
import { type Refusal, refusal } from '../../kernel/refusal.ts';

/** scrypt as OWASP's password storage sheet asks for at the least: 32 MiB, three rounds. */
const LOG_N = 15;
const BLOCKS = 8;
const LANES = 3;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Hashes worked out at the same time: the machine has other work too. */
const AT_ONCE = 2;

export const SHORTEST = 12;
export const LONGEST = 128;

const PHC = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, length: number, options: ScryptOptions): Promise<Buffer> {
  while (running >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  running += 1;
  try {
    return await new Promise<Buffer>((done, fail) =>
      // One password is one sequence of characters, however a keyboard composed them.
      scrypt(password.normalize('NFKC'), salt, length, options, (error, key) => (error === null ? done(key) : fail(error))),
    );
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

function optionsOf(logN: number, blocks: number, lanes: number): ScryptOptions {
  const N = 2 ** logN;
  return { N, r: blocks, p: lanes, maxmem: 256 * N * blocks };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

/** The hash of a password as PHC text, with its own salt: `$scrypt$ln=15,r=8,p=3$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, HASH_BYTES, optionsOf(LOG_N, BLOCKS, LANES));
  return `$scrypt$ln=${LOG_N},r=${BLOCKS},p=${LANES}$${base64(salt)}$${base64(hash)}`;
}

/** Fits no password, and takes as long to find out as any other. */
const NOBODYS = `$scrypt$ln=${LOG_N},r=${BLOCKS},p=${LANES}$${base64(Buffer.alloc(SALT_BYTES))}$${base64(Buffer.alloc(HASH_BYTES))}`;

/** Whether the password fits the stored hash. Without one the same work is done, so that time does not tell who has an account. */
export async function fitsPassword(password: string, stored: string | null): Promise<boolean> {
  const parts = PHC.exec(stored ?? NOBODYS);
  if (parts === null) throw new Error('a stored password hash has an unknown form');
  const [, logN, blocks, lanes, salt = '', hash = ''] = parts;
  const expected = Buffer.from(hash, 'base64');
  const options = optionsOf(Number(logN), Number(blocks), Number(lanes));
  const found = await derive(password, Buffer.from(salt, 'base64'), expected.length, options);
  return timingSafeEqual(found, expected) && stored !== null;
}

const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common']);

function isCommon(lower: string): boolean {
  // "password2026!!" is "password" to whoever guesses.
  const core = lower.replace(/[^\p{L}]+$/u, '').replace(/^[^\p{L}]+/u, '');
  return COMMON.has(lower) || COMMON.has(core) || new Set(lower).size < 5 || isRun(lower);
}

/** Mostly neighbours in the alphabet or among the digits: 1234567890ab. */
function isRun(text: string): boolean {
  const codes = [...text].map((sign) => sign.codePointAt(0) ?? 0);
  const neighbours = codes.filter((code, at) => at > 0 && Math.abs(code - (codes[at - 1] ?? 0)) <= 1).length;
  return neighbours * 4 >= codes.length * 3;
}

/** Why a password may not be taken, or undefined. No rule about kinds of characters: length is what counts [ASVS 6.2]. */
export function passwordProblem(password: string, person: { staffId: string; name: string }): Refusal | undefined {
  const text = password.normalize('NFKC');
  const length = [...text].length;
  if (length < SHORTEST || length > LONGEST)
    return refusal('password-length', '密码需为 12 至 128 个字符。', 'A password has 12 to 128 characters.');
  const lower = text.toLowerCase();
  if (lower.includes(person.staffId.toLowerCase()) || (person.name.length > 1 && lower.includes(person.name.toLowerCase())))
    return refusal(
      'password-own-name',
      '密码不能包含员工号或姓名。',
      'The password must not contain the staff number or the name.',
    );
  if (isCommon(lower))
    return refusal(
      'password-common',
      '这个密码太常见，容易被猜中，请换一个。',
      'This password is too common and easily guessed; choose another.',
    );
  return undefined;
}
