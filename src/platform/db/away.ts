import pg from 'pg';

/** Connection exceptions, shutting down, crashed, starting up, too many connections. */
const AWAY_STATES = /^(08|57P0[123]|53300)/;
const AWAY_CODES: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);
/** What the driver says without a code when a connection ends under a statement. */
const AWAY_WORDS = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;

/** Whether the database could not be reached, or went away while it was asked: asking again later may help. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return AWAY_STATES.test(error.code ?? '');
  return ('syscall' in error && 'code' in error && AWAY_CODES.has(error.code)) || AWAY_WORDS.test(error.message);
}

/** The connection was lost while a transaction was being committed: whether it counts is for the database to say, once it is back. */
export class OutcomeUnknown extends Error {}
