// `npm run bench -- --size small|city|big`: figures as ratios within this run; small is what CI runs.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/platform/config.ts';
import { openPlatform } from '../src/platform/context.ts';
import { openPool } from '../src/platform/db/connect.ts';
import { ensureDatabase } from '../src/platform/embedded/index.ts';
import { allocationSpeed } from './allocation.ts';
import { auditCost } from './audit.ts';
import { benchClosing } from './closing.ts';
import { followUpSpeed, nightSpeed, workbenchSpeed } from './follow-ups.ts';
import { groupSpeed } from './groups.ts';
import { ledgerSpeed } from './ledgers.ts';
import { measureLoad } from './load/index.ts';
import { oracleGap } from './oracle-gap.ts';
import { readingSpeed } from './reading.ts';
import { makeClosedBank, measureRun } from './runs.ts';
import { show } from './show.ts';

const SIZES = {
  small: { customers: 20_000, allocation: [10_000, 100_000], pools: 100, rounds: 200 },
  city: { customers: 1_000_000, allocation: [10_000, 100_000, 1_000_000], pools: 1_000, rounds: 1_000 },
  big: { customers: 5_000_000, allocation: [10_000, 100_000, 1_000_000], pools: 1_000, rounds: 1_000 },
} as const;

const { values } = parseArgs({ options: { size: { type: 'string', default: 'small' } } });
const size = values.size === 'city' || values.size === 'big' ? values.size : 'small';
const plan = SIZES[size];

/** Runs a part on an embedded database of its own, so that no part inherits another's caches or bloat. */
async function onFreshBank<T>(
  work: (platform: Awaited<ReturnType<typeof openPlatform>>, ownerUrl: string) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'guanhu-bench-'));
  const config = loadConfig({ GUANHU_HOME: home }, home);
  const database = await ensureDatabase(config, 'command', () => undefined);
  try {
    const platform = await openPlatform(home, database.ownerUrl, () => new Date());
    try {
      return await work(platform, database.ownerUrl);
    } finally {
      await platform.close();
    }
  } finally {
    await database.stop();
    await rm(home, { recursive: true, force: true });
  }
}

console.log(
  `bench ${size}: ${plan.customers} customers; ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
);
show(
  'pure allocation, µs a customer',
  [...allocationSpeed('full-coverage', plan.allocation), ...allocationSpeed('outlet-team', plan.allocation)].map((row) => ({
    ...row,
  })),
);
show('distance from the exact optimum on small pools', [{ ...(await oracleGap('bench', plan.pools)) }]);
show('daily close', [
  {
    ...(await onFreshBank(async (platform, ownerUrl) => {
      const owner = openPool(ownerUrl, { max: 2, applicationName: 'guanhu bench', statementTimeoutMs: 0 });
      try {
        return await benchClosing(platform, owner, plan.customers);
      } finally {
        await owner.end();
      }
    })),
  },
]);
await onFreshBank(async (platform, ownerUrl) => {
  await makeClosedBank(ownerUrl, plan.customers);
  show('a run', [{ ...(await measureRun(platform, ownerUrl)) }]);
  show(
    'reading under row security, 20 at once, ms',
    (await readingSpeed(platform, plan.rounds)).map((row) => ({ ...row })),
  );
  show('follow-ups', [{ ...(await followUpSpeed(platform, ownerUrl)) }]);
  show('customer groups', [{ ...(await groupSpeed(platform, ownerUrl)) }]);
  show('after each close, in one pass', [{ ...(await nightSpeed(platform)) }]);
  show(
    'the manager’s desk under row security, 20 at once, ms',
    (await workbenchSpeed(platform, plan.rounds)).map((row) => ({ ...row })),
  );
  show(
    'registers and plans, 20 at once, ms',
    (await ledgerSpeed(platform, plan.rounds)).map((row) => ({ ...row })),
  );
  show(
    'what the audit costs, requests a second',
    (await auditCost(platform, plan.rounds)).map((row) => ({ ...row })),
  );
});
if (size === 'small') {
  const home = await mkdtemp(join(tmpdir(), 'guanhu-bench-'));
  try {
    const load = { customers: plan.customers, people: 200, seconds: 10, thinkSeconds: 3 };
    show('people at work', await measureLoad(home, load));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
console.log('\n1 passed, 0 failed');
