import { randomUUID } from 'node:crypto';
import { todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import { findCustomer } from '../reads/customers.ts';
import { isPrivate } from '../reads/teams.ts';
import type { TeamMay } from '../team-contract.ts';
import { UNIQUE_VIOLATION } from './transfers.ts';

interface Leading {
  readonly platform: Platform;
  readonly person: Person;
  readonly actor: Actor;
}

/** A team is a few people who know each other. */
const MEMBERS_MAX = 8;

function refuseMissing(): never {
  return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

/** Puts somebody of the customer's branch into the team of a private customer of one's scope. */
export async function joinTeam(
  { platform, person, actor }: Leading,
  wish: { readonly customerId: string; readonly staffId: string; readonly may: TeamMay; readonly words: string },
): Promise<void> {
  const { customerId, staffId, may, words } = wish;
  const now = platform.now();
  const memberId = randomUUID();
  try {
    await unscoped(platform.worker, async (tx) => {
      const customer = (await findCustomer(tx, person.scope, customerId)) ?? refuseMissing();
      if (!(await isPrivate(tx, customer)))
        refuse(
          'not-private',
          '柔性团队只用于最高层级（私人银行）客户。',
          'Only customers of the highest band have a flexible team.',
        );
      await refuseUnfit(tx, customerId, staffId, todayOf(now));
      await tx.client.query(
        `insert into coverage.team_member (customer_id, member_id, staff_id, may, words, from_date, added_by) values ($1, $2, $3, $4, $5, $6, $7)`,
        [customerId, memberId, staffId, may, words, todayOf(now), actor.staffId],
      );
      await audit(tx, actor, { kind: 'team.joined', subject: memberId, customerId, body: { staff: staffId, may } });
      await notify(tx, now, [staffId], { kind: 'team-joined', subject: memberId });
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)
      return refuse(
        'in-team-already',
        '此人已在团队中：要改权限，请先退出再加入。',
        'They are in the team already: end it first to change what they may do.',
      );
    throw error;
  }
}

async function refuseUnfit(tx: Tx, customerId: string, staffId: string, today: string): Promise<void> {
  const { rows } = await tx.client.query<{ fit: boolean; members: number }>(
    `select exists (select from organisation.staff m join organisation.org_unit u on u.id = m.org_unit_id
        where m.id = $2 and m.role not in ('system-admin', 'auditor') and (m.left_on is null or m.left_on > $3::date)
          and u.branch_id = s.branch_id) as fit,
       (select count(*) from coverage.team_member t where t.customer_id = s.customer_id and t.ended_on is null) as members
       from coverage.standing s where s.customer_id = $1`,
    [customerId, staffId, today],
  );
  const [found] = rows;
  if (found?.fit !== true)
    refuse('no-member', '团队成员须是客户所在分行的在岗员工。', 'A member works in the customer’s branch.');
  if (found.members >= MEMBERS_MAX)
    refuse(
      'team-full',
      `团队最多 ${MEMBERS_MAX} 人，请先退出一人。`,
      `A team has at most ${MEMBERS_MAX} members: end one first.`,
    );
}

/** Ends somebody's part in the team of a customer of one's scope: they see the customer no more. */
export function leaveTeam({ platform, person, actor }: Leading, customerId: string, memberId: string): Promise<void> {
  return unscoped(platform.worker, async (tx) => {
    if ((await findCustomer(tx, person.scope, customerId)) === undefined) refuseMissing();
    const { rowCount } = await tx.client.query(
      'update coverage.team_member set ended_on = $3, ended_by = $4 where customer_id = $1 and member_id = $2 and ended_on is null',
      [customerId, memberId, todayOf(platform.now()), actor.staffId],
    );
    if (rowCount === 0) refuseMissing();
    await audit(tx, actor, { kind: 'team.left', subject: memberId, customerId });
  });
}
