import { addDays, type BusinessDate, businessDate, daysBetween, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { customerOfTeam, findCustomer, teamPart } from '../../coverage/index.ts';
import { CHANNELS, type Channel, OUTCOMES, type Outcome, outcomesOf } from '../rules/contact.ts';
import { evaluateOne } from './evaluate.ts';

export interface Worker {
  readonly person: Person;
  readonly actor: Actor;
}

export interface NewContact {
  readonly customerId: string;
  readonly contactId: string;
  readonly channel: Channel;
  readonly outcome: Outcome;
  readonly on?: string | undefined;
  readonly note: string;
  readonly next: { readonly on: string; readonly words: string } | null;
  readonly interest: readonly string[];
}

/** A contact may be written down so many days later. */
const LATE_DAYS = 7;
/** A next step lies within a year. */
const NEXT_DAYS = 366;

/**
 * Records a contact with a customer of one's scope; what it settles is settled in the same transaction. Recording the same one again
 * (a draft sent twice) changes nothing.
 */
export async function recordContact(platform: Platform, { person, actor }: Worker, contact: NewContact): Promise<void> {
  const now = platform.now();
  const today = todayOf(now);
  const on = checkContact(contact, today);
  await unscoped(platform.worker, async (tx) => {
    await customerToWork(tx, person, contact.customerId);
    const { rowCount } = await tx.client.query(
      `insert into engagement.contact (customer_id, contact_id, staff_id, role, unit_no, on_behalf_of, on_date, recorded_at, channel,
         outcome, note, next_on, next_words, interest)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict (customer_id, contact_id) do nothing`,
      [
        ...[contact.customerId, contact.contactId, actor.staffId, person.role, person.unitNo, actor.onBehalfOf ?? null, on, now],
        ...[
          contact.channel,
          contact.outcome,
          contact.note,
          contact.next?.on ?? null,
          contact.next?.words ?? '',
          contact.interest,
        ],
      ],
    );
    if (rowCount === 0) return;
    const body = { channel: contact.channel, outcome: contact.outcome, on, next: contact.next?.on ?? null };
    await audit(tx, actor, { kind: 'contact.recorded', subject: contact.contactId, customerId: contact.customerId, body });
    await evaluateOne(tx, contact.customerId);
  });
}

/** The day of the contact; refuses what cannot be. */
function checkContact({ channel, outcome, on, next }: NewContact, today: BusinessDate): BusinessDate {
  if (!outcomesOf(channel).includes(outcome))
    refuse(
      'outcome-unfit',
      `“${CHANNELS[channel].zh}”不会有“${OUTCOMES[outcome].zh}”的结果，请重新选择结果。`,
      `${CHANNELS[channel].en} cannot end with "${OUTCOMES[outcome].en}": choose another result.`,
    );
  const day = on === undefined ? today : businessDate(on);
  if (day > today || daysBetween(day, today) > LATE_DAYS)
    refuse(
      'contact-day',
      `联系日期须在 ${addDays(today, -LATE_DAYS)} 至 ${today} 之间。`,
      `The day of the contact must lie between ${addDays(today, -LATE_DAYS)} and ${today}.`,
    );
  if (next !== null && (next.on <= day || next.on > addDays(today, NEXT_DAYS)))
    refuse(
      'next-day',
      `下次联系日期须晚于本次，且在一年之内（不晚于 ${addDays(today, NEXT_DAYS)}）。`,
      `The next contact must be later than this one and within a year (by ${addDays(today, NEXT_DAYS)}).`,
    );
  return day;
}

/** Refuses a customer who is not there or not one's to see, both with the same words. */
export async function customerInScope(tx: Tx, person: Person, customerId: string) {
  return (
    (await findCustomer(tx, person.scope, customerId)) ??
    refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.')
  );
}

/** A customer with whom one works: of one's scope, or as a working member of their team. */
export async function customerToWork(tx: Tx, person: Person, customerId: string) {
  const isMember = (await teamPart(tx, person.scope.staffId, customerId)) === 'work';
  return (isMember ? await customerOfTeam(tx, customerId) : undefined) ?? customerInScope(tx, person, customerId);
}

/** Takes one's own contact back, with the reason; it stays to be read, and what it had settled is open again. */
export async function reverseContact(
  platform: Platform,
  { person, actor }: Worker,
  { customerId, contactId, words }: { readonly customerId: string; readonly contactId: string; readonly words: string },
): Promise<void> {
  await unscoped(platform.worker, async (tx) => {
    await customerToWork(tx, person, customerId);
    const { rowCount } = await tx.client.query(
      `update engagement.contact set reversed_by = $3, reversed_at = $4, reversed_words = $5
        where customer_id = $1 and contact_id = $2 and staff_id = $3 and reversed_at is null`,
      [customerId, contactId, actor.staffId, platform.now(), words],
    );
    if (rowCount === 0)
      refuse(
        'not-reversible',
        '没有这条可以冲正的记录：只能冲正本人登记、尚未冲正的记录。',
        'There is no such contact to reverse: only one’s own, and only once.',
      );
    await audit(tx, actor, { kind: 'contact.reversed', subject: contactId, customerId, body: {} });
    await evaluateOne(tx, customerId);
  });
}

/** A message that the bank's gateway sent for somebody, or that came back: a contact like one that they wrote down, once. */
export async function recordSent(
  tx: Tx,
  sent: {
    readonly customerId: string;
    readonly contactId: string;
    readonly staffId: string;
    readonly role: string;
    readonly unitNo: number;
    readonly onBehalfOf: string | null;
    readonly at: Date;
    readonly outcome: 'sent' | 'returned';
    readonly note: string;
  },
): Promise<void> {
  const { customerId, contactId, staffId, role, unitNo, onBehalfOf, at, outcome, note } = sent;
  const { rowCount } = await tx.client.query(
    `insert into engagement.contact (customer_id, contact_id, staff_id, role, unit_no, on_behalf_of, on_date, recorded_at, channel, outcome,
       note, next_on, next_words, interest)
     values ($1, $2, $3, $4, $5, $6, $7, $8, 'sms', $9, $10, null, '', '{}') on conflict (customer_id, contact_id) do nothing`,
    [customerId, contactId, staffId, role, unitNo, onBehalfOf, todayOf(at), at, outcome, note],
  );
  if (rowCount !== 0) await evaluateOne(tx, customerId);
}
