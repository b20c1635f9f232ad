import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { refuse } from '../../kernel/refusal.ts';
import { writeWhole } from '../backup/files.ts';
import type { Platform } from '../context.ts';
import { copyOut } from '../db/copy-out.ts';
import { type Tx, unscoped } from '../db/transaction.ts';
import { type Actor, audit } from './index.ts';
import { verifyAudit } from './verify.ts';

export interface MonthFile {
  /** YYYY-MM */
  readonly month: string;
  readonly entries: number;
  /** SHA-256 of the lines. */
  readonly digest: string;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

function firstDayOf(month: string): string {
  if (!MONTH.test(month))
    refuse('bad-month', `月份“${month}”不对：应如 2026-06。`, `“${month}” is no month: write it as 2026-06.`);
  return `${month}-01`;
}

/** The entries of a month as lines of JSON, told to `each` while they are read. */
async function* linesOf(tx: Tx, month: string, told: (file: MonthFile) => void): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let entries = 0;
  for await (const rows of copyOut(tx, `select line from audit.month_lines(date '${firstDayOf(month)}') line`)) {
    const text = Buffer.from(rows.map(([line]) => `${line}\n`).join(''));
    hash.update(text);
    entries += rows.length;
    yield text;
  }
  told({ month, entries, digest: hash.digest('hex') });
}

/** Writes a month of the audit to a new file, on record. */
export function exportMonth(platform: Platform, actor: Actor, month: string, file: string): Promise<MonthFile> {
  return unscoped(platform.worker, async (tx) => {
    let made: MonthFile = { month, entries: 0, digest: '' };
    await writeWhole(
      file,
      linesOf(tx, month, (told) => {
        made = told;
      }),
    );
    await audit(tx, actor, { kind: 'audit.exported', subject: month, body: { entries: made.entries, digest: made.digest } });
    return made;
  });
}

/** Takes a month out of the database. Its export must hold exactly what is there, the audit be whole, and the time of keeping be over. */
export async function retireMonth(
  platform: Platform,
  actor: Actor,
  { month, file, keepMonths }: { readonly month: string; readonly file: string; readonly keepMonths: number },
): Promise<MonthFile> {
  refuseTooYoung(month, keepMonths, platform.now());
  if (!existsSync(file))
    refuse(
      'no-export',
      `没有文件 ${file}：请先用 guanhu audit export 转出。`,
      `There is no file ${file}: export the month first with guanhu audit export.`,
    );
  const report = await verifyAudit(platform);
  if (report.problems.length > 0)
    refuse(
      'audit-touched',
      '审计核对有问题，不能转出：请先看 guanhu audit verify。',
      'The audit does not verify, so nothing may leave: see guanhu audit verify.',
    );
  const kept = createHash('sha256');
  for await (const piece of createReadStream(file)) kept.update(piece);
  const digest = kept.digest('hex');
  return unscoped(platform.worker, async (tx) => {
    let here: MonthFile = { month, entries: 0, digest: '' };
    const lines = linesOf(tx, month, (told) => {
      here = told;
    });
    for await (const _line of lines);
    if (here.digest !== digest)
      refuse(
        'export-differs',
        `${file} 与库里 ${month} 的审计不一致：请重新转出。`,
        `${file} is not what the database holds of ${month}: export it again.`,
      );
    await tx.client.query("select audit.retire_month($1, $2, decode($3, 'hex'))", [firstDayOf(month), here.entries, digest]);
    await audit(tx, actor, { kind: 'audit.retired', subject: month, body: { entries: here.entries, digest } });
    return here;
  });
}

function refuseTooYoung(month: string, keepMonths: number, now: Date): void {
  const [year = 0, number = 0] = firstDayOf(month).split('-').map(Number);
  const leavesOn = new Date(Date.UTC(year, number + keepMonths, 1));
  if (now >= leavesOn) return;
  const day = leavesOn.toISOString().slice(0, 10);
  refuse(
    'kept-longer',
    `${month} 的审计要在库里保留到 ${day}（GUANHU_AUDIT_MONTHS = ${keepMonths}）。`,
    `The audit of ${month} stays in the database until ${day} (GUANHU_AUDIT_MONTHS = ${keepMonths}).`,
    { until: day },
  );
}
