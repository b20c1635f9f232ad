import { addDays, businessDate, daysFromTo, todayOf } from '../../kernel/business-date.ts';
import { refuse } from '../../kernel/refusal.ts';
import { type Actor, audit } from '../audit/index.ts';
import type { Platform } from '../context.ts';
import { LOCKS } from '../db/locks.ts';
import { type Tx, unscoped } from '../db/transaction.ts';
import { notify } from '../notice/index.ts';
import { type DeputyAction, type DeputyProblem, deputyProblem, type Member, MOST_DAYS, mayDoDeputy } from './deputy-rules.ts';
import { isRole, needsSecondFactor } from './roles.ts';
import type { SignedIn } from './session.ts';

export interface Asking {
  readonly person: SignedIn;
  readonly actor: Actor;
}

export interface DeputyWish {
  readonly absent: string;
  readonly deputy: string;
  readonly from: string;
  readonly to: string;
  readonly words: string;
}

const PROBLEMS: Readonly<Record<DeputyProblem, { readonly zh: string; readonly en: string }>> = {
  'deputy-same': { zh: '代理人和被代理人不能是同一人。', en: 'Nobody stands in for themselves.' },
  'deputy-role': {
    zh: '这两个岗位之间不能代理：审计和系统管理不设代理，分行管理只由分行管理代理。',
    en: 'These roles cannot stand in for each other: nobody does for auditors and system administrators, and only branch administration for branch administration.',
  },
  'deputy-unit': { zh: '代理人须与被代理人同属一家分行。', en: 'Both have to belong to the same branch.' },
  'deputy-days': {
    zh: `代理期从今天或以后开始，最长 ${MOST_DAYS} 天。`,
    en: `The days begin today or later and are ${MOST_DAYS} at most.`,
  },
  'deputy-overlaps': {
    zh: '这段时间已有人代理，或已提出代理。',
    en: 'Somebody stands in on these days already, or is proposed to.',
  },
  'deputy-chain': {
    zh: '代理不能转托：代理人这段时间自己不在岗，或者被代理人正在代理别人。',
    en: 'Standing in is not passed on: the deputy is away on these days, or the absent person stands in for somebody.',
  },
};

const stop = (problem: DeputyProblem): never => refuse(problem, PROBLEMS[problem].zh, PROBLEMS[problem].en);
const missing = (): never => refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');

/** Whoever stands in for somebody lends nothing on. */
function refuseWhileActing({ actsFor }: SignedIn): void {
  if (actsFor !== undefined)
    refuse(
      'not-while-acting',
      '代理期间不能办理代理：请先切回本人。',
      'Switch back to yourself first: a deputy sets no deputies.',
    );
}

interface MemberRow extends Member {
  readonly unitNo: number;
}

async function memberOf(tx: Tx, staffId: string, today: string): Promise<MemberRow> {
  const { rows } = await tx.client.query<{ role: string; unit_no: number; branch_id: string | null }>(
    `select s.role, u.unit_no, u.branch_id from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.id = $1 and (s.left_on is null or s.left_on > $2::date)`,
    [staffId, today],
  );
  const row = rows[0];
  if (row === undefined || !isRole(row.role)) return missing();
  return { staffId, role: row.role, unitNo: row.unit_no, branchId: row.branch_id };
}

function sees({ scope: { lo, hi = lo } }: SignedIn, unitNo: number): boolean {
  return lo !== undefined && hi !== undefined && unitNo >= lo && unitNo <= hi;
}

/** Proposes that somebody of one's unit is stood in for; somebody else decides. */
export function proposeDeputy(platform: Platform, { person, actor }: Asking, wish: DeputyWish): Promise<string> {
  refuseWhileActing(person);
  const now = platform.now();
  const today = todayOf(now);
  const [from, to] = [businessDate(wish.from), businessDate(wish.to)];
  if (from < today || to < from || to > addDays(from, MOST_DAYS - 1)) stop('deputy-days');
  return unscoped(platform.app, async (tx) => {
    await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.deputies]);
    const [absent, deputy] = [await memberOf(tx, wish.absent, today), await memberOf(tx, wish.deputy, today)];
    if (!sees(person, absent.unitNo)) return missing();
    const problem = deputyProblem(absent, deputy) ?? (await clash(tx, wish));
    if (problem !== undefined) return stop(problem);
    const { rows } = await tx.client.query<{ deputy_id: string }>(
      `insert into platform.deputy (absent, deputy, from_date, to_date, words, state, unit_no, proposed_by, proposed_at)
       values ($1, $2, $3, $4, $5, 'proposed', $6, $7, $8) returning deputy_id`,
      [wish.absent, wish.deputy, from, to, wish.words, absent.unitNo, person.staffId, now],
    );
    const id = rows[0]?.deputy_id ?? missing();
    const body = { absent: wish.absent, deputy: wish.deputy, from, to, days: daysFromTo(from, to).length };
    await audit(tx, actor, { kind: 'deputy.proposed', subject: id, purpose: wish.words, body });
    return id;
  });
}

