import { randomUUID } from 'node:crypto';
import { startOfDay, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { type Scope, scoped, type Tx } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import type { Mark, Table } from '../../../platform/tables/index.ts';
import { type Marked, markedWorkbook } from '../../../platform/tables/marked.ts';
import { tableOf } from '../../coverage/index.ts';
import { followUpTable } from '../../engagement/index.ts';
import { groupTable } from '../../groups/index.ts';
import { overviewTable, registerTable, salesTable, workLogTable } from '../../ledgers/index.ts';
import { planTable } from '../../plans/index.ts';
import {
  EXPORT_KINDS,
  type ExportAction,
  fetchableUntil,
  mayDoWithExport,
  ROWS_WITHOUT_APPROVAL,
  stateOf,
} from '../rules/export.ts';
import { rowsADay } from './limit.ts';
import { takeQuota, type Use, usedOf } from './usage.ts';

type ExportKind = (typeof EXPORT_KINDS)[number];

export interface ExportWish {
  readonly kind: ExportKind;
  readonly subject: string;
  readonly unitId: string | null;
  readonly purpose: string;
  readonly words: string;
}

type Wanted = Pick<ExportWish, 'kind' | 'subject' | 'unitId'>;

/** The table of what is asked for, with only what its reader may see. */
function tableFor(tx: Tx, { platform, person }: Ctx, { kind, subject, unitId }: Wanted) {
  if (kind === 'group') return groupTable(tx, person, subject);
  if (kind === 'follow-ups') return followUpTable(tx, person, platform.now());
  if (kind === 'vip-overview') return overviewTable(tx, person, todayOf(platform.now()));
  if (kind === 'customer-register') return registerTable(platform, tx, person, subject);
  if (kind === 'plan') return planTable(platform, tx, person, subject);
  if (kind === 'sales') return salesTable(tx, person, subject);
  if (kind === 'work-log') return workLogTable(tx, person, subject);
  return tableOf(tx, person.scope, { kind, subject, unitId });
}

function refuseMissing(): never {
  return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

function refuseQuota(left: number, most: number): never {
  return refuse(
    'export-quota',
    `超过每人每天可导出的 ${most} 行，今天还可导出 ${left} 行：请缩小范围或明天再办。`,
    `Beyond the ${most} rows that a person may export in a day, of which ${left} are left: ask for less, or tomorrow.`,
    { left, most },
  );
}

const rowsOf = ({ person, platform }: Ctx): Use => ({
  staffId: person.staffId,
  role: person.role,
  kind: 'export-rows',
  since: startOfDay(platform.now()),
});

/** Rows of a table, counted no further than one page beyond `most`. */
async function countRows({ batches }: Table, most: number): Promise<number> {
  let rows = 0;
  for await (const batch of batches) {
    rows += batch.length;
    if (rows > most) break;
  }
  return rows;
}

/** Asks for an export. A small one may be fetched at once, a large one after somebody else has agreed. Gives its id. */
export function requestExport(ctx: Ctx, wish: ExportWish): Promise<string> {
  const { platform, person, actor } = ctx;
  const now = platform.now();
  return scoped(platform.app, person.scope, async (tx) => {
    const found = await tableFor(tx, ctx, wish);
    if (found === undefined) return refuseMissing();
    const most = await rowsADay(tx);
    const left = most - (await usedOf(tx, rowsOf(ctx)));
    const rows = await countRows(found.table, left);
    if (rows > left) return refuseQuota(left, most);
    const exportId = randomUUID();
    const large = rows > ROWS_WITHOUT_APPROVAL;
    await tx.db
      .insertInto('disclosure.export')
      .values({
        ...{ export_id: exportId, kind: wish.kind, subject: wish.subject, unit_id: wish.unitId },
        ...{ purpose: wish.purpose, words: wish.words, rows_counted: rows, needs_approval: large },
        ...{ state: large ? 'requested' : 'approved', requested_by: person.staffId, requested_at: now },
        ...{ lo: person.scope.lo ?? person.unitNo, hi: person.scope.hi ?? person.unitNo },
        expires_at: large ? null : fetchableUntil(now),
      })
      .execute();
    await audit(tx, actor, {
      kind: 'export.requested',
      subject: exportId,
      body: { of: `${wish.kind}:${wish.subject}`, purpose: wish.purpose, words: wish.words, rows, needsApproval: large },
    });
    return exportId;
  });
}

/** Whether somebody sees everything that is in an export. */
export function coversExport({ lo, hi = lo }: Scope, row: { readonly lo: number; readonly hi: number }): boolean {
  return lo !== undefined && hi !== undefined && row.lo >= lo && row.hi <= hi;
}

/** The export, locked, for its requester and for those who see all that is in it. */
async function lockExport(tx: Tx, { person }: Ctx, exportId: string) {
  const row = await tx.db
    .selectFrom('disclosure.export')
    .selectAll()
    .where('export_id', '=', exportId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined || (row.requested_by !== person.staffId && !coversExport(person.scope, row))) return refuseMissing();
  return row;
}

function refuseUnlessMay(ctx: Ctx, row: Awaited<ReturnType<typeof lockExport>>, action: ExportAction): void {
  const { person, platform } = ctx;
  const state = stateOf(row.state, row.expires_at, platform.now());
  const may = mayDoWithExport(
    { state, requestedBy: row.requested_by },
    { staffId: person.staffId, identities: person.identities, approves: person.permissions.has('exports.approve') },
  );
  if (may.includes(action)) return;
  if (state === 'expired' || state === 'taken')
    refuse(
      'export-over',
      '该导出已经取过或已过期：需要时请重新申请。',
      'This export was fetched already or has expired: ask for it again if it is needed.',
      { state },
    );
  if (state !== 'requested' && action !== 'fetch')
    refuse('export-decided', '该导出申请已经办结。', 'This request has been decided already.', { state });
  refuse(
    'not-yours-to-decide',
    action === 'fetch' || action === 'withdraw'
      ? '只有申请人本人可以在审批同意后领取，或撤回。'
      : '申请人不能审批自己的导出，请由另一位有权审批的人办理。',
    action === 'fetch' || action === 'withdraw'
      ? 'Only who asked for it may fetch it, once it is agreed to, or withdraw it.'
      : 'Nobody agrees to an export of their own: somebody else with the right has to.',
  );
}

const DECIDED = { approve: 'approved', reject: 'rejected', withdraw: 'withdrawn' } as const;

/** Agrees to an export, refuses it or takes it back. */
export function decideExport(
  ctx: Ctx,
  wish: { readonly exportId: string; readonly action: keyof typeof DECIDED; readonly note?: string | undefined },
): Promise<void> {
  const { platform, person, actor } = ctx;
  const now = platform.now();
  return scoped(platform.app, person.scope, async (tx) => {
    const row = await lockExport(tx, ctx, wish.exportId);
    refuseUnlessMay(ctx, row, wish.action);
    const state = DECIDED[wish.action];
    await tx.db
      .updateTable('disclosure.export')
      .set({
        ...{ state, decided_by: person.staffId, decided_at: now, note: wish.note ?? null },
        expires_at: state === 'approved' ? fetchableUntil(now) : null,
      })
      .where('export_id', '=', wish.exportId)
      .execute();
    await audit(tx, actor, {
      kind: `export.${state}`,
      subject: wish.exportId,
      body: { requestedBy: row.requested_by, rows: row.rows_counted },
    });
  });
}

function markOf({ person, platform }: Ctx, exportId: string): Mark {
  const now = platform.now();
  const time = new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(11, 16);
  const who = `${person.name} ${person.staffId}`;
  return { person: who, at: now, id: exportId, line: `${who}  ${todayOf(now)} ${time}  导出编号 ${exportId}` };
}

/** Makes the file, once: counted, marked and recorded with its digest before a byte leaves. Whoever sends it drops it afterwards. */
export async function takeExport(ctx: Ctx, exportId: string): Promise<{ readonly fileName: string; readonly file: Marked }> {
  const { platform, person } = ctx;
  const made: Marked[] = [];
  try {
    return await scoped(platform.app, person.scope, async (tx) => {
      const row = await lockExport(tx, ctx, exportId);
      refuseUnlessMay(ctx, row, 'fetch');
      const kind = EXPORT_KINDS.find((known) => known === row.kind) ?? 'portfolio';
      const found = await tableFor(tx, ctx, { kind, subject: row.subject, unitId: row.unit_id });
      if (found === undefined) return refuseMissing();
      const agreed = row.needs_approval ? row.rows_counted : ROWS_WITHOUT_APPROVAL;
      const file = await markedWorkbook(found.table, markOf(ctx, exportId), agreed);
      if (file === undefined)
        return refuse(
          'export-grown',
          '申请之后数据增加，超过了同意的行数：请重新申请。',
          'There are more rows now than were agreed to: ask for it again.',
          { agreed },
        );
      made.push(file);
      await recordTaken(tx, ctx, row, file);
      return { fileName: found.fileName, file };
    });
  } catch (error) {
    for (const file of made) await file.drop();
    throw error;
  }
}

async function recordTaken(
  tx: Tx,
  ctx: Ctx,
  row: Awaited<ReturnType<typeof lockExport>>,
  { rows, digest }: Marked,
): Promise<void> {
  const most = await rowsADay(tx);
  if (rows > 0 && (await takeQuota(tx, rowsOf(ctx), rows, most)) === undefined)
    return refuseQuota(Math.max(0, most - (await usedOf(tx, rowsOf(ctx)))), most);
  await tx.db
    .updateTable('disclosure.export')
    .set({ state: 'taken', taken_at: ctx.platform.now(), rows_written: rows, digest })
    .where('export_id', '=', row.export_id)
    .execute();
  await audit(tx, ctx.actor, {
    kind: 'export.made',
    subject: row.export_id,
    body: { of: `${row.kind}:${row.subject}`, purpose: row.purpose, rows, digest },
  });
}
