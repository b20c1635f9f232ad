import { type ChildProcess, spawn } from 'node:child_process';
import { projectFile } from '../../src/platform/files.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** Resolves with the first match in standard output; rejects when the process ends without one. */
  readonly saw: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
}

type Environment = Readonly<Record<string, string>>;

/** Only what a program needs from outside: what the tests' own environment sets must not leak in. */
function environment(extra: Environment): Environment {
  return { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', GUANHU_LANG: 'zh', ...extra };
}

/** Runs one of the project's own programs. */
export function runProgram(script: string, args: readonly string[], env: Environment): Running {
  const child = spawn(process.execPath, [projectFile(script), ...args], {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (part: Buffer) => {
    stdout += part.toString();
  });
  child.stderr.on('data', (part: Buffer) => {
    stderr += part.toString();
  });
  const ended = new Promise<Ended>((done) => child.on('close', (code, signal) => done({ code, signal, stdout, stderr })));
  const saw = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((done, fail) => {
      const look = () => {
        const match = pattern.exec(stdout);
        if (match) done(match);
      };
      child.stdout.on('data', look);
      child.on('close', () => fail(new Error(`ended without ${pattern}: ${stdout}${stderr}`)));
      look();
    });
  return { child, saw, ended };
}

/** Runs `guanhu …` to its end. */
export function guanhu(args: readonly string[], env: Environment): Promise<Ended> {
  return runProgram('bin/guanhu.mjs', args, env).ended;
}
