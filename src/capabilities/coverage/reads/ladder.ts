import { addMonths, type BusinessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { bandThresholdsFen } from '../rules/scheme.ts';
import { activeSchemeOf } from '../service/schemes.ts';

/** Lower limits in fen of the bands of the scheme in force, ascending, how its average is measured, and when grace is over. */
export async function ladderInForce(tx: Tx) {
  const active = await activeSchemeOf(tx);
  if (active === undefined) return undefined;
  const { scheme } = active;
  return {
    measure: scheme.measure,
    limitsFen: bandThresholdsFen(scheme),
    fallsOn: (since: BusinessDate) => addMonths(since, scheme.grace.months),
  };
}
