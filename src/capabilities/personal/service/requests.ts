import { randomUUID } from 'node:crypto';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { seal } from '../../../platform/secrets.ts';
import type { IdentityField } from '../../customers/index.ts';
import { type Decision, holdsAtOnce, kindOf, mayDecide, type RequestKind } from '../rules/rights.ts';
import { carryOut, refuseObstacle } from './carry-out.ts';

export interface RequestWish {
  readonly customerId: string;
  readonly kind: RequestKind;
  readonly field?: IdentityField | undefined;
  readonly value?: string | undefined;
  readonly words: string;
}

/** Nothing else happens to this person meanwhile. Refuses when there is no such customer. */
export async function lockPerson(tx: Tx, customerId: string): Promise<void> {
  const row = await tx.db
    .selectFrom('customers.customer')
    .select('customer_id')
    .where('customer_id', '=', customerId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

/** Writes down what a person asks for. What protects them holds at once, the rest waits for a second person. Gives its id. */
export function askForPerson(platform: Platform, actor: Actor, wish: RequestWish): Promise<string> {
  const { customerId, kind, field, value, words } = wish;
  const now = platform.now();
  return unscoped(platform.worker, async (tx) => {
    await lockPerson(tx, customerId);
    await refuseObstacle(tx, now, customerId, kind);
    await refuseSecond(tx, wish);
    const atOnce = holdsAtOnce(kind);
    const requestId = randomUUID();
    await tx.db
      .insertInto('personal.request')
      .values({
        ...{ customer_id: customerId, request_id: requestId, kind, field: field ?? null, words },
        value_sealed: value === undefined ? null : seal(platform.secrets, value),
        ...{ state: atOnce ? 'done' : 'requested', requested_by: actor.staffId, requested_at: now },
        ...(atOnce && { decided_by: actor.staffId, decided_at: now }),
      })
      .execute();
    if (atOnce) await carryOut(tx, platform, { customer_id: customerId, kind, field: null, value_sealed: null });
    await audit(tx, actor, {
      kind: 'person.requested',
      subject: requestId,
      customerId,
      body: { of: kind, ...(field !== undefined && { field }), atOnce },
    });
    return requestId;
  });
}

async function refuseSecond(tx: Tx, { customerId, kind, field }: RequestWish): Promise<void> {
  const open = await tx.db
    .selectFrom('personal.request')
    .select(['field'])
    .where('customer_id', '=', customerId)
    .where('kind', '=', kind)
    .where('state', '=', 'requested')
    .execute();
  if (open.some((one) => one.field === (field ?? null)))
    refuse(
      'person-request-open',
      '同一事项已有申请等待复核：请先办结或撤回。',
      'The same is asked for already and waits: have it decided or withdraw it first.',
    );
}

/** Decides on a request: another person than who wrote it down, or that one to withdraw it. */
export function decideForPerson(
  platform: Platform,
  actor: Actor,
  wish: {
    readonly customerId: string;
    readonly requestId: string;
    readonly action: Decision;
    readonly note?: string | undefined;
  },
): Promise<void> {
  const { customerId, requestId, action, note } = wish;
  const now = platform.now();
  return unscoped(platform.worker, async (tx) => {
    await lockPerson(tx, customerId);
    const row = await tx.db
      .selectFrom('personal.request')
      .selectAll()
      .where('customer_id', '=', customerId)
      .where('request_id', '=', requestId)
      .executeTakeFirst();
    if (row === undefined) return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    if (row.state !== 'requested')
      refuse('person-request-decided', '该申请已办结：请刷新。', 'This request is decided already: reload.');
    if (!mayDecide({ state: row.state, requestedBy: row.requested_by }, actor).includes(action))
      refuse(
        'not-yours-to-decide',
        '经办人不能复核自己的申请，只有经办人可以撤回：请由另一人办理。',
        'Nobody decides on what they wrote down, and only they withdraw it: ask another person.',
      );
    const kind = kindOf(row.kind);
    if (action === 'approve') {
      await refuseObstacle(tx, now, customerId, kind);
      await carryOut(tx, platform, { ...row, kind });
    }
    const state = { approve: 'done', reject: 'rejected', withdraw: 'withdrawn' }[action];
    await tx.db
      .updateTable('personal.request')
      .set({ state, decided_by: actor.staffId, decided_at: now, note: note ?? null })
      .where('customer_id', '=', customerId)
      .where('request_id', '=', requestId)
      .execute();
    const entry = ({ approve: 'person.approved', reject: 'person.rejected', withdraw: 'person.withdrawn' } as const)[action];
    await audit(tx, actor, {
      kind: entry,
      subject: requestId,
      customerId,
      body: { of: kind, ...(row.field !== null && { field: row.field }) },
    });
  });
}
