import { setTimeout as pause } from 'node:timers/promises';
import { type Random, seededRandom } from '../../src/kernel/random.ts';
import type { Member } from './bank.ts';
import { openPage, ringBell } from './pages.ts';
import { type Sample, Visit } from './visit.ts';

export interface Plan {
  readonly seconds: number;
  /** Mean seconds between somebody's pages; everybody's own times are exponential. */
  readonly thinkSeconds: number;
}

/** Samples of everybody's requests, and the service's memory in bytes every other second. */
export interface Load {
  readonly samples: readonly Sample[];
  readonly memory: readonly number[];
}

const BELL_MS = 60_000;
const MEMORY_MS = 2_000;

/** Lets everybody work for a while, each in turn waiting and opening a page; whoever has a page open waits for it. */
export async function workFor(url: string, members: readonly Member[], plan: Plan): Promise<Load> {
  const samples: Sample[] = [];
  const memory: number[] = [];
  const ends = performance.now() + plan.seconds * 1000;
  const watch = repeat(ends, MEMORY_MS, async () => void memory.push(await memoryOf(url)));
  const visits = members.map((member, place) => new Visit(member, url, place, (sample) => samples.push(sample)));
  await Promise.all([
    watch,
    ...visits.map(async (visit, n) => {
      const random = seededRandom(`load:${n}`);
      await Promise.all([work(visit, random, ends, plan.thinkSeconds * 1000), bell(visit, random.next(), ends)]);
    }),
  ]);
  for (const visit of visits) visit.end();
  return { samples, memory };
}

async function work(visit: Visit, random: Random, ends: number, thinkMs: number): Promise<void> {
  for (;;) {
    const wait = -Math.log(1 - random.next()) * thinkMs;
    if (performance.now() + wait >= ends) return;
    await pause(wait);
    await openPage(visit, random);
  }
}

async function bell(visit: Visit, phase: number, ends: number): Promise<void> {
  await pause(Math.min(phase * BELL_MS, Math.max(0, ends - performance.now())));
  await repeat(ends, BELL_MS, () => ringBell(visit));
}

async function repeat(ends: number, everyMs: number, one: () => Promise<unknown>): Promise<void> {
  while (performance.now() < ends) {
    await one();
    await pause(Math.max(0, Math.min(everyMs, ends - performance.now())));
  }
}

async function memoryOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? Number.NaN);
}
