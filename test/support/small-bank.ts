import { createReadStream } from 'node:fs';
import { basename, join } from 'node:path';
import { controlBeside, listFeedFiles } from '../../src/app/cli/feed-files.ts';
import { feedDesk } from '../../src/app/feeds.ts';
import { closeNight } from '../../src/app/night.ts';
import { applyRun, findScheme, simulate } from '../../src/capabilities/coverage/index.ts';
import { closeReader, takeFile } from '../../src/capabilities/feed/index.ts';
import { LATER, writeDemoBank } from '../../src/demo/write.ts';
import { businessDate } from '../../src/kernel/business-date.ts';
import { COMMAND_LINE } from '../../src/platform/audit/index.ts';
import type { Platform } from '../../src/platform/context.ts';

/** The smallest bank that the generator makes, over three weeks with a late file and a restated day. */
export const SMALL = {
  customers: 1000,
  seed: 'small',
  from: businessDate('2026-06-08'),
  to: businessDate('2026-06-30'),
} as const;

/** Two branches of several outlets, so that there are strangers of every kind. */
export const TWO_BRANCHES = { ...SMALL, customers: 12_500, from: businessDate('2026-06-15') } as const;
type Size = typeof SMALL | typeof TWO_BRANCHES;

/** Two days before the end, when the run is applied; the nights after it re-allocate who changed. */
export const APPLIED_ON = businessDate('2026-06-26');

/** Writes the files of the small bank; those of `later` come after all the others. */
export async function writeSmallBank(
  dir: string,
  size: Size = SMALL,
): Promise<{ readonly files: string; readonly later: string }> {
  await writeDemoBank({ dir, ...size });
  return { files: dir, later: join(dir, LATER) };
}

/** Takes every file of a folder; one that is refused is a fault of the test. */
export async function takeFolder(platform: Platform, folder: string): Promise<void> {
  const desk = feedDesk(platform);
  const { files } = await listFeedFiles([folder]);
  for (const path of files) {
    const taken = await takeFile(desk, COMMAND_LINE, {
      fileName: basename(path),
      stream: createReadStream(path),
      control: await controlBeside(path),
      options: { tolerateBp: 0, holdUnknown: false, direct: true },
    });
    if (taken.state !== 'accepted') throw new Error(`${basename(path)}: ${JSON.stringify(taken.problems)}`);
  }
  await closeReader();
}

/** The main job on an empty database: files taken, days closed, a run applied, the nights after it, the late files worked in. Returns the run. */
export async function makeSmallBank(platform: Platform, dir: string, size: Size = SMALL): Promise<string> {
  const { files, later } = await writeSmallBank(dir, size);
  await takeFolder(platform, files);
  await closeNight(platform, COMMAND_LINE, APPLIED_ON);
  const scheme = await findScheme(platform, COMMAND_LINE, 'full-coverage');
  const runId = await simulate(platform, COMMAND_LINE, { scheme, date: APPLIED_ON });
  await applyRun(platform, COMMAND_LINE, { runId });
  await closeNight(platform, COMMAND_LINE, size.to);
  await takeFolder(platform, later);
  await closeNight(platform, COMMAND_LINE, size.to);
  return runId;
}
