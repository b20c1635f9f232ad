import type pg from 'pg';
import { kyselyOver } from '../db/connect.ts';
import { type Actor, type AuditEntry, entryRow } from './index.ts';

type Row = ReturnType<typeof entryRow>;
interface Waiting {
  readonly rows: readonly Row[];
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** Answers that may wait for the audit at one time; whoever comes then is asked to come again. */
const MOST_WAITING = 1_000;

export class TooManyWaiting extends Error {
  readonly statusCode = 503;
}

/**
 * Looks at customers change nothing, so that they need no transaction of their own: entries of all requests that wait are written
 * by one statement, and each answer is sent when that is on the disk. No audit, no answer.
 */
export class Looks {
  private waiting: Waiting[] = [];
  private writing = false;

  constructor(private readonly pool: pg.Pool) {}

  /** Settles when the entries are committed; fails when they cannot be. */
  async write(actor: Actor, entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    if (this.waiting.length >= MOST_WAITING) throw new TooManyWaiting();
    const rows = entries.map((entry) => entryRow(actor, entry));
    await new Promise<void>((written, failed) => {
      this.waiting.push({ rows, written, failed });
      void this.drain();
    });
  }

  private async drain(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await this.insert(group.flatMap(({ rows }) => rows));
        for (const { written } of group) written();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    this.writing = false;
  }

  private async insert(rows: readonly Row[]): Promise<void> {
    const client = await this.pool.connect();
    try {
      await kyselyOver(client).insertInto('audit.entry').values(rows).execute();
    } finally {
      client.release();
    }
  }
}
