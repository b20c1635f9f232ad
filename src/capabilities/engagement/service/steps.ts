import { addDays, type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { headsOver } from '../../coverage/index.ts';
import { catalogueInForce } from './catalogues.ts';
import { customerInScope, type Worker } from './contacts.ts';
import { deskDay } from './ground.ts';

/** Names a follow-up. */
export interface Named {
  readonly customerId: string;
  readonly rule: string;
  readonly cause: string;
}

export type Step =
  | { readonly step: 'postpone'; readonly to: string; readonly words: string }
  | { readonly step: 'leave'; readonly words: string }
  | { readonly step: 'give'; readonly toStaff: string };

interface Row {
  readonly staff_id: string;
  readonly due_on: string;
}

/** Postpones, leaves or hands over an open follow-up that is one's own to do, or of one's unit when one is its head. */
export async function stepFollowUp(platform: Platform, worker: Worker, named: Named, step: Step): Promise<void> {
  const { person, actor } = worker;
  await unscoped(platform.worker, async (tx) => {
    const customer = await customerInScope(tx, person, named.customerId);
    const row = await lockOpen(tx, named);
    if (row.staff_id !== person.scope.staffId && person.scope.lo === undefined) refuseForeign();
    const { customerId, rule, cause } = named;
    const about = { subject: `${rule}/${cause}`, customerId };
    if (step.step === 'postpone') {
      await refuseTooLate(tx, rule, row.due_on, step.to);
      await set(tx, named, { act_on: step.to, postponed_words: step.words });
      await audit(tx, actor, { kind: 'follow-up.postponed', ...about, body: { to: step.to } });
    } else if (step.step === 'leave') {
      await set(tx, named, { state: 'left', ended_on: await today(tx), ended_by: actor.staffId, ended_words: step.words });
      await audit(tx, actor, { kind: 'follow-up.left', ...about, body: {} });
    } else {
      const takers = await takersOf(tx, platform.now(), customer);
      if (!takers.includes(step.toStaff)) refuseTaker();
      await set(tx, named, { doer: step.toStaff });
      await audit(tx, actor, { kind: 'follow-up.given', ...about, body: { from: row.staff_id, to: step.toStaff } });
    }
  });
}

async function lockOpen(tx: Tx, { customerId, rule, cause }: Named): Promise<Row> {
  const { rows } = await tx.client.query<Row>(
    `select doer as staff_id, due_on from engagement.follow_up
      where customer_id = $1 and rule = $2 and cause = $3 and state = 'open' for update`,
    [customerId, rule, cause],
  );
  return rows[0] ?? refuse('follow-up-over', '这项待跟进已经了结，请刷新。', 'This follow-up is over already; please refresh.');
}

function refuseForeign(): never {
  refuse('follow-up-foreign', '这项待跟进由他人负责，不能代为处理。', 'Somebody else is to do this follow-up.');
}

function refuseTaker(): never {
  refuse(
    'no-taker',
    '只能转交给该客户的主办、协办客户经理或所在网点、支行的负责人。',
    'It can be handed to the customer’s lead or joint manager, or to a head of their outlet or sub-branch.',
  );
}

async function today(tx: Tx): Promise<BusinessDate> {
  return (await deskDay(tx)) ?? refuse('no-day', '还没有日终。', 'No day has been closed yet.');
}

async function set(tx: Tx, { customerId, rule, cause }: Named, values: Readonly<Record<string, string>>): Promise<void> {
  await tx.db
    .updateTable('engagement.follow_up')
    .set(values)
    .where('customer_id', '=', customerId)
    .where('rule', '=', rule)
    .where('cause', '=', cause)
    .execute();
}

/** The last day to which a follow-up may be postponed; undefined when its rule allows none or is no longer in force. */
export function postponeLimit(
  rules: readonly { readonly rule: string; readonly postpone_days: number }[],
  rule: string,
  dueOn: string,
): BusinessDate | undefined {
  const days = rules.find((one) => one.rule === rule)?.postpone_days ?? 0;
  return days === 0 ? undefined : addDays(businessDate(dueOn), days);
}

async function refuseTooLate(tx: Tx, rule: string, dueOn: string, to: string): Promise<void> {
  const limit = postponeLimit((await catalogueInForce(tx))?.catalogue.rules ?? [], rule, dueOn);
  if (limit === undefined) refuse('not-postponable', '此类待跟进不能延期。', 'A follow-up of this kind cannot be postponed.');
  if (to > limit || to <= (await today(tx)))
    refuse(
      'postponed-too-far',
      `最多延至 ${limit}，且须晚于今天。`,
      `It can be postponed to ${limit} at most, and to a day after today.`,
      { limit },
    );
}

/** Who may be handed a follow-up of the customer: who covers them, and the heads over their outlet. */
export async function takersOf(
  tx: Tx,
  now: Date,
  customer: { readonly lead_staff: string | null; readonly joint_staff: string | null; readonly outlet_id: string | null },
): Promise<string[]> {
  const { rows } = await tx.client.query<{ unit_no: number }>('select unit_no from organisation.org_unit where id = $1', [
    customer.outlet_id,
  ]);
  const heads = rows[0] === undefined ? [] : await headsOver(tx, now, rows[0].unit_no);
  return [...new Set([customer.lead_staff, customer.joint_staff, ...heads])].filter((id) => id !== null);
}
