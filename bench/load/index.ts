import { feedAndClose, makeLoadBank, signIn, startService } from './bank.ts';
import { type Load, type Plan, workFor } from './drive.ts';
import type { Sample } from './visit.ts';

export interface LoadPlan extends Plan {
  readonly customers: number;
  readonly people: number;
}

type Row = Readonly<Record<string, string | number>>;

/** Refused as people are: the customer has gone to somebody else meanwhile, an open transfer. Anything else than 200 and these is an error. */
const SAID_NO = new Set([404, 409, 422]);

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function summary(what: string, samples: readonly Sample[]): Row {
  const ms = samples.map((sample) => sample.ms).sort((a, b) => a - b);
  const errors = samples.filter(({ status }) => status !== 200 && !SAID_NO.has(status));
  const kinds = [...new Set(errors.map(({ what: of, status }) => `${of} ${status}`))];
  return {
    what,
    requests: samples.length,
    errors: errors.length,
    ...(kinds.length > 0 ? { kinds: kinds.join(', ') } : {}),
    'p50 ms': quantile(ms, 0.5),
    'p95 ms': quantile(ms, 0.95),
    'p99 ms': quantile(ms, 0.99),
  };
}

function byKind({ samples }: Load): Row[] {
  const kinds = [...new Set(samples.map(({ what }) => what))].sort();
  return kinds.map((kind) =>
    summary(
      kind,
      samples.filter(({ what }) => what === kind),
    ),
  );
}

/** Mean of the service's memory in the last third of the time ÷ in the first. */
function growth(memory: readonly number[]): number {
  const third = Math.max(1, Math.floor(memory.length / 3));
  const mean = (list: readonly number[]) => list.reduce((sum, bytes) => sum + bytes, 0) / list.length;
  return mean(memory.slice(-third)) / mean(memory.slice(0, third));
}

/**
 * People at work on the running service for a while, then again while the next day is fed and closed beside them. The home keeps the
 * bank, so that a second measurement of the same size need not make it anew.
 */
export async function measureLoad(home: string, plan: LoadPlan): Promise<Row[]> {
  await makeLoadBank(home, plan.customers);
  const service = await startService(home);
  try {
    const members = await signIn(home, plan.people);
    await workFor(service.url, members, { ...plan, seconds: plan.seconds / 10 });
    const quiet = await workFor(service.url, members, plan);
    const from = performance.now();
    const [busy, nightSeconds] = await Promise.all([workFor(service.url, members, plan), feedAndClose(home)]);
    const [alone, beside, night] = [
      summary('without the close', quiet.samples),
      summary('with feed and close', busy.samples),
      summary(
        'while they ran',
        busy.samples.filter(({ at }) => at < from + nightSeconds * 1000),
      ),
    ];
    return [
      { people: plan.people, 'requests a second': quiet.samples.length / plan.seconds, 'feed and close s': nightSeconds },
      ...[alone, beside, night],
      {
        'p95 with ÷ without': Number(beside['p95 ms']) / Number(alone['p95 ms']),
        'p99 with ÷ without': Number(beside['p99 ms']) / Number(alone['p99 ms']),
        'p95 while they ran ÷ without': Number(night['p95 ms']) / Number(alone['p95 ms']),
        'memory, last third ÷ first': growth([...quiet.memory, ...busy.memory]),
        'memory MiB': Math.round(Math.max(...quiet.memory, ...busy.memory) / 2 ** 20),
      },
      ...byKind(busy),
    ];
  } finally {
    await service.stop();
  }
}
