import { parseCsvObjects } from 'hucre/csv';
import { z } from 'zod';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { recordSent } from '../../engagement/index.ts';

/** A line of the gateway's answer. */
const receipt = z.object({
  message_id: z.uuid(),
  customer_id: z.string().min(1).max(64),
  state: z.enum(['delivered', 'failed']),
  at: z.iso.datetime({ offset: true }),
  reason: z.string().max(200).default(''),
});
type Receipt = z.output<typeof receipt>;

/**
 * Takes the gateway's answers, all or none: columns message_id, customer_id, state (delivered, failed), at, reason. What was sent by SMS
 * becomes a contact of whoever sent it. An answer that came before changes nothing.
 */
export async function takeReceipts(platform: Platform, actor: Actor, text: string): Promise<{ taken: number; before: number }> {
  const receipts = readReceipts(text);
  return unscoped(platform.worker, async (tx) => {
    let taken = 0;
    for (const [at, one] of receipts.entries()) if (await takeOne(tx, one, at + 2)) taken += 1;
    if (taken > 0) await audit(tx, actor, { kind: 'outreach.receipts', subject: 'receipts', body: { taken } });
    return { taken, before: receipts.length - taken };
  });
}

function readReceipts(text: string): Receipt[] {
  const { data } = parseCsvObjects(text, { header: true });
  return data.map((row, at) => {
    const read = receipt.safeParse(Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, String(cell ?? '')])));
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    const column = String(issue?.path[0] ?? '');
    return refuse(
      'receipt-unreadable',
      `回执第 ${at + 2} 行的 ${column} 列读不懂：须有 message_id、customer_id、state（delivered 或 failed）、at（带时区的时间）。没有入库。`,
      `Line ${at + 2}, column ${column}: message_id, customer_id, state (delivered or failed) and at (a time with its zone) are needed. Nothing was taken.`,
    );
  });
}

/** Whether the answer was new. */
async function takeOne(tx: Tx, { message_id, customer_id, state, at, reason }: Receipt, line: number): Promise<boolean> {
  const message = await tx.db
    .selectFrom('outreach.message')
    .select(['state', 'channel', 'staff_id', 'role', 'unit_no', 'on_behalf_of', 'words'])
    .where('customer_id', '=', customer_id)
    .where('message_id', '=', message_id)
    .forUpdate()
    .executeTakeFirst();
  if (message === undefined || message.state === 'waiting' || message.state === 'refused')
    return refuse(
      'receipt-foreign',
      `回执第 ${line} 行：${message_id} 没有交付过。没有入库，请核对是否为本行的回执。`,
      `Line ${line}: ${message_id} was never handed over. Nothing was taken: check whether the file is this bank's.`,
    );
  if (message.state === state) return false;
  const receiptAt = z.coerce.date().parse(at);
  await tx.db
    .updateTable('outreach.message')
    .set({ state, receipt_at: receiptAt, receipt_words: reason })
    .where('customer_id', '=', customer_id)
    .where('message_id', '=', message_id)
    .execute();
  if (message.channel === 'sms')
    await recordSent(tx, {
      ...{ customerId: customer_id, contactId: message_id, staffId: message.staff_id, role: message.role },
      ...{ unitNo: message.unit_no, onBehalfOf: message.on_behalf_of, at: receiptAt, note: message.words },
      outcome: state === 'delivered' ? 'sent' : 'returned',
    });
  return true;
}
