import type { Selectable } from 'kysely';
import type pg from 'pg';
import { z } from 'zod';
import { kyselyOver } from '../../platform/db/connect.ts';
import type { FeedImport } from '../../platform/db/schema.gen.ts';
import type { Tx } from '../../platform/db/transaction.ts';
import { type Secrets, unseal } from '../../platform/secrets.ts';
import { type FeedName, type ImportRecord, importSchema } from './contract.ts';

/** An import as the engine sees it: with what only the engine needs. */
export interface EngineImport extends ImportRecord {
  readonly headers: readonly string[];
}

const headers = z.array(z.string());
const json = z.json();

const totalsOf = ({ totals }: Selectable<FeedImport>) => importSchema.shape.totals.parse(totals);

function instant(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}

function toRecord(row: Selectable<FeedImport>): EngineImport {
  // What a file adds up to is kept as soon as its rows are counted.
  const counted = totalsOf(row).rows !== undefined;
  const record = importSchema.parse({
    importId: row.import_id,
    feed: row.feed,
    fileName: row.file_name,
    sha256: row.sha256,
    bytes: row.bytes,
    businessDate: row.business_date,
    revision: row.revision,
    delta: row.delta,
    state: row.state,
    rows: counted ? row.rows : null,
    rejected: row.rejected,
    held: row.held,
    totals: row.totals,
    effect: row.effect,
    progress: row.progress,
    problems: row.problems,
    unknownColumns: row.unknown_columns,
    presentColumns: row.present_columns,
    options: row.options,
    sentBy: row.sent_by,
    sentAt: instant(row.sent_at),
    decidedAt: instant(row.decided_at),
    undoneBy: row.undone_by,
    undoneAt: instant(row.undone_at),
  });
  return { ...record, headers: headers.parse(row.headers) };
}

/** Problems are sealed; those of an earlier version, and none, are not. */
function openProblems(secrets: Secrets, problems: Selectable<FeedImport>['problems']): Selectable<FeedImport>['problems'] {
  if (typeof problems !== 'string') return problems;
  return json.parse(JSON.parse(unseal(secrets, Buffer.from(problems, 'base64'))));
}

/** One import, or undefined. */
export async function importById(pool: pg.Pool, secrets: Secrets, importId: string): Promise<EngineImport | undefined> {
  const row = await kyselyOver(pool).selectFrom('feed.import').selectAll().where('import_id', '=', importId).executeTakeFirst();
  return row && toRecord({ ...row, problems: openProblems(secrets, row.problems) });
}

/** Imports, newest first, before a sequence number; problems are left to the import's own page. */
export async function listImports(
  pool: pg.Pool,
  before: number | undefined,
  limit: number,
  feed?: FeedName,
): Promise<{ seq: number; record: ImportRecord }[]> {
  let query = kyselyOver(pool).selectFrom('feed.import').selectAll().orderBy('seq', 'desc').limit(limit);
  if (before !== undefined) query = query.where('seq', '<', before);
  if (feed !== undefined) query = query.where('feed', '=', feed);
  const rows = await query.execute();
  return rows.map((row) => ({ seq: row.seq, record: toRecord({ ...row, problems: [] }) }));
}

export interface AcceptedImport {
  readonly importId: string;
  readonly carried: ReadonlySet<string>;
  readonly businessDate: string | null;
  readonly revision: number;
  readonly delta: boolean;
  readonly sha256: string | null;
}

const columns = z.array(z.string());

/** Accepted imports of a feed in the order in which they were accepted. */
export async function acceptedImports(tx: Tx, feed: FeedName): Promise<AcceptedImport[]> {
  const rows = await tx.db
    .selectFrom('feed.import')
    .select(['import_id', 'present_columns', 'business_date', 'revision', 'delta', 'sha256'])
    .where('feed', '=', feed)
    .where('state', '=', 'accepted')
    .orderBy('accept_no')
    .execute();
  return rows.map((row) => ({
    importId: row.import_id,
    carried: new Set(columns.parse(row.present_columns)),
    businessDate: row.business_date,
    revision: row.revision,
    delta: row.delta,
    sha256: row.sha256,
  }));
}

/** Changes whenever an import is accepted or taken back: what a check stood on. */
export async function basisOf(tx: Tx): Promise<string> {
  const { rows } = await tx.client.query<{ basis: string }>(
    `select coalesce(max(accept_no), 0) || '/' || count(*) filter (where state = 'undone') as basis from feed.import`,
  );
  return rows[0]?.basis ?? '';
}

/** Rows held back that no standing customer has taken up. */
export async function heldPairs(tx: Tx): Promise<{ importId: string; customerId: string; taken: boolean }[]> {
  const rows = await tx.db.selectFrom('feed.held').select(['import_id', 'customer_id', 'taken_at']).execute();
  return rows.map((row) => ({ importId: row.import_id, customerId: row.customer_id, taken: row.taken_at !== null }));
}
