import { businessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { unseal } from '../../../platform/secrets.ts';
import { eraseAppointments } from '../../appointments/index.ts';
import { holdings } from '../../closing/index.ts';
import { eraseWords, refreshCard } from '../../coverage/index.ts';
import { ERASED_NAME, eraseIdentity, fieldOf, setIdentity } from '../../customers/index.ts';
import { eraseProfile } from '../../engagement/index.ts';
import { eraseGroups } from '../../groups/index.ts';
import { eraseSales } from '../../ledgers/index.ts';
import { eraseOutreach } from '../../outreach/index.ts';
import { erasureObstacle, type RequestKind } from '../rules/rights.ts';
import { readMark, setMark } from './marks.ts';

/** What stands against erasing somebody today; undefined when nothing does. */
export async function obstacleFor(tx: Tx, now: Date, customerId: string) {
  const person = await tx.db
    .selectFrom('customers.customer')
    .select(['opened_on', 'closed_on'])
    .where('customer_id', '=', customerId)
    .executeTakeFirst();
  const mark = await readMark(tx, customerId);
  return erasureObstacle({
    heldAt: mark?.held_at ?? null,
    holdings: (await holdings(tx, customerId)).length,
    openedOn: person?.opened_on ?? null,
    closedOn: person?.closed_on == null ? null : businessDate(person.closed_on),
    today: todayOf(now),
  });
}

/** Refuses what cannot be asked for as things stand. */
export async function refuseObstacle(tx: Tx, now: Date, customerId: string, kind: RequestKind): Promise<void> {
  const mark = await readMark(tx, customerId);
  if (mark?.erased_at != null)
    refuse(
      'person-erased',
      '该客户的身份信息已删除，没有可办理的事项。',
      'This customer has been erased: there is nothing left to act on.',
    );
  if (kind !== 'erase') return;
  const obstacle = await obstacleFor(tx, now, customerId);
  if (obstacle?.code === 'held')
    refuse(
      'erasure-held',
      '该客户的信息正依法保全：须先由两人解除保全，才能删除。',
      'A legal hold stands: two people lift it first.',
    );
  if (obstacle?.code === 'still-customer')
    refuse(
      'erasure-still-customer',
      '仍是本行客户（有持仓或未销户），信息须继续保存；可改为“限制处理”。',
      'Still a customer (holdings, or no closing day), so the data has to stay; restrict it instead.',
    );
  if (obstacle?.code === 'law-keeps')
    refuse(
      'erasure-law-keeps',
      `反洗钱法要求保存至 ${obstacle.until}；此前可“限制处理”，到期后再申请删除。`,
      `The anti-money-laundering law keeps it until ${obstacle.until}; restrict it until then.`,
      { until: obstacle.until },
    );
}

interface Asked {
  readonly customer_id: string;
  readonly kind: RequestKind;
  readonly field: string | null;
  readonly value_sealed: Buffer | null;
}

/** Does what was asked for, within the transaction that says so. */
export async function carryOut(tx: Tx, platform: Platform, asked: Asked): Promise<void> {
  const { customer_id: customerId, kind } = asked;
  const now = platform.now();
  if (kind === 'restrict') await setMark(tx, customerId, { restricted_at: now, no_marketing: true });
  if (kind === 'release')
    await setMark(tx, customerId, { restricted_at: null, no_marketing: await marketingWithdrawn(tx, customerId) });
  if (kind === 'hold') await setMark(tx, customerId, { held_at: now });
  if (kind === 'unhold') await setMark(tx, customerId, { held_at: null });
  if (kind === 'erase') await erase(tx, now, customerId);
  const field = fieldOf(asked.field);
  if (kind === 'correct' && field !== undefined && asked.value_sealed !== null) {
    await forgetOlder(tx, now, customerId, field);
    await setIdentity(tx, platform.secrets, customerId, field, unseal(platform.secrets, asked.value_sealed));
    await refreshCard(tx, customerId);
  }
}

/** A later correction of the same field takes the place of an earlier one. */
async function forgetOlder(tx: Tx, now: Date, customerId: string, field: string): Promise<void> {
  await tx.db
    .updateTable('personal.request')
    .set({ agreed_at: now })
    .where('customer_id', '=', customerId)
    .where('kind', '=', 'correct')
    .where('field', '=', field)
    .where('state', '=', 'done')
    .where('agreed_at', 'is', null)
    .execute();
}

async function marketingWithdrawn(tx: Tx, customerId: string): Promise<boolean> {
  const last = await tx.db
    .selectFrom('personal.consent')
    .select('given')
    .where('customer_id', '=', customerId)
    .where('purpose', '=', 'marketing')
    .orderBy('recorded_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.given === false;
}

/** Identity and free words go; number, days, balances and who looked after them stay, and point at nobody any more. */
async function erase(tx: Tx, now: Date, customerId: string): Promise<void> {
  await eraseIdentity(tx, customerId);
  await eraseWords(tx, customerId, ERASED_NAME);
  await eraseProfile(tx, customerId, ERASED_NAME);
  await eraseAppointments(tx, customerId, ERASED_NAME);
  await eraseOutreach(tx, customerId, ERASED_NAME);
  await eraseSales(tx, customerId, ERASED_NAME);
  await eraseGroups(tx, customerId);
  await tx.db
    .updateTable('personal.request')
    .set({ value_sealed: null, words: ERASED_NAME, agreed_at: now })
    .where('customer_id', '=', customerId)
    .execute();
  await tx.db.updateTable('personal.consent').set({ words: ERASED_NAME }).where('customer_id', '=', customerId).execute();
  await setMark(tx, customerId, { erased_at: now, no_marketing: true, no_profiling: true });
}
