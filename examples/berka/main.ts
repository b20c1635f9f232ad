import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { convertBerka, LAST_DAY } from './convert.ts';

const SCHEME = 'examples/berka/berka.yaml';

/** Runs a command of the product on the example's own home; what it prints on standard output is its JSON. */
async function guanhu(home: string, args: readonly string[]): Promise<void> {
  console.log(`$ guanhu ${args.join(' ')}`);
  const child = spawn(process.execPath, ['bin/guanhu.mjs', ...args], {
    env: { ...process.env, GUANHU_HOME: home },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`guanhu ${args[0]} ended with ${code}`);
}

/** The main job: take the files, close the days, allocate. */
async function runJob(home: string, feeds: string): Promise<void> {
  await guanhu(home, ['feed', feeds, '--json']);
  await guanhu(home, ['close', '--to', LAST_DAY, '--json']);
  await guanhu(home, ['allocate', '--scheme', SCHEME, '--date', LAST_DAY, '--apply', '--json']);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, home: { type: 'string' } } });
  const { data, home } = values;
  if (!data || !home) throw new Error('usage: npm run example:berka -- --data ../shared/data/berka --home DIR');
  if (!existsSync(data))
    throw new Error(`no folder ${data}: the Berka files are not part of the project (see examples/berka/README.md)`);
  mkdirSync(home, { recursive: true });
  const feeds = join(home, 'berka-feeds');
  const { rejectedLines, ...counts } = await convertBerka({ data, dir: feeds });
  for (const { file, line, text, reason } of rejectedLines) console.log(`rejected: ${file} line ${line}: ${reason}: ${text}`);
  console.log(`written to ${feeds}: ${JSON.stringify(counts)}`);
  console.log('1994-03-31 is not complete in this extract and is left out.');
  await runJob(home, feeds);
}

await main();
