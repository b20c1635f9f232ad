import { rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../src/app/capabilities.ts';
import { feedDesk } from '../src/app/feeds.ts';
import { closeReader, takeFile } from '../src/capabilities/feed/index.ts';
import { COMMAND_LINE } from '../src/platform/audit/index.ts';
import { openPool } from '../src/platform/db/connect.ts';
import { openCustomer, scoped } from '../src/platform/db/transaction.ts';
import { buildServer } from '../src/platform/http/server.ts';
import { bytesOfZip } from './support/bytes-of-zip.ts';
import { type FreshPlatform, freshPlatform } from './support/database.ts';
import { temporaryFolder } from './support/folder.ts';
import { signedIn } from './support/signed-in.ts';
import { makeSmallBank, TWO_BRANCHES } from './support/small-bank.ts';
import { type Cast, castOf, type Looker } from './support/strangers.ts';
import type { Ask } from './support/visit.ts';
import { FILE_ROUTES, SESSION_ASKS, visitsOf } from './support/walk.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const dir = temporaryFolder('stranger');
let fresh: FreshPlatform;
let owner: pg.Pool;
let cast: Cast;
let importId: string;
let everybody: ReadonlySet<string>;
let names: ReadonlyMap<string, string>;
const sessions = new Map<string, string>();
type Server = Awaited<ReturnType<typeof buildServer>>;

beforeAll(async () => {
  fresh = await freshPlatform(() => NOW);
  for (const pool of [fresh.platform.app, fresh.platform.worker]) listen(pool);
  const runId = await makeSmallBank(fresh.platform, dir, TWO_BRANCHES);
  owner = new pg.Pool({ connectionString: fresh.ownerUrl, max: 1 });
  cast = await castOf(fresh.ownerUrl, runId);
  importId = await sendBadFile(cast.customer.id);
  const { rows } = await owner.query<{ id: string; name: string }>('select customer_id as id, name from coverage.card');
  everybody = new Set(rows.map((row) => row.id));
  const spoken = (await owner.query<{ text: string }>(STAFF_AND_UNITS)).rows[0]?.text ?? '';
  names = new Map(rows.filter((row) => !spoken.includes(row.name)).map((row) => [row.id, row.name]));
  for (const { staffId } of [...cast.strangers, ...cast.friends, cast.leaver])
    sessions.set(staffId, await signedIn(fresh.platform, staffId));
}, 180_000);
afterAll(async () => {
  await owner.end();
  await fresh.close();
  rmSync(dir, { recursive: true, force: true });
});

const STAFF_AND_UNITS = `select string_agg(name, ' ') as text from (
  select name from organisation.staff union all select name from organisation.org_unit) x`;

/** Refused, because one customer occurs twice: its bad rows name the customer. */
async function sendBadFile(customerId: string): Promise<string> {
  const record = await takeFile(feedDesk(fresh.platform), COMMAND_LINE, {
    fileName: 'customers.csv',
    stream: Readable.from([Buffer.from(`id,name\n${customerId},甲\n${customerId},乙\n`)]),
    options: { tolerateBp: 0, holdUnknown: false, direct: true },
  });
  await closeReader();
  expect(JSON.stringify(record.problems)).toContain(customerId);
  return record.importId;
}

const serverOn = (platform = fresh.platform) =>
  buildServer(platform, ROUTES, { demo: true, version: '0', webFolder: '/nonexistent' });

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** What the database was asked for it: a clock would tell two answers apart only if they took another way. */
  readonly statements: readonly string[];
}

/** When and for which request; how much of the minute's share is left. */
const OWN_HEADERS = new Set(['date', 'x-request-id', 'x-ratelimit-remaining', 'x-ratelimit-reset']);
const statements: string[] = [];
const listened = new WeakSet<pg.PoolClient>();

/** Writes down every statement that goes over a pool. */
function listen(pool: pg.Pool): void {
  pool.on('acquire', (client) => {
    if (listened.has(client)) return;
    listened.add(client);
    const query = client.query.bind(client);
    Object.assign(client, {
      query: (...[first, ...rest]: Parameters<typeof query>) => {
        statements.push(typeof first === 'string' ? first : String(Object(first).text));
        return query(first, ...rest);
      },
    });
  });
}

