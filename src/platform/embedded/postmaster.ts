import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from './home.ts';

/** Rounds of 100 ms that orphans get: half after being asked to quit, half after being killed. */
const PATIENCE = 100;

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** Names this very run of the server: process, folder, start time. */
  readonly run: string;
}

/** The server that runs on a data folder right now, as its postmaster.pid says; a stale file reads as none. */
export function runningPostmaster(dataFolder: string): Postmaster | undefined {
  const lines = readPidFile(dataFolder);
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!(pid > 0) || !isServerOf(pid, dataFolder)) return undefined;
  return { pid, port: port > 0 ? port : 0, run: lines.slice(0, 3).join('|') };
}

/** The process id of the home's server, for the crash test. */
export function postmasterPid(home: string): number | undefined {
  const record = readRecord(home);
  return record && runningPostmaster(join(record.folder, 'data'))?.pid;
}

function readPidFile(dataFolder: string): string[] {
  const file = join(dataFolder, 'postmaster.pid');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
}

/** A number in a file is not proof: it may be a dead process not yet reaped, or another program by now. */
function isServerOf(pid: number, dataFolder: string): boolean {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataFolder);
    }
    if (process.platform === 'darwin') {
      return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(dataFolder);
    }
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Children of a killed postmaster: they work inside the data folder and call themselves `postgres: …`. Known on Linux only. */
function orphansOf(dataFolder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isOrphan(pid, dataFolder));
}

function isOrphan(pid: number, dataFolder: string): boolean {
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === dataFolder && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres:')
    );
  } catch {
    return false;
  }
}

/**
 * Clears what a killed server left, so that PostgreSQL starts and recovers. First its orphans: a busy one would go on
 * writing. Then the process file, but only if its number lives on as a dead process not yet reaped or as another
 * program; in every other case PostgreSQL itself checks that file best.
 */
export async function clearRemains(dataFolder: string): Promise<void> {
  const pid = Number(readPidFile(dataFolder)[0]);
  if (!(pid > 0)) return;
  for (let round = 0; ; round += 1) {
    // Another start was faster: what works there now is no remains.
    if (runningPostmaster(dataFolder) !== undefined) return;
    const orphans = orphansOf(dataFolder);
    if (orphans.length === 0) break;
    if (round === PATIENCE) throw new Error(`processes of a killed server still work in ${dataFolder}`);
    if (round % (PATIENCE / 2) === 0) for (const orphan of orphans) signalQuietly(orphan, round === 0 ? 'SIGQUIT' : 'SIGKILL');
    await pause(100);
  }
  const stale = process.platform === 'linux' && existsSync(`/proc/${pid}`) && !isServerOf(pid, dataFolder);
  if (stale && Number(readPidFile(dataFolder)[0]) === pid) rmSync(join(dataFolder, 'postmaster.pid'), { force: true });
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in between.
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
