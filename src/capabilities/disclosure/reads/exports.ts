import { sql } from 'kysely';
import { z } from 'zod';
import type { Words } from '../../../kernel/refusal.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { keyOfCursor, toPage } from '../../../platform/http/page.ts';
import { staffRefOf, staffRefs } from '../../coverage/index.ts';
import type { exportRow } from '../contract.ts';
import { EXPORT_KINDS, EXPORT_PURPOSE_IDS, mayDoWithExport, stateOf } from '../rules/export.ts';

const key = z.tuple([z.number().int().min(0).max(4_000_000_000_000), z.string()]);

interface ExportRow {
  readonly export_id: string;
  readonly kind: string;
  readonly subject: string;
  readonly unit_id: string | null;
  readonly purpose: string;
  readonly words: string;
  readonly rows_counted: number;
  readonly needs_approval: boolean;
  readonly state: string;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly decided_by: string | null;
  readonly decided_at: Date | null;
  readonly note: string | null;
  readonly expires_at: Date | null;
  readonly taken_at: Date | null;
  readonly rows_written: number | null;
  readonly digest: string | null;
}

/** Exports that one asked for oneself, and those of whose whole content one sees: newest first. */
export async function listExports(
  tx: Tx,
  { staffId, scope }: Person,
  filter: { readonly exportId?: string | undefined; readonly waiting?: boolean | undefined },
  page: { after?: string | undefined; limit: number },
) {
  const after = keyOfCursor(page.after, key);
  const { rows } = await sql<ExportRow>`
    select * from disclosure.export
     where (requested_by = ${staffId} or (lo >= ${scope.lo ?? 1} and hi <= ${scope.lo === undefined ? 0 : (scope.hi ?? scope.lo)}))
       and ${filter.exportId === undefined ? sql`true` : sql`export_id = ${filter.exportId}`}
       and ${filter.waiting === true ? sql`state = 'requested'` : sql`true`}
       and ${after === undefined ? sql`true` : sql`(requested_at, export_id) < (${new Date(after[0])}, ${after[1]})`}
     order by requested_at desc, export_id desc limit ${page.limit + 1}`.execute(tx.db);
  return toPage(rows, page.limit, (row) => [row.requested_at.getTime(), row.export_id]);
}

/** What an export is of, in words. */
function titleOf({ kind, subject }: ExportRow, name: (staffId: string) => string): Words {
  const [staffId = '', day] = subject.split('@');
  if (kind === 'portfolio') return { zh: `管户包：${name(staffId)}`, en: `Portfolio of ${name(staffId)}` };
  if (kind === 'portfolio-on') return { zh: `${day} 的管户包：${name(staffId)}`, en: `Portfolio of ${name(staffId)} on ${day}` };
  if (kind === 'follow-ups') return { zh: '待跟进清单', en: 'Follow-ups of a unit' };
  if (kind === 'work-log') return { zh: '工作日志', en: 'Work log of a unit' };
  if (kind === 'vip-overview') return { zh: '贵宾客户总体情况', en: 'Overview of VIP customers' };
  if (kind === 'customer-register') return { zh: '个人贵宾客户基本情况表', en: 'Register of customers' };
  if (kind === 'plan') return { zh: '计划进度表', en: 'Progress of a plan' };
  if (kind === 'sales') return { zh: `${subject.slice(0, 7)} 销售台账`, en: `Sales of ${subject.slice(0, 7)}` };
  if (kind === 'group') return { zh: '客群客户', en: 'Customers of a group' };
  return kind === 'handover' ? { zh: '交接清单', en: 'Customers of a handover' } : { zh: '分户结果', en: 'Results of a run' };
}

/** Exports as their reader sees them, each with what they may do next. */
export async function toExportRows(
  tx: Tx,
  person: Person,
  rows: readonly ExportRow[],
  now: Date,
): Promise<z.input<typeof exportRow>[]> {
  const staff = await staffRefs(
    tx,
    rows.flatMap((row) => [row.requested_by, row.decided_by, row.subject.split('@')[0] ?? null]),
  );
  const approves = person.permissions.has('exports.approve');
  return rows.map((row) => {
    const state = stateOf(row.state, row.expires_at, now);
    const purpose = EXPORT_PURPOSE_IDS.find((id) => id === row.purpose) ?? 'other';
    return {
      exportId: row.export_id,
      kind: EXPORT_KINDS.find((known) => known === row.kind) ?? 'run',
      subject: row.subject,
      title: titleOf(row, (staffId) => staffRefOf(staff, staffId)?.name ?? staffId),
      purpose,
      words: row.words,
      rows: row.rows_written ?? row.rows_counted,
      needsApproval: row.needs_approval,
      state,
      requestedBy: staffRefOf(staff, row.requested_by),
      requestedAt: row.requested_at.toISOString(),
      decidedBy: staffRefOf(staff, row.decided_by),
      decidedAt: row.decided_at?.toISOString() ?? null,
      note: row.note,
      expiresAt: row.expires_at?.toISOString() ?? null,
      takenAt: row.taken_at?.toISOString() ?? null,
      digest: row.digest,
      may: mayDoWithExport(
        { state, requestedBy: row.requested_by },
        { staffId: person.staffId, identities: person.identities, approves },
      ),
    };
  });
}
