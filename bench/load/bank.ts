import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { openSession } from '../../src/platform/auth/session.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { openPlatform } from '../../src/platform/context.ts';
import { ensureDatabase } from '../../src/platform/embedded/index.ts';
import { projectFile } from '../../src/platform/files.ts';

/** Files up to `LAST` are taken and closed before anybody comes; the days after it are fed and closed while everybody works. */
const FIRST = '2026-06-26';
const LAST = '2026-06-30';
const END = '2026-08-31';
const DAY = /\d{4}-\d{2}-\d{2}/;

export interface Member {
  readonly staffId: string;
  readonly role: string;
  /** The session's cookie. */
  readonly cookie: string;
}

interface Started {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

function launch(home: string, port: number, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [projectFile('bin/guanhu.mjs'), ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, GUANHU_HOME: home, GUANHU_PORT: String(port), GUANHU_LANG: 'en' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Runs a command to its end, as a bank's night does. */
async function guanhu(home: string, args: readonly string[]): Promise<void> {
  const child = launch(home, 8787, args);
  child.stdout?.resume();
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) throw new Error(`guanhu ${args.join(' ')} ended with ${code}`);
}

/** A bank with everybody covered, and the files of the days that come put aside, each day in a folder. */
export async function makeLoadBank(home: string, customers: number): Promise<void> {
  const files = join(home, 'files');
  const coming = join(home, 'coming');
  if (existsSync(coming)) return;
  await mkdir(home, { recursive: true });
  await guanhu(home, ['demo', 'write', files, '--customers', String(customers), '--seed', '1', '--from', FIRST, '--to', END]);
  const draft = join(home, 'coming.draft');
  for (const name of readdirSync(files)) {
    const day = DAY.exec(name)?.[0] ?? LAST;
    if (day <= LAST) continue;
    await mkdir(join(draft, day), { recursive: true });
    await rename(join(files, name), join(draft, day, name));
  }
  await guanhu(home, ['feed', files]);
  await guanhu(home, ['close', '--to', LAST]);
  await guanhu(home, ['allocate', '--scheme', 'full-coverage', '--date', LAST, '--apply']);
  await rename(draft, coming);
}

/** Feeds and closes the next of the coming days; the seconds that it took. */
export async function feedAndClose(home: string): Promise<number> {
  const coming = join(home, 'coming');
  const [day] = readdirSync(coming).sort();
  if (day === undefined) throw new Error('every day that was written has been taken: measure in a new home');
  const start = performance.now();
  await guanhu(home, ['feed', join(coming, day)]);
  await guanhu(home, ['close', '--to', day]);
  await rm(join(coming, day), { recursive: true });
  return (performance.now() - start) / 1000;
}

/** A session for each of `count` people, in the proportion in which roles are there; some have two windows in a small bank. */
export async function signIn(home: string, count: number): Promise<Member[]> {
  const config = loadConfig({ GUANHU_HOME: home }, home);
  const database = await ensureDatabase(config, 'command', () => undefined);
  const platform = await openPlatform(home, database.ownerUrl, () => new Date());
  try {
    const { rows } = await platform.worker.query<{ id: string; role: string }>(
      `select id, role from organisation.staff where left_on is null and role <> 'system-admin' order by md5(id)`,
    );
    const members: Member[] = [];
    for (let n = 0; n < count; n++) {
      const one = rows[n % rows.length];
      if (one === undefined) throw new Error('the bank has no staff');
      const origin = { demo: false, secondFactor: true, address: '127.0.0.1', agent: 'bench' };
      const token = await openSession(platform.app, one.id, platform.now(), origin);
      members.push({ staffId: one.id, role: one.role, cookie: `guanhu_session=${token}` });
    }
    return members;
  } finally {
    await platform.close();
    await database.stop();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** The service in a process of its own, as `npm start` runs it. */
export async function startService(home: string): Promise<Started> {
  const port = await freePort();
  const child = launch(home, port, ['start']);
  const ended = new Promise<void>((done) => child.on('close', () => done()));
  const url = await new Promise<string>((done, fail) => {
    let text = '';
    child.stdout?.on('data', (part: Buffer) => {
      text += part.toString();
      const found = /https?:\/\/[\w.:]+/.exec(text);
      if (found !== null) done(found[0]);
    });
    child.on('close', () => fail(new Error(`the service ended: ${text}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, stop };
}
