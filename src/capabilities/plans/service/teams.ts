import type { z } from 'zod';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { staffRefOf, staffRefs, type UnitRow } from '../../coverage/index.ts';
import type { teamInput, teamList } from '../contract.ts';
import { peopleOf } from '../reads/people.ts';

/** Teams of a unit, and who could be in one. */
export async function teamsOf(tx: Tx, { person }: Pick<Ctx, 'person'>, unit: UnitRow): Promise<z.input<typeof teamList>> {
  const teams = await tx.db
    .selectFrom('plans.team')
    .selectAll()
    .where('unit_no', '>=', unit.unit_no)
    .where('unit_no', '<=', unit.last_no)
    .where('ended_at', 'is', null)
    .orderBy('name')
    .orderBy('team_id')
    .execute();
  const people = await peopleOf(tx, unit);
  const staff = await staffRefs(tx, [...teams.flatMap(({ members }) => members), ...people.map(({ id }) => id)]);
  const known = (ids: readonly string[]) => ids.flatMap((id) => staffRefOf(staff, id) ?? []);
  const may = person.permissions.has('transfers.decide');
  return {
    items: teams.map((team) => ({
      ...{ teamId: team.team_id, name: team.name, leader: staffRefOf(staff, team.leader), members: known(team.members) },
      may: may ? ['end'] : [],
    })),
    people: known(people.map(({ id }) => id)),
    may: may ? ['make'] : [],
  };
}

/** Makes a team of people of a unit, one of whom leads it. Sent twice it is one. */
export async function makeTeam({ platform, actor }: Ctx, unit: UnitRow, wish: z.output<typeof teamInput>): Promise<void> {
  await unscoped(platform.worker, async (tx) => {
    const ids = new Set((await peopleOf(tx, unit)).map(({ id }) => id));
    const members = [...new Set([wish.leader, ...wish.members])];
    const stranger = members.find((id) => !ids.has(id));
    if (stranger !== undefined)
      refuse('team-unfit', `员工 ${stranger} 不在本机构承担计划的人员中。`, `${stranger} is nobody of this unit’s plan.`);
    const { numInsertedOrUpdatedRows } = await tx.db
      .insertInto('plans.team')
      .values({
        ...{ team_id: wish.teamId, unit_id: unit.id, unit_no: unit.unit_no, name: wish.name, leader: wish.leader, members },
        ...{ made_by: actor.staffId, made_at: platform.now() },
      })
      .onConflict((found) => found.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 0n)
      await audit(tx, actor, { kind: 'plan-team.made', subject: wish.teamId, body: { unit: unit.id, people: members.length } });
  });
}

/** Ends a team of one's units; its past stays. Gives the unit that it was of. */
export async function endTeam({ platform, person, actor }: Ctx, teamId: string): Promise<string> {
  return unscoped(platform.worker, async (tx) => {
    const row = await tx.db
      .updateTable('plans.team')
      .set({ ended_at: platform.now() })
      .where('team_id', '=', teamId)
      .where('unit_no', '>=', person.scope.lo ?? 1)
      .where('unit_no', '<=', person.scope.lo === undefined ? 0 : (person.scope.hi ?? person.scope.lo))
      .where('ended_at', 'is', null)
      .returning('unit_id')
      .executeTakeFirst();
    if (row === undefined) return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    await audit(tx, actor, { kind: 'plan-team.ended', subject: teamId, body: { unit: row.unit_id } });
    return row.unit_id;
  });
}
