import type { Tx } from '../../../platform/db/transaction.ts';

/** Brings a customer's card in step with who they are and what they allow. */
export async function refreshCard(tx: Tx, customerId: string): Promise<void> {
  await tx.client.query(
    `update coverage.card c set name = p.name, pinyin = p.pinyin, initials = p.initials, mobile_last4 = p.mobile_last4,
            mobile_key = p.mobile_key, id_key = p.id_key, no_marketing = coalesce(m.no_marketing, false)
       from customers.customer p left join personal.mark m on m.customer_id = p.customer_id
      where p.customer_id = $1 and c.customer_id = $1`,
    [customerId],
  );
}

/** Takes away what people wrote about a customer in free words. */
export async function eraseWords(tx: Tx, customerId: string, erased: string): Promise<void> {
  await tx.client.query(
    `update coverage.transfer set words = $2, evidence = case when evidence is null then null else $2 end,
            note = case when note is null then null else $2 end where customer_id = $1`,
    [customerId, erased],
  );
  await tx.client.query('update coverage.team_member set words = $2 where customer_id = $1', [customerId, erased]);
  await tx.client.query(
    `update coverage.keep set words = $2, note = case when note is null then null else $2 end where customer_id = $1`,
    [customerId, erased],
  );
}
