import { randomUUID } from 'node:crypto';
import { Refused, refuse, type Words } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { oneConnectionANode, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import { isInvolved, type TransferAction } from '../rules/transfer.ts';
import { changeOnePortfolio } from './portfolio-lock.ts';
import { headsOver } from './transfer-notices.ts';
import { type Asking, askFor, settleTransfer, type TransferRow, type TransferWish, UNIQUE_VIOLATION } from './transfers.ts';

/** A row of a workbook of transfers, with its line in the sheet. */
export type BatchRow = TransferWish & { readonly line: number };
export interface BatchProblem {
  readonly line: number;
  readonly words: Words;
}
/** What a batch does to one person's portfolio. */
export interface BatchSide {
  readonly staffId: string;
  readonly gains: number;
  readonly loses: number;
}
export interface BatchChecked {
  readonly problems: readonly BatchProblem[];
  readonly sides: readonly BatchSide[];
}

/** Thrown to undo what a check has written. */
class OnlyChecked extends Error {
  readonly checked: BatchChecked;
  constructor(checked: BatchChecked) {
    super('only checked');
    this.checked = checked;
  }
}

/**
 * Looks a whole workbook through as if it were asked for, and changes nothing: every row that would be refused with its reason, and
 * what each side would gain and lose. What a row takes up counts for the rows after it.
 */
export async function checkBatch(platform: Platform, asking: Asking, rows: readonly BatchRow[]): Promise<BatchChecked> {
  try {
    return await unscoped(platform.worker, async (tx) => {
      throw new OnlyChecked((await askForAll(tx, platform.now(), asking, rows, 'check')).checked);
    });
  } catch (error) {
    if (error instanceof OnlyChecked) return error.checked;
    throw error;
  }
}

/** Asks for all transfers of a workbook at once, to be decided on as one; one bad row refuses all of them. Gives the batch's id. */
export async function requestBatch(
  platform: Platform,
  asking: Asking,
  { fileName, rows }: { readonly fileName: string; readonly rows: readonly BatchRow[] },
): Promise<string> {
  const now = platform.now();
  const batchId = randomUUID();
  const { staffId } = asking.person;
  await unscoped(platform.worker, async (tx) => {
    const { checked, units } = await askForAll(tx, now, asking, rows, batchId);
    const [first] = checked.problems;
    if (first !== undefined)
      refuse(
        'batch-rows',
        `有 ${checked.problems.length} 行不能办理，整批未提交。第 ${first.line} 行：${first.words.zh}`,
        `${checked.problems.length} rows cannot be carried out, so nothing was asked for. Line ${first.line}: ${first.words.en}`,
        { rows: checked.problems.length, line: first.line },
      );
    const [lo, hi] = [Math.min(...units), Math.max(...units)];
    await tx.db
      .insertInto('coverage.transfer_batch')
      .values({
        ...{ batch_id: batchId, file_name: fileName, state: 'requested', items: rows.length, lo, hi },
        ...{ requested_by: staffId, requested_at: now },
      })
      .execute();
    await audit(tx, asking.actor, { kind: 'batch.requested', subject: batchId, body: { items: rows.length } });
    const heads = (await headsOver(tx, now, lo, hi)).filter((id) => id !== staffId);
    await notify(tx, now, heads, { kind: 'batch-requested', subject: batchId });
  });
  return batchId;
}

/** Asks for each row within the transaction; a refused row leaves no trace but its problem. */
async function askForAll(tx: Tx, now: Date, asking: Asking, rows: readonly BatchRow[], batchId: string) {
  const problems: BatchProblem[] = [];
  const units: number[] = [];
  const moved = new Map<string, { gains: number; loses: number }>();
  const sideOf = (staffId: string) => {
    const side = moved.get(staffId) ?? { gains: 0, loses: 0 };
    moved.set(staffId, side);
    return side;
  };
  for (const row of rows) {
    await tx.client.query('savepoint item');
    try {
      const gained = row.toStaff === null ? 0 : sideOf(row.toStaff).gains - sideOf(row.toStaff).loses;
      // The order of the lines is the order in which they are carried out.
      const item = { batchId, transferId: `${batchId}-${String(row.line).padStart(6, '0')}`, ahead: Math.max(0, gained) };
      const { unitNo, from } = await askFor(tx, now, asking, row, item);
      units.push(unitNo);
      if (from !== null) sideOf(from).loses += 1;
      if (row.toStaff !== null) sideOf(row.toStaff).gains += 1;
    } catch (error) {
      await tx.client.query('rollback to savepoint item');
      problems.push({ line: row.line, words: wordsOf(error) });
    }
    await tx.client.query('release savepoint item');
  }
  const sides = [...moved].map(([staffId, side]) => ({ staffId, ...side })).filter(({ gains, loses }) => gains + loses > 0);
  return { checked: { problems, sides }, units };
}

function wordsOf(error: unknown): Words {
  if (error instanceof Refused) return error.refusal.words;
  if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)
    return {
      zh: '该客户的这个席位在表中出现了不止一次，或已有一笔调户待办结：请只保留一行，或先办结那一笔。',
      en: 'This seat occurs more than once, or a transfer of it is waiting: keep one line, or have that one decided first.',
    };
  throw error;
}

