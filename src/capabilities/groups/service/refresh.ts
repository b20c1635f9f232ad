import { type RawBuilder, sql } from 'kysely';
import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Platform } from '../../../platform/context.ts';
import { point } from '../../../platform/crash.ts';
import { LOCKS } from '../../../platform/db/locks.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { type RuleGround, ruleSql } from './compile.ts';
import { activeGroups, type Definition, keepShipped } from './definitions.ts';
import { refreshFacts } from './facts.ts';
import { ruleGround } from './ground.ts';

/** What a refresh did. */
export interface Refreshed {
  readonly day: BusinessDate | null;
  readonly groups: number;
  readonly entered: number;
  readonly left: number;
}

/**
 * Works out who is in which group as of the newest closed day: all groups in one pass over the customers. One transaction, so it can be
 * killed at any instant; running it again for the same day changes nothing.
 */
export async function refreshGroups(platform: Platform): Promise<Refreshed> {
  const now = platform.now();
  const done = await unscoped(platform.worker, async (tx) => {
    await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.groups]);
    const ground = await ruleGround(tx);
    if (ground === undefined) return { day: null, groups: 0, entered: 0, left: 0 };
    // Everybody is looked at. Tables that this very transaction fills have no statistics yet, and loops over them take ten times as long.
    await tx.client.query('set local enable_nestloop = off');
    await keepShipped(tx, now);
    const groups = await activeGroups(tx);
    await refreshFacts(tx, ground.day);
    point('groups.facts');
    const moved = await moveMembers(tx, ground, groups);
    point('groups.moved');
    return { day: ground.day, groups: groups.length, ...moved };
  });
  point('groups.committed');
  return done;
}

/** Works out one group at once, for who has just written its rule down. The facts are those of the last night. */
export async function refreshOne(tx: Tx, group: Definition): Promise<void> {
  await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.groups]);
  const ground = await ruleGround(tx);
  if (ground !== undefined) await moveMembers(tx, ground, [group]);
}

/** Whose customers a group is about: a unit's, its owner's, or the bank's. */
export function reachSql(
  { unitId, ownerStaff }: Pick<Definition, 'unitId' | 'ownerStaff'>,
  { units }: RuleGround,
): RawBuilder<unknown> {
  if (unitId !== null) {
    const unit = units.get(unitId);
    return unit === undefined ? sql`false` : sql`s.unit_no between ${unit.lo}::int and ${unit.hi}::int`;
  }
  if (ownerStaff !== null)
    return sql`coalesce(s.lead_staff = ${ownerStaff}, false) or coalesce(s.joint_staff = ${ownerStaff}, false)`;
  return sql`true`;
}

async function moveMembers(
  tx: Tx,
  ground: RuleGround,
  groups: readonly Definition[],
): Promise<{ readonly entered: number; readonly left: number }> {
  if (groups.length === 0) return { entered: 0, left: 0 };
  const { day } = ground;
  const answers = groups.map(
    (group) => sql`case when (${reachSql(group, ground)}) and ${ruleSql(group.rule, ground)} then ${group.groupId}::text end`,
  );
  await sql`truncate groups.stage_change`.execute(tx.db);
  // Who belongs against who is in: whoever is on one side only enters or leaves, also those who are looked at no more.
  await sql`
    insert into groups.stage_change (customer_id, group_id, enters)
    select coalesce(b.customer_id, m.customer_id), coalesce(b.group_id, m.group_id), m.customer_id is null
      from (select s.customer_id, unnest(array_remove(array[${sql.join(answers)}], null)) as group_id
              from coverage.standing s join groups.fact f on f.customer_id = s.customer_id) b
      full join (select customer_id, group_id from groups.stay
                  where to_date is null and group_id = any(${groups.map(({ groupId }) => groupId)})) m
        on m.customer_id = b.customer_id and m.group_id = b.group_id
     where b.customer_id is null or m.customer_id is null`.execute(tx.db);
  return { left: await letGo(tx, day), entered: await takeIn(tx, day) };
}

/** Who entered only today was never in for a whole day, and leaves without a trace. */
async function letGo(tx: Tx, day: BusinessDate): Promise<number> {
  const never = await sql`
    delete from groups.stay m using groups.stage_change x where x.customer_id = m.customer_id and x.group_id = m.group_id
       and not x.enters and m.to_date is null and m.from_date >= ${day}`.execute(tx.db);
  const left = await sql`
    update groups.stay m set to_date = ${day} from groups.stage_change x where x.customer_id = m.customer_id and x.group_id = m.group_id
       and not x.enters and m.to_date is null`.execute(tx.db);
  return Number(never.numAffectedRows ?? 0) + Number(left.numAffectedRows ?? 0);
}

/** Who had left only today never left. */
async function takeIn(tx: Tx, day: BusinessDate): Promise<number> {
  const back = await sql`
    update groups.stay m set to_date = null from groups.stage_change x where x.customer_id = m.customer_id and x.group_id = m.group_id
       and x.enters and m.to_date = ${day}`.execute(tx.db);
  const entered = await sql`
    insert into groups.stay (customer_id, group_id, from_date, unit_no, lead_staff, joint_staff)
    select x.customer_id, x.group_id, ${day}, f.unit_no, f.lead_staff, f.joint_staff
      from groups.stage_change x join groups.fact f on f.customer_id = x.customer_id
      left join groups.stay m on m.customer_id = x.customer_id and m.group_id = x.group_id and m.to_date is null
     where x.enters and m.customer_id is null`.execute(tx.db);
  return Number(back.numAffectedRows ?? 0) + Number(entered.numAffectedRows ?? 0);
}

/** Those who are in a retired group leave it. */
export async function emptyGroup(tx: Tx, groupId: string): Promise<void> {
  const ground = await ruleGround(tx);
  if (ground === undefined) return;
  await tx.client.query('delete from groups.stay where group_id = $1 and to_date is null and from_date >= $2', [
    groupId,
    ground.day,
  ]);
  await tx.client.query('update groups.stay set to_date = $2 where group_id = $1 and to_date is null', [groupId, ground.day]);
}
