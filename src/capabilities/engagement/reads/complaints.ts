import { z } from 'zod';
import { type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { CHANNEL_NAMES, isTalk, OUTCOME_NAMES } from '../rules/contact.ts';

const said = z.object({ on_date: z.string(), channel: z.enum(CHANNEL_NAMES), outcome: z.enum(OUTCOME_NAMES) });

/** The day of the oldest complaint after which nobody has talked with the customer; null = none. */
export async function complaintSince(tx: Tx, customerId: string): Promise<BusinessDate | null> {
  const { rows } = await tx.client.query(
    `select on_date, channel, outcome from engagement.contact where customer_id = $1 and reversed_at is null
      order by on_date, recorded_at, contact_id`,
    [customerId],
  );
  const contacts = rows.map((row) => said.parse(row));
  const settled = contacts.findLastIndex((one) => isTalk(one) && one.outcome !== 'complaint');
  const open = contacts.slice(settled + 1).find(({ outcome }) => outcome === 'complaint');
  return open === undefined ? null : businessDate(open.on_date);
}
