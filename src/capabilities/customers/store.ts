import type { BusinessDate } from '../../kernel/business-date.ts';
import { type CopyCell, copyRows } from '../../platform/db/copy.ts';
import type { Tx } from '../../platform/db/transaction.ts';

/** Columns of the staging table after import_id, in the order in which rows must come. */
export const CUSTOMER_COLUMNS = [
  'line',
  'customer_id',
  'name',
  'pinyin',
  'initials',
  'id_type',
  'id_number_sealed',
  'id_key',
  'mobile_sealed',
  'mobile_key',
  'mobile_last4',
  'birth_date',
  'gender',
  'occupation',
  'industry',
  'district',
  'longitude',
  'latitude',
  'address_sealed',
  'risk_level',
  'risk_expires_on',
  'opened_on',
  'closed_on',
  'merged_into',
  'consent_phone',
  'consent_sms',
  'consent_wecom',
  'household_id',
] as const;

const STORED = CUSTOMER_COLUMNS.filter((column) => column !== 'line');

/** Stages rows; those that go are staged with nothing but their number, so that others can follow. */
export async function stageCustomers(
  tx: Tx,
  importId: string,
  rows: AsyncIterable<readonly (readonly CopyCell[])[]>,
  gone: readonly string[],
): Promise<void> {
  await copyRows(tx, 'customers.stage_customer', ['import_id', ...CUSTOMER_COLUMNS], rows);
  await tx.client.query(
    'insert into customers.stage_customer (import_id, line, customer_id) select $1, 0, g.id from unnest($2::text[]) as g (id)',
    [importId, gone],
  );
}

/** Writes what is staged for an import; a risk level that becomes another one, or is assessed anew, is kept until the day. */
export async function saveStaged(tx: Tx, importId: string, day: BusinessDate): Promise<void> {
  await tx.client.query(
    `insert into customers.former_risk (customer_id, until, risk_level, risk_expires_on)
     select c.customer_id, $2::date, c.risk_level, c.risk_expires_on from customers.stage_customer s
       join customers.customer c on c.customer_id = s.customer_id
      where s.import_id = $1 and s.name is not null and c.risk_level is not null
        and (c.risk_level, c.risk_expires_on) is distinct from (s.risk_level, s.risk_expires_on)
     on conflict (customer_id, until) do nothing`,
    [importId, day],
  );
  const columns = STORED.join(', ');
  const updates = STORED.filter((column) => column !== 'customer_id').map((column) => `${column} = excluded.${column}`);
  await tx.client.query(
    `insert into customers.customer (${columns}) select ${columns} from customers.stage_customer where import_id = $1 and name is not null
     on conflict (customer_id) do update set ${updates.join(', ')}`,
    [importId],
  );
  await tx.client.query(
    `delete from customers.former_risk c using customers.stage_customer s
      where s.import_id = $1 and s.name is null and s.customer_id = c.customer_id`,
    [importId],
  );
  await tx.client.query(
    `delete from customers.customer c using customers.stage_customer s
      where s.import_id = $1 and s.name is null and s.customer_id = c.customer_id`,
    [importId],
  );
}

export async function clearStage(tx: Tx, importId: string): Promise<void> {
  await tx.client.query('delete from customers.stage_customer where import_id = $1', [importId]);
}

/** Of these numbers, those that are staged to be kept. */
export async function stagedAmong(tx: Tx, importId: string, customers: readonly string[]): Promise<string[]> {
  const { rows } = await tx.client.query<{ customer_id: string }>(
    'select customer_id from customers.stage_customer where import_id = $1 and name is not null and customer_id = any($2)',
    [importId, customers],
  );
  return rows.map((row) => row.customer_id);
}
