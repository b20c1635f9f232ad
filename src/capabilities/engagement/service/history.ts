import { digestOf } from '../../../kernel/digest.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Channel, Outcome } from '../rules/contact.ts';

/** A contact that was recorded elsewhere. */
export interface PastContact {
  readonly customerId: string;
  readonly staffId: string;
  readonly role: string;
  readonly on: string;
  readonly channel: Channel;
  readonly outcome: Outcome;
  readonly note: string;
}

export interface PastProfile {
  readonly customerId: string;
  readonly staffId: string;
  readonly on: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface PastRelative {
  readonly customerId: string;
  readonly staffId: string;
  readonly memberId: string;
  readonly relation: string;
  readonly birthDate: string;
}

/** Takes over contacts, profiles and families from before; what is there already stays as it is. Follow-ups are worked out after it. */
export async function addHistory(
  tx: Tx,
  {
    contacts,
    profiles,
    relatives,
  }: {
    readonly contacts: readonly PastContact[];
    readonly profiles: readonly PastProfile[];
    readonly relatives: readonly PastRelative[];
  },
  now: Date,
): Promise<void> {
  await tx.client.query(
    `insert into engagement.contact (customer_id, contact_id, staff_id, role, unit_no, on_date, recorded_at, channel, outcome, note, next_words, interest)
     select x."customerId", x.id, x."staffId", x.role, u.unit_no, x."on", x."on" + interval '2 hours', x.channel, x.outcome, x.note, '', '{}'
       from jsonb_to_recordset($1::jsonb) as x (id text, "customerId" text, "staffId" text, role text, "on" date, channel text, outcome text, note text)
       join organisation.staff s on s.id = x."staffId" join organisation.org_unit u on u.id = s.org_unit_id
     on conflict do nothing`,
    [JSON.stringify(contacts.map((contact) => ({ ...contact, id: digestOf(contact).slice(0, 32) })))],
  );
  await tx.client.query(
    `insert into engagement.profile_field (customer_id, field, value, first_on, confirmed_on, staff_id)
     select x."customerId", f.key, f.value, x."on", x."on", x."staffId"
       from jsonb_to_recordset($1::jsonb) as x ("customerId" text, "staffId" text, "on" date, fields jsonb), jsonb_each_text(x.fields) f
     on conflict do nothing`,
    [JSON.stringify(profiles)],
  );
  await tx.client.query(
    `insert into engagement.family_member (customer_id, member_id, relation, name, birth_date, staff_id, recorded_at)
     select x."customerId", x."memberId", x.relation, '', x."birthDate", x."staffId", $2
       from jsonb_to_recordset($1::jsonb) as x ("customerId" text, "memberId" text, relation text, "birthDate" date, "staffId" text)
     on conflict do nothing`,
    [JSON.stringify(relatives), now],
  );
  await tx.client.query(
    `insert into engagement.news (customer_id) select distinct "customerId" from jsonb_to_recordset($1::jsonb) as x ("customerId" text)
     on conflict do nothing`,
    [JSON.stringify([...contacts, ...profiles, ...relatives].map(({ customerId }) => ({ customerId })))],
  );
}
