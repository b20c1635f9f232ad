import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FreshPlatform, freshPlatform } from '../../../test/support/database.ts';
import { addDays, businessDate } from '../../kernel/business-date.ts';
import { COMMAND_LINE } from '../../platform/audit/index.ts';
import { projectFile } from '../../platform/files.ts';
import type { FileRow } from './rules/timeline.ts';
import { closeTo } from './service.ts';
import { openTestBank, type TestBank } from './test-bank.ts';
import { verifyClosing } from './verify.ts';

let fresh: FreshPlatform;
let bank: TestBank;

beforeAll(async () => {
  fresh = await freshPlatform(() => new Date('2026-07-01T00:00:00Z'));
  bank = await openTestBank(fresh);
});
afterAll(async () => {
  await bank.close();
  await fresh.close();
});

const first = businessDate('2026-01-30');
const middle = addDays(first, 3);
const last = addDays(first, 6);

const row = (customerId: string, outletId: string, productCode: string, balanceFen: bigint): FileRow => ({
  customerId,
  outletId,
  productCode,
  balanceFen,
});

/** Closes in a process of its own; the signal that ended it, or nothing when it came to its end. */
function closeInChild(env: Readonly<Record<string, string>>): Promise<NodeJS.Signals | null> {
  const args = [
    '--import',
    'tsx',
    projectFile('src/capabilities/closing/crash-child.ts'),
    fresh.platform.home,
    fresh.ownerUrl,
    last,
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => (code === 0 || signal !== null ? resolve(signal) : reject(new Error(words))));
  });
}

/** A few days are closed; then a day's corrected file comes, and days to close with a full file and a delta. */
async function prepare(): Promise<void> {
  await bank.reset();
  await bank.classify('D', 'demand-deposit');
  await bank.classify('L', 'loan');
  await bank.send(first, false, [row('A', 'O1', 'D', 500n), row('B', 'O2', 'D', 70n), row('B', 'O2', 'L', 9n)]);
  await bank.send(addDays(first, 1), true, [row('B', 'O1', 'D', 71n)]);
  await closeTo(fresh.platform, COMMAND_LINE, middle);
  await bank.send(addDays(first, 1), true, [row('B', 'O1', 'D', 69n), row('A', 'O2', 'D', 501n)]);
  await bank.send(addDays(first, 4), false, [row('A', 'O1', 'D', 1n), row('C', 'O1', 'D', 5n)]);
  await bank.send(addDays(first, 5), true, [row('C', 'O1', 'D', 0n)]);
}

async function outcome(): Promise<unknown> {
  const tables = ['balance', 'segment', 'position', 'merged', 'product'];
  const rows: unknown[] = [];
  for (const table of tables) rows.push(await bank.dump(`select * from closing.${table} t order by t::text`));
  rows.push(await bank.dump('select business_date, chain, digest, totals from closing.day order by 1'));
  const files = ['changes', 'state', '../closing'].map((name) => readdirSync(join(fresh.platform.archive, name)).sort());
  return { rows, files };
}

const POINTS = [
  ...['changes.written', 'changes.renamed', 'day.half', 'day.recorded', 'day.committed', 'state.written', 'state.renamed'],
  ...['restate.half', 'restate.recorded', 'restate.committed'],
].map((name) => `closing.${name}`);

describe('a close that is killed', () => {
  test('passes every point that it has', async () => {
    await prepare();
    const trace = join(fresh.platform.home, 'trace');
    expect(await closeInChild({ GUANHU_CRASH_TRACE: trace })).toBeNull();
    const passed = new Set(
      readFileSync(trace, 'utf8')
        .split('\n')
        .map((line) => line.replace(/#.*/, '')),
    );
    expect([...passed].filter((name) => name !== '').sort()).toEqual([...POINTS].sort());
    expect(await verifyClosing(fresh.platform)).toMatchObject({ differences: 0 });
  });

  test('comes to the same end when it is called again, wherever it was killed', async () => {
    await prepare();
    expect(await closeInChild({})).toBeNull();
    const undisturbed = await outcome();
    for (const point of [...POINTS.map((name) => `${name}#1`), 'closing.changes.renamed#2', 'closing.day.committed#2']) {
      await prepare();
      expect([point, await closeInChild({ GUANHU_CRASH_AT: point })]).toEqual([point, 'SIGKILL']);
      expect([point, await closeInChild({})]).toEqual([point, null]);
      expect([point, await outcome()]).toEqual([point, undisturbed]);
    }
  }, 240_000);
});
