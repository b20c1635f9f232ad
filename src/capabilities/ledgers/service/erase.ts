import type { Tx } from '../../../platform/db/transaction.ts';

/** Takes free words about a person away for good: a right of theirs was carried out. That there was a sale stays, the law asks for it. */
export async function eraseSales(tx: Tx, customerId: string, erased: string): Promise<void> {
  await tx.client.query(`update ledgers.sale set words = '' where customer_id = $1 and words <> ''`, [customerId]);
  await tx.client.query(
    `update ledgers.correction set words = $2, note = case when note <> '' then $2 else '' end where customer_id = $1`,
    [customerId, erased],
  );
}
