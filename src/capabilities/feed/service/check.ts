import { join } from 'node:path';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import { todayOf } from '../../../kernel/business-date.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import { point } from '../../../platform/crash.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import { dropRaw, dropWork, laidOut, workPath } from '../archive.ts';
import type { ImportEffect, ImportState } from '../contract.ts';
import { numberOf, rowsOf, withDuck } from '../duck.ts';
import { readFeedFile } from '../reading/index.ts';
import type { ReadFile, RefusedFile } from '../reading/outcome.ts';
import { basisOf, type EngineImport, importById } from '../reads.ts';
import { type Findings, saveFindings } from '../store.ts';
import type { FeedTaker, Rows } from '../taker.ts';
import type { Desk } from './desk.ts';
import { positionsEffect } from './effect.ts';
import { keepContent, keepRefused, keepRejects } from './keep.ts';
import { dayTaken, dbProblems } from './problems.ts';
import { badLines, dropBad, findBad } from './references.ts';
import { makeNext, makeStanding } from './relations.ts';

export interface CheckOptions {
  readonly date?: BusinessDate | undefined;
  readonly delta?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** Reads and checks a received file. Afterwards its import is `checked` (with what accepting it does) or `refused` (with why). */
export async function checkImport(desk: Desk, actor: Actor, importId: string, options: CheckOptions): Promise<void> {
  const { platform } = desk;
  const record = await importById(platform.worker, platform.secrets, importId);
  if (record === undefined) throw new Error(`no import ${importId}`);
  await unscoped(platform.worker, (tx) =>
    saveFindings(tx, platform.secrets, importId, 'reading', { progress: { step: 'read', share: 0 } }, null),
  );
  point('feed.reading');
  try {
    const outcome = await readFeedFile({
      path: laidOut(platform, importId, record.fileName),
      fileName: record.fileName,
      shape: desk.takers[record.feed].shape,
      workDir: join(workPath(platform, importId), 'read'),
      ...(options.date === undefined ? {} : { date: options.date }),
      ...(options.delta === undefined ? {} : { delta: options.delta }),
      tolerateBp: record.options.tolerateBp,
      businessDateMax: todayOf(platform.now()),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onProgress: (progress) => options.onProgress?.(progress.share),
    });
    if (outcome.outcome === 'refused') {
      // Before it is told: what is told is true.
      const secret = outcome.problems.some(({ code }) => code === 'header-secret');
      if (secret && record.sha256 !== null) await dropRaw(platform, record.sha256);
      if (outcome.rejectsPath !== undefined) await keepRefused(platform, importId, outcome.rejectsPath);
      await finish(desk, actor, record, 'refused', findingsOf(outcome));
    } else await checkRows(desk, actor, record, outcome);
  } finally {
    await dropWork(platform, importId);
  }
}

/** What is known of a file that was refused while it was read; its rows only when they have been counted. */
function findingsOf({ problems, rows, rejected = 0, headers = [] }: RefusedFile): Partial<Findings> {
  const good = rows === undefined ? undefined : rows - rejected;
  return { problems, rejected, headers, ...(good === undefined ? {} : { rows: good, totals: { rows: good } }) };
}

async function finish(
  desk: Desk,
  actor: Actor,
  record: EngineImport,
  state: ImportState,
  found: Partial<Findings>,
): Promise<void> {
  await unscoped(desk.platform.worker, async (tx) => {
    await saveFindings(
      tx,
      desk.platform.secrets,
      record.importId,
      state,
      found,
      state === 'refused' ? desk.platform.now() : null,
    );
    if (state !== 'refused') return;
    const codes = [...new Set((found.problems ?? []).map((problem) => problem.code))].sort();
    await audit(tx, actor, {
      kind: 'feed.refused',
      subject: record.importId,
      body: { feed: record.feed, codes, rejected: found.rejected ?? 0 },
    });
  });
}

async function checkRows(desk: Desk, actor: Actor, record: EngineImport, read: ReadFile): Promise<void> {
  const { platform } = desk;
  const taker = desk.takers[record.feed];
  const found: Partial<Findings> = {
    businessDate: read.businessDate ?? null,
    revision: read.revision,
    delta: read.delta,
    unknownColumns: read.unknownColumns,
    presentColumns: read.presentColumns,
    headers: read.headers,
    totals: {
      rows: read.totals.rows,
      ...(read.totals.balanceFen === undefined ? {} : { balanceFen: String(read.totals.balanceFen) }),
    },
  };
  const conflict = await dayTaken(desk, record, read);
  if (conflict !== undefined) return finish(desk, actor, record, 'refused', { ...found, rows: read.rows, problems: [conflict] });
  await withDuck(workPath(platform, record.importId), async (duck) => {
    const rows: Rows = { duck, importId: record.importId, businessDate: read.businessDate, today: todayOf(platform.now()) };
    await duck.run(`CREATE VIEW content AS ${read.rowsSql}`);
    const basis = await unscoped(platform.worker, async (tx) => {
      await makeStanding(desk, tx, duck, { of: taker, workOf: record.importId });
      await makeNext(desk, tx, taker, duck, { workOf: record.importId, carried: new Set(read.presentColumns) });
      return basisOf(tx);
    });
    const { passed, rejected } = await sift(desk, taker, rows, record, read);
    const problems = [...read.problems, ...(await dbProblems(taker, duck, record.fileName, read.headers)), ...read.notes];
    if (read.rejected + rejected > 0) await keepRejects(platform, record.importId, taker, duck, read);
    if (passed) await keepContent(platform, record, duck, read, rejected > 0);
    await finish(desk, actor, record, passed ? 'checked' : 'refused', {
      ...found,
      rows: read.rows - rejected,
      rejected: read.rejected + rejected,
      held: await numberOf(duck, 'SELECT coalesce(sum(rows), 0) FROM held'),
      problems,
      effect: passed ? await effectOf(desk, taker, rows, record, read, read.rows - rejected) : {},
      progress: { step: 'done', share: 1, basis },
    });
  });
}

/** Takes bad rows out until none is left or more are bad than the sender tolerates. A bad row may make others bad: units under it. */
async function sift(
  desk: Desk,
  taker: FeedTaker,
  rows: Rows,
  record: EngineImport,
  read: ReadFile,
): Promise<{ passed: boolean; rejected: number }> {
  const { duck } = rows;
  await duck.run('CREATE TABLE bad_all (line BIGINT, col VARCHAR, txt VARCHAR, code VARCHAR)');
  for (;;) {
    await findBad(desk, taker, rows, record.options.holdUnknown);
    await duck.run('INSERT INTO bad_all FROM bad');
    const rejected = await numberOf(duck, 'SELECT count(DISTINCT line) FROM bad_all');
    if ((await badLines(duck)) === 0) return { passed: true, rejected };
    const share = (read.rejected + rejected) * 10_000;
    const whole = (await numberOf(duck, 'SELECT count(*) FROM bad WHERE line < 1')) > 0;
    if (whole || share > record.options.tolerateBp * (read.rows + read.rejected)) return { passed: false, rejected };
    await dropBad(taker, duck);
  }
}

async function effectOf(
  desk: Desk,
  taker: FeedTaker,
  rows: Rows,
  record: EngineImport,
  read: ReadFile,
  good: number,
): Promise<Partial<ImportEffect>> {
  // Comparing with the day before takes as long as reading a full file, and three times as long as taking a delta: it is left out
  // where nobody looks before the file is accepted. The page says so.
  if (taker.kind === 'day') return record.options.direct ? {} : positionsEffect(desk, rows, read.delta);
  if (taker.kind === 'event') return { added: good, changed: 0, same: 0 };
  const [row] = await rowsOf(
    rows.duck,
    'SELECT count(*) FILTER (added) AS added, count(*) FILTER (NOT added) AS changed FROM next',
  );
  const added = Number(row?.added ?? 0);
  const changed = Number(row?.changed ?? 0);
  return { added, changed, same: good - added - changed };
}
