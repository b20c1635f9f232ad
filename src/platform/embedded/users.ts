import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Refused, refuse } from '../../kernel/refusal.ts';
import { LOCKS } from '../db/locks.ts';

/**
 * Who uses a database is known by sessions that hold an advisory lock as long as their process lives. Such a lock ends
 * with its process, however that ends: nothing stale is left behind.
 */
const USERS = LOCKS.databaseUsers;
const SERVER = LOCKS.embeddedServer;
const RETRY_MS = 10_000;
const REJOIN_MS = 500;
const LOCK_NOT_AVAILABLE = '55P03';

/** Opens this process's session among the users of a database. */
export async function joinUsers(url: string): Promise<pg.Client> {
  const name = `guanhu ${process.pid}`;
  const member = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  // Firewalls drop idle sessions, hence the keep-alive. A server that dies shows at the next query; without a listener Node would exit at once.
  member.on('error', () => undefined);
  try {
    await member.connect();
    await member.query('select pg_advisory_lock_shared($1)', [USERS]);
    return member;
  } catch (error) {
    await member.end().catch(() => undefined);
    throw error;
  }
}

/** Joins the users of a database that others run, and joins again whenever the session ends: it may be restarted. `lost` = another took our place. */
export async function stayJoined(
  url: string,
  joined: (member: pg.Client) => Promise<void>,
): Promise<{ readonly lost: Promise<void>; readonly leave: () => Promise<void> }> {
  let left = false;
  const join = async () => {
    const member = await joinUsers(url);
    try {
      await joined(member);
      return member;
    } catch (error) {
      await member.end();
      throw error;
    }
  };
  let member = await join();
  const rejoin = async (): Promise<pg.Client | undefined> => {
    while (!left) {
      try {
        const again = await join();
        if (!left) return again;
        await again.end();
      } catch (error) {
        if (error instanceof Refused) return undefined;
        await pause(REJOIN_MS);
      }
    }
    return undefined;
  };
  const keep = async () => {
    while (!left) {
      await new Promise((ended) => member.once('end', ended));
      const again = await rejoin();
      if (again === undefined) return;
      member = again;
    }
  };
  const leave = async () => {
    left = true;
    await member.end().catch(() => undefined);
  };
  return { lost: keep(), leave };
}

/**
 * Leaves the users and tells whether nobody is left. If so the database stays ours alone until this session ends:
 * newcomers wait. Leaving comes first, so that of two who leave at once one finds itself the last.
 */
export async function leaveUsers(member: pg.Client): Promise<boolean> {
  try {
    await member.query('select pg_advisory_unlock_shared($1)', [USERS]);
    const { rows } = await member.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [USERS]);
    return rows[0]?.last ?? false;
  } catch {
    // The session is gone, and with it the server: nothing is left to stop.
    return false;
  }
}

/** Waits up to 3 s to be alone: the session of a process that was just killed takes a moment to end. */
export async function waitToBeAlone(member: pg.Client): Promise<boolean> {
  await member.query("set lock_timeout = '3s'");
  await member.query('select pg_advisory_unlock_shared($1)', [USERS]);
  try {
    await member.query('select pg_advisory_lock($1)', [USERS]);
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

/** Makes this session the one server of its database. Refuses when another one stays for 10 s. */
export async function becomeTheServer(member: pg.Client, address: string): Promise<void> {
  const until = performance.now() + RETRY_MS;
  for (;;) {
    const { rows } = await member.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [SERVER]);
    if (rows[0]?.mine) break;
    if (performance.now() > until) await refuseSecond(member);
    await new Promise((done) => setTimeout(done, 200));
  }
  await member.query(`set application_name = ${member.escapeLiteral(`guanhu ${process.pid} ${address}`)}`);
}

async function refuseSecond(member: pg.Client): Promise<never> {
  const { rows } = await member.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.objid = $1`,
    [SERVER],
  );
  const [, pid, address] = (rows[0]?.name ?? '').split(' ');
  return refuse(
    'already-running',
    `这个数据库已有一个管户在运行（进程 ${pid}，${address}）：请直接使用，或先停止它。`,
    `A Guanhu already runs on this database (process ${pid}, ${address}): use it, or stop it first.`,
    { pid, address },
  );
}
