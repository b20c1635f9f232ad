import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/platform/config.ts';
import { stopRunning } from '../../src/platform/embedded/index.ts';
import { projectFile } from '../../src/platform/files.ts';
import { temporaryFolder } from '../support/folder.ts';
import { guanhu } from '../support/process.ts';
import { writeSmallBank } from '../support/small-bank.ts';
import { type Job, keepSnapshot, passesIn, restoreBefore, runStep, STEPS, type Step, stateAfter } from './job.ts';
import type { State } from './state.ts';

const root = temporaryFolder('crash');
const home = join(root, 'home');
const snapshots = join(root, 'snapshots');
afterAll(async () => {
  await stopRunning(loadConfig({ GUANHU_HOME: home }, '/'));
  rmSync(root, { recursive: true, force: true });
});

/** Names of points as the sources write them; a part that is worked out there stands for any word. */
function pointsInSources(): readonly string[] {
  const folder = projectFile('src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const found = files.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/\bpoint\((['`])([^'`]+)\1\)/g)]);
  return [...new Set(found.map((match) => match[2] ?? ''))].sort();
}

const asPattern = (name: string) => new RegExp(`^${name.replaceAll('.', '\\.').replace(/\$\{\w+\}/g, '\\w+')}$`);

interface Case {
  readonly name: string;
  readonly step: Step;
  readonly pass: number;
  readonly mode: 'node' | 'postgres';
}

/** Every point in the first step that passes it. All passes and modes with GUANHU_FULL=1; otherwise they take turns. */
function casesOf(passes: ReadonlyMap<Step, ReadonlyMap<string, number>>): readonly Case[] {
  const first = new Map<string, { step: Step; last: number }>();
  for (const [step, points] of passes) {
    for (const [name, last] of points) if (!first.has(name)) first.set(name, { step, last });
  }
  const all = [...first].map(([name, { step, last }]) => ({
    first: { name, step, pass: 1 },
    last: { name, step, pass: last },
    both: last === 1,
  }));
  if (process.env.GUANHU_FULL !== '1') {
    return all.map((point, n) => (n % 2 === 0 ? { ...point.first, mode: 'node' } : { ...point.last, mode: 'postgres' }));
  }
  return all.flatMap((point) =>
    (['node', 'postgres'] as const).flatMap((mode) =>
      (point.both ? [point.first] : [point.first, point.last]).map((one) => ({ ...one, mode })),
    ),
  );
}

/** Runs the job undisturbed; keeps the home before each step, the state after it and the points that it passed. */
async function undisturbed(job: Job) {
  const states = new Map<Step, State>();
  const passes = new Map<Step, ReadonlyMap<string, number>>();
  for (const step of STEPS) {
    keepSnapshot(job, step);
    const trace = join(root, `${step}.trace`);
    const state = await stateAfter(job, async () => {
      const { code, stderr } = await runStep(job, step, { GUANHU_CRASH_TRACE: trace });
      expect([step, code, stderr]).toEqual([step, 0, expect.any(String)]);
    });
    states.set(step, state);
    passes.set(step, passesIn(trace));
  }
  return { states, passes };
}

describe('killed anywhere, the same command finishes and nothing differs', () => {
  let job: Job;
  let reference: Awaited<ReturnType<typeof undisturbed>>;

  it('an undisturbed job passes every point that the sources name, twenty at least', async () => {
    mkdirSync(snapshots);
    chmodSync(snapshots, 0o711);
    const { files, later } = await writeSmallBank(join(root, 'files'));
    job = { home, snapshots, files, later };
    expect(await guanhu(['db', 'start'], { GUANHU_HOME: home })).toMatchObject({ code: 0 });
    expect(await guanhu(['db', 'stop'], { GUANHU_HOME: home })).toMatchObject({ code: 0 });
    reference = await undisturbed(job);
    const passed = [...reference.passes.values()].flatMap((points) => [...points.keys()]);
    expect(pointsInSources().filter((name) => !passed.some((one) => asPattern(name).test(one)))).toEqual([]);
    expect(new Set(passed).size).toBeGreaterThanOrEqual(20);
  }, 300_000);

  it('comes to the same end from every point, whether Node or PostgreSQL is killed', async () => {
    for (const { name, step, pass, mode } of casesOf(reference.passes)) {
      const label = `${mode} killed at ${name}#${pass} of ${step}`;
      restoreBefore(job, step);
      const state = await stateAfter(job, async () => {
        const killed = await runStep(job, step, { GUANHU_CRASH_AT: `${name}#${pass}`, GUANHU_CRASH_MODE: mode });
        expect([label, killed.stderr]).toEqual([label, expect.stringContaining(`crash point ${name}#${pass}`)]);
        if (mode === 'node') expect([label, killed.signal]).toEqual([label, 'SIGKILL']);
        const again = await runStep(job, step);
        expect([label, again.code, again.stdout]).toEqual([label, 0, expect.any(String)]);
      });
      expect({ label, ...state }).toEqual({ label, ...reference.states.get(step) });
    }
  }, 3_600_000);
});
