import type { z } from 'zod';
import { addDays, businessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { LOCKS } from '../../../platform/db/locks.ts';
import { unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { mayWorkWith } from '../../coverage/index.ts';
import type { saleInput } from '../contract.ts';
import { placeStaged } from './attribution.ts';

/** A sale may be written down so many days later. */
const LATE_DAYS = 30;

/** Writes down a sale of one's own to a customer of one's scope, attributed as of its day. Sent twice it is one. */
export async function recordSale(ctx: Ctx, customerId: string, sale: z.output<typeof saleInput>): Promise<void> {
  const { platform, person, actor } = ctx;
  const today = todayOf(platform.now());
  const on = businessDate(sale.on ?? today);
  if (on > today || on < addDays(today, -LATE_DAYS))
    refuse(
      'sale-day',
      `销售日期须在 ${addDays(today, -LATE_DAYS)} 至 ${today} 之间。`,
      `The day of the sale must lie between ${addDays(today, -LATE_DAYS)} and ${today}.`,
    );
  await unscoped(platform.worker, async (tx) => {
    if (!(await mayWorkWith(tx, person, customerId)))
      refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    const product = await tx.db
      .selectFrom('products.product')
      .select('code')
      .where('code', '=', sale.productCode)
      .executeTakeFirst();
    if (product === undefined)
      refuse('no-product', '没有这个产品，请从产品目录中选择。', 'There is no such product: choose one of the catalogue.');
    // Two of the same draft wait for each other.
    await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.sales]);
    const known = await tx.client.query('select from ledgers.sale where customer_id = $1 and sale_id = $2', [
      customerId,
      sale.saleId,
    ]);
    if (known.rowCount !== 0) return;
    await tx.db
      .insertInto('ledgers.stage_sale')
      .values({
        ...{ work: sale.saleId, customer_id: customerId, sale_id: sale.saleId, product_code: sale.productCode },
        ...{ amount_fen: sale.amountFen, on_date: on, staff_id: person.scope.staffId },
      })
      .execute();
    const by = { by: actor.staffId, words: sale.words, now: platform.now() };
    await placeStaged(tx, { work: sale.saleId, source: 'own', ...by });
    const body = { productCode: sale.productCode, amountFen: sale.amountFen, on };
    await audit(tx, actor, { kind: 'sale.recorded', subject: sale.saleId, customerId, body });
  });
}
