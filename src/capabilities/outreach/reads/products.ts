import type { z } from 'zod';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { productList } from '../contract.ts';

const SHOWN = 30;

/** Products whose name or code holds a text, to be offered. */
export async function productsLike(tx: Tx, text: string): Promise<z.input<typeof productList>> {
  const { rows } = await tx.client.query<{ code: string; name: string; category: string; risk: string | null }>(
    `select code, name, category, risk_rating as risk from products.product
      where position(lower($1) in lower(name)) > 0 or position(lower($1) in lower(code)) > 0 order by name, code limit ${SHOWN}`,
    [text],
  );
  return { items: rows.map(({ code, name, category, risk }) => ({ code, name, category, riskRating: risk })) };
}
