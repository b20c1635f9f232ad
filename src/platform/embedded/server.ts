import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { refuse } from '../../kernel/refusal.ts';
import { type Account, unprivilegedAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { ensureRecord, errorCode, type HomeRecord, readRecord } from './home.ts';
import { serverSettings } from './settings.ts';

export const OWNER = 'guanhu_owner';

/** One home's server, running or not. */
export interface Server {
  readonly record: HomeRecord;
  readonly data: string;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
}

/** Finds out who runs the server, from where and on which folder. Nothing is started. */
export function describeServer(home: string): Server {
  const known = readRecord(home);
  const account = unprivilegedAccount(known && join(known.folder, 'data'));
  if (account === undefined && process.getuid?.() === 0) {
    refuse(
      'no-account-for-postgres',
      '内置数据库不能以 root 运行，本机又没有 postgres 或 nobody 账户：请换普通账户启动，或设 DATABASE_URL。',
      'The embedded PostgreSQL does not run as root and there is no account postgres or nobody: start as another user or set DATABASE_URL.',
    );
  }
  const binaries = findBinaries(account);
  const record = ensureRecord(home, account);
  return { record, data: join(record.folder, 'data'), account, binaries };
}

interface Outcome {
  readonly code: number | null;
  readonly output: string;
}

function run(server: Server, program: string, args: readonly string[]): Promise<Outcome> {
  const { account } = server;
  const child = spawn(join(server.binaries.bin, program), args, {
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group: Ctrl-C reaches Node, which drains before it stops the database.
    detached: process.platform !== 'win32',
    ...(account && { uid: account.uid, gid: account.gid }),
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => (output += part.toString()));
  child.stderr.on('data', (part: Buffer) => (output += part.toString()));
  return new Promise((done, fail) => {
    child.on('error', fail);
    // `exit`, not `close`: a started server may hold the pipes open.
    child.on('exit', (code) => done({ code, output }));
  });
}

/** Makes the database folder beside its place and renames it, so that a killed first start leaves nothing half done. */
export async function initialise(server: Server): Promise<void> {
  const { folder, password } = server.record;
  const draft = `${folder}.new-${process.pid}`;
  mkdirSync(dirname(draft), { recursive: true, mode: 0o755 });
  clearDrafts(folder);
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = join(draft, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (server.account) for (const path of [draft, passwordFile]) chownSync(path, server.account.uid, server.account.gid);
  const data = join(draft, 'data');
  const locale = ['-E', 'UTF8', '--locale=C', '--data-checksums'];
  const access = ['-U', OWNER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const { code, output } = await run(server, 'initdb', ['-D', data, ...locale, ...access]);
  rmSync(passwordFile, { force: true });
  if (code !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`initdb failed: ${output.trim()}`);
  }
  appendFileSync(join(data, 'postgresql.conf'), "\ninclude_if_exists = 'guanhu.conf'\n");
  try {
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Another first start on this home was faster.
    if (!existsSync(join(folder, 'data', 'PG_VERSION'))) throw error;
  }
}

/** Drafts of first starts that were killed. */
function clearDrafts(folder: string): void {
  const prefix = `${basename(folder)}.new-`;
  for (const name of readdirSync(dirname(folder)).filter((entry) => entry.startsWith(prefix))) {
    const pid = Number(name.slice(prefix.length));
    if (pid === process.pid || !isAlive(pid)) rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Refuses a data folder that this PostgreSQL cannot open. */
export function checkVersion(server: Server): void {
  const version = Number(readFileSync(join(server.data, 'PG_VERSION'), 'utf8'));
  const { major } = server.binaries;
  if (version === major) return;
  const [zh, en] = version > major ? ['更新', 'newer'] : ['更旧', 'older'];
  refuse(
    'data-folder-version',
    `数据文件夹由${zh}的 PostgreSQL ${version} 写成，本版本内置的是 ${major}：请用对应版本的管户启动，数据未改动。`,
    `The data folder was written by the ${en} PostgreSQL ${version}, this release brings ${major}: start the release that fits; nothing was changed.`,
  );
}

/** Starts the server on a free loopback port; the outcome's code is 0 when it accepts connections. */
export async function start(server: Server): Promise<Outcome> {
  const settings = join(server.data, 'guanhu.conf');
  writeFileSync(settings, serverSettings(), { mode: 0o600 });
  if (server.account) chownSync(settings, server.account.uid, server.account.gid);
  const log = join(server.record.folder, 'postgres.log');
  const outcome = await run(server, 'pg_ctl', [
    'start',
    '-D',
    server.data,
    '-w',
    '-t',
    '600',
    '-l',
    log,
    '-o',
    `-p ${await freePort()}`,
  ]);
  const tail = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-6).join('\n') : '';
  return { code: outcome.code, output: `${outcome.output.trim()}\n${tail}` };
}

/** Stops the server: sessions end, a checkpoint is written. */
export async function stop(server: Server): Promise<void> {
  const { code, output } = await run(server, 'pg_ctl', ['stop', '-D', server.data, '-m', 'fast', '-w', '-t', '120']);
  if (code !== 0 && !output.includes('Is server running')) throw new Error(`pg_ctl stop failed: ${output.trim()}`);
}

function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((done, fail) => {
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
