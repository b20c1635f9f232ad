import type { z } from 'zod';
import { addDays, businessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { isRole, ROLE_RIGHTS } from '../../../platform/auth/roles.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { notify } from '../../../platform/notice/index.ts';
import type { UnitRow } from '../../coverage/index.ts';
import type { actionInput, actionStep } from '../contract.ts';

type NewAction = z.output<typeof actionInput>;
const DUE_DAYS = 92;

/** Gives somebody of the unit what a meeting asks of them, with the minutes that say so; they are told. */
export async function giveActions(
  tx: Tx,
  { platform, actor }: Ctx,
  unit: UnitRow,
  minutesId: string,
  actions: readonly NewAction[],
): Promise<void> {
  const now = platform.now();
  const [today, latest] = [todayOf(now), addDays(todayOf(now), DUE_DAYS)];
  for (const { actionId, staffId, words, dueOn } of actions) {
    const due = businessDate(dueOn);
    if (due < today || due > latest)
      refuse('due-day', `应办日期须在 ${today} 至 ${latest} 之间。`, `The day must lie between ${today} and ${latest}.`);
    await refuseStranger(tx, unit, staffId);
    await tx.db
      .insertInto('meetings.action')
      .values({
        ...{ action_id: actionId, minutes_id: minutesId, unit_id: unit.id, unit_no: unit.unit_no, staff_id: staffId },
        ...{ words, due_on: due, made_by: actor.staffId, made_at: now },
      })
      .execute();
    await audit(tx, actor, { kind: 'action.given', subject: actionId, body: { unit: unit.id, to: staffId, due } });
    await notify(tx, now, [staffId], { kind: 'action-given', subject: actionId });
  }
}

/** Whoever is to do it must be there, belong to the unit and have a workbench. */
async function refuseStranger(tx: Tx, unit: UnitRow, staffId: string): Promise<void> {
  const { rows } = await tx.client.query<{ role: string }>(
    `select s.role from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.id = $1 and s.left_on is null and u.unit_no between $2 and $3`,
    [staffId, unit.unit_no, unit.last_no],
  );
  const role = rows[0]?.role ?? '';
  if (!isRole(role) || !ROLE_RIGHTS[role].permissions.includes('contacts.record'))
    refuse(
      'not-theirs',
      '承办人须是本机构在岗、有工作台的人员。',
      'Whoever is to do it must work in the unit and have a workbench.',
    );
}

/** Whoever is to do it says that it is done; a head of its unit may say so too, or drop it with the reason. */
export async function stepAction(ctx: Ctx, actionId: string, { step, words }: z.output<typeof actionStep>): Promise<void> {
  const { platform, person, actor } = ctx;
  await unscoped(platform.worker, async (tx) => {
    const row = await tx.db
      .selectFrom('meetings.action')
      .select(['staff_id', 'unit_no', 'state'])
      .where('action_id', '=', actionId)
      .forUpdate()
      .executeTakeFirst();
    const { lo, hi = lo } = person.scope;
    const leads = lo !== undefined && hi !== undefined && row !== undefined && row.unit_no >= lo && row.unit_no <= hi;
    if (row === undefined || !(leads || row.staff_id === person.scope.staffId))
      return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    if (row.state !== 'open' || (step === 'drop' && !leads))
      refuse('not-possible', '这件事现在不能这样处理，请刷新。', 'This cannot be done with it now; please refresh.');
    const state = step === 'done' ? 'done' : 'dropped';
    await tx.db
      .updateTable('meetings.action')
      .set({ state, ended_by: actor.staffId, ended_at: platform.now(), ended_words: words })
      .where('action_id', '=', actionId)
      .execute();
    await audit(tx, actor, { kind: 'action.ended', subject: actionId, body: { state } });
  });
}
