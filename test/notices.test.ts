import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { scoped, unscoped } from '../src/platform/db/transaction.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { notify } from '../src/platform/notice/index.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { signedIn } from './support/signed-in.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
let fresh: FreshPlatform;
let server: Awaited<ReturnType<typeof buildServer>>;

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  const owner = new pg.Client({ connectionString: fresh.ownerUrl });
  await owner.connect();
  await owner.query(`insert into organisation.org_unit (id, name, level, parent_id, unit_no, last_no, branch_id, sub_branch_id) values
    ('H', '总行', 'head-office', null, 1, 2, null, null), ('O', '网点', 'outlet', 'H', 2, 2, null, null)`);
  await owner.query(`insert into organisation.staff (id, name, pinyin, initials, org_unit_id, role, share_bp) values
    ('W1', '甲', '', '', 'O', 'wealth-manager', 10000), ('W2', '乙', '', '', 'O', 'wealth-manager', 10000)`);
  await owner.end();
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
});
afterAll(async () => {
  await server.close();
  await fresh.close();
});

async function ask(who: string, method: 'GET' | 'POST', url: string) {
  const answer = await server.inject({
    method,
    url,
    cookies: { guanhu_session: await signedIn(fresh.platform, who) },
    ...(method === 'POST' ? { payload: {} } : {}),
  });
  return { status: answer.statusCode, body: answer.json() };
}

const tell = (who: (string | null)[], subject: string) =>
  unscoped(fresh.platform.worker, (tx) => notify(tx, NOW, who, { kind: 'transfer-approved', subject }));

it('tells each person once, in the transaction of what it tells of', async () => {
  await tell(['W1', 'W1', null, 'W2'], 'T1');
  const failed = unscoped(fresh.platform.worker, async (tx) => {
    await notify(tx, NOW, ['W1'], { kind: 'transfer-failed', subject: 'T2' });
    throw new Error('the change itself fails');
  });
  await expect(failed).rejects.toThrow('the change itself fails');
  for (const who of ['W1', 'W2']) {
    const { body } = await ask(who, 'GET', '/api/notices');
    expect(body).toMatchObject({ unread: 1, next: null, items: [{ subject: 'T1', to: 'transfers', read: false }] });
    expect(body.items[0].text.zh).toBe('调户已同意，管户关系已变更');
  }
});

it('is read by whom it is for and by nobody else', async () => {
  const { body } = await ask('W1', 'GET', '/api/notices');
  const url = `/api/notices/${body.items[0].noticeId}/read`;
  const [foreign, nowhere] = [await ask('W2', 'POST', url), await ask('W2', 'POST', '/api/notices/none/read')];
  expect([foreign.status, foreign.body.code]).toEqual([404, nowhere.body.code]);
  const { rows } = await scoped(fresh.platform.app, { staffId: 'W2' }, (tx) =>
    tx.client.query("update platform.notice set read_at = now() where subject = 'T1' returning staff_id"),
  );
  expect(rows).toEqual([{ staff_id: 'W2' }]);
  expect((await ask('W1', 'GET', '/api/notices')).body.unread).toBe(1);
  expect((await ask('W1', 'POST', url)).status).toBe(200);
  expect((await ask('W1', 'GET', '/api/notices')).body).toMatchObject({ unread: 0, items: [{ read: true }] });
});

it('is listed page by page, the unread ones alone, and all of them marked read at once', async () => {
  for (const subject of ['A', 'B', 'C']) await tell(['W1'], subject);
  const seen: string[] = [];
  let after: string | null = '';
  while (after !== null) {
    const page: { items: { subject: string }[]; next: string | null } = (
      await ask('W1', 'GET', `/api/notices?unread=yes&limit=2${after === '' ? '' : `&after=${after}`}`)
    ).body;
    seen.push(...page.items.map((item) => item.subject));
    after = page.next;
  }
  expect(seen.sort()).toEqual(['A', 'B', 'C']);
  expect((await ask('W1', 'POST', '/api/notices/read-all')).status).toBe(200);
  expect((await ask('W1', 'GET', '/api/notices?unread=yes')).body).toMatchObject({ unread: 0, items: [] });
});
