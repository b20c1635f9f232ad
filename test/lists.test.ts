import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../src/app/capabilities.ts';
import { customersPage, runDetail, runPool, runsPage, runTotals } from '../src/capabilities/coverage/contract.ts';
import { staffMemberSchema } from '../src/capabilities/organisation/contract.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank } from './support/small-bank.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('lists');
let fresh: FreshPlatform;
let owner: pg.Pool;
let server: Awaited<ReturnType<typeof buildServer>>;
let base: string;
let runId: string;
const sessions = new Map<string, string>();
const person = z.object({
  id: z.string(),
  role: z.string(),
  level: z.string(),
  lo: z.number(),
  hi: z.number(),
  unit: z.string(),
});
let people: z.infer<typeof person>[];

const PEOPLE = `select s.id, s.role, u.level, u.id as unit, u.unit_no as lo, u.last_no as hi
  from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id where s.left_on is null order by s.id`;

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  runId = await makeSmallBank(fresh.platform, dir);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  // Nobody falls short of a band within three weeks, so some are made to.
  await owner.query("update coverage.standing set below_since = '2026-06-29' where band > 0 and customer_id like '%7'");
  people = z.array(person).parse((await owner.query(PEOPLE)).rows);
  server = await buildServer(fresh.platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });
  base = await server.listen({ host: '127.0.0.1', port: 0 });
}, 180_000);
afterAll(async () => {
  await server.close();
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

function one(role: string, level: string): z.infer<typeof person> {
  const found = people.find((candidate) => candidate.role === role && candidate.level === level);
  if (found === undefined) throw new Error(`the bank has no ${role} of a ${level}`);
  return found;
}

async function get(who: { id: string }, path: string): Promise<{ status: number; body: unknown }> {
  const token = sessions.get(who.id) ?? (await signedIn(fresh.platform, who.id));
  sessions.set(who.id, token);
  const answer = await fetch(base + path, { headers: { cookie: `guanhu_session=${token}` } });
  return { status: answer.status, body: await answer.json() };
}

async function read<T>(who: { id: string }, path: string, schema: z.ZodType<T>): Promise<T> {
  const { status, body } = await get(who, path);
  expect([path, status]).toEqual([path, 200]);
  return schema.parse(body);
}

/** Every page of a list. */
async function whole<T>(who: { id: string }, path: string, page: z.ZodType<{ items: T[]; next: string | null }>): Promise<T[]> {
  const items: T[] = [];
  for (let after = ''; ; ) {
    const { items: more, next } = await read(who, `${path}${path.includes('?') ? '&' : '?'}limit=200${after}`, page);
    items.push(...more);
    if (next === null) return items;
    after = `&after=${next}`;
  }
}

describe('the customers list over HTTP', () => {
  /** What a filter means, told from the rows and the bank's own tables. */
  const MEANS = {
    covered: 'lead_staff is not null',
    atRisk: 'below_since is not null',
    // Every band of 全员分层管户 has seats; who is below the lowest has none.
    due: 'band >= 0',
  } as const;

  it.each(['covered', 'atRisk', 'due'] as const)('filters by %s, yes and no, for the bank and for an outlet', async (filter) => {
    const outlet = one('outlet-head', 'outlet');
    for (const [who, unit] of [
      [one('branch-admin', 'head-office'), 'true'] as const,
      [outlet, `outlet_id = '${outlet.unit}'`] as const,
    ]) {
      for (const answer of ['yes', 'no'] as const) {
        const { rows } = await owner.query<{ id: string }>(
          `select customer_id as id from coverage.standing
            where ${unit} and (${MEANS[filter]}) = $1 order by assets_fen desc, customer_id desc`,
          [answer === 'yes'],
        );
        const found = await whole(who, `/api/customers?${filter}=${answer}`, customersPage);
        expect(found.map((row) => row.customerId)).toEqual(rows.map((row) => row.id));
        if (unit === 'true') expect([filter, answer, rows.length > 0]).toEqual([filter, answer, true]);
      }
    }
  });

  it('refuses what is neither yes nor no', async () => {
    for (const filter of Object.keys(MEANS))
      expect((await get(one('branch-admin', 'head-office'), `/api/customers?${filter}=true`)).status).toBe(400);
  });
});

describe('runs, as each of their readers sees them', () => {
  const COUNTED = ['customers', 'covered', 'uncovered', 'kept', 'moved', 'fresh', 'staffNeeded'] as const;
  const pools = z.object({ items: z.array(runPool) });

  async function ownSums(head: z.infer<typeof person>) {
    const { items } = await read(head, `/api/runs/${runId}/pools`, pools);
    const leads = items.filter((pool) => pool.seat === 'lead');
    const sum = (list: typeof items, of: (pool: (typeof items)[number]) => number) =>
      list.reduce((total, pool) => total + of(pool), 0);
    expect(items.length).toBeGreaterThan(0);
    return {
      customers: sum(leads, (pool) => pool.covered + pool.uncovered),
      covered: sum(leads, (pool) => pool.covered),
      uncovered: sum(leads, (pool) => pool.uncovered),
      kept: sum(items, (pool) => pool.kept),
      moved: sum(items, (pool) => pool.moved),
      fresh: sum(items, (pool) => pool.fresh),
      staffNeeded: sum(items, (pool) => pool.staffNeeded),
    };
  }

  it('gives the head of an outlet the sums of its own pools, which are not the bank’s', async () => {
    const bank = await read(one('branch-admin', 'head-office'), `/api/runs/${runId}`, runDetail);
    for (const head of people.filter(({ role }) => role === 'outlet-head')) {
      const sums = await ownSums(head);
      const { totals } = await read(head, `/api/runs/${runId}`, runDetail);
      // Whom no pool takes because their home outlet is missing belongs to no outlet.
      expect(totals).toMatchObject(sums);
      expect(totals?.customers).toBeLessThan(bank.totals?.customers ?? 0);
      expect(totals?.bands.reduce((sum, band) => sum + band.customers, 0)).toBe(sums.customers);
      const listed = (await whole(head, '/api/runs', runsPage)).find((run) => run.runId === runId);
      expect(Object.fromEntries(COUNTED.map((key) => [key, listed?.totals?.[key]]))).toEqual(sums);
      const { rows } = await owner.query<{ assets: number; reasons: number }>(
        `select coalesce(sum(average_fen) filter (where seat = 'lead'), 0)::bigint as assets, count(*)::int as reasons
           from coverage.decision where run_id = $1 and unit_no between $2 and $3
            and pool_no in (select pool_no from coverage.run_pool where run_id = $1 and unit_no between $2 and $3)`,
        [runId, head.lo, head.hi],
      );
      expect(totals?.assetsFen).toBe(Number(rows[0]?.assets));
      expect(totals?.reasons.reduce((sum, row) => sum + row.customers, 0)).toBe(rows[0]?.reasons);
    }
  });

  it('gives who sees the whole bank what the run says, and each unit of it by itself', async () => {
    const admin = one('branch-admin', 'head-office');
    const { rows } = await owner.query<{ totals: unknown }>('select totals from coverage.run where run_id = $1', [runId]);
    const kept = runTotals.parse(rows[0]?.totals);
    expect((await read(admin, `/api/runs/${runId}`, runDetail)).totals).toEqual(kept);
    const head = one('outlet-head', 'outlet');
    const [theirs, ours] = [
      await read(head, `/api/runs/${runId}`, runDetail),
      await read(admin, `/api/runs/${runId}?unit=${head.unit}`, runDetail),
    ];
    expect(ours.totals).toEqual(theirs.totals);
    expect(ours.effect).not.toEqual(theirs.effect);
    expect((await read(admin, `/api/runs/${runId}`, runDetail)).effect).toEqual(ours.effect);
  });

  it('refuses those who may not read runs', async () => {
    const manager = one('wealth-manager', 'outlet');
    for (const path of ['/api/runs', `/api/runs/${runId}`]) expect((await get(manager, path)).status).toBe(403);
  });

  it('lists full runs and those of the night apart, or both', async () => {
    const admin = one('branch-admin', 'head-office');
    const kinds = async (query: string) => (await whole(admin, `/api/runs${query}`, runsPage)).map((run) => run.kind);
    const [all, full, nightly] = [await kinds(''), await kinds('?kind=full'), await kinds('?kind=nightly')];
    expect([new Set(full), new Set(nightly)]).toEqual([new Set(['full']), new Set(['nightly'])]);
    expect(all.length).toBe(full.length + nightly.length);
    expect((await get(admin, '/api/runs?kind=other')).status).toBe(400);
  });
});

describe('people, searched for', () => {
  const found = z.object({ items: z.array(staffMemberSchema), next: z.string().nullable() });
  const spelled = z.object({ id: z.string(), name: z.string(), pinyin: z.string(), initials: z.string() });

  it('are found by name, initials, pinyin and number, by those whose units they are in', async () => {
    const admin = one('branch-admin', 'head-office');
    const head = one('outlet-head', 'outlet');
    const { rows } = await owner.query('select id, name, pinyin, initials from organisation.staff order by id');
    const staff = z.array(spelled).parse(rows);
    const someone = staff.find(({ id }) => id === head.id);
    for (const text of [
      someone?.name,
      someone?.name.slice(1),
      someone?.initials,
      someone?.initials.toUpperCase(),
      someone?.pinyin,
      head.id,
    ]) {
      const { items } = await read(admin, `/api/organisation/staff/search?q=${encodeURIComponent(text ?? '')}`, found);
      expect([text, items.some(({ id }) => id === head.id)]).toEqual([text, true]);
    }
    const initial = someone?.initials.slice(0, 1) ?? '';
    const theirs = await whole(head, `/api/organisation/staff/search?q=${initial}`, found);
    const within = new Set(people.filter(({ lo }) => lo >= head.lo && lo <= head.hi).map(({ id }) => id));
    const begins = staff.filter(
      (row) => row.pinyin.startsWith(initial) || row.initials.startsWith(initial) || row.id.toLowerCase().startsWith(initial),
    );
    expect(theirs.map(({ id }) => id)).toEqual(begins.map(({ id }) => id).filter((id) => within.has(id)));
    expect(theirs.length).toBeLessThan((await whole(admin, `/api/organisation/staff/search?q=${initial}`, found)).length);
  });

  it('are not found once they have left, nor by signs that mean something to a database', async () => {
    const admin = one('branch-admin', 'head-office');
    const leaver = one('teller', 'outlet');
    const ask = () => read(admin, `/api/organisation/staff/search?q=${leaver.id}`, found);
    expect((await ask()).items.map(({ id }) => id)).toContain(leaver.id);
    await owner.query("update organisation.staff set left_on = '2026-07-01' where id = $1", [leaver.id]);
    expect((await ask()).items).toEqual([]);
    for (const text of ['%', '_', '\\', "'"])
      expect((await read(admin, `/api/organisation/staff/search?q=${encodeURIComponent(text)}`, found)).items).toEqual([]);
  });
});
