import { z } from 'zod';
import { addDays, type BusinessDate } from '../../../kernel/business-date.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { Bucket, followUp } from '../contract.ts';
import type { Rule } from '../rules/catalogue.ts';
import { whyWords } from '../rules/why.ts';
import { catalogueInForce } from '../service/catalogues.ts';
import { deskDay } from '../service/ground.ts';
import { postponeLimit } from '../service/steps.ts';

export const WEEK_DAYS = 6;

export interface FollowUpRow {
  readonly customer_id: string;
  readonly rule: string;
  readonly cause: string;
  readonly staff_id: string;
  readonly due_on: string;
  readonly postponed_to: string | null;
  readonly stake_fen: number;
  readonly priority: number;
  readonly because: unknown;
}

export const FOLLOW_UP_COLUMNS =
  'customer_id, rule, cause, doer as staff_id, due_on, nullif(act_on, due_on) as postponed_to, stake_fen, priority, because';

/** What turns rows into what a page shows; read once a request. */
export interface Desk {
  readonly day: BusinessDate;
  readonly version: number;
  readonly rules: readonly Rule[];
  readonly products: ReadonlyMap<string, string>;
}

/** Undefined before the first close, or while no rules are in force. */
export async function openDesk(tx: Tx): Promise<Desk | undefined> {
  const day = await deskDay(tx);
  const stored = await catalogueInForce(tx);
  if (day === undefined || stored === undefined) return undefined;
  const products = await tx.db.selectFrom('products.product').select(['code', 'name']).execute();
  const names = new Map(products.map(({ code, name }) => [code, name]));
  return { day, version: stored.version, rules: stored.catalogue.rules, products: names };
}

export function bucketOf(desk: Pick<Desk, 'day'>, due: string): Bucket {
  if (due < desk.day) return 'overdue';
  if (due === desk.day) return 'today';
  return due <= addDays(desk.day, WEEK_DAYS) ? 'week' : 'later';
}

const because = z.record(z.string(), z.union([z.string(), z.number()]));

/** The one mapper from a follow-up to what leaves the server. `mayAct`: whether the reader may postpone, leave or hand it over. */
export function toFollowUp(desk: Desk, row: FollowUpRow, mayAct: boolean): z.input<typeof followUp> {
  const rule = desk.rules.find((one) => one.rule === row.rule);
  const limit = postponeLimit(desk.rules, row.rule, row.due_on) ?? null;
  const postponable = limit !== null && limit > desk.day;
  const reading = { day: desk.day, product: (code: string) => desk.products.get(code) ?? code };
  return {
    ...{ rule: row.rule, cause: row.cause, staffId: row.staff_id, stakeFen: row.stake_fen },
    title: rule?.title ?? { zh: row.rule, en: row.rule },
    ifLeft: rule?.if_left ?? { zh: '', en: '' },
    why: rule === undefined ? { zh: '', en: '' } : whyWords(rule.trigger.kind, because.parse(row.because), reading),
    bucket: bucketOf(desk, row.postponed_to ?? row.due_on),
    ...{ dueOn: row.due_on, postponedTo: row.postponed_to },
    postponeUntil: postponable ? limit : null,
    may: mayAct ? [...(postponable ? (['postpone'] as const) : []), 'leave', 'give'] : [],
  };
}
