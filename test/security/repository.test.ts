import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../../src/platform/files.ts';

// Numbers of nobody: ID numbers of the region 99, mobiles that begin with 100, cards whose first digits no bank has.
const OURS = { id: /^99/, mobile: /^100/, card: /^9/ };

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Whether it could be somebody's: a province, a day of birth, the check digit. */
function isIdNumber(text: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  const month = Number(text.slice(10, 12));
  const day = Number(text.slice(12, 14));
  return (
    /^[1-8]\d{5}(18|19|20)/.test(text) &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 31 &&
    '10X98765432'[sum % 11] === text[17]?.toUpperCase()
  );
}

/** Cards of China UnionPay, and those of others with 16 digits. */
function isCard(text: string): boolean {
  if (!/^62\d{14,17}$/.test(text) && !/^[3-5]\d{15}$/.test(text)) return false;
  const digits = Array.from(text, Number).reverse();
  const sum = digits.reduce((total, digit, i) => total + (i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0)), 0);
  return sum % 10 === 0;
}

/** Numbers in a text that could be somebody's, as `kind number`. Digits within a longer word or number are parts of digests and sums. */
function personalNumbers(text: string): string[] {
  const whole = (pattern: string) =>
    [...text.matchAll(new RegExp(`(?<![\\w.])${pattern}(?![\\w.])`, 'g'))].map(([found]) => found);
  return [
    ...whole('\\d{17}[\\dXx]')
      .filter((one) => isIdNumber(one) && !OURS.id.test(one))
      .map((one) => `id ${one}`),
    ...whole('1[3-9]\\d{9}')
      .filter((one) => !OURS.mobile.test(one))
      .map((one) => `mobile ${one}`),
    ...whole('\\d{16,19}')
      .filter((one) => isCard(one) && !OURS.card.test(one))
      .map((one) => `card ${one}`),
  ];
}

describe('[SECURITY 29] numbers of real people', () => {
  it('are recognised', () => {
    // Put together here, so that this file holds none.
    const id = ['110101', '19900307', '803', 'X'].join('');
    expect(personalNumbers(`身份证 ${id}，手机 ${'138'}${'00138000'}，卡 ${'62220210'}${'01116245702'}`)).toEqual([
      `id ${id}`,
      `mobile ${'138'}${'00138000'}`,
      `card ${'62220210'}${'01116245702'}`,
    ]);
    expect(personalNumbers('990101199001011234 10012345678 a13800138000')).toEqual([]);
  });

  it('are nowhere in the repository', () => {
    const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: projectFile('.'),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    expect(listed.status).toBe(0);
    const files = listed.stdout.split('\0').filter((name) => name !== '' && !/\.(png|backup|ico|woff2?)$/.test(name));
    expect(files.length).toBeGreaterThan(300);
    const found = files.flatMap((name) =>
      personalNumbers(readFileSync(projectFile(name), 'utf8')).map((one) => `${name}: ${one}`),
    );
    expect(found).toEqual([]);
  });
});
