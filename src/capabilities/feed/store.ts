import type pg from 'pg';
import { refuse } from '../../kernel/refusal.ts';
import { LOCKS } from '../../platform/db/locks.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { type Secrets, seal } from '../../platform/secrets.ts';
import type { FeedName, FeedProblem, ImportOptions, ImportProgress, ImportState } from './contract.ts';

const PROBLEMS_KEPT = 1000;

/** One change of the archive at a time: what a file refers to must still stand when it is taken. */
export async function lockAccepting(tx: Tx): Promise<void> {
  await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.acceptFeed]);
}

export interface NewImport {
  readonly importId: string;
  readonly feed: FeedName;
  readonly fileName: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly businessDate: string | null;
  readonly revision: number;
  readonly delta: boolean;
  readonly options: ImportOptions;
  readonly sentBy: string;
  readonly sentAt: Date;
}

export async function insertImport(tx: Tx, row: NewImport, state: ImportState): Promise<void> {
  await tx.db
    .insertInto('feed.import')
    .values({
      import_id: row.importId,
      feed: row.feed,
      file_name: row.fileName,
      sha256: row.sha256,
      bytes: row.bytes,
      business_date: row.businessDate,
      revision: row.revision,
      delta: row.delta,
      state,
      options: JSON.stringify(row.options),
      sent_by: row.sentBy,
      sent_at: row.sentAt,
      decided_at: state === 'unchanged' ? row.sentAt : null,
    })
    .execute();
}

/** What a check has found. */
export interface Findings {
  readonly businessDate: string | null;
  readonly revision: number;
  readonly delta: boolean;
  readonly rows: number;
  readonly rejected: number;
  readonly held: number;
  readonly totals: unknown;
  readonly effect: unknown;
  readonly progress: unknown;
  readonly problems: readonly FeedProblem[];
  readonly unknownColumns: readonly string[];
  readonly presentColumns: readonly string[];
  readonly headers: readonly string[];
}

/** Problems show bad cells, which may be somebody's number: sealed like those, unless there are none. */
function sealProblems(secrets: Secrets, problems: readonly FeedProblem[]): string {
  return JSON.stringify(problems.length === 0 ? [] : seal(secrets, JSON.stringify(problems)).toString('base64'));
}

export async function saveFindings(
  tx: Tx,
  secrets: Secrets,
  importId: string,
  state: ImportState,
  found: Partial<Findings>,
  decidedAt: Date | null,
): Promise<void> {
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
  await tx.db
    .updateTable('feed.import')
    .set({
      state,
      decided_at: decidedAt,
      business_date: found.businessDate,
      revision: found.revision,
      delta: found.delta,
      rows: found.rows,
      rejected: found.rejected,
      held: found.held,
      totals: json(found.totals),
      effect: json(found.effect),
      progress: json(found.progress),
      problems: found.problems && sealProblems(secrets, found.problems.slice(0, PROBLEMS_KEPT)),
      unknown_columns: json(found.unknownColumns),
      present_columns: json(found.presentColumns),
      headers: json(found.headers),
    })
    .where('import_id', '=', importId)
    .execute();
}

/** How far the work on an import is; told beside its transaction, so that others see it. */
export async function saveProgress(pool: pg.Pool, importId: string, progress: ImportProgress): Promise<void> {
  await pool.query("update feed.import set progress = $2 where import_id = $1 and state = 'reading'", [
    importId,
    JSON.stringify(progress),
  ]);
}

/** Moves an import on, from one of the states it must be in. Refuses when somebody else has decided meanwhile. */
export async function moveState(tx: Tx, importId: string, from: readonly ImportState[], to: ImportState): Promise<void> {
  const { numUpdatedRows } = await tx.db
    .updateTable('feed.import')
    .set({ state: to })
    .where('import_id', '=', importId)
    .where('state', 'in', [...from])
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return;
  refuse('import-state', '这次导入的状态已经变了，请刷新后再看。', 'The import has moved on meanwhile; look again.');
}

export async function markAccepted(tx: Tx, importId: string, at: Date, held: number): Promise<void> {
  const { rows } = await tx.client.query<{ no: number }>('select coalesce(max(accept_no), 0) + 1 as no from feed.import');
  await tx.db
    .updateTable('feed.import')
    .set({ state: 'accepted', accept_no: rows[0]?.no ?? 1, decided_at: at, held, progress: JSON.stringify({ step: 'done' }) })
    .where('import_id', '=', importId)
    .execute();
}

export async function markUndone(tx: Tx, importId: string, by: string, at: Date): Promise<void> {
  await tx.db
    .updateTable('feed.import')
    .set({ state: 'undone', undone_by: by, undone_at: at })
    .where('import_id', '=', importId)
    .execute();
}

export interface HeldRow {
  readonly customerId: string;
  readonly rows: number;
  readonly balanceFen: string;
}

export async function insertHeld(tx: Tx, importId: string, held: readonly HeldRow[]): Promise<void> {
  await tx.client.query(
    `insert into feed.held (import_id, customer_id, rows, balance_fen)
     select $1, h.customer_id, h.rows, h.balance_fen
       from unnest($2::text[], $3::int[], $4::bigint[]) as h (customer_id, rows, balance_fen)`,
    [importId, held.map((h) => h.customerId), held.map((h) => h.rows), held.map((h) => h.balanceFen)],
  );
}

/** Customers whose rows are held back by standing imports. */
export async function openHeld(tx: Tx): Promise<string[]> {
  const { rows } = await tx.client.query<{ customer_id: string }>(
    `select distinct h.customer_id from feed.held h join feed.import i using (import_id)
      where h.taken_at is null and i.state = 'accepted'`,
  );
  return rows.map((row) => row.customer_id);
}

/** The customers have arrived: their rows count from now on. */
export async function takeHeld(tx: Tx, customers: readonly string[], at: Date): Promise<void> {
  await tx.client.query('update feed.held set taken_at = $2 where taken_at is null and customer_id = any($1)', [customers, at]);
}

/** The customers are taken back: their rows are held again. */
export async function holdAgain(tx: Tx, customers: readonly string[]): Promise<void> {
  await tx.client.query('update feed.held set taken_at = null where taken_at is not null and customer_id = any($1)', [customers]);
}
