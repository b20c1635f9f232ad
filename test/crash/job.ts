import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { loadConfig } from '../../src/platform/config.ts';
import { ensureDatabase } from '../../src/platform/embedded/index.ts';
import { type Ended, guanhu } from '../support/process.ts';
import { APPLIED_ON, SMALL } from '../support/small-bank.ts';
import { type State, stateOf } from './state.ts';

/** The reference job: what each step runs, by the name under which its state is kept. */
export const STEPS = ['feed', 'close', 'allocate', 'rules', 'nights', 'late', 'restate', 'undo'] as const;
export type Step = (typeof STEPS)[number];

export interface Job {
  /** One path for every try: the embedded database remembers where it lies. */
  readonly home: string;
  readonly snapshots: string;
  readonly files: string;
  readonly later: string;
}

const taken = z.object({ imports: z.array(z.object({ importId: z.string(), fileName: z.string(), state: z.string() })) });

/** The command of a step. */
async function argsOf(job: Job, step: Step): Promise<readonly string[]> {
  switch (step) {
    case 'feed':
      return ['feed', job.files];
    case 'close':
      return ['close', '--to', APPLIED_ON];
    case 'allocate':
      return ['allocate', '--scheme', 'full-coverage', '--date', APPLIED_ON, '--apply'];
    case 'rules':
      return ['follow-ups', 'activate'];
    case 'late':
      return ['feed', job.later];
    case 'undo':
      return ['feed', 'undo', await lateImport(job), '--yes'];
    default:
      return ['close', '--to', SMALL.to];
  }
}

async function lateImport(job: Job): Promise<string> {
  const { stdout } = await guanhu(['feed', 'list', '--json'], { GUANHU_HOME: job.home });
  const late = taken.parse(JSON.parse(stdout)).imports.find((one) => existsSync(join(job.later, one.fileName)));
  if (late === undefined) throw new Error('no late file was taken');
  return late.importId;
}

export async function runStep(job: Job, step: Step, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return guanhu([...(await argsOf(job, step)), '--json'], { GUANHU_HOME: job.home, ...env });
}

/** Holds the database of the home up while `work` runs, as another process that uses it would, and reads the state at the end. */
export async function stateAfter(job: Job, work: () => Promise<void>): Promise<State> {
  const open = () => ensureDatabase(loadConfig({ GUANHU_HOME: job.home }, '/'), 'command', () => undefined);
  const during = await open();
  await work();
  // PostgreSQL may have been killed meanwhile: joining again starts it when need be.
  const after = await open();
  await during.stop();
  try {
    return await stateOf(job.home, after.ownerUrl);
  } finally {
    await after.stop();
  }
}

export function keepSnapshot(job: Job, step: Step): void {
  copyWhole(job.home, join(job.snapshots, step));
}

/** The home as it was before a step. */
export function restoreBefore(job: Job, step: Step): void {
  rmSync(job.home, { recursive: true, force: true });
  copyWhole(join(job.snapshots, step), job.home);
}

/** With owners and modes, which the database insists on and Node's own copy drops. */
function copyWhole(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cp: ${stderr}`);
}

/** Passes of points in a trace, in order: `name` and how often it was passed. */
export function passesIn(traceFile: string): ReadonlyMap<string, number> {
  const passes = new Map<string, number>();
  if (!existsSync(traceFile)) return passes;
  for (const line of readFileSync(traceFile, 'utf8').split('\n').filter(Boolean)) {
    const [name = '', pass = '0'] = line.split('#');
    passes.set(name, Math.max(passes.get(name) ?? 0, Number(pass)));
  }
  return passes;
}
