import pg from 'pg';
import { pino } from 'pino';

/** Every field that a log line may carry: ids of ours, routes and counts, never personal data. */
export interface LogFields {
  readonly requestId?: string;
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly ms?: number;
  readonly importId?: string;
}

const logger = pino(
  { level: process.env.GUANHU_LOG || 'warn', base: null, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination(2),
);

/** A fault with where it happened, under fields that lead back to the request or job. */
export function logFault(message: string, error: unknown, fields: LogFields = {}): void {
  logger.error({ ...fields, fault: describeFault(error) }, message);
}

/** A request that was answered; seen at level info and below. */
export function logRequest(fields: LogFields): void {
  logger.info(fields, 'request');
}

export interface Fault {
  readonly name: string;
  readonly message: string;
  /** SQLSTATE or system code, and the table and constraint: names of ours. */
  readonly code?: string;
  readonly table?: string;
  readonly constraint?: string;
  readonly at: readonly string[];
}

/**
 * What a log may tell of an error. Messages of the database and of parsers quote the value that was wrong, which may be somebody's
 * name or number: what is quoted, every long number and every Chinese character is struck out.
 */
export function describeFault(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: typeof error, message: strike(String(error)), at: [] };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const { table, constraint } = error instanceof pg.DatabaseError ? error : {};
  return {
    name: error.name,
    message: strike(error.message),
    ...code,
    ...(table === undefined ? {} : { table }),
    ...(constraint === undefined ? {} : { constraint }),
    at: (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)),
  };
}

function strike(message: string): string {
  return message
    .replace(/"[^"]*"|'[^']*'|`[^`]*`|“[^”]*”|\([^()]*\)=\([^()]*\)/gs, '…')
    .replace(/[\p{Script=Han}·]+/gu, '…')
    .replace(/\d[\d,.*-]{4,}/g, '…');
}
