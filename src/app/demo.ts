import { createReadStream, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { applyRun, findScheme, simulate } from '../capabilities/coverage/index.ts';
import { cleanUp, closeReader, takeFile } from '../capabilities/feed/index.ts';
import { LATER, writeDemoBank } from '../demo/write.ts';
import { type BusinessDate, businessDate } from '../kernel/business-date.ts';
import { refuse, type Words } from '../kernel/refusal.ts';
import { COMMAND_LINE } from '../platform/audit/index.ts';
import type { Platform } from '../platform/context.ts';
import { controlBeside, listFeedFiles } from './cli/feed-files.ts';
import { openDesks } from './demo-desk.ts';
import { feedDesk } from './feeds.ts';
import { closeNight } from './night.ts';

export interface DemoTelling {
  readonly say: (words: Words) => void;
  readonly progress: (words: Words, done: number, total: number) => void;
}

const CUSTOMERS = 20_000;
const SEED = '1';
const FROM = businessDate('2026-01-01');
/** The run that is applied stands on this past day; the nights after it re-allocate who changed. */
const APPLIED_ON = businessDate('2026-03-31');
const TO = businessDate('2026-06-30');

const stateFile = z.object({ ready: z.boolean() });

/** Whether this home was made as a demo: only then one may sign in by choosing a person. */
export function isDemo(home: string): boolean {
  return existsSync(demoFile(home));
}

function demoFile(home: string): string {
  return join(home, 'demo.json');
}

function isReady(home: string): boolean {
  return isDemo(home) && stateFile.parse(JSON.parse(readFileSync(demoFile(home), 'utf8'))).ready;
}

function mark(home: string, ready: boolean): void {
  const draft = `${demoFile(home)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ ready })}\n`, { mode: 0o600 });
  renameSync(draft, demoFile(home));
}

/**
 * Makes the demo bank in an empty home: writes the files that a bank would send, takes them, closes half a year, applies the
 * first scheme on a past day and simulates the second today. Interrupted, it goes on where it was at the next start.
 */
export async function ensureDemo(platform: Platform, telling: DemoTelling): Promise<void> {
  if (isReady(platform.home) || (!isDemo(platform.home) && (await isUsed(platform)))) return;
  mark(platform.home, false);
  telling.say({
    zh: '首次启动：生成演示银行（2 万户、半年数据），约一分钟。',
    en: 'First start: making the demo bank (20,000 customers, half a year), about a minute.',
  });
  const files = await writeFiles(platform.home, telling);
  try {
    await takeFolder(platform, files, telling);
    await closeTelling(platform, APPLIED_ON, telling);
    await runScheme(platform, 'full-coverage', APPLIED_ON, true, telling);
    await closeTelling(platform, TO, telling);
    await takeFolder(platform, join(files, LATER), telling);
    await closeTelling(platform, TO, telling);
    await runScheme(platform, 'outlet-team', TO, false, telling);
    await openDesks(platform, SEED, TO);
  } finally {
    await closeReader();
  }
  await rm(files, { recursive: true, force: true });
  mark(platform.home, true);
}

async function isUsed(platform: Platform): Promise<boolean> {
  const { rowCount } = await platform.worker.query('select 1 from organisation.org_unit limit 1');
  return rowCount !== 0;
}

async function writeFiles(home: string, telling: DemoTelling): Promise<string> {
  const dir = join(home, 'demo-files');
  await rm(dir, { recursive: true, force: true });
  const onProgress = (at: { day: number; days: number }) =>
    telling.progress({ zh: '生成文件', en: 'Writing files' }, at.day, at.days);
  await writeDemoBank({ dir, customers: CUSTOMERS, seed: SEED, from: FROM, to: TO, onProgress });
  return dir;
}

async function takeFolder(platform: Platform, folder: string, telling: DemoTelling): Promise<void> {
  const desk = feedDesk(platform);
  await cleanUp(desk);
  const { files } = await listFeedFiles([folder]);
  for (const [done, path] of files.entries()) {
    telling.progress({ zh: '导入文件', en: 'Taking files' }, done + 1, files.length);
    const control = await controlBeside(path);
    const options = { tolerateBp: 0, holdUnknown: false, direct: true };
    const taken = await takeFile(desk, COMMAND_LINE, {
      fileName: basename(path),
      stream: createReadStream(path),
      control,
      options,
    });
    if (taken.state === 'accepted' || taken.state === 'unchanged') continue;
    const problem = taken.problems[0];
    refuse(
      'demo-file-refused',
      `演示文件 ${basename(path)} 未通过：${problem?.reason.zh ?? taken.state}`,
      `Demo file ${basename(path)} was refused: ${problem?.reason.en ?? taken.state}`,
    );
  }
}

async function closeTelling(platform: Platform, to: BusinessDate, telling: DemoTelling): Promise<void> {
  await closeNight(platform, COMMAND_LINE, to, ({ day, done, of }) =>
    telling.progress({ zh: `日终 ${day}`, en: `Closing ${day}` }, done, of),
  );
}

async function runScheme(
  platform: Platform,
  name: string,
  date: BusinessDate,
  apply: boolean,
  telling: DemoTelling,
): Promise<void> {
  const scheme = await findScheme(platform, COMMAND_LINE, name);
  const { rows } = await platform.worker.query<{ run_id: string; state: string }>(
    "select run_id, state from coverage.run where scheme_id = $1 and kind = 'full' and state in ('simulated', 'applying', 'applied') order by created_at desc limit 1",
    [scheme.schemeId],
  );
  telling.say({ zh: `分户：${scheme.scheme.title.zh}`, en: `Allocating: ${scheme.scheme.title.en}` });
  const known = rows[0];
  const runId = known?.run_id ?? (await simulate(platform, COMMAND_LINE, { scheme, date }));
  if (apply && known?.state !== 'applied') await applyRun(platform, COMMAND_LINE, { runId });
}
