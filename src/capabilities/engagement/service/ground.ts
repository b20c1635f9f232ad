import { addDays, type BusinessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { ladderInForce } from '../../coverage/index.ts';
import type { Catalogue } from '../rules/catalogue.ts';
import { catalogueInForce } from './catalogues.ts';
import type { Ground } from './load-facts.ts';

/** What follow-ups are worked out with: the rules in force, the scheme's ladder, and the day of the desk. */
export interface Rulebook extends Ground {
  readonly catalogue: Catalogue;
  readonly day: BusinessDate;
}

/** The day of the desk: the morning after the newest closed day; undefined before the first close. */
export async function deskDay(tx: Tx): Promise<BusinessDate | undefined> {
  const last = await lastClosedDay(tx);
  return last && addDays(last, 1);
}

/** Undefined before the first close, or while no rules are in force. `draft` takes the place of the rules in force. */
export async function rulebook(tx: Tx, draft?: Catalogue): Promise<Rulebook | undefined> {
  const catalogue = draft ?? (await catalogueInForce(tx))?.catalogue;
  const day = await deskDay(tx);
  if (catalogue === undefined || day === undefined) return undefined;
  const ladder = await ladderInForce(tx);
  return {
    ...{ catalogue, day },
    ladder: ladder === undefined ? null : { measure: ladder.measure, limitsFen: ladder.limitsFen },
    fallsOn: ladder?.fallsOn ?? ((since) => since),
  };
}
