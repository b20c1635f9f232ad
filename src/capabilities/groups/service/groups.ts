import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import { scoped, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { groupsFor, mayEdit, nameIn, standingsOf } from '../reads/groups.ts';
import { choicesIn, parseRule, type Rule } from '../rules/rule.ts';
import { ruleWords } from '../rules/words.ts';
import { type RuleGround, ruleSql } from './compile.ts';
import type { Definition } from './definitions.ts';
import { ruleGround } from './ground.ts';
import { emptyGroup, refreshOne } from './refresh.ts';

/** A count while somebody types must not hold anything up. */
const COUNT_TIMEOUT_MS = 3_000;
const QUERY_CANCELED = '57014';
/** So many groups of one's own, and so many shared ones of a unit: each costs every night. */
const GROUPS_MAX = 20;

interface Worker {
  readonly platform: Platform;
  readonly person: Person;
  readonly actor: Actor;
}

/** Reads a rule; refuses with all its faults, the first of them in words. */
function readRule(text: string, ground: RuleGround | undefined): Rule {
  const parsed = parseRule(text);
  if ('problems' in parsed) {
    const [first] = parsed.problems;
    return refuse(
      'rule-faulty',
      `规则有误（第 ${first?.line ?? 1} 行）：${first?.words.zh ?? ''}`,
      `The rule is faulty (line ${first?.line ?? 1}): ${first?.words.en ?? ''}`,
      { problems: parsed.problems },
    );
  }
  for (const { field, in: ids } of choicesIn(parsed.rule)) {
    const known = { tier: ground?.tiers, band: ground?.bands, unit: ground?.units, district: undefined, tag: undefined }[field];
    const unknown = known && ids.find((id) => !known.has(id));
    if (known !== undefined && unknown !== undefined)
      refuse(
        'rule-faulty',
        `规则有误：「${field}」没有「${unknown}」，可取：${[...known.keys()].slice(0, 12).join('、')}`,
        `The rule is faulty: "${field}" has no "${unknown}"; it may be ${[...known.keys()].slice(0, 12).join(', ')}`,
      );
  }
  return parsed.rule;
}

/** How many of one's customers a rule would choose. */
export function countRule({ platform, person }: Pick<Worker, 'platform' | 'person'>, text: string) {
  return scoped(platform.app, person.scope, async (tx) => {
    const ground = await ruleGround(tx);
    const rule = readRule(text, ground);
    const { view } = await groupsFor(tx, person);
    const inWords = ruleWords(rule, nameIn(view));
    if (ground === undefined) return { day: null, customers: 0, of: 0, inWords };
    await tx.client.query(`set local statement_timeout = ${COUNT_TIMEOUT_MS}`);
    const { rows } = await sql<{ customers: number; of: number }>`
      select count(*) filter (where ${ruleSql(rule, ground)}) as customers, count(*) as of
        from ${standingsOf(person.scope)} join groups.fact f on f.customer_id = s.customer_id`
      .execute(tx.db)
      .catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === QUERY_CANCELED)
          refuse(
            'count-slow',
            '客户太多，没有及时数完：可以先保存，人数在保存后显示。',
            'Too many customers to count in time: save the group, and the number is shown then.',
          );
        throw error;
      });
    return { day: ground.day, customers: rows[0]?.customers ?? 0, of: rows[0]?.of ?? 0, inWords };
  });
}

export interface GroupWish {
  readonly title: string;
  readonly rule: string;
}