async function ask(server: Server, token: string | undefined, { method, url, payload }: Ask): Promise<Answer> {
  statements.length = 0;
  const answer = await server.inject({
    method,
    url,
    cookies: token === undefined ? {} : { guanhu_session: token },
    ...(payload === undefined ? {} : { payload }),
  });
  const zipped = String(answer.headers['content-type']).includes('spreadsheetml');
  const text = zipped ? bytesOfZip(answer.rawPayload) : answer.body.replace(/"requestId":"[^"]*"/, '');
  const headers = Object.fromEntries(
    Object.entries(answer.headers).flatMap(([name, value]) =>
      OWN_HEADERS.has(name) ? [] : [[name, String(value).replace(/'nonce-[^']*'/g, '')]],
    ),
  );
  return { status: answer.statusCode, text, headers, statements: [...statements] };
}

/** Ids and names of customers in a text that its reader may not see. */
function foreignIn(text: string, looker: Looker): string[] {
  const ids = [...everybody].filter((id) => !looker.sees.has(id) && text.includes(id));
  const seen = new Set([...names].flatMap(([id, name]) => (looker.sees.has(id) ? [name] : [])));
  const foreign = new Set([...names.values()].filter((name) => name.length > 2 && !seen.has(name) && text.includes(name)));
  return [...ids, ...foreign];
}

describe('whoever may not see a customer', () => {
  it('is led past every route that there is', () => {
    expect(Object.keys(visitsOf(cast, importId, cast.outletId)).sort()).toEqual(ROUTES.map((route) => route.name).sort());
    expect(cast.strangers.length).toBe(7);
    expect(cast.strangers.filter((looker) => looker.sees.has(cast.customer.id))).toEqual([]);
    expect(cast.friends.every((looker) => looker.sees.has(cast.customer.id))).toBe(true);
  });

  it('cannot tell what is foreign from what is nowhere, and gets no byte of foreign customers', async () => {
    for (const looker of cast.strangers) {
      const sendsFiles = looker.who === 'system administrator';
      const visits = Object.entries(visitsOf(cast, importId, looker.foreignUnit)).flatMap(([name, visit]) =>
        sendsFiles && FILE_ROUTES.has(name) ? [] : [visit],
      );
      const server = await serverOn();
      const token = sessions.get(looker.staffId);
      for (const one of [...visits.flatMap((visit) => visit.asks), ...SESSION_ASKS]) {
        const { status, text } = await ask(server, token, one);
        expect([looker.who, one.url, status < 500, foreignIn(text, looker)]).toEqual([looker.who, one.url, true, []]);
      }
      for (const { foreign, nowhere } of visits.flatMap((visit) => visit.pairs)) {
        const [found, none] = [await ask(server, token, foreign), await ask(server, token, nowhere)];
        expect([looker.who, foreign.url, found]).toEqual([looker.who, foreign.url, none]);
        expect(found.text).not.toContain(cast.customer.id);
      }
      await server.close();
    }
  }, 120_000);

  it('while those who may, do see it: the same walk finds the customer', async () => {
    const server = await serverOn();
    const reasons = new Set<string>();
    for (const looker of cast.friends) {
      const token = sessions.get(looker.staffId);
      reasons.add((await ask(server, token, { method: 'GET', url: `/api/customers/${cast.customer.id}/why` })).text);
      const urls = ['', '/why', '/curve'].map((part) => `/api/customers/${cast.customer.id}${part}`);
      for (const url of [...urls, `/api/customers/search?q=${cast.customer.id}`, `/api/transfers/${cast.transferId}`]) {
        const { status, text } = await ask(server, token, { method: 'GET', url });
        expect([looker.who, url, status]).toEqual([looker.who, url, 200]);
        if (!url.endsWith('curve')) expect(text).toContain(cast.customer.id);
        expect(foreignIn(text, looker)).toEqual([]);
      }
    }
    // The manager reads every line of why that the administration reads.
    expect(reasons.size).toBe(1);
    expect([...reasons][0]).toContain('"kind":"candidates"');
    const head = cast.friends[1];
    const token = sessions.get(head?.staffId ?? '');
    const wish = { kind: 'run', subject: cast.runId, unit: cast.outletId, purpose: 'review', words: '梳理管户' };
    const { exportId } = JSON.parse((await ask(server, token, { method: 'POST', url: '/api/exports', payload: wish })).text);
    const workbook = await ask(server, token, { method: 'GET', url: `/api/exports/${exportId}/file.xlsx` });
    expect(workbook.text).toContain(cast.customer.id);
    await server.close();
  });

  it('counts only what its reader sees', async () => {
    const server = await serverOn();
    for (const looker of [...cast.strangers, ...cast.friends]) {
      const { status, text } = await ask(server, sessions.get(looker.staffId), { method: 'GET', url: '/api/overview' });
      if (status === 403) continue;
      const { all } = JSON.parse(text);
      expect([looker.who, all.customers]).toEqual([looker.who, looker.sees.size]);
    }
    await server.close();
  });

  it('gets nothing when signed out, or when no longer on the staff', async () => {
    const server = await serverOn();
    const visits = Object.values(visitsOf(cast, importId, cast.outletId));
    const asks = visits.flatMap((visit) => [...visit.asks, ...visit.pairs.map((pair) => pair.foreign)]);
    const token = sessions.get(cast.leaver.staffId);
    const before = await ask(server, token, { method: 'GET', url: `/api/customers/${cast.customer.id}` });
    expect(before.status).toBe(200);
    await owner.query("update organisation.staff set left_on = '2026-07-01' where id = $1", [cast.leaver.staffId]);
    for (const one of asks) {
      const [out, left] = [await ask(server, undefined, one), await ask(server, token, one)];
      expect([one.url, out.status, out.text.includes(cast.customer.id)]).toEqual([one.url, 401, false]);
      // To know that a session is of no one any more the database has to be asked, whatever comes after it.
      expect([one.url, { ...left, statements: [] }]).toEqual([one.url, { ...out, statements: [] }]);
    }
    await server.close();
  });

  it('is signed out for good after signing out', async () => {
    const server = await serverOn();
    const token = await signedIn(fresh.platform, cast.managerId);
    expect((await ask(server, token, { method: 'GET', url: '/api/session' })).status).toBe(200);
    expect((await ask(server, token, { method: 'DELETE', url: '/api/session' })).status).toBe(200);
    expect((await ask(server, token, { method: 'GET', url: '/api/session' })).status).toBe(401);
    await server.close();
  });
});

interface CustomerTable {
  readonly name: string;
  /** Whether its policy goes by units and seats; the others open one customer at a time. */
  readonly listed: boolean;
}

interface SeatedRow {
  readonly customer_id: string;
  readonly unit_no: number;
  readonly lead_staff: string | null;
  readonly joint_staff: string | null;
}

function isSeatedFor(row: SeatedRow, { scope }: Looker): boolean {
  const inUnit = scope.lo !== undefined && row.unit_no >= scope.lo && row.unit_no <= (scope.hi ?? scope.lo);
  return inUnit || row.lead_staff === scope.staffId || row.joint_staff === scope.staffId;
}

/** Everything with a customer in it that the application may read, from the catalog. */
const READABLE = `select c.oid::regclass::text as name,
    exists (select 1 from pg_attribute s where s.attrelid = c.oid and s.attname = 'unit_no') as listed
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'customer_id' and not a.attisdropped
 where c.relkind in ('r', 'p', 'v') and has_table_privilege('guanhu_app', c.oid, 'select') order by 1`;

describe('row security, when a query forgets whom it is for', () => {
  let tables: readonly CustomerTable[];
  beforeAll(async () => {
    tables = (await owner.query<CustomerTable>(READABLE)).rows;
  });

  it('shows nothing at all without a scope', async () => {
    expect(tables.map((table) => table.name)).toEqual(
      expect.arrayContaining([
        'coverage.assignment',
        'coverage.by_staff',
        'coverage.card',
        'coverage.decision',
        'coverage.standing',
      ]),
    );
    for (const { name } of tables) {
      const { rows } = await fresh.platform.app.query(`select customer_id from ${name}`);
      expect([name, rows]).toEqual([name, []]);
    }
  });

  it('shows only one’s own customers, and details of none before one is opened', async () => {
    for (const looker of [...cast.strangers, ...cast.friends]) {
      for (const { name, listed } of tables) {
        const { rows } = await scoped(fresh.platform.app, looker.scope, (tx) =>
          tx.client.query<SeatedRow>(
            `select customer_id${name === 'coverage.decision' ? ', unit_no, lead_staff, joint_staff' : ''} from ${name}`,
          ),
        );
        // Decisions keep the unit and the seats of their run; everything else is as it is today.
        const foreign = rows.filter((row) =>
          name === 'coverage.decision' ? !isSeatedFor(row, looker) : !looker.sees.has(row.customer_id),
        );
        expect([looker.who, name, foreign.length]).toEqual([looker.who, name, 0]);
        if (name === 'coverage.standing' || name === 'coverage.card') expect(rows.length).toBe(looker.sees.size);
        if (!listed) expect([looker.who, name, rows.length]).toEqual([looker.who, name, 0]);
      }
    }
  });

  it('opens the details of one customer and of no other', async () => {
    const [manager] = cast.friends;
    const details = tables.filter((table) => !table.listed);
    for (const { name } of details) {
      const { rows } = await scoped(fresh.platform.app, manager?.scope ?? { staffId: 'x' }, async (tx) => {
        await openCustomer(tx, cast.customer.id);
        return tx.client.query<{ customer_id: string }>(`select distinct customer_id from ${name}`);
      });
      expect([name, rows.filter((row) => row.customer_id !== cast.customer.id)]).toEqual([name, []]);
    }
  });

  it('keeps a thousand requests apart on two connections, also when every third of them fails', async () => {
    const pool = openPool(fresh.platform.app.options.connectionString ?? '', {
      max: 2,
      applicationName: 'stranger test',
      statementTimeoutMs: 5_000,
    });
    const lookers = [...cast.strangers, ...cast.friends];
    const one = async (n: number) => {
      const looker = lookers[n % lookers.length];
      if (looker === undefined) return ['nobody'];
      const seen: string[] = [];
      await scoped(pool, looker.scope, async (tx) => {
        if (n % 2 === 0) await openCustomer(tx, cast.customer.id);
        const sql = 'select customer_id from coverage.standing order by assets_fen desc, customer_id desc limit 20';
        seen.push(...(await tx.client.query<{ customer_id: string }>(sql)).rows.map((row) => row.customer_id));
        if (n % 3 === 0) await tx.client.query('select 1 / 0');
      }).catch((error: unknown) => {
        if (n % 3 !== 0) throw error;
      });
      return seen.filter((id) => !looker.sees.has(id));
    };
    const leaks = await Promise.all(Array.from({ length: 1000 }, (_nothing, n) => one(n)));
    await pool.end();
    expect(leaks.flat()).toEqual([]);
  });
});

// Last: nothing brings row security back to this database.
describe('the scope in the queries, when row security is off', () => {
  it('shows nothing foreign all the same', async () => {
    const { rows } = await owner.query<{ name: string }>(
      "select c.oid::regclass::text as name from pg_class c where relrowsecurity and relkind in ('r', 'p')",
    );
    for (const { name } of rows) await owner.query(`alter table ${name} disable row level security`);
    const all = await fresh.platform.app.query('select count(*)::int as n from coverage.card');
    expect(all.rows[0].n).toBe(everybody.size);
    for (const looker of cast.strangers.filter(({ who }) => who !== 'system administrator')) {
      const server = await serverOn();
      const token = sessions.get(looker.staffId);
      const visits = Object.values(visitsOf(cast, importId, looker.foreignUnit));
      for (const one of visits.flatMap((visit) => [...visit.asks, ...visit.pairs.map(({ foreign }) => foreign)])) {
        const { status, text } = await ask(server, token, one);
        expect([looker.who, one.url, status < 500, foreignIn(text, looker)]).toEqual([looker.who, one.url, true, []]);
      }
      await server.close();
    }
  }, 120_000);
});