/** What else there is on the days of a wish. */
async function clash(tx: Tx, { absent, deputy, from, to }: DeputyWish): Promise<DeputyProblem | undefined> {
  const { rows } = await tx.client.query<{ absent: string }>(
    `select absent from platform.deputy where state in ('proposed', 'approved') and from_date <= $4::date and to_date >= $3::date
        and (absent in ($1, $2) or deputy = $1)`,
    [absent, deputy, from, to],
  );
  if (rows.some((row) => row.absent === absent)) return 'deputy-overlaps';
  return rows.length > 0 ? 'deputy-chain' : undefined;
}

export interface DeputyRow {
  readonly deputy_id: string;
  readonly absent: string;
  readonly deputy: string;
  readonly from_date: string;
  readonly to_date: string;
  readonly words: string;
  readonly state: string;
  readonly unit_no: number;
  readonly proposed_by: string;
  readonly proposed_at: Date;
  readonly decided_by: string | null;
}

/** What a person may do with a row that they see. */
export function mayDo(row: DeputyRow, person: SignedIn, today: string): DeputyAction[] {
  if (person.actsFor !== undefined) return [];
  return mayDoDeputy(
    { absent: row.absent, deputy: row.deputy, state: row.state, toDate: row.to_date, proposedBy: row.proposed_by },
    { identities: person.identities, heads: person.permissions.has('transfers.decide') && sees(person, row.unit_no), today },
  );
}

const STATES = { approve: 'approved', refuse: 'refused', end: 'ended' } as const;

/** Approves, refuses or ends; an end counts in the next request of whoever stands in. */
export function stepDeputy(
  platform: Platform,
  { person, actor }: Asking,
  { deputyId, action }: { readonly deputyId: string; readonly action: DeputyAction },
): Promise<void> {
  refuseWhileActing(person);
  const now = platform.now();
  return unscoped(platform.worker, async (tx) => {
    const { rows } = await tx.client.query<DeputyRow>('select * from platform.deputy where deputy_id::text = $1 for update', [
      deputyId,
    ]);
    const row = rows[0];
    const visible = row !== undefined && (sees(person, row.unit_no) || [row.absent, row.deputy].includes(person.staffId));
    if (row === undefined || !visible) return missing();
    if (!mayDo(row, person, todayOf(now)).includes(action))
      return refuse(
        'deputy-not-yours',
        '这一步不能由您办理：须由既未提出、也不是代理双方的另一位负责人审批，或者状态已变，请刷新。',
        'Not yours to do: another head who proposed nothing and is neither of the two decides; or it has changed, reload.',
      );
    await tx.client.query(
      action === 'end'
        ? "update platform.deputy set state = 'ended', ended_by = $2, ended_at = $3 where deputy_id = $1"
        : `update platform.deputy set state = '${STATES[action]}', decided_by = $2, decided_at = $3 where deputy_id = $1`,
      [row.deputy_id, person.staffId, now],
    );
    await audit(tx, actor, {
      kind: `deputy.${STATES[action]}`,
      subject: row.deputy_id,
      body: { absent: row.absent, deputy: row.deputy },
    });
    const told = [row.absent, row.deputy].filter((id) => id !== person.staffId);
    const kind = action === 'approve' ? 'deputy-approved' : 'deputy-ended';
    if (action !== 'refuse') await notify(tx, now, told, { kind, subject: row.deputy_id });
  });
}

/** From the next request on the session sees what the absent person sees; null = oneself again. */
export function actFor(platform: Platform, { person, actor }: Asking, absent: string | null): Promise<void> {
  const today = todayOf(platform.now());
  return unscoped(platform.app, async (tx) => {
    if (absent !== null) {
      const { rowCount } = await tx.client.query(
        "select from platform.deputy where deputy = $1 and absent = $2 and state = 'approved' and $3::date between from_date and to_date",
        [person.staffId, absent, today],
      );
      if (rowCount === 0) return missing();
      const { role } = await memberOf(tx, absent, today);
      if (needsSecondFactor(role) && !person.strong)
        return refuse(
          'second-factor-needed',
          '代理这个岗位须用动态口令登录：请先在“我的登录”中启用，再重新登录。',
          'Standing in for this role takes a sign-in with a second factor: set one up, then sign in again.',
        );
    }
    await tx.client.query('update platform.session set on_behalf_of = $2 where session_id = $1', [person.sessionId, absent]);
    await audit(tx, actor, { kind: 'session.acting', subject: absent ?? person.staffId });
  });
}