interface Batch {
  readonly batch_id: string;
  readonly state: string;
  readonly lo: number;
  readonly hi: number;
  readonly requested_by: string;
}

/** What a person may do with a batch: what holds for each of its transfers holds for all of them together. */
export function mayDoBatch(
  batch: Batch,
  items: readonly { readonly from_staff: string | null; readonly to_staff: string | null }[],
  { person }: Pick<Asking, 'person'>,
): TransferAction[] {
  if (batch.state !== 'requested') return [];
  const { lo, hi = lo } = person.scope;
  const sees = lo !== undefined && hi !== undefined && batch.lo >= lo && batch.hi <= hi;
  const involved = isInvolved(person.identities, [
    batch.requested_by,
    ...items.flatMap((item) => [item.from_staff, item.to_staff]),
  ]);
  return [
    ...(sees && !involved && person.permissions.has('transfers.decide') ? (['approve', 'reject'] as const) : []),
    ...(batch.requested_by === person.staffId ? (['withdraw'] as const) : []),
  ];
}

/** Decides on a whole batch in one transaction: approved, every transfer is carried out or waits for its day, or none is. */
export async function decideBatch(
  platform: Platform,
  asking: Asking,
  wish: { readonly batchId: string; readonly action: TransferAction; readonly note?: string | undefined },
): Promise<void> {
  const { batchId, action, note } = wish;
  const now = platform.now();
  await unscoped(platform.worker, async (tx) => {
    await oneConnectionANode(tx);
    if (action === 'approve') await changeOnePortfolio(tx);
    const batch = await lockBatch(tx, asking, batchId);
    const items = await itemsOf(tx, batchId);
    if (!mayDoBatch(batch, items, asking).includes(action)) refuseStep(batch.state);
    for (const transfer of items) await settleItem(tx, now, asking, { transfer, action, note });
    const state = action === 'approve' ? 'approved' : action === 'reject' ? 'rejected' : 'withdrawn';
    await tx.db
      .updateTable('coverage.transfer_batch')
      .set({ state, decided_by: asking.person.staffId, decided_at: now, note: note ?? null })
      .where('batch_id', '=', batchId)
      .execute();
    await audit(tx, asking.actor, { kind: `batch.${state}`, subject: batchId, body: { items: items.length } });
    await tellBatch(tx, now, { batch, items, state, by: asking.person.staffId });
  });
}

async function lockBatch(tx: Tx, { person }: Asking, batchId: string): Promise<Batch> {
  const { lo, hi = lo } = person.scope;
  const { rows } = await tx.client.query<Batch>(
    `select batch_id, state, lo, hi, requested_by from coverage.transfer_batch
      where batch_id = $1 and (requested_by = $2 or (lo >= $3::int and hi <= $4::int)) for update`,
    [batchId, person.staffId, lo ?? null, hi ?? null],
  );
  return rows[0] ?? refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

async function itemsOf(tx: Tx, batchId: string): Promise<TransferRow[]> {
  const { rows } = await tx.client.query<TransferRow>(
    `select customer_id, transfer_id, seat, from_staff, to_staff, state, requested_by, unit_no, wanted_on, batch_id, reason
       from coverage.transfer where batch_id = $1 order by transfer_id`,
    [batchId],
  );
  return rows;
}

function refuseStep(state: string): never {
  if (state !== 'requested') refuse('transfer-decided', '这批调户已经办结。', 'This batch has been decided already.', { state });
  refuse(
    'not-yours-to-decide',
    '申请人和这批调户中的任何一位管户人都不能审批，请由另一位有权审批的人办理。',
    'Neither who asked for it nor any manager in it may decide on the batch: somebody else with the right has to.',
  );
}

async function settleItem(tx: Tx, now: Date, asking: Asking, step: Parameters<typeof settleTransfer>[3]): Promise<void> {
  try {
    await settleTransfer(tx, now, asking, step);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const line = Number(step.transfer.transfer_id.slice(-6));
    const { words } = error.refusal;
    refuse('batch-rows', `第 ${line} 行：${words.zh}整批未办理。`, `Line ${line}: ${words.en} Nothing was carried out.`, {
      line,
    });
  }
}

/** Who asked hears of the batch; each manager in it hears once, of a transfer of theirs. */
async function tellBatch(
  tx: Tx,
  now: Date,
  {
    batch,
    items,
    state,
    by,
  }: {
    readonly batch: Batch;
    readonly items: readonly TransferRow[];
    readonly state: 'approved' | 'rejected' | 'withdrawn';
    readonly by: string;
  },
): Promise<void> {
  await notify(
    tx,
    now,
    [batch.requested_by].filter((id) => id !== by),
    { kind: `batch-${state}`, subject: batch.batch_id },
  );
  if (state !== 'approved') return;
  const told = new Set([by, batch.requested_by, null]);
  for (const item of items)
    for (const staffId of [item.from_staff, item.to_staff]) {
      if (told.has(staffId)) continue;
      told.add(staffId);
      await notify(tx, now, [staffId], {
        kind: item.wanted_on === null ? 'transfer-approved' : 'transfer-scheduled',
        subject: item.transfer_id,
      });
    }
}
