import type { DuckDBConnection } from '@duckdb/node-api';
import { numberOf, rowsOf, sqlName, sqlText } from '../duck.ts';
import { type BadRow, type FeedTaker, type Rows, standingName } from '../taker.ts';
import type { Desk } from './desk.ts';
import { targetOf } from './relations.ts';

const SHOWN = 80;

/** Finds every row of `next` that must not be taken, into the table `bad`; rows of unknown customers into `held` when wished. */
export async function findBad(desk: Desk, taker: FeedTaker, rows: Rows, hold: boolean): Promise<void> {
  const { duck } = rows;
  await duck.run('CREATE OR REPLACE TABLE bad (line BIGINT, col VARCHAR, txt VARCHAR, code VARCHAR)');
  await duck.run('CREATE OR REPLACE TABLE held (customer_id VARCHAR, rows BIGINT, balance_fen HUGEINT)');
  for (const reference of taker.references) {
    const column = sqlName(reference.column);
    const key = sqlName(desk.takers[reference.feed].shape.key[0] ?? '');
    const unknown = `next n WHERE ${column} IS NOT NULL AND NOT EXISTS (FROM ${targetOf(taker, reference.feed)} t WHERE t.${key} = n.${column})`;
    if (reference.holdable && hold)
      await duck.run(`INSERT INTO held SELECT ${column}, count(*), sum(balance_fen) FROM ${unknown} GROUP BY ${column}`);
    else
      await duck.run(
        `INSERT INTO bad SELECT line, ${sqlText(reference.column)}, left(${column}, ${SHOWN}), ${sqlText(reference.code)} FROM ${unknown}`,
      );
  }
  await addBad(duck, await taker.check(rows));
}

const BATCH = 1000;

async function addBad(duck: DuckDBConnection, found: readonly BadRow[]): Promise<void> {
  for (let at = 0; at < found.length; at += BATCH) {
    const values = found
      .slice(at, at + BATCH)
      .map((bad) => `(${bad.line}, ${sqlText(bad.column)}, ${sqlText(bad.text.slice(0, SHOWN))}, ${sqlText(bad.code)})`);
    await duck.run(`INSERT INTO bad VALUES ${values.join(', ')}`);
  }
}

export async function badLines(duck: DuckDBConnection): Promise<number> {
  return numberOf(duck, 'SELECT count(DISTINCT line) FROM bad');
}

/** Takes the bad rows out of `next`. */
export async function dropBad(taker: FeedTaker, duck: DuckDBConnection): Promise<void> {
  if (taker.kind === 'upsert') await duck.run('DELETE FROM next WHERE line IN (SELECT line FROM bad)');
  else await duck.run('INSERT INTO bad_line SELECT DISTINCT line FROM bad');
}

export interface Referrer {
  readonly by: FeedTaker;
  readonly column: string;
  readonly key: string;
}

/** The first row that still names a key of `gone`, or undefined. Rows held back for a customer don't count: they wait for it. */
export async function firstReferrer(desk: Desk, taker: FeedTaker, duck: DuckDBConnection): Promise<Referrer | undefined> {
  const key = sqlName(taker.shape.key[0] ?? '');
  for (const by of Object.values(desk.takers)) {
    for (const reference of by.references.filter((found) => found.feed === taker.shape.feed)) {
      const relation = by === taker ? '"after"' : standingName(by.shape.feed);
      const column = sqlName(reference.column);
      const waits = reference.holdable
        ? ' AND NOT EXISTS (FROM held_before h WHERE h.import_id = r.import_id AND h.customer_id = r.customer_id)'
        : '';
      const [row] = await rowsOf(
        duck,
        `SELECT ${column} AS key FROM ${relation} r WHERE ${column} IN (SELECT ${key} FROM gone)${waits} LIMIT 1`,
      );
      if (row !== undefined) return { by, column: reference.column, key: String(row.key) };
    }
  }
  return undefined;
}
