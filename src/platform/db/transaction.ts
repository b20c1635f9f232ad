import type { Kysely } from 'kysely';
import type pg from 'pg';
import { isAway, OutcomeUnknown } from './away.ts';
import { kyselyOver } from './connect.ts';
import type { DB } from './schema.gen.ts';

/** Whom one may see: a range of unit numbers, or one's own customers only. Comes from the session, ends up in every query. */
export interface Scope {
  /** First and last unit number of one's subtree; undefined = no unit, only one's own portfolio. */
  readonly lo?: number | undefined;
  readonly hi?: number | undefined;
  readonly staffId: string;
}

/** Inside a transaction: `db` for queries, `client` for COPY. Passing it says "must be inside one". */
export interface Tx {
  readonly db: Kysely<DB>;
  readonly client: pg.PoolClient;
}

async function inTransaction<T>(pool: pg.Pool, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work({ db: kyselyOver(client), client });
    await commit(client);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((fault: Error) => {
      broken = fault;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function commit(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('COMMIT');
  } catch (error) {
    throw isAway(error) ? new OutcomeUnknown('the connection was lost at COMMIT', { cause: error }) : error;
  }
}

const STAFF_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** A request's transaction under the application role, with the actor's scope set for row security. */
export function scoped<T>(pool: pg.Pool, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (!STAFF_ID.test(scope.staffId)) throw new RangeError('staff id not fit for a scope');
  return inTransaction(pool, 'BEGIN', async (tx) => {
    await tx.client.query(
      "select platform.set_scope('app.lo', $1), platform.set_scope('app.hi', $2), platform.set_scope('app.staff', $3), platform.set_scope('app.customer', '')",
      [String(scope.lo ?? ''), String(scope.hi ?? ''), scope.staffId],
    );
    return work(tx);
  });
}

/** Opens the details of one customer to this transaction. Only the door that has just found the customer's scoped card calls it. */
export async function openCustomer(tx: Tx, customerId: string): Promise<void> {
  await tx.client.query("select platform.set_scope('app.customer', $1)", [customerId]);
}

/** A job's transaction under the worker role: sees every customer, so only jobs and the command line use it. */
export function unscoped<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(pool, 'BEGIN', work);
}

/**
 * Begins a transaction in which a cluster must do one thing after the other on each node: one that writes a table of which every
 * node keeps a copy after it has looked at customers, or that changes the same customers in several ways. On one server it says nothing.
 */
export async function oneConnectionANode(tx: Tx): Promise<void> {
  await tx.client.query("set local citus.multi_shard_modify_mode = 'sequential'");
}
