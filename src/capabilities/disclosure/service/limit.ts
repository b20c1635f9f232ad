import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';

/** Sheets are put together in memory; whoever needs more has the command line on the server. */
const MOST_ROWS = 50_000;

/** How many rows a person may export in a day. */
export async function rowsADay(tx: Tx): Promise<number> {
  return (await tx.db.selectFrom('disclosure.setting').select('export_rows_a_day').executeTakeFirstOrThrow()).export_rows_a_day;
}

export function exportLimit(platform: Platform): Promise<number> {
  return unscoped(platform.worker, rowsADay);
}

/** Sets it, from what somebody typed. */
export function setExportLimit(platform: Platform, actor: Actor, text: string): Promise<number> {
  const rows = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(rows <= MOST_ROWS)) refuse('rows-invalid', `行数应为 0 至 ${MOST_ROWS}。`, `Rows must be from 0 to ${MOST_ROWS}.`);
  return unscoped(platform.worker, async (tx) => {
    const before = await rowsADay(tx);
    await tx.db.updateTable('disclosure.setting').set({ export_rows_a_day: rows }).execute();
    await audit(tx, actor, { kind: 'export.limit-set', subject: 'export-rows-a-day', body: { from: before, to: rows } });
    return rows;
  });
}
