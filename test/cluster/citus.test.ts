import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { whyOf } from '../../src/capabilities/coverage/index.ts';
import { openPlatform, type Platform } from '../../src/platform/context.ts';
import { distribute } from '../../src/platform/db/distribute.ts';
import { migrate } from '../../src/platform/db/migrate.ts';
import { openCustomer, scoped, unscoped } from '../../src/platform/db/transaction.ts';
import { loadSecrets } from '../../src/platform/secrets.ts';
import { type State, stateOf } from '../crash/state.ts';
import { freshPlatform } from '../support/database.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeSmallBank } from '../support/small-bank.ts';
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
});
