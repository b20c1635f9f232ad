import { scoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { findCustomer } from '../../coverage/index.ts';

export const MISSING = ['not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.'] as const;

/** The customer's number if whoever asks sees them. */
export async function visible({ platform, person }: Ctx, customerId: string): Promise<string | undefined> {
  const row = await scoped(platform.app, person.scope, (tx) => findCustomer(tx, person.scope, customerId));
  return row?.customer_id;
}
