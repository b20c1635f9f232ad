import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type ReadOutcome, type ReadProgress, readOutcome } from './outcome.ts';
import type { ReadRequest } from './request.ts';
import { problem } from './words.ts';

/** The file that the reading process runs, and what Node needs for it: the source under tsx, `reader.js` beside the bundle. */
export function readerEntry(): { path: string; execArgv: string[] } {
  const heap = '--max-old-space-size=512';
  const here = import.meta.url;
  if (!here.endsWith('.ts')) return { path: fileURLToPath(new URL('./reader.js', here)), execArgv: [heap] };
  const tsx = pathToFileURL(createRequire(here).resolve('tsx')).href;
  return { path: fileURLToPath(new URL('./child.ts', here)), execArgv: [heap, '--import', tsx] };
}

const report = z.union([
  z.object({
    progress: z.object({ phase: z.enum(['unpacking', 'scanning', 'reading', 'checking']), share: z.number() }),
  }),
  z.object({ outcome: readOutcome }),
  z.object({ fault: z.string() }),
]);

/** A reading process that has nothing to do; the next reading takes it, since starting one costs more than a small file. */
let idle: ChildProcess | undefined;

function takeReader(): ChildProcess {
  const reader = idle;
  idle = undefined;
  if (reader?.connected) return reader;
  const { path, execArgv } = readerEntry();
  const env = { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, SystemRoot: process.env.SystemRoot };
  return fork(path, [], { execArgv, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'], env });
}

function keepOrEnd(reader: ChildProcess, bytes: number): void {
  // A big file leaves a big heap behind: such a process isn't kept.
  if (idle || !reader.connected || bytes > 64 * 1024 ** 2) {
    reader.kill('SIGKILL');
    return;
  }
  idle = reader;
  reader.unref();
  reader.channel?.unref();
  reader.stderr?.removeAllListeners('data');
  // The pipe would keep the parent running; flowing on, it can't fill up and stop the reader.
  reader.stderr?.resume();
  if (reader.stderr instanceof Socket) reader.stderr.unref();
}

/** Ends the idle reading process, so that nothing outlives a shutdown. */
export function closeReader(): void {
  idle?.kill('SIGKILL');
  idle = undefined;
}

export interface Watch {
  readonly bytes: number;
  readonly seconds: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** Has the reading process read one file. A crash, a hang or a cancelled reading is a refusal; a fault of our own throws. */
export function readInProcess(request: ReadRequest, watch: Watch): Promise<ReadOutcome> {
  const reader = takeReader();
  reader.ref();
  reader.channel?.ref();
  return new Promise((resolve, reject) => {
    let words = '';
    const refused = (code: 'reader-crashed' | 'reader-timeout' | 'reader-cancelled', facts = {}) =>
      finish(() => resolve({ outcome: 'refused', problems: [problem(code, request.fileName, {}, facts)] }), true);
    const onExit = () => refused('reader-crashed');
    const onAbort = () => refused('reader-cancelled');
    const onMessage = (message: unknown) => {
      const said = report.parse(message);
      if ('progress' in said) watch.onProgress?.(said.progress);
      else if ('outcome' in said) finish(() => resolve(said.outcome), false);
      else finish(() => reject(new Error(`the reading process failed: ${said.fault} ${words}`)), true);
    };
    const timer = setTimeout(() => refused('reader-timeout', { seconds: watch.seconds }), watch.seconds * 1000);
    const finish = (settle: () => void, end: boolean) => {
      clearTimeout(timer);
      reader.off('exit', onExit).off('error', onExit).off('message', onMessage);
      watch.signal?.removeEventListener('abort', onAbort);
      if (end) reader.kill('SIGKILL');
      else keepOrEnd(reader, watch.bytes);
      settle();
    };
    reader.on('exit', onExit).on('error', onExit).on('message', onMessage);
    reader.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-2000);
    });
    watch.signal?.addEventListener('abort', onAbort);
    if (watch.signal?.aborted) onAbort();
    else reader.send(request);
  });
}
