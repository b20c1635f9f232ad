import { expect, it } from 'vitest';
import { fitsPassword, hashPassword, passwordProblem } from './password.ts';

const PERSON = { staffId: 'S1024', name: '王小明' };
const codeOf = (password: string) => passwordProblem(password, PERSON)?.code;

it('keeps a password only as a salted scrypt hash that says its parameters [SECURITY 2]', async () => {
  const [one, two] = [await hashPassword('春江潮水连海平 2026'), await hashPassword('春江潮水连海平 2026')];
  expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(await fitsPassword('春江潮水连海平 2026', one)).toBe(true);
  expect(await fitsPassword('春江潮水连海平 2027', one)).toBe(false);
  // Hashes of other strength stay good.
  expect(await fitsPassword('x', '$scrypt$ln=4,r=8,p=1$c2FsdA$AAAA')).toBe(false);
});

it('takes one password in whatever way a keyboard composes it', async () => {
  expect(await fitsPassword('café au lait noir', await hashPassword('café au lait noir'))).toBe(true);
});

it('lets nobody in where there is no hash, not even with the zero password', async () => {
  expect(await fitsPassword('', null)).toBe(false);
});

it('refuses short, long, common and own names, and nothing else [SECURITY 2]', () => {
  expect(codeOf('eleven-char')).toBe('password-length');
  expect(codeOf('长'.repeat(129))).toBe('password-length');
  for (const common of ['Password2026!!', '123456789012', 'aaaaaaaaaaaaa', 'abcdefghijklmn', '!!!iloveyou!!!'])
    expect([common, codeOf(common)]).toEqual([common, 'password-common']);
  expect(codeOf('my-s1024-secret')).toBe('password-own-name');
  expect(codeOf('王小明的秘密花园不告诉你')).toBe('password-own-name');
  for (const good of ['correct horse battery', '床前明月光疑是地上霜举头', 'kqzvxwpmtjrb', `${'ab4X'.repeat(31)}zyQ7`])
    expect([good, codeOf(good)]).toEqual([good, undefined]);
});
