import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { ROUTES } from '../../src/app/capabilities.ts';
import { whyOf } from '../../src/capabilities/coverage/index.ts';
import { digestOf } from '../../src/kernel/digest.ts';
import { openPlatform, type Platform } from '../../src/platform/context.ts';
import { distribute } from '../../src/platform/db/distribute.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { openCustomer, scoped, unscoped } from '../../src/platform/db/transaction.ts';
import { buildServer } from '../../src/platform/http/server.ts';
import { loadSecrets } from '../../src/platform/secrets.ts';
import { type State, stateOf } from '../crash/state.ts';
import { freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { guanhu } from '../support/process.ts';
import { signedIn } from '../support/signed-in.ts';
import { makeSmallBank, SMALL } from '../support/small-bank.ts';
import { castOf } from '../support/strangers.ts';
import { type ClusterDatabase, clusterDatabase, clusterIsThere } from './citus.ts';

const NOW = new Date('2026-07-01T04:00:00Z');
const root = temporaryFolder('cluster');
let database: ClusterDatabase | undefined;
let platform: Platform;
let ownerUrl: string;
let single: { state: State; why: unknown };
let runId: string;
afterAll(async () => {
  await platform?.close();
  await database?.drop();
  rmSync(root, { recursive: true, force: true });
});

/** What the command line says of a few customers: the words are worked out from every table. */
async function whySome(on: Platform): Promise<unknown> {
  return unscoped(on.worker, async (tx) => {
    const { rows } = await tx.client.query<{ id: string }>(
      'select customer_id as id from coverage.standing order by assets_fen desc, customer_id limit 20',
    );
    const answers: unknown[] = [];
    for (const { id } of rows) answers.push(await whyOf(tx, id));
    return answers;
  });
}

const why = clusterIsThere() ? '' : ' — skipped: ../shared/citus is not here, or this is not root';
describe.skipIf(!clusterIsThere())(`the main job on a Citus cluster${why}`, () => {
  it('runs on one server, to compare with', async () => {
    const fresh = await freshPlatform(() => NOW);
    try {
      await makeSmallBank(fresh.platform, join(root, 'single'));
      single = { state: await stateOf(fresh.platform.home, fresh.ownerUrl), why: await whySome(fresh.platform) };
    } finally {
      await fresh.close();
    }
  }, 120_000);

  it('distributes the same schema, and has nothing left to do the second time', async () => {
    database = await clusterDatabase(`guanhu_test_${process.pid}`);
    ownerUrl = database.ownerUrl;
    copyFileSync(join(inject('testServer').home, 'secrets.json'), join(root, 'secrets.json'));
    await migrate(ownerUrl, loadSecrets(root));
    const first = await distribute(ownerUrl);
    expect(first.distributed).toEqual(expect.arrayContaining(['customers.customer', 'coverage.standing', 'closing.balance']));
    expect(await distribute(ownerUrl)).toMatchObject({ distributed: [], reference: [] });
    platform = await openPlatform(root, ownerUrl, () => NOW);
  }, 180_000);

  it('comes to the same averages, assignments, limits and words as on one server', async () => {
    runId = await makeSmallBank(platform, join(root, 'files'));
    expect(await stateOf(root, ownerUrl)).toEqual(single.state);
    expect(await whySome(platform)).toEqual(single.why);
  }, 600_000);

  it('keeps strangers out on every node', async () => {
    const { strangers, friends, customer } = await castOf(ownerUrl, runId);
    for (const looker of [...strangers, ...friends]) {
      const seen = await scoped(platform.app, looker.scope, async (tx) => {
        const { rows } = await tx.client.query<{ id: string }>('select customer_id as id from coverage.standing');
        return rows.map((row) => row.id).sort();
      });
      expect([looker.who, seen]).toEqual([looker.who, [...looker.sees].sort()]);
    }
    const details = await scoped(platform.app, friends[0]?.scope ?? { staffId: 'x' }, async (tx) => {
      await openCustomer(tx, customer.id);
      return (await tx.client.query('select distinct customer_id from coverage.assignment')).rows;
    });
    expect(details).toEqual([{ customer_id: customer.id }]);
  });

  it('takes over portfolios that exist already, explains them, and gives them back', async () => {
    const before = await seats();
    const { customers, staffId, name } = await someToTakeOver();
    const file = join(root, 'assignments.csv');
    writeFileSync(file, ['customer_id,staff_id,since', ...customers.map((id) => `${id},${staffId},2026-06-29`), ''].join('\n'));
    const { imports } = taken.parse(await answerOf('feed', file));
    expect(imports.map(({ state, rows }) => [state, rows])).toEqual([['accepted', customers.length]]);
    expect((await leadsOf(customers)).map((row) => row.staff_id)).toEqual(customers.map(() => staffId));
    expect(JSON.stringify(await answerOf('why', customers[0] ?? ''))).toContain(`主管户：${name}，`);
    expect(await answerOf('verify')).toMatchObject({ ok: true });
    expect(await answerOf('feed', 'undo', imports[0]?.importId ?? '', '--yes')).toMatchObject({ state: 'undone' });
    expect(await seats()).toEqual(before);
  }, 120_000);

  it('lets people sign in, follows up their customers, and records what they do', async () => {
    const server = await buildServer(platform, ROUTES, { demo: false, version: '0', webFolder: '/nonexistent' });
    const ask = async (who: string, method: 'GET' | 'POST', url: string, payload?: object) => {
      const cookies = { guanhu_session: await signedIn(platform, who) };
      const answer = await server.inject({ method, url, cookies, ...(payload && { payload }) });
      expect([url, answer.statusCode, answer.statusCode === 200 ? '' : answer.body]).toEqual([url, 200, '']);
      return answer.json();
    };
    expect(await answerOf('follow-ups', 'activate')).toMatchObject({ version: 1, customers: expect.any(Number) });
    expect(await answerOf('follow-ups', 'evaluate', '--full')).toMatchObject({ opened: 0, renewed: 0, ended: 0 });
    const { customer, staff } = await someToServe();
    const call = { contactId: randomUUID(), channel: 'phone', outcome: 'reached', note: '问候' };
    const work = await ask(staff, 'POST', `/api/customers/${customer}/contacts`, call);
    expect(work.followUps.map((one: { rule: string }) => one.rule)).not.toContain('first-contact');
    await ask(staff, 'POST', `/api/customers/${customer}/contacts/${call.contactId}/reverse`, { words: '登记有误' });
    expect((await ask(staff, 'GET', '/api/workbench')).day).toBe('2026-07-01');
    await server.close();
  }, 120_000);

  it('is verified, and exports what one server does, by the command line', async () => {
    expect(await answerOf('verify')).toMatchObject({ ok: true, differences: 0 });
    for (const kind of ['averages', 'portfolios']) {
      const out = join(root, `${kind}.csv`);
      await answerOf('export', kind, '--date', SMALL.to, '--out', out);
      // Less who took it out and when, which stands on every row.
      const text = readFileSync(out, 'utf8').replaceAll(/,[^,\r\n]*,[^,\r\n]*(?=\r?$)/gm, '');
      expect([kind, digestOf(text)]).toEqual([kind, single.state[`export ${kind}`]]);
    }
  }, 120_000);
});

const taken = z.object({ imports: z.array(z.object({ importId: z.string(), state: z.string(), rows: z.number() })) });

/** What the command line answers when it works on the cluster. */
async function answerOf(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await guanhu([...args, '--json'], { DATABASE_URL: ownerUrl, GUANHU_HOME: root });
  expect([args[0], code, code === 0 ? '' : stdout + stderr]).toEqual([args[0], 0, '']);
  return JSON.parse(stdout);
}

const SEATS = [
  'select customer_id, seat, staff_id, portfolio, from_date, to_date, ended_reason from coverage.assignment order by 1, 2, 5',
  'select staff_id, portfolio, customers from coverage.portfolio where customers > 0 order by 1, 2',
  'select customer_id, seat, staff_id, unit_no, assets_fen from coverage.by_staff order by 1, 2',
  'select customer_id, lead_staff, joint_staff from coverage.standing order by 1',
  'select customer_id, lead_staff, joint_staff from coverage.card order by 1',
];

/** Who looks after whom, wherever it is kept. */
function seats(): Promise<unknown[][]> {
  return unscoped(platform.worker, async (tx) => {
    const answers: unknown[][] = [];
    for (const sql of SEATS) answers.push((await tx.client.query(sql)).rows);
    return answers;
  });
}

/** Customers with a manager and without, and somebody at work who looks after nobody. */
function someToTakeOver(): Promise<{ customers: string[]; staffId: string; name: string }> {
  return unscoped(platform.worker, async (tx) => {
    const some = (having: string) =>
      tx.client.query<{ id: string }>(
        `select customer_id as id from coverage.standing where lead_staff is ${having} order by customer_id limit 10`,
      );
    const customers = [...(await some('null')).rows, ...(await some('not null')).rows].map((row) => row.id).sort();
    const { rows } = await tx.client.query<{ id: string; name: string }>(
      `select id, name from organisation.staff where left_on is null and id not in (select staff_id from coverage.portfolio) order by id limit 1`,
    );
    return { customers, staffId: rows[0]?.id ?? '', name: rows[0]?.name ?? '' };
  });
}

/** A customer of a wealth manager with a first contact to make. */
async function someToServe(): Promise<{ customer: string; staff: string }> {
  const { rows } = await platform.worker.query<{ customer: string; staff: string }>(
    `select s.customer_id as customer, s.lead_staff as staff from coverage.standing s
       join engagement.follow_up f on f.customer_id = s.customer_id and f.rule = 'first-contact' and f.state = 'open'
       join organisation.staff m on m.id = s.lead_staff and m.role = 'wealth-manager' and m.left_on is null order by 1 limit 1`,
  );
  const [found] = rows;
  if (found === undefined) throw new Error('nobody has a wealth manager');
  return found;
}

function leadsOf(customers: readonly string[]): Promise<{ staff_id: string }[]> {
  return unscoped(platform.worker, async (tx) => {
    const { rows } = await tx.client.query<{ staff_id: string }>(
      "select staff_id from coverage.assignment where customer_id = any($1) and seat = 'lead' and to_date is null order by customer_id",
      [customers],
    );
    return rows;
  });
}
