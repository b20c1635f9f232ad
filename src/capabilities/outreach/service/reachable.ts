import { sql } from 'kysely';
import { addDays, type BusinessDate, businessDate, todayOf } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { complaintSince } from '../../engagement/index.ts';
import type { OutreachPurpose, Reachable } from '../rules/gate.ts';
import { CAP_DAYS_MAX } from '../rules/policy.ts';

interface Row {
  readonly closed: boolean;
  readonly restricted: boolean;
  readonly no_marketing: boolean;
  readonly consent_phone: boolean | null;
  readonly consent_sms: boolean | null;
  readonly consent_wecom: boolean | null;
  readonly has_number: boolean;
  readonly birth_date: string | null;
  readonly risk_level: string | null;
  readonly risk_expires_on: string | null;
}

const dayOrNull = (text: string | null): BusinessDate | null => (text === null ? null : businessDate(text));
/** C3 and R3 as numbers; null when there is none. */
export const riskNumber = (text: string | null): number | null => (text === null ? null : Number(text.slice(1)));

/**
 * What the gate has to know of one customer; undefined = there is none. A message that is itself being looked at again is left out of
 * the counts.
 */
export async function reachable(tx: Tx, customerId: string, now: Date, except = ''): Promise<Reachable | undefined> {
  const { rows } = await tx.client.query<Row>(
    `select (c.closed_on is not null or c.merged_into is not null) as closed, coalesce(m.restricted_at is not null or m.erased_at is not null, false) as restricted,
            coalesce(m.no_marketing, false) as no_marketing, c.consent_phone, c.consent_sms, c.consent_wecom,
            c.mobile_sealed is not null as has_number, c.birth_date, c.risk_level, c.risk_expires_on
       from customers.customer c left join personal.mark m on m.customer_id = c.customer_id where c.customer_id = $1`,
    [customerId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    ...{ closed: row.closed, restricted: row.restricted, noMarketing: row.no_marketing, hasNumber: row.has_number },
    consent: { phone: row.consent_phone, sms: row.consent_sms, wecom: row.consent_wecom },
    birthDate: dayOrNull(row.birth_date),
    riskLevel: riskNumber(row.risk_level),
    riskExpiresOn: dayOrNull(row.risk_expires_on),
    stoppedSince: await stoppedSince(tx, customerId),
    complaintSince: await complaintSince(tx, customerId),
    reached: await reachedOf(tx, customerId, now, except),
  };
}

async function stoppedSince(tx: Tx, customerId: string): Promise<BusinessDate | null> {
  const stop = await openStop(tx, customerId);
  return stop === undefined ? null : todayOf(stop.since);
}

/** The wish to be left alone that stands. */
export function openStop(tx: Tx, customerId: string) {
  return tx.db
    .selectFrom('outreach.stop')
    .select(['since', 'words', 'recorded_by'])
    .where('customer_id', '=', customerId)
    .where('lifted_at', 'is', null)
    .executeTakeFirst();
}

/** Messages, and what people did by hand: of that nobody knows whether it was to sell, so it counts towards everything only. */
async function reachedOf(tx: Tx, customerId: string, now: Date, except: string): Promise<Reachable['reached']> {
  const from = addDays(todayOf(now), -CAP_DAYS_MAX);
  const messages = await tx.db
    .selectFrom('outreach.message')
    .select(['message_id', 'made_at', 'purpose'])
    .where('customer_id', '=', customerId)
    .where('state', 'in', ['waiting', 'handed', 'delivered'])
    .where('made_at', '>', sql<Date>`${now}::timestamptz - make_interval(days => ${CAP_DAYS_MAX + 1})`)
    .where('message_id', '<>', except)
    .execute();
  const byHand = await tx.db
    .selectFrom('engagement.contact')
    .select(['contact_id', 'on_date'])
    .where('customer_id', '=', customerId)
    .where('reversed_at', 'is', null)
    .where('channel', 'in', ['phone', 'wecom', 'sms'])
    .where('on_date', '>', from)
    .execute();
  const sent = new Set(messages.map(({ message_id }) => message_id));
  const purposeOf = (text: string): OutreachPurpose => (text === 'marketing' ? 'marketing' : 'service');
  return [
    ...messages.map(({ made_at, purpose }) => ({ on: todayOf(made_at), purpose: purposeOf(purpose) })),
    ...byHand
      .filter(({ contact_id }) => !sent.has(contact_id) && contact_id !== except)
      .map(({ on_date }) => ({ on: businessDate(on_date), purpose: 'service' as const })),
  ];
}
