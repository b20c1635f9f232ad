import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { DB } from './schema.gen.ts';

const INT8 = 20;
const INT8_ARRAY = 1016;
const DATE = 1082;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`database integer past 2^53: ${text}`);
  return value;
}

/** bigint columns arrive as safe integers or throw; dates stay text; numeric stays text. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (oid === INT8) return safeInteger;
    if (oid === INT8_ARRAY) return (text: string) => text.slice(1, -1).split(',').filter(Boolean).map(safeInteger);
    if (oid === DATE) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  },
};

export interface ConnectOptions {
  readonly max: number;
  readonly applicationName: string;
  /** Milliseconds after which the server ends a statement; 0 = no limit (jobs). */
  readonly statementTimeoutMs: number;
}

export function openPool(url: string, options: ConnectOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    types,
    application_name: options.applicationName,
    statement_timeout: options.statementTimeoutMs || undefined,
    idle_in_transaction_session_timeout: options.statementTimeoutMs ? 15_000 : undefined,
  });
  // A connection that breaks is replaced by the pool, and whoever has it on loan is told by the next statement; without listeners,
  // for idle ones and for those on loan, Node would exit.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A Kysely over a pool, or over one checked-out client so that COPY and queries share a transaction. */
export function kyselyOver(source: pg.Pool | pg.PoolClient): Kysely<DB> {
  if (source instanceof pg.Pool) return new Kysely<DB>({ dialect: new PostgresDialect({ pool: source }) });
  // Kysely hands its client back after each query; this one is on loan from its transaction, so giving back does nothing.
  const borrowed: pg.PoolClient = Object.create(source, {
    query: { value: source.query.bind(source) },
    release: { value: () => undefined },
  });
  return new Kysely<DB>({
    dialect: new PostgresDialect({ pool: { connect: async () => borrowed, end: async () => undefined } }),
  });
}
