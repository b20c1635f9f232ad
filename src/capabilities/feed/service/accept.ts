import { businessDate, todayOf } from '../../../kernel/business-date.ts';
import { Refused, refusal, refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import { point } from '../../../platform/crash.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { dropWork, readableContent, workPath } from '../archive.ts';
import type { ImportRecord } from '../contract.ts';
import { rowsOf, sqlText, withDuck } from '../duck.ts';
import { acceptedImports, basisOf, type EngineImport, importById } from '../reads.ts';
import { insertHeld, lockAccepting, markAccepted, moveState } from '../store.ts';
import type { FeedTaker, Rows } from '../taker.ts';
import type { Desk } from './desk.ts';
import { dayTakenProblem } from './problems.ts';
import { badLines, findBad } from './references.ts';
import { makeNext, makeStanding } from './relations.ts';

/** The import, or the refusal that says there is none. */
export async function needImport(desk: Desk, importId: string): Promise<EngineImport> {
  const record = await importById(desk.platform.worker, desk.platform.secrets, importId);
  if (record !== undefined) return record;
  return refuse('import-unknown', `没有编号为 ${importId.slice(0, 80)} 的导入。`, `There is no import ${importId.slice(0, 80)}.`);
}

/** Takes a checked import whole, in one transaction. Refuses when what it stood on has changed so that its rows no longer fit. */
export async function acceptImport(desk: Desk, actor: Actor, importId: string): Promise<ImportRecord> {
  const { platform } = desk;
  const record = await needImport(desk, importId);
  const taker = desk.takers[record.feed];
  try {
    await withDuck(workPath(platform, importId), async (duck) => {
      await unscoped(platform.worker, async (tx) => {
        await lockAccepting(tx);
        await moveState(tx, importId, ['checked'], 'applying');
        const rows: Rows = {
          duck,
          importId,
          today: todayOf(platform.now()),
          businessDate: record.businessDate === null ? undefined : businessDate(record.businessDate),
        };
        await refuseTakenDay(tx, record);
        const held = await bringUp(desk, tx, record, taker, rows);
        await taker.apply({ ...rows, tx, secrets: platform.secrets, now: platform.now() });
        point('feed.applied');
        if (held.length > 0) await insertHeld(tx, importId, held);
        await markAccepted(
          tx,
          importId,
          platform.now(),
          held.reduce((sum, row) => sum + row.rows, 0),
        );
        const body = {
          feed: record.feed,
          businessDate: record.businessDate,
          revision: record.revision,
          rows: record.rows,
          effect: record.effect,
        };
        await audit(tx, actor, { kind: 'feed.accepted', subject: importId, body });
      });
    });
    point('feed.committed');
  } finally {
    await dropWork(platform, importId);
  }
  return needImport(desk, importId);
}

async function refuseTakenDay(tx: Tx, record: EngineImport): Promise<void> {
  if (record.feed !== 'positions' || record.businessDate === null) return;
  const sameDay = (await acceptedImports(tx, 'positions')).filter((found) => found.businessDate === record.businessDate);
  if (!sameDay.some((found) => found.revision === record.revision)) return;
  const next = Math.max(...sameDay.map((found) => found.revision)) + 1;
  const problem = dayTakenProblem(record.fileName, record.businessDate, record.revision, next);
  throw new Refused(refusal(problem.code, problem.reason.zh + problem.remedy.zh, `${problem.reason.en} ${problem.remedy.en}`));
}

/** Makes the rows again from the archive, under the lock; checks them again when something was accepted since. */
async function bringUp(
  desk: Desk,
  tx: Tx,
  record: EngineImport,
  taker: FeedTaker,
  rows: Rows,
): Promise<{ customerId: string; rows: number; balanceFen: string }[]> {
  const { duck } = rows;
  const same = (await basisOf(tx)) === record.progress.basis;
  if (same && taker.kind === 'day' && !record.options.holdUnknown) return [];
  const path = sqlText(await readableContent(desk.platform, record.feed, record.importId, record.importId));
  await duck.run(
    `CREATE VIEW content AS SELECT file_row_number + 2 AS line, * EXCLUDE (file_row_number) FROM read_parquet(${path}, file_row_number = true)`,
  );
  await makeStanding(desk, tx, duck, { of: taker, workOf: record.importId });
  await makeNext(desk, tx, taker, duck, { workOf: record.importId, carried: new Set(record.presentColumns) });
  if (same && !record.options.holdUnknown) return [];
  await findBad(desk, taker, rows, record.options.holdUnknown);
  const bad = await badLines(duck);
  if (bad > 0) {
    refuse(
      'import-outdated',
      `检查之后又有别的文件入库或被撤回，这个文件里有 ${bad} 行不再符合。请丢弃本次导入，重新报送。`,
      `Other files were accepted or taken back since the check: ${bad} rows no longer fit. Discard this import and send the file again.`,
    );
  }
  const held = await rowsOf(duck, 'SELECT customer_id, rows, balance_fen FROM held ORDER BY customer_id');
  return held.map((row) => ({
    customerId: String(row.customer_id),
    rows: Number(row.rows),
    balanceFen: String(row.balance_fen),
  }));
}

/** Puts a checked import aside: it never happened. */
export async function discardImport(desk: Desk, actor: Actor, importId: string): Promise<ImportRecord> {
  const record = await needImport(desk, importId);
  await unscoped(desk.platform.worker, async (tx) => {
    await moveState(tx, importId, ['received', 'checked'], 'discarded');
    await audit(tx, actor, { kind: 'feed.discarded', subject: importId, body: { feed: record.feed } });
  });
  return needImport(desk, importId);
}
