import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cleanUp } from '../../src/capabilities/feed/index.ts';
import { projectFile } from '../../src/platform/files.ts';
import { CUSTOMERS, openSender, POSITIONS, PRODUCTS, type Sender, STAFF, UNITS } from './sender.ts';

const folder = mkdtempSync(join(tmpdir(), 'guanhu-crash-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FILES = {
  'org-units.csv': UNITS,
  'staff.csv': STAFF,
  'products.csv': PRODUCTS,
  'positions-2026-06-30.csv': POSITIONS,
  'customers.csv': CUSTOMERS,
};
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);

const NOW = '2026-07-01T04:00:00.000Z';

/** Takes the files in a process that is killed at the first pass of a point. Tells whether it was. */
function takeAndDie(bank: Sender, name: string): boolean {
  const { platform } = bank.desk;
  const script = projectFile('test/feeds/crash-child.ts');
  const files = Object.keys(FILES).map((file) => join(folder, file));
  const run = spawnSync(process.execPath, ['--import', 'tsx', script, platform.home, bank.ownerUrl, NOW, ...files], {
    cwd: projectFile('.'),
    env: { ...process.env, GUANHU_CRASH_AT: `${name}#1` },
  });
  return run.signal === 'SIGKILL';
}

async function take(bank: Sender): Promise<void> {
  for (const [name, text] of Object.entries(FILES)) {
    const { state } = await bank.send(name, text, { holdUnknown: true });
    expect(state).toMatch(/accepted|unchanged/);
  }
}

/** What feeds leave, without what differs by chance: numbers of imports, sealed bytes. */
async function outcome(bank: Sender): Promise<unknown> {
  const { archive, home } = bank.desk.platform;
  const read = (sub: string) => readdirSync(join(archive, sub)).sort();
  const accepted = await bank.rows(
    "select import_id, feed, file_name, sha256, rows, held, totals, effect from feed.import where state = 'accepted' order by accept_no",
  );
  return {
    imports: accepted.map((row) => ({ ...row, import_id: '' })),
    undecided: await bank.rows("select state from feed.import where state not in ('accepted', 'unchanged', 'discarded')"),
    content: read('content').length - accepted.length,
    raw: read('raw'),
    work: readdirSync(join(home, 'work')),
    held: await bank.rows('select customer_id, rows, balance_fen, taken_at is not null as taken from feed.held order by 1'),
    units: await bank.rows('select * from organisation.org_unit order by id'),
    staff: await bank.rows('select * from organisation.staff order by id'),
    products: await bank.rows('select * from products.product order by code'),
    customers: await bank.rows(
      'select customer_id, name, pinyin, id_key, mobile_key, merged_into from customers.customer order by 1',
    ),
    stage: await bank.rows('select import_id from customers.stage_customer'),
    audits: await bank.rows("select kind, count(*)::int as n from audit.entry where kind = 'feed.accepted' group by 1"),
  };
}

/** Every point of taking a file in the sources: a point that is never reached fails its test. Taking back is test/crash's. */
const POINTS = [
  ...new Set(
    sources(projectFile('src/capabilities')).flatMap((text) =>
      [...text.matchAll(/point\('(feed\.[\w.]+)'\)/g)].map((m) => m[1] ?? ''),
    ),
  ),
]
  .filter((name) => !name.startsWith('feed.undo.'))
  .sort();

function sources(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(path, name), 'utf8'));
}

describe('killed at any point, the same command finishes and nothing differs', () => {
  let untouched: unknown;
  test('undisturbed', async () => {
    const bank = await openSender();
    try {
      await take(bank);
      untouched = await outcome(bank);
      expect(untouched).toMatchObject({ imports: { length: 5 }, held: { length: 2 }, work: [] });
    } finally {
      await bank.close();
    }
  });

  test.each(POINTS)('%s', async (name) => {
    const bank = await openSender();
    try {
      expect(takeAndDie(bank, name)).toBe(true);
      await cleanUp(bank.desk);
      await take(bank);
      await cleanUp(bank.desk);
      expect(await outcome(bank)).toEqual(untouched);
    } finally {
      await bank.close();
    }
  }, 60_000);
});
