import { z } from 'zod';
import { businessDate } from '../../../kernel/business-date.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { mayWorkWith, type StandingRow, staffRefOf, viewFor } from '../../coverage/index.ts';
import type { contactSchema, customerWork, profileSchema } from '../contract.ts';
import { CHANNEL_NAMES, OUTCOME_NAMES, outcomesOf } from '../rules/contact.ts';
import { isMeaningful, PROFILE_FIELDS, registeredOn } from '../rules/profile.ts';
import { bandWords } from './band-words.ts';
import { FOLLOW_UP_COLUMNS, type FollowUpRow, openDesk, toFollowUp } from './follow-ups.ts';

const CONTACTS_MAX = 100;

/** What is to be done with a customer, what was done and what one knows. The customer must be open to the transaction. */
export async function customerWorkOf(tx: Tx, person: Person, customer: StandingRow): Promise<z.input<typeof customerWork>> {
  const id = customer.customer_id;
  const desk = await openDesk(tx);
  const { rows } = await tx.client.query<FollowUpRow>(
    `select ${FOLLOW_UP_COLUMNS} from engagement.follow_up where customer_id = $1 and state = 'open'
      order by act_on, priority, rule, cause`,
    [id],
  );
  const mayWork = await mayWorkWith(tx, person, id);
  const mine = (staffId: string) => mayWork && (staffId === person.scope.staffId || person.scope.lo !== undefined);
  return {
    day: desk?.day ?? null,
    followUps: desk === undefined ? [] : rows.map((row) => toFollowUp(desk, row, mine(row.staff_id))),
    contacts: await contactsOf(tx, person, id),
    profile: await profileOf(tx, id),
    band: await bandWords(tx, customer),
    channels: CHANNEL_NAMES.map((channel) => ({ channel, outcomes: [...outcomesOf(channel)] })),
    may: mayWork ? ['record', 'profile'] : [],
  };
}

interface ContactRow {
  readonly contact_id: string;
  readonly staff_id: string;
  readonly on_date: string;
  readonly recorded_at: Date;
  readonly channel: string;
  readonly outcome: string;
  readonly note: string;
  readonly next_on: string | null;
  readonly next_words: string;
  readonly interest: readonly string[];
  readonly reversed_by: string | null;
  readonly reversed_at: Date | null;
  readonly reversed_words: string | null;
}

async function contactsOf(tx: Tx, person: Person, customerId: string): Promise<z.input<typeof contactSchema>[]> {
  const { rows } = await tx.client.query<ContactRow>(
    `select contact_id, staff_id, on_date, recorded_at, channel, outcome, note, next_on, next_words, interest, reversed_by, reversed_at, reversed_words
       from engagement.contact where customer_id = $1 order by on_date desc, recorded_at desc, contact_id limit ${CONTACTS_MAX}`,
    [customerId],
  );
  const { staff } = await viewFor(
    tx,
    rows.flatMap((row) => [row.staff_id, row.reversed_by]),
  );
  return rows.map((row) => ({
    ...{ contactId: row.contact_id, on: row.on_date, recordedAt: row.recorded_at.toISOString(), note: row.note },
    staff: staffRefOf(staff, row.staff_id),
    channel: z.enum(CHANNEL_NAMES).parse(row.channel),
    outcome: z.enum(OUTCOME_NAMES).parse(row.outcome),
    next: row.next_on === null ? null : { on: row.next_on, words: row.next_words },
    interest: [...row.interest],
    reversed:
      row.reversed_by === null
        ? null
        : {
            by: staffRefOf(staff, row.reversed_by)?.name ?? row.reversed_by,
            at: row.reversed_at?.toISOString() ?? '',
            words: row.reversed_words ?? '',
          },
    may: row.reversed_by === null && row.staff_id === person.staffId ? ['reverse'] : [],
  }));
}

async function profileOf(tx: Tx, customerId: string): Promise<z.input<typeof profileSchema>> {
  const kept = await tx.db.selectFrom('engagement.profile_field').selectAll().where('customer_id', '=', customerId).execute();
  const family = await tx.db
    .selectFrom('engagement.family_member')
    .select(['member_id', 'relation', 'name', 'birth_date'])
    .where('customer_id', '=', customerId)
    .orderBy('birth_date')
    .execute();
  const fields = Object.entries(PROFILE_FIELDS).map(([field, title]) => {
    const row = kept.find((one) => one.field === field);
    return {
      field,
      title,
      value: row?.value ?? '',
      confirmedOn: row?.confirmed_on ?? null,
      counts: isMeaningful(row?.value ?? ''),
    };
  });
  return {
    fields,
    family: family.map((one) => ({
      ...{ memberId: one.member_id, relation: one.relation, name: one.name },
      birthDate: one.birth_date,
    })),
    registeredOn: registeredOn(kept.map((row) => ({ ...row, firstOn: businessDate(row.first_on) }))),
    ask: fields.find(({ counts }) => !counts)?.field ?? null,
  };
}
