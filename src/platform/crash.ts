import { appendFileSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { postmasterPid } from './embedded/postmaster.ts';

/**
 * A place where the crash test may stop the world (RELIABILITY §5). Without GUANHU_CRASH_AT it does nothing.
 * `GUANHU_CRASH_AT=name#n` kills this process at the n-th pass; `GUANHU_CRASH_MODE=postgres` kills the embedded
 * PostgreSQL of GUANHU_HOME instead. `GUANHU_CRASH_TRACE=file` appends every pass, so that a test can see which points exist.
 */
export function point(name: string): void {
  const trace = process.env.GUANHU_CRASH_TRACE;
  const wish = process.env.GUANHU_CRASH_AT;
  if (trace === undefined && wish === undefined) return;
  const pass = (passes.get(name) ?? 0) + 1;
  passes.set(name, pass);
  if (trace !== undefined) appendFileSync(trace, `${name}#${pass}\n`);
  if (wish !== `${name}#${pass}`) return;
  writeSync(2, `crash point ${wish}\n`);
  process.kill(victim(), 'SIGKILL');
}

const passes = new Map<string, number>();

function victim(): number {
  if (process.env.GUANHU_CRASH_MODE !== 'postgres') return process.pid;
  const pid = postmasterPid(resolve(process.env.GUANHU_HOME || '.guanhu'));
  if (pid === undefined) throw new Error('crash point: the embedded PostgreSQL is not running');
  return pid;
}
