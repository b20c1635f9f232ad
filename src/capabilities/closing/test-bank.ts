import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { FreshPlatform } from '../../../test/support/database.ts';
import type { BusinessDate } from '../../kernel/business-date.ts';
import { digestOf } from '../../kernel/digest.ts';
import { type Duck, openDuck, sqlText } from '../../platform/duck.ts';
import type { Bank, DayFile, FileRow } from './rules/timeline.ts';

/** A positions file as the feed leaves it after taking it in. */
export interface SentFile {
  readonly importId: string;
  readonly day: BusinessDate;
  readonly revision: number;
  readonly delta: boolean;
  readonly rows: readonly FileRow[];
  readonly held: Set<string>;
  accepted: boolean;
}

/** A bank that sends positions files without the feed: the archive and the rows that closing reads, and the same for the oracle. */
export interface TestBank {
  readonly files: SentFile[];
  readonly merged: Map<string, string>;
  readonly categories: Map<string, string>;
  readonly send: (day: BusinessDate, delta: boolean, rows: readonly FileRow[], held?: readonly string[]) => Promise<SentFile>;
  readonly undo: (file: SentFile) => Promise<void>;
  readonly take: (file: SentFile, customerId: string) => Promise<void>;
  readonly merge: (customerId: string, into: string | null) => Promise<void>;
  readonly classify: (code: string, category: string) => Promise<void>;
  /** What the oracle is asked about. */
  readonly truth: () => Bank;
  readonly dump: (sql: string) => Promise<unknown[]>;
  /** Forgets everything that closing has worked out. */
  readonly forget: () => Promise<void>;
  /** An empty bank again. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openTestBank(fresh: FreshPlatform): Promise<TestBank> {
  const owner = new pg.Client({ connectionString: fresh.ownerUrl });
  await owner.connect();
  const content = join(fresh.platform.archive, 'content');
  const duck = await openDuck({ memoryLimit: '200MB', scratch: join(fresh.platform.home, 'test'), folders: [content] });
  const files: SentFile[] = [];
  const merged = new Map<string, string>();
  const categories = new Map<string, string>();
  const classify = async (code: string, category: string) => {
    categories.set(code, category);
    await owner.query(
      'insert into products.product (code, name, category) values ($1, $1, $2) on conflict (code) do update set category = $2',
      [code, category],
    );
  };
  const send = async (day: BusinessDate, delta: boolean, rows: readonly FileRow[], held: readonly string[] = []) => {
    const revision = 1 + Math.max(0, ...files.filter((file) => file.day === day).map((file) => file.revision));
    const file = { importId: `P${files.length + 1}-${day}`, day, revision, delta, rows, held: new Set(held), accepted: true };
    files.push(file);
    await writeContent(duck, join(content, `${file.importId}.parquet`), rows);
    await recordImport(owner, file);
    return file;
  };
  const undo = async (file: SentFile) => {
    file.accepted = false;
    await owner.query("update feed.import set state = 'undone' where import_id = $1", [file.importId]);
  };
  const take = async (file: SentFile, customerId: string) => {
    file.held.delete(customerId);
    await owner.query('update feed.held set taken_at = clock_timestamp() where import_id = $1 and customer_id = $2', [
      file.importId,
      customerId,
    ]);
  };
  const merge = async (customerId: string, into: string | null) => {
    if (into === null) merged.delete(customerId);
    else merged.set(customerId, into);
    await owner.query(
      `insert into customers.customer (customer_id, name, pinyin, initials, merged_into) values ($1, $1, '', '', $2)
       on conflict (customer_id) do update set merged_into = $2`,
      [customerId, into],
    );
  };
  const forget = async () => {
    await owner.query(
      'truncate closing.position, closing.balance, closing.segment, closing.day, closing.merged, closing.product',
    );
    for (const folder of ['changes', 'state']) rmSync(join(fresh.platform.archive, folder), { recursive: true, force: true });
  };
  const reset = async () => {
    await forget();
    await owner.query('truncate feed.held, feed.import, customers.customer, products.product');
    rmSync(content, { recursive: true, force: true });
    mkdirSync(content, { recursive: true });
    files.length = 0;
    merged.clear();
    categories.clear();
  };
  return {
    ...{ files, merged, categories, send, undo, take, merge, classify, forget, reset },
    truth: () => ({ files: standing(files), merged, categories }),
    dump: async (sql) => (await owner.query(sql)).rows,
    close: async () => {
      duck.close();
      await owner.end();
    },
  };
}

function standing(files: readonly SentFile[]): Map<BusinessDate, DayFile> {
  const accepted = files.filter((file) => file.accepted).sort((a, b) => a.revision - b.revision);
  return new Map(
    accepted.map((file) => [file.day, { delta: file.delta, rows: file.rows.filter((row) => !file.held.has(row.customerId)) }]),
  );
}

async function writeContent(duck: Duck, path: string, rows: readonly FileRow[]): Promise<void> {
  const values = rows.map(
    (row, n) =>
      `(${n + 2}, ${sqlText(row.customerId)}, ${sqlText(row.outletId)}, ${sqlText(row.productCode)}, ${row.balanceFen})`,
  );
  const from = rows.length > 0 ? `(values ${values.join(', ')})` : "(select 0, '', '', '', 0 where false)";
  await duck.run(`copy (select line::bigint as line, customer_id, outlet_id, product_code, balance_fen::bigint as balance_fen, null::date as matures_on
    from ${from} t (line, customer_id, outlet_id, product_code, balance_fen)) to ${sqlText(path)} (format parquet)`);
}

async function recordImport(owner: pg.Client, file: SentFile): Promise<void> {
  const rows = file.rows.map((row) => [row.customerId, row.outletId, row.productCode, row.balanceFen.toString()]);
  const totals = { rows: rows.length, balanceFen: file.rows.reduce((sum, row) => sum + row.balanceFen, 0n).toString() };
  await owner.query(
    `insert into feed.import (import_id, feed, file_name, sha256, business_date, revision, delta, state, rows, totals, sent_by, sent_at)
     values ($1, 'positions', $1, $2, $3, $4, $5, 'accepted', $6, $7, 'test', clock_timestamp())`,
    [file.importId, digestOf([file.delta, rows]), file.day, file.revision, file.delta, rows.length, totals],
  );
  for (const customerId of file.held) {
    await owner.query('insert into feed.held (import_id, customer_id, rows, balance_fen) values ($1, $2, 0, 0)', [
      file.importId,
      customerId,
    ]);
  }
}
