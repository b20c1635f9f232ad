import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { feedDesk } from '../src/app/feeds.ts';
import { closeReader, takeFile } from '../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { signedIn } from './support/signed-in.ts';

let now = new Date('2026-03-01T04:00:00Z');
let fresh: FreshPlatform;
let server: Awaited<ReturnType<typeof buildServer>>;
const UNITS = `id,name,level,parent_id,closed_on,merged_into
H,总行,head-office,,,
B,分行,branch,H,,
B2,二分行,branch,H,,
O1,一网点,outlet,B,,
O2,二网点,outlet,B,,
`;
const STAFF = `id,name,org_unit_id,role,hired_on,left_on
ADM,甲,H,branch-admin,2020-01-01,
BA,乙,B,branch-admin,2020-01-01,
W,丙,O1,wealth-manager,2024-06-01,
X,丁,O2,teller,2020-01-01,
`;

beforeAll(async () => {
  fresh = await freshPlatform(() => now);
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
});
afterAll(async () => {
  await server.close();
  await fresh.close();
});

async function send(fileName: string, text: string) {
  const taken = await takeFile(feedDesk(fresh.platform), COMMAND_LINE, {
    fileName,
    stream: Readable.from([Buffer.from(text)]),
    options: { tolerateBp: 0, holdUnknown: false, direct: true },
  });
  await closeReader();
  return taken;
}
async function on(day: string, who = 'ADM') {
  const answer = await server.inject({
    method: 'GET',
    url: `/api/organisation/on/${day}`,
    cookies: { guanhu_session: await signedIn(fresh.platform, who) },
  });
  const { units, staff }: { units: Record<string, unknown>[]; staff: Record<string, unknown>[] } = answer.json();
  return {
    units: units.map(({ id, name, parentId, open }) => [id, name, parentId, open].join(' ')),
    staff: staff.map(({ id, unitId, role }) => [id, unitId, role].join(' ')),
  };
}

it('tells units and posts as they were on any day', async () => {
  expect((await send('org-units.csv', UNITS)).state).toBe('accepted');
  expect((await send('staff.csv', STAFF)).state).toBe('accepted');
  now = new Date('2026-04-01T04:00:00Z');
  await send(
    'org-units.csv',
    UNITS.replace('O1,一网点,outlet,B,,', 'O1,一网点新址,outlet,B2,,').replace(
      'O2,二网点,outlet,B,,',
      'O2,二网点,outlet,B,2026-04-10,O1',
    ),
  );
  await send(
    'staff.csv',
    STAFF.replace('W,丙,O1,wealth-manager,2024-06-01,', 'W,丙,B,wealth-advisor,2024-06-01,').replace(
      'X,丁,O2,teller,2020-01-01,',
      'X,丁,O2,teller,2020-01-01,2026-04-05',
    ),
  );
  const first = ['H 总行  true', 'B 分行 H true', 'O1 一网点 B true', 'O2 二网点 B true', 'B2 二分行 H true'];
  expect(await on('2026-03-31')).toEqual({
    units: first,
    staff: ['ADM H branch-admin', 'BA B branch-admin', 'W O1 wealth-manager', 'X O2 teller'],
  });
  // Before the first file what it says is taken to have been so, people from their first day.
  expect(await on('2021-05-05')).toEqual({ units: first, staff: ['ADM H branch-admin', 'BA B branch-admin', 'X O2 teller'] });
  expect(await on('2026-04-01')).toEqual({
    units: ['H 总行  true', 'B 分行 H true', 'O2 二网点 B true', 'B2 二分行 H true', 'O1 一网点新址 B2 true'],
    staff: ['ADM H branch-admin', 'BA B branch-admin', 'W B wealth-advisor', 'X O2 teller'],
  });
  const later = await on('2026-04-10');
  expect([later.units.includes('O2 二网点 B false'), later.staff.includes('X O2 teller')]).toEqual([true, false]);
  // A second change on one day replaces the first.
  await send('staff.csv', 'id,name,org_unit_id,role\nW,丙,O1,lobby-manager\n');
  expect((await on('2026-04-01')).staff).toContain('W O1 lobby-manager');
  // Whoever sees a branch sees the branch as it was then.
  expect((await on('2026-03-31', 'BA')).units).toEqual(['B 分行 H true', 'O1 一网点 B true', 'O2 二网点 B true']);
  expect((await on('2026-04-01', 'BA')).units).toEqual(['B 分行 H true', 'O2 二网点 B true']);
});

it('refuses mergers that cannot be, row by row', async () => {
  const codes = async (text: string) => (await send('org-units.csv', text)).problems.map(({ code, line }) => [code, line]);
  const head = 'id,name,level,parent_id,closed_on,merged_into\n';
  expect(await codes(`${head}O1,一网点,outlet,B2,,O2\n`)).toContainEqual(['unit-merge-undated', 2]);
  expect(await codes(`${head}O1,一网点,outlet,B2,2026-05-01,B\n`)).toEqual([['unit-merge-level', 2]]);
  expect(await codes(`${head}O1,一网点,outlet,B2,2026-05-01,NONE\n`)).toContainEqual(['unknown-unit', 2]);
  expect(await codes(`${head}O1,一网点,outlet,B2,2026-05-01,O2\n`)).toContainEqual(['unit-merge-cycle', 2]);
});
