import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { Refused, refuse, type Words } from '../../kernel/refusal.ts';
import { type Config, serviceUrl } from '../config.ts';
import { errorCode, makeHome } from './home.ts';
import { clearRemains, type Postmaster, pause, runningPostmaster } from './postmaster.ts';
import { checkVersion, describeServer, initialise, OWNER, type Server, start, stop } from './server.ts';
import { becomeTheServer, joinUsers, leaveUsers, stayJoined, waitToBeAlone } from './users.ts';

/** A database that this process may use until it calls `stop`. */
export interface Database {
  /** Connects as the owner: for migrations and templates. */
  readonly ownerUrl: string;
  readonly embedded: boolean;
  readonly port: number;
  /** Leaves the database. The last one to leave stops the embedded server, unless `guanhu db start` asked it to stay. */
  readonly stop: () => Promise<void>;
  /** Resolves when the embedded database was killed or stopped by others; of the bank's own, when another process serves from it since. */
  readonly lost: Promise<void>;
}

type Say = (words: Words) => void;
type Purpose = 'server' | 'command';

const NAME = 'guanhu';
const RETRY_MS = 10_000;

/** What a process does each time that it has joined the users. */
type Joined = (member: pg.Client) => Promise<void>;

/** Makes sure that there is a database and joins its users: starts, adopts or recovers the embedded one, or reaches the bank's own. */
export async function ensureDatabase(config: Config, purpose: Purpose, say: Say): Promise<Database> {
  const home = makeHome(config.home);
  const joined: Joined = async (member) => {
    if (purpose === 'server') await becomeTheServer(member, serviceUrl(config));
  };
  if (config.databaseUrl !== undefined) return openExternal(config.databaseUrl, joined);
  const { database, member } = await openEmbedded(home, say);
  try {
    await joined(member);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

interface Opened {
  readonly database: Database;
  /** This process's session among the database's users. */
  readonly member: pg.Client;
}

async function openExternal(ownerUrl: string, joined: Joined): Promise<Database> {
  const url = new URL(ownerUrl);
  try {
    const { lost, leave } = await stayJoined(ownerUrl, joined);
    return { ownerUrl, embedded: false, port: Number(url.port || 5432), stop: leave, lost };
  } catch (error) {
    if (error instanceof Refused) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(
      'database-unreachable',
      `连不上 DATABASE_URL 指定的数据库 ${url.host}${url.pathname}：${reason}。`,
      `The database of DATABASE_URL, ${url.host}${url.pathname}, cannot be reached: ${reason}.`,
    );
  }
}

async function openEmbedded(home: string, say: Say): Promise<Opened> {
  const server = describeServer(home);
  if (!server.record.folder.startsWith(home)) {
    say({
      zh: `数据库账户 ${server.account?.name} 进不了 ${home}，数据放在 ${server.record.folder}。`,
      en: `The database's account ${server.account?.name} cannot reach ${home}; the data is in ${server.record.folder}.`,
    });
  }
  if (!existsSync(server.data)) {
    say({ zh: '正在创建内置数据库…', en: 'Creating the embedded database…' });
    await initialise(server);
  }
  checkVersion(server);
  const { postmaster, member } = await startOrAdopt(server, say);
  const stopIfLast = async () => {
    if ((await leaveUsers(member)) && readKept(server) !== postmaster.run) await stop(server);
    await member.end().catch(() => undefined);
  };
  const { port } = postmaster;
  const database = { ownerUrl: ownerUrl(server, port, NAME), embedded: true, port, stop: stopIfLast, lost: sessionEnd(member) };
  return { database, member };
}

function sessionEnd(member: pg.Client): Promise<void> {
  return new Promise((done) => member.on('end', () => done()));
}

async function startOrAdopt(server: Server, say: Say): Promise<{ postmaster: Postmaster; member: pg.Client }> {
  let failing: number | undefined;
  let told = false;
  for (;;) {
    const postmaster = runningPostmaster(server.data);
    const member = postmaster && (await joinEmbedded(server, postmaster));
    if (member) return { postmaster, member };
    if (postmaster === undefined) {
      if (existsSync(join(server.data, 'postmaster.pid')) && !told) {
        say({ zh: '数据库上次没有正常停止，正在恢复…', en: 'The database was not stopped properly; recovering…' });
        told = true;
      }
      await clearRemains(server.data);
      const { code, output } = await start(server);
      if (code === 0) continue;
      failing ??= performance.now();
      if (performance.now() - failing > RETRY_MS) refuseStart(server, output);
    }
    await pause(100);
  }
}

function refuseStart(server: Server, output: string): never {
  const log = join(server.record.folder, 'postgres.log');
  return refuse(
    'database-start-failed',
    `内置数据库无法启动，详见 ${log}:\n${output}`,
    `The embedded PostgreSQL does not start, see ${log}:\n${output}`,
  );
}

/** A session on the embedded server, or undefined while it is starting or stopping. */
async function joinEmbedded(server: Server, { port }: Postmaster): Promise<pg.Client | undefined> {
  try {
    if (port === 0) return undefined;
    const member = await joinUsers(ownerUrl(server, port, NAME));
    await checkFolder(member, server);
    return member;
  } catch (error) {
    const code = errorCode(error);
    if (code === UNKNOWN_DATABASE) {
      await createDatabase(ownerUrl(server, port, 'postgres'));
      return joinEmbedded(server, { port, pid: 0, run: '' });
    }
    if (BUSY_CODES.has(code) || (error instanceof Error && error.message.startsWith('Connection terminated'))) return undefined;
    throw error;
  }
}

/** SQLSTATEs and socket errors of a server that is starting, stopping or just gone. */
const BUSY_CODES = new Set(['57P03', '57P01', '57P02', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
const UNKNOWN_DATABASE = '3D000';
const DUPLICATE_DATABASE = new Set(['42P04', '23505']);

function ownerUrl(server: Server, port: number, database: string): string {
  return `postgres://${OWNER}:${server.record.password}@127.0.0.1:${port}/${database}`;
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${NAME}`);
  } catch (error) {
    // Two first starts at once: the other one made it.
    if (!DUPLICATE_DATABASE.has(errorCode(error))) throw error;
  } finally {
    await client.end();
  }
}

/** A port alone could belong to another server by now. */
async function checkFolder(member: pg.Client, server: Server): Promise<void> {
  const { rows } = await member.query<{ folder: string }>("select current_setting('data_directory') as folder");
  if (rows[0]?.folder === server.data) return;
  await member.end();
  throw new Error(`the server on the noted port works on ${rows[0]?.folder}, not on ${server.data}`);
}

function keepFile(server: Server): string {
  return join(server.record.folder, 'keep');
}

/** Which run of the server shall outlive its users; a later run is not meant. */
function readKept(server: Server): string | undefined {
  const file = keepFile(server);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function embeddedOnly(config: Config): void {
  if (config.databaseUrl === undefined) return;
  refuse(
    'not-embedded',
    '已设 DATABASE_URL，用的是行内数据库，不由管户启停。',
    'DATABASE_URL is set: the bank’s own database is used and is not started or stopped from here.',
  );
}

/** `guanhu db start`: starts the embedded server and lets it run on between commands. */
export async function keepRunning(config: Config, say: Say): Promise<Database> {
  embeddedOnly(config);
  const home = makeHome(config.home);
  const { database, member } = await openEmbedded(home, say);
  const server = describeServer(home);
  const postmaster = runningPostmaster(server.data);
  if (postmaster) writeFileSync(keepFile(server), postmaster.run, { mode: 0o600 });
  await member.end();
  return database;
}

/** `guanhu db stop`: stops the embedded server; false when it was not running. Refuses while others use it. */
export async function stopRunning(config: Config): Promise<boolean> {
  embeddedOnly(config);
  const server = existingServer(config);
  const postmaster = server && runningPostmaster(server.data);
  if (!server || !postmaster) return false;
  rmSync(keepFile(server), { force: true });
  const member = await joinEmbedded(server, postmaster);
  if (member && !(await waitToBeAlone(member))) {
    await member.end();
    refuse(
      'database-in-use',
      '数据库正被管户使用，它们结束后会自动停止。',
      'The database is in use; it stops by itself when its users end.',
    );
  }
  await stop(server);
  await member?.end().catch(() => undefined);
  return true;
}

export interface DatabaseStatus {
  readonly embedded: boolean;
  readonly running: boolean;
  readonly kept: boolean;
  readonly pid: number | undefined;
  readonly port: number | undefined;
  readonly folder: string | undefined;
}

/** `guanhu db status`: looks only, starts nothing. */
export function databaseStatus(config: Config): DatabaseStatus {
  if (config.databaseUrl !== undefined) {
    const port = Number(new URL(config.databaseUrl).port || 5432);
    return { embedded: false, running: true, kept: true, pid: undefined, port, folder: undefined };
  }
  const server = existingServer(config);
  const postmaster = server && runningPostmaster(server.data);
  const kept = server !== undefined && postmaster !== undefined && readKept(server) === postmaster.run;
  return {
    embedded: true,
    running: postmaster !== undefined,
    kept,
    pid: postmaster?.pid,
    port: postmaster?.port,
    folder: server?.data,
  };
}

function existingServer(config: Config): Server | undefined {
  return existsSync(join(config.home, 'postgres.json')) ? describeServer(makeHome(config.home)) : undefined;
}
