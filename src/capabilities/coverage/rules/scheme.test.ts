import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROLES } from '../../../platform/auth/roles.ts';
import { COVERING_ROLES } from './covering-roles.ts';
import { parseScheme } from './parse-scheme.ts';
import { bandThresholdsFen, type Scheme, schemeSchema, seatRoles, shareWords, whenWords } from './scheme.ts';

const schemesDir = new URL('../../../../schemes/', import.meta.url);

function preset(name: string): Scheme {
  const parsed = parseScheme(readFileSync(new URL(`${name}.yaml`, schemesDir), 'utf8'));
  if (!('ok' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.ok;
}

function problems(text: string) {
  const parsed = parseScheme(text);
  return 'problems' in parsed ? parsed.problems : [];
}

const SMALL = `scheme: small
version: "1"
title: {zh: 小方案, en: Small}
measure: calendar-year
grace: {months: 3}
bands:
  - band: all
    title: {zh: 全部, en: All}
    from: 0
    seats:
      - seat: lead
        staff: [{role: teller}]
        pool: outlet
`;

describe('the presets', () => {
  it('full-coverage has the bands and limits of the source [S3]', () => {
    const scheme = preset('full-coverage');
    expect(bandThresholdsFen(scheme)).toEqual([1_000_000, 5_000_000, 20_000_000, 600_000_000]);
    expect(scheme.bands.map((band) => band.seats.map((seat) => [seat.seat, seat.staff[0]?.role, seat.pool, seat.limit]))).toEqual(
      [
        [
          ['lead', 'sub-branch-head', 'sub-branch', undefined],
          ['joint', 'wealth-advisor', 'branch', { initial: 100, at_most: 200 }],
        ],
        [['lead', 'wealth-manager', 'outlet', { initial: 400, at_most: 500 }]],
        [
          ['lead', 'loan-manager', 'outlet', undefined],
          ['lead', 'lobby-manager', 'outlet', { initial: 300 }],
        ],
        [['lead', 'remote-manager', 'branch', { at_most: 10_000 }]],
      ],
    );
    expect(scheme.bands[1]?.cover).toBe('all');
  });

  it('outlet-team splits high-end and VIP customers 40/60 and leaves the remainder to tellers [S0]', () => {
    const scheme = preset('outlet-team');
    expect(bandThresholdsFen(scheme)).toEqual([0, 5_000_000, 20_000_000, 50_000_000]);
    const vip = scheme.bands[1]?.seats[0];
    expect(vip && shareWords(scheme, vip)?.zh).toBe('营销团队牵头人 40%，营销团队成员 60%');
    const rising = scheme.bands[2];
    expect(rising?.seats.map((seat) => [whenWords(seat)?.zh, seatRoles(scheme, seat)])).toEqual([
      ['无贷款', ['marketing-supervisor', 'wealth-manager', 'lobby-manager']],
      [undefined, ['teller']],
    ]);
  });

  it('names roles as the sign-in page names them', () => {
    for (const [role, title] of Object.entries(COVERING_ROLES)) expect(ROLES).toHaveProperty([role], title);
  });

  it('publishes its JSON Schema as it is now (npx vitest run src/capabilities/coverage/rules/scheme.test.ts -u renews it)', async () => {
    const published = `${JSON.stringify(z.toJSONSchema(schemeSchema, { io: 'input' }), null, 2)}\n`;
    await expect(published).toMatchFileSnapshot(new URL('scheme.schema.json', schemesDir).pathname);
  });
});

describe('parseScheme', () => {
  it('reads a small scheme', () => {
    expect(problems(SMALL)).toEqual([]);
  });

  it.each([
    ['a missing key, at its band', SMALL.replace('    from: 0\n', ''), 7, 'bands.0.from'],
    ['an unknown key', SMALL.replace('pool: outlet', 'pool: outlet\n        limits: {initial: 3}'), 11, 'bands.0.seats.0'],
    ['a role that does not exist', SMALL.replace('role: teller', 'role: cashier'), 12, 'bands.0.seats.0.staff.0.role'],
    ['text for a number', SMALL.replace('from: 0', 'from: 5万'), 9, 'bands.0.from'],
    ['a number with decimals', SMALL.replace('from: 0', 'from: 0.5'), 9, 'bands.0.from'],
    [
      'a limit of nobody',
      SMALL.replace('pool: outlet', 'pool: outlet\n        limit: {at_most: 0}'),
      14,
      'bands.0.seats.0.limit.at_most',
    ],
    ['the same key twice', `${SMALL}scheme: again\n`, 14, ''],
    ['a tab as indent', SMALL.replace('    from', '\tfrom'), 9, ''],
  ])('gives the line of %s', (_name, text, line, path) => {
    const found = problems(text);
    expect(found[0]).toMatchObject({ line, path });
    expect(found[0]?.words.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(found[0]?.words.en).not.toMatch(/[\u4e00-\u9fff]/);
  });

  it('refuses aliases and files without end', () => {
    expect(problems(SMALL.replace('{zh: 全部, en: All}', '&a {zh: 全部, en: All}').concat('below: *a\n'))[0]?.words.en).toContain(
      'aliases',
    );
    expect(problems(`#${' '.repeat(300_000)}`)[0]?.words.en).toContain('256 KB');
  });
});
