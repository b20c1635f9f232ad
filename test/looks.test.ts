import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { Looks } from '../src/platform/audit/looks.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { bytesOfZip } from './support/bytes-of-zip.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank, TWO_BRANCHES } from './support/small-bank.ts';
import { type Cast, castOf } from './support/strangers.ts';
import { visitsOf } from './support/walk.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('looks');
let fresh: FreshPlatform;
let owner: pg.Pool;
let cast: Cast;
let server: Awaited<ReturnType<typeof buildServer>>;

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  const runId = await makeSmallBank(fresh.platform, dir, TWO_BRANCHES);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 2 });
  cast = await castOf(fresh.ownerUrl, runId);
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
}, 180_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

/** What the audit has for one request. */
const entriesOf = async (requestIds: readonly string[]) =>
  (
    await owner.query<{ kind: string; actor: string; origin: string | null; customer: string | null }>(
      'select kind, actor, origin, customer_id as customer from audit.entry where request_id = any($1) order by at',
      [requestIds],
    )
  ).rows;

describe('looks at customers [SECURITY 30]', () => {
  it('are on record with who and from where, on every route that shows one', async () => {
    const friend = cast.friends[0];
    if (friend === undefined) throw new Error('the bank has nobody who sees the customer');
    const token = await signedIn(fresh.platform, friend.staffId);
    const { rows } = await owner.query<{ id: string }>('select customer_id as id from coverage.card');
    const untold: string[] = [];
    let shown = 0;
    for (const [name, visit] of Object.entries(visitsOf(cast, 'none', cast.outletId)))
      for (const { method, url, payload } of visit.asks.filter((one) => one.method === 'GET')) {
        const before = await owner.query('select count(*)::int as n from audit.entry');
        const answer = await server.inject({
          method,
          url,
          cookies: { guanhu_session: token },
          remoteAddress: '10.0.0.7',
          ...(payload === undefined ? {} : { payload }),
        });
        const zipped = String(answer.headers['content-type']).includes('spreadsheetml');
        const text = zipped ? bytesOfZip(answer.rawPayload) : answer.body;
        if (answer.statusCode !== 200 || !rows.some(({ id }) => text.includes(id))) continue;
        shown += 1;
        const after = await owner.query(
          "select count(*)::int as n, max(actor) filter (where origin = '10.0.0.7') as actor from (select * from audit.entry order by at desc limit 1) e",
        );
        const total = await owner.query('select count(*)::int as n from audit.entry');
        if (total.rows[0].n === before.rows[0].n || after.rows[0].actor !== friend.staffId) untold.push(name);
      }
    expect(untold).toEqual([]);
    expect(shown).toBeGreaterThan(8);
  });

  it('that cannot be recorded are not answered', async () => {
    const friend = cast.friends[0]?.staffId ?? '';
    const cookies = { guanhu_session: await signedIn(fresh.platform, friend) };
    const ask = () => server.inject({ method: 'GET', url: `/api/customers/${cast.customer.id}`, cookies });
    expect((await ask()).statusCode).toBe(200);
    await owner.query('revoke insert (entry_id) on audit.entry from guanhu_app');
    const answer = await ask();
    await owner.query('grant insert (entry_id) on audit.entry to guanhu_app');
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain(cast.customer.id);
    expect((await ask()).statusCode).toBe(200);
  });

  it('that were refused are on record too', async () => {
    const stranger = cast.strangers.find(({ who }) => who !== 'system administrator')?.staffId ?? '';
    const cookies = { guanhu_session: await signedIn(fresh.platform, stranger) };
    const answer = await server.inject({ method: 'GET', url: `/api/customers/${cast.customer.id}`, cookies });
    expect(answer.statusCode).toBe(404);
    expect(await entriesOf([answer.json().requestId])).toMatchObject([
      { kind: 'access.refused', actor: stranger, customer: null },
    ]);
  });

  it('of many at once share statements, and each waits for its own', async () => {
    const looks = new Looks(fresh.platform.app);
    const one = (n: number) =>
      looks.write({ ...COMMAND_LINE, requestId: `many-${n}` }, [{ kind: 'customer.viewed', subject: String(n) }]);
    await Promise.all(Array.from({ length: 900 }, (_, n) => one(n)));
    const { rows } = await owner.query(
      "select count(*)::int as entries, count(distinct xid)::int as statements from audit.entry where request_id like 'many-%'",
    );
    expect(rows[0].entries).toBe(900);
    expect(rows[0].statements).toBeLessThan(20);
    // More than a thousand do not wait: they are told to come again.
    const crowd = await Promise.allSettled(Array.from({ length: 1_200 }, (_, n) => one(1_000 + n)));
    expect(crowd.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
  });
});
