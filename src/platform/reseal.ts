import { sql } from 'kysely';
import type pg from 'pg';
import { z } from 'zod';
import { unscoped } from './db/transaction.ts';
import { type Secrets, seal, unseal } from './secrets.ts';

/** Every column that is sealed, with the column that numbers its table's rows. */
export const SEALED_COLUMNS = [
  { table: 'customers.customer', key: 'customer_id', column: 'id_number_sealed' },
  { table: 'customers.customer', key: 'customer_id', column: 'mobile_sealed' },
  { table: 'customers.customer', key: 'customer_id', column: 'address_sealed' },
  { table: 'personal.request', key: 'request_id', column: 'value_sealed' },
  { table: 'platform.account', key: 'staff_id', column: 'totp_secret' },
  { table: 'platform.account', key: 'staff_id', column: 'totp_pending' },
] as const;

const BATCH = 5_000;
const found = z.object({ key: z.string(), sealed: z.instanceof(Buffer) });

/** Puts every sealed value under the key of now, a batch a transaction: broken off, it goes on with what is left. Gives how many. */
export async function resealColumns(pool: pg.Pool, secrets: Secrets): Promise<number> {
  let done = 0;
  for (const { table, key, column } of SEALED_COLUMNS) {
    let after = '';
    for (;;) {
      const last = await unscoped(pool, async (tx) => {
        const { rows } = await sql`select ${sql.ref(key)} as key, ${sql.ref(column)} as sealed from ${sql.table(table)}
          where ${sql.ref(key)} > ${after} and ${sql.ref(column)} is not null and get_byte(${sql.ref(column)}, 0) <> ${secrets.sealKeyId}
          order by ${sql.ref(key)} limit ${BATCH} for update`.execute(tx.db);
        const batch = z.array(found).parse(rows);
        if (batch.length === 0) return undefined;
        const keys = batch.map((row) => row.key);
        const values = batch.map((row) => seal(secrets, unseal(secrets, row.sealed)));
        await sql`update ${sql.table(table)} t set ${sql.ref(column)} = n.sealed
          from unnest(${keys}::text[], ${values}::bytea[]) as n (key, sealed) where t.${sql.ref(key)} = n.key`.execute(tx.db);
        done += batch.length;
        return keys.at(-1);
      });
      if (last === undefined) break;
      after = last;
    }
  }
  return done;
}
