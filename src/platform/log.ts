import { pino } from 'pino';

/** Fields that a log line may carry: ids and counts, never personal data. */
export interface LogFields {
  readonly [field: string]: string | number | boolean;
}

const logger = pino(
  { level: process.env.GUANHU_LOG || 'warn', base: null, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination(2),
);

/** A fault with its stack, under fields that lead back to the request or job. */
export function logFault(message: string, error: unknown, fields: LogFields = {}): void {
  logger.error(
    { ...fields, err: error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : String(error) },
    message,
  );
}
