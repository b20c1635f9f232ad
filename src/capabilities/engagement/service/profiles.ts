import { todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { PROFILE_FIELDS } from '../rules/profile.ts';
import { customerToWork, type Worker } from './contacts.ts';
import { evaluateOne } from './evaluate.ts';

export interface ProfileChange {
  readonly fields: readonly { readonly field: string; readonly value: string }[];
  /** All members as they are now; undefined = unchanged. */
  readonly family?:
    | readonly {
        readonly memberId: string;
        readonly relation: string;
        readonly name: string;
        readonly birthDate: string | null;
      }[]
    | undefined;
}

/** Writes down what one knows of a customer, each field with its day; an empty value takes the field away. */
export async function recordProfile(
  platform: Platform,
  { person, actor }: Worker,
  customerId: string,
  { fields, family }: ProfileChange,
): Promise<void> {
  const unknown = fields.find(({ field }) => !(field in PROFILE_FIELDS));
  if (unknown !== undefined)
    refuse('field-unknown', `客户档案没有“${unknown.field}”这一项。`, `A profile has no field "${unknown.field}".`);
  const now = platform.now();
  await unscoped(platform.worker, async (tx) => {
    await customerToWork(tx, person, customerId);
    await tx.client.query(`delete from engagement.profile_field where customer_id = $1 and field = any($2)`, [
      customerId,
      fields.filter(({ value }) => value === '').map(({ field }) => field),
    ]);
    for (const { field, value } of fields.filter((one) => one.value !== ''))
      await tx.client.query(
        `insert into engagement.profile_field (customer_id, field, value, first_on, confirmed_on, staff_id) values ($1, $2, $3, $4, $4, $5)
         on conflict (customer_id, field) do update set value = excluded.value, confirmed_on = excluded.confirmed_on, staff_id = excluded.staff_id`,
        [customerId, field, value, todayOf(now), actor.staffId],
      );
    if (family !== undefined) await setFamily(tx, customerId, family, { staffId: actor.staffId, now });
    const body = { fields: fields.map(({ field }) => field), family: family?.length ?? null };
    await audit(tx, actor, { kind: 'profile.recorded', subject: customerId, customerId, body });
    await evaluateOne(tx, customerId);
  });
}

async function setFamily(
  tx: Tx,
  customerId: string,
  family: NonNullable<ProfileChange['family']>,
  { staffId, now }: { readonly staffId: string; readonly now: Date },
): Promise<void> {
  await tx.client.query('delete from engagement.family_member where customer_id = $1', [customerId]);
  for (const { memberId, relation, name, birthDate } of family)
    await tx.client.query(
      `insert into engagement.family_member (customer_id, member_id, relation, name, birth_date, staff_id, recorded_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [customerId, memberId, relation, name, birthDate, staffId, now],
    );
}

/** Takes free words about a person away for good: a right of theirs was carried out. Who did what when stays. */
export async function eraseProfile(tx: Tx, customerId: string, erased: string): Promise<void> {
  await tx.client.query('delete from engagement.profile_field where customer_id = $1', [customerId]);
  await tx.client.query('delete from engagement.family_member where customer_id = $1', [customerId]);
  await tx.client.query('update engagement.task set words = $2 where customer_id = $1', [customerId, erased]);
  await tx.client.query(
    `update engagement.contact set note = $2, next_words = '', interest = '{}', reversed_words = case when reversed_words is not null then $2 end
      where customer_id = $1`,
    [customerId, erased],
  );
  await tx.client.query(
    `update engagement.follow_up set postponed_words = null, because = because - 'words', ended_words = case when ended_words is not null then $2 end where customer_id = $1`,
    [customerId, erased],
  );
}
