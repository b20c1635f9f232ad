import type { DuckDBConnection } from '@duckdb/node-api';
import { businessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit, COMMAND_LINE } from '../../../platform/audit/index.ts';
import { point } from '../../../platform/crash.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { contentPath, dropWork, workPath } from '../archive.ts';
import type { ImportRecord, UndoPreview } from '../contract.ts';
import { numberOf, rowsOf, sqlName, sqlText, withDuck } from '../duck.ts';
import type { EngineImport } from '../reads.ts';
import { lockAccepting, markUndone, moveState } from '../store.ts';
import { batchesOf, textCell } from '../stream.ts';
import type { FeedTaker, Rows } from '../taker.ts';
import { needImport } from './accept.ts';
import type { Desk } from './desk.ts';
import { badWords } from './problems.ts';
import { findBad, firstReferrer } from './references.ts';
import { makeStanding, makeUndone } from './relations.ts';

/** What taking an import back would change. Refuses what could not be taken back. Changes nothing. */
export async function previewUndo(desk: Desk, importId: string): Promise<UndoPreview> {
  const { platform } = desk;
  const record = await needAccepted(desk, importId);
  const taker = desk.takers[record.feed];
  try {
    return await withDuck(workPath(platform, importId), async (duck) => {
      await unscoped(platform.worker, (tx) => prepareUndo(desk, tx, record, taker, duck));
      const rows =
        taker.kind === 'upsert'
          ? {
              restored: await numberOf(duck, 'SELECT count(*) FROM next'),
              removed: await numberOf(duck, 'SELECT count(*) FROM gone'),
            }
          : { restored: 0, removed: record.rows ?? 0 };
      const takeBack = async (tx: Tx) => {
        await lockUndo(tx, importId);
        await carryOut(desk, tx, COMMAND_LINE, record, duck);
      };
      const effect = await desk.undoEffect({ record, keys: () => keysOf(taker, duck), takeBack });
      return { importId, feed: record.feed, ...rows, ...effect };
    });
  } catch (error) {
    refuseReferred(error);
    throw error;
  } finally {
    await dropWork(platform, importId);
  }
}

/** Takes an accepted import back: afterwards everything is as if the file had never been sent. */
export async function undoImport(desk: Desk, actor: Actor, importId: string): Promise<ImportRecord> {
  const { platform } = desk;
  const record = await needAccepted(desk, importId);
  try {
    await withDuck(workPath(platform, importId), async (duck) => {
      await unscoped(platform.worker, async (tx) => {
        await lockUndo(tx, importId);
        await prepareUndo(desk, tx, record, desk.takers[record.feed], duck);
        await carryOut(desk, tx, actor, record, duck);
        const body = { feed: record.feed, businessDate: record.businessDate, revision: record.revision };
        await audit(tx, actor, { kind: 'feed.undone', subject: importId, body });
      });
      point('feed.undo.committed');
    });
  } catch (error) {
    refuseReferred(error);
    throw error;
  } finally {
    await dropWork(platform, importId);
  }
  return needImport(desk, importId);
}

async function lockUndo(tx: Tx, importId: string): Promise<void> {
  await lockAccepting(tx);
  // Holds the row: it counts as standing until it is marked.
  await moveState(tx, importId, ['accepted'], 'accepted');
}

/** Takes the import back in the transaction, as `prepareUndo` has made it ready. */
async function carryOut(desk: Desk, tx: Tx, { staffId }: Actor, record: EngineImport, duck: DuckDBConnection): Promise<void> {
  const { platform } = desk;
  const taker = desk.takers[record.feed];
  const work = { ...rowsFor(desk, record, duck), tx, secrets: platform.secrets, now: platform.now() };
  if (taker.kind === 'upsert') await taker.apply(work);
  else await taker.undo?.(work);
  point('feed.undo.applied');
  await markUndone(tx, record.importId, staffId, platform.now());
}

async function* keysOf({ kind, shape }: FeedTaker, duck: DuckDBConnection): AsyncGenerator<string[][]> {
  if (kind !== 'upsert') return;
  const key = shape.key.map(sqlName).join(', ');
  for await (const rows of batchesOf(duck, `SELECT ${key} FROM next UNION ALL SELECT ${key} FROM gone`))
    yield rows.map((row) => row.map((cell) => textCell(cell) ?? ''));
}

const FOREIGN_KEY = '23503';

/** A table further right still names what would go: a rule of the database, told in words. */
function refuseReferred(error: unknown): void {
  if (!(error instanceof Error) || !('code' in error) || error.code !== FOREIGN_KEY) return;
  refuse(
    'undo-in-use',
    '不能撤回：其中有的记录已被管户关系或其他数据使用。',
    'It cannot be taken back: assignments or other data name rows of it.',
  );
}

async function needAccepted(desk: Desk, importId: string): Promise<EngineImport> {
  const record = await needImport(desk, importId);
  if (record.state === 'accepted') return record;
  return refuse(
    'undo-not-accepted',
    record.state === 'undone' ? '这次导入已经撤回过了。' : '这次导入没有入库，不需要撤回。',
    record.state === 'undone' ? 'This import was taken back already.' : 'This import was never accepted.',
  );
}

function rowsFor(desk: Desk, record: EngineImport, duck: DuckDBConnection): Rows {
  return {
    duck,
    importId: record.importId,
    today: todayOf(desk.platform.now()),
    businessDate: record.businessDate === null ? undefined : businessDate(record.businessDate),
  };
}

/** Makes what `carryOut` needs in DuckDB; of upsert feeds, refuses what cannot go. */
async function prepareUndo(desk: Desk, tx: Tx, record: EngineImport, taker: FeedTaker, duck: DuckDBConnection): Promise<void> {
  if (taker.kind !== 'upsert') {
    await duck.run(`CREATE VIEW content AS SELECT * FROM read_parquet(${sqlText(contentPath(desk.platform, record.importId))})`);
    return;
  }
  await makeStanding(desk, tx, duck, { of: taker, workOf: record.importId, without: record.importId });
  await makeUndone(desk, tx, taker, duck, record.importId);
  const referrer = await firstReferrer(desk, taker, duck);
  if (referrer !== undefined) {
    const { label } = referrer.by.shape;
    refuse(
      'undo-in-use',
      `不能撤回：“${referrer.key}”仍被${label.zh}数据引用。请先撤回或更正那些${label.zh}文件。`,
      `It cannot be taken back: ${label.en} still name "${referrer.key}". Take those files back or correct them first.`,
      { feed: referrer.by.shape.feed, key: referrer.key },
    );
  }
  await findBad(desk, taker, rowsFor(desk, record, duck), false);
  const [bad] = await rowsOf(duck, 'SELECT col, txt, code FROM bad LIMIT 1');
  if (bad === undefined) return;
  const words = badWords(String(bad.code));
  refuse(
    'undo-breaks',
    `不能撤回：撤回后“${String(bad.txt)}”${words.reason.zh}`,
    `It cannot be taken back: "${String(bad.txt)}": ${words.reason.en}`,
  );
}
