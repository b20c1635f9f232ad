import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { loadConfig } from '../../src/platform/config.ts';
import { ensureDatabase } from '../../src/platform/embedded/index.ts';
import { convert, LAST_DAY } from './convert.ts';

const RULES = 'examples/early-warning/rules.yaml';

async function guanhu(home: string, args: readonly string[]): Promise<void> {
  console.log(`$ guanhu ${args.join(' ')}`);
  const env = { ...process.env, GUANHU_HOME: home };
  const child = spawn(process.execPath, ['bin/guanhu.mjs', ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`guanhu ${args[0]} ended with ${code}`);
}

/** Whom the rule named and since when, against who really left by the end of the year. */
async function report(home: string): Promise<void> {
  const left = new Map(
    readFileSync(join(home, 'left.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([id = '', flag = '']) => [id, flag === 'true'] as const),
  );
  const database = await ensureDatabase(loadConfig({ GUANHU_HOME: home }, '/'), 'command', () => undefined);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ id: string; since: string }>(
      "select customer_id as id, min(since)::text as since from engagement.follow_up where rule = 'falling-fast' group by 1",
    );
    const { rows: contacts } = await owner.query<{ n: number }>('select count(*)::int as n from engagement.contact');
    const leavers = [...left.values()].filter(Boolean).length;
    const caught = rows.filter(({ id }) => left.get(id));
    const early = new Map<string, number>();
    for (const { since } of caught) early.set(since.slice(0, 7), (early.get(since.slice(0, 7)) ?? 0) + 1);
    const share = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
    console.log(`contacts taken: ${contacts[0]?.n}`);
    console.log(`card customers: ${left.size}, of whom left: ${leavers} (${share(leavers, left.size)})`);
    console.log(`named by the rule: ${rows.length} (${share(rows.length, left.size)})`);
    console.log(
      `leavers named: ${caught.length} (${share(caught.length, leavers)}), first in ${[...early]
        .sort()
        .map(([month, n]) => `${month}: ${n}`)
        .join(', ')}`,
    );
    const wrong = rows.length - caught.length;
    console.log(
      `false alarms: ${wrong} (${share(wrong, left.size - leavers)} of those who stayed; ${share(caught.length, rows.length)} of the named left)`,
    );
  } finally {
    await owner.end();
    await database.stop();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, home: { type: 'string' } } });
  const { data, home } = values;
  if (!data || !home) throw new Error('usage: npm run example:early-warning -- --data ../shared/data --home DIR');
  if (!existsSync(join(data, 'bankchurners')))
    throw new Error(
      `no folder ${join(data, 'bankchurners')}: the data is not part of the project (see examples/early-warning/README.md)`,
    );
  const feeds = join(home, 'feeds');
  mkdirSync(feeds, { recursive: true });
  await convert(data, feeds);
  // Who left is for the report alone.
  renameSync(join(feeds, 'left.csv'), join(home, 'left.csv'));
  await guanhu(home, ['feed', feeds, '--json']);
  await guanhu(home, ['follow-ups', 'activate', RULES]);
  await guanhu(home, ['close', '--to', LAST_DAY, '--json']);
  await report(home);
}

await main();
