import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/folder.ts';
import { loadConfig } from '../config.ts';
import { projectFile } from '../files.ts';
import { databaseStatus, ensureDatabase, keepRunning, stopRunning } from './index.ts';
import { runningPostmaster } from './postmaster.ts';

const root = temporaryFolder('embedded');
const home = join(root, '管户 数据 ✓');
const config = loadConfig({ GUANHU_HOME: home }, '/');
const data = join(home, 'postgres', 'data');
const quiet = () => undefined;
const children: ChildProcess[] = [];

beforeAll(async () => {
  await (await ensureDatabase(config, 'command', quiet)).stop();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await stopRunning(config);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another process that uses the database; gives the URL that it got. */
async function holdElsewhere(place = home): Promise<{ child: ChildProcess; url: string }> {
  const script = [projectFile('scripts/run.mjs'), projectFile('test/support/hold-database.ts')];
  const child = spawn(process.execPath, script, {
    env: { ...process.env, GUANHU_HOME: place },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = await once(child.stdout, 'data');
  return { child, url: String(line).trim() };
}

function pidOf(): number {
  const pid = runningPostmaster(data)?.pid;
  if (pid === undefined) throw new Error('the server is not running');
  return pid;
}

it('keeps durability on and its password to itself', async () => {
  const { ownerUrl, stop } = await ensureDatabase(config, 'command', quiet);
  const names = ['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'password_encryption', 'listen_addresses'];
  const rows = await query(
    ownerUrl,
    `select name, setting from pg_settings where name in (${names.map((n) => `'${n}'`).join(',')})`,
  );
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    data_checksums: 'on',
    password_encryption: 'scram-sha-256',
    listen_addresses: '127.0.0.1',
  });
  expect(statSync(join(home, 'postgres.json')).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, 'postgres')).mode & 0o777).toBe(0o700);
  const wrong = new URL(ownerUrl);
  wrong.password = 'x';
  await expect(query(wrong.toString(), 'select 1')).rejects.toThrow(/password authentication failed/);
  await stop();
  expect(databaseStatus(config)).toMatchObject({ embedded: true, running: false });
});

it('recovers after its server was killed, with everything that was committed', async () => {
  const first = await ensureDatabase(config, 'command', quiet);
  await query(
    first.ownerUrl,
    'create table if not exists kept (n int); insert into kept values (1); insert into kept values (2)',
  );
  process.kill(pidOf(), 'SIGKILL');
  await first.lost;
  await first.stop();
  const said: string[] = [];
  const second = await ensureDatabase(config, 'command', (words) => said.push(words.zh));
  expect(said).toEqual(['数据库上次没有正常停止，正在恢复…']);
  expect(await query(second.ownerUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 2 }]);
  await second.stop();
});

it('adopts the server that a killed process left, and then stops it as its last user', async () => {
  const { child, url } = await holdElsewhere();
  const pid = pidOf();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const mine = await ensureDatabase(config, 'command', quiet);
  expect(mine.ownerUrl).toBe(url);
  expect(pidOf()).toBe(pid);
  await mine.stop();
  expect(runningPostmaster(data)).toBeUndefined();
});

it('leaves the server to its other users', async () => {
  const { url } = await holdElsewhere();
  const mine = await ensureDatabase(config, 'command', quiet);
  await mine.stop();
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await expect(stopRunning(config)).rejects.toMatchObject({ refusal: { code: 'database-in-use' } });
});

it('makes one database of two first starts at the same time', async () => {
  const fresh = join(root, 'two starts');
  const [one, two] = await Promise.all([holdElsewhere(fresh), holdElsewhere(fresh)]);
  expect(one.url).toBe(two.url);
  for (const { child } of [one, two]) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  expect(await stopRunning(loadConfig({ GUANHU_HOME: fresh }, '/'))).toBe(true);
});

it('clears the draft of a first start that was killed', async () => {
  const fresh = join(root, 'killed first start');
  const draft = join(fresh, 'postgres.new-999999999');
  mkdirSync(draft, { recursive: true });
  const { stop } = await ensureDatabase(loadConfig({ GUANHU_HOME: fresh }, '/'), 'command', quiet);
  await stop();
  expect(readdirSync(fresh).sort()).toEqual(['postgres', 'postgres.json']);
});

it('refuses a second service on one database and names the first', async () => {
  const first = await ensureDatabase(config, 'server', quiet);
  await expect(ensureDatabase(config, 'server', quiet)).rejects.toMatchObject({
    refusal: { code: 'already-running', details: { pid: String(process.pid), address: 'http://127.0.0.1:8787' } },
  });
  expect(runningPostmaster(data)).toBeDefined();
  await first.stop();
});

it('is not deceived by a process file whose number now belongs to another program', async () => {
  const file = join(data, 'postmaster.pid');
  writeFileSync(file, `${process.pid}\n${data}\n1\n1\n\n127.0.0.1\n\nready   \n`);
  const { ownerUrl, stop } = await ensureDatabase(config, 'command', quiet);
  expect(await query(ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  expect(readFileSync(file, 'utf8')).not.toContain(`${process.pid}\n`);
  await stop();
});

it('lets the server run on between commands until it is told to stop', async () => {
  await keepRunning(config, quiet);
  const pid = pidOf();
  await (await ensureDatabase(config, 'command', quiet)).stop();
  expect(databaseStatus(config)).toMatchObject({ running: true, kept: true, pid });
  expect(await stopRunning(config)).toBe(true);
  expect(await stopRunning(config)).toBe(false);
});

it('refuses a data folder of a newer version and changes nothing', async () => {
  const file = join(data, 'PG_VERSION');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, '99\n');
  await expect(ensureDatabase(config, 'command', quiet)).rejects.toMatchObject({ refusal: { code: 'data-folder-version' } });
  writeFileSync(file, text);
});

it('refuses a home that cannot be written', async () => {
  const file = join(root, 'a file');
  writeFileSync(file, '');
  const blocked = loadConfig({ GUANHU_HOME: join(file, 'home') }, '/');
  await expect(ensureDatabase(blocked, 'command', quiet)).rejects.toMatchObject({ refusal: { code: 'home-unwritable' } });
});

it('refuses a database whose password file is gone', async () => {
  const record = join(home, 'postgres.json');
  renameSync(record, `${record}.away`);
  await expect(ensureDatabase(config, 'command', quiet)).rejects.toMatchObject({ refusal: { code: 'database-password-lost' } });
  renameSync(`${record}.away`, record);
});

it.runIf(process.getuid?.() === 0)('finds another folder when the account cannot reach the home, and says so', async () => {
  const closed = join(root, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  const far = loadConfig({ GUANHU_HOME: join(closed, 'home') }, '/');
  const said: string[] = [];
  const { ownerUrl, stop } = await ensureDatabase(far, 'command', (words) => said.push(words.en));
  const { folder } = databaseStatus(far);
  expect(said[0]).toContain(String(folder && dirname(folder)));
  expect(await query(ownerUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  await stop();
  expect(existsSync(join(closed, 'home', 'postgres'))).toBe(false);
  rmSync(dirname(String(folder)), { recursive: true });
});