/** Makes a group, of one's own or of one's unit, and works out who is in it. Gives its id. */
export function makeGroup({ platform, person, actor }: Worker, wish: GroupWish & { readonly shared: boolean }): Promise<string> {
  const groupId = randomUUID();
  const now = platform.now();
  const seesUnit = person.scope.lo !== undefined;
  if (wish.shared && !seesUnit)
    refuse(
      'not-to-share',
      '只有机构负责人和分行管理可以建立机构客群，请建为个人客群。',
      'Only heads and branch administration make groups of a unit: make one of your own.',
    );
  return unscoped(platform.worker, async (tx) => {
    const rule = readRule(wish.rule, await ruleGround(tx));
    const group: Definition = {
      ...{ groupId, title: { zh: wish.title, en: wish.title }, rule },
      ...{ ownerStaff: wish.shared ? null : person.staffId, unitId: seesUnit ? person.unitId : null },
    };
    await refuseTooMany(tx, group);
    await tx.client.query(
      `insert into groups.definition (group_id, title_zh, title_en, rule, owner_staff, unit_id, state, created_by, created_at, changed_at)
       values ($1, $2, $2, $3, $4, $5, 'active', $6, $7, $7)`,
      [groupId, wish.title, JSON.stringify(rule), group.ownerStaff, group.unitId, person.staffId, now],
    );
    await audit(tx, actor, { kind: 'group.made', subject: groupId, body: { shared: wish.shared, unit: group.unitId, rule } });
    await refreshOne(tx, group);
    return groupId;
  });
}

async function refuseTooMany(tx: Tx, { ownerStaff, unitId }: Definition): Promise<void> {
  const { rows } = await tx.client.query<{ n: number }>(
    `select count(*) as n from groups.definition where state = 'active' and owner_staff is not distinct from $1
        and ($1::text is not null or unit_id is not distinct from $2)`,
    [ownerStaff, unitId],
  );
  if ((rows[0]?.n ?? 0) >= GROUPS_MAX)
    refuse(
      'too-many-groups',
      `已有 ${GROUPS_MAX} 个客群，请先停用不再使用的。`,
      `There are ${GROUPS_MAX} groups already: retire one that is not used.`,
    );
}

async function groupToEdit(tx: Tx, { person }: Worker, groupId: string): Promise<Definition> {
  const { view, groups } = await groupsFor(tx, person);
  const group = groups.find((one) => one.groupId === groupId);
  if (group === undefined)
    return refuse('not-found', '没有这个客群，或者不在您的范围内。', 'No such group, or not within your scope.');
  if (!mayEdit(group, person, view))
    refuse(
      'not-yours-to-change',
      '这个客群由建立它的机构维护，您可以另建个人客群。',
      'This group is kept by the unit that made it; you may make one of your own.',
    );
  return group;
}

/** Changes what a group is called and who belongs to it; who no longer does leaves as of the newest closed day. */
export function changeGroup(worker: Worker, groupId: string, wish: GroupWish): Promise<void> {
  const { platform, actor } = worker;
  return unscoped(platform.worker, async (tx) => {
    const group = await groupToEdit(tx, worker, groupId);
    const rule = readRule(wish.rule, await ruleGround(tx));
    // A title that stays keeps its other language.
    const kept = group.title.zh === wish.title || group.title.en === wish.title;
    const title = kept ? group.title : { zh: wish.title, en: wish.title };
    await tx.client.query(
      'update groups.definition set title_zh = $2, title_en = $3, rule = $4, changed_at = $5 where group_id = $1',
      [groupId, title.zh, title.en, JSON.stringify(rule), platform.now()],
    );
    await audit(tx, actor, { kind: 'group.changed', subject: groupId, body: { from: group.rule, to: rule } });
    await refreshOne(tx, { ...group, title, rule });
  });
}

/** Puts a group out of use; who was in it when stays to be read. */
export function retireGroup(worker: Worker, groupId: string): Promise<void> {
  const { platform, actor } = worker;
  return unscoped(platform.worker, async (tx) => {
    await groupToEdit(tx, worker, groupId);
    await tx.client.query("update groups.definition set state = 'retired', changed_at = $2 where group_id = $1", [
      groupId,
      platform.now(),
    ]);
    await audit(tx, actor, { kind: 'group.retired', subject: groupId });
    await emptyGroup(tx, groupId);
  });
}
