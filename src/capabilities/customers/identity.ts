import type { Tx } from '../../platform/db/transaction.ts';
import { spell } from '../../platform/pinyin.ts';
import { type Secrets, seal, searchKey, unseal } from '../../platform/secrets.ts';

/** What of a customer's identity can be put right by hand. */
export const IDENTITY_FIELDS = ['name', 'mobile', 'idNumber', 'address'] as const;
export type IdentityField = (typeof IDENTITY_FIELDS)[number];

/** The field that a stored name means. */
export function fieldOf(name: string | null): IdentityField | undefined {
  return IDENTITY_FIELDS.find((field) => field === name);
}

/** How an erased customer is called from then on. */
export const ERASED_NAME = '（已删除）';

export function lastFour(mobile: string): string {
  return mobile.normalize('NFKC').replace(/\D/g, '').slice(-4);
}

/** The columns that a field fills. */
function columnsOf(secrets: Secrets, field: IdentityField, value: string): Readonly<Record<string, string | Buffer>> {
  if (field === 'name') return { name: value, ...spell(value) };
  if (field === 'address') return { address_sealed: seal(secrets, value) };
  if (field === 'idNumber') return { id_number_sealed: seal(secrets, value), id_key: searchKey(secrets, 'id', value) };
  return {
    mobile_sealed: seal(secrets, value),
    mobile_key: searchKey(secrets, 'mobile', value),
    mobile_last4: lastFour(value),
  };
}

export async function setIdentity(
  tx: Tx,
  secrets: Secrets,
  customerId: string,
  field: IdentityField,
  value: string,
): Promise<void> {
  await tx.db
    .updateTable('customers.customer')
    .set(columnsOf(secrets, field, value))
    .where('customer_id', '=', customerId)
    .execute();
}

export async function readIdentity(tx: Tx, secrets: Secrets, customerId: string, field: IdentityField): Promise<string | null> {
  const row = await tx.db
    .selectFrom('customers.customer')
    .select(['name', 'mobile_sealed', 'id_number_sealed', 'address_sealed'])
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (field === 'name') return row.name;
  const sealed = { mobile: row.mobile_sealed, idNumber: row.id_number_sealed, address: row.address_sealed }[field];
  return sealed === null ? null : unseal(secrets, sealed);
}

/** Takes away everything that says who a customer is. Number, opening and closing day stay: figures hang on them. */
export async function eraseIdentity(tx: Tx, customerId: string): Promise<void> {
  await tx.db
    .updateTable('customers.customer')
    .set({
      ...{ name: ERASED_NAME, pinyin: '', initials: '', id_type: null, id_number_sealed: null, id_key: null },
      ...{ mobile_sealed: null, mobile_key: null, mobile_last4: null, birth_date: null, gender: null, occupation: null },
      ...{ industry: null, district: null, longitude: null, latitude: null, address_sealed: null, household_id: null },
      ...{ risk_level: null, risk_expires_on: null, consent_phone: null, consent_sms: null, consent_wecom: null },
    })
    .where('customer_id', '=', customerId)
    .execute();
  await tx.db.deleteFrom('customers.former_risk').where('customer_id', '=', customerId).execute();
}
