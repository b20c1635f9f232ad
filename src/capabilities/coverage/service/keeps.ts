import { randomUUID } from 'node:crypto';
import { todayOf } from '../../../kernel/business-date.ts';
import { maskName } from '../../../kernel/mask.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { type Actor, audit } from '../../../platform/audit/index.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { notify } from '../../../platform/notice/index.ts';
import { isRaised, type KeepAction, type KeepState, mayDoWithKeep, VIP_FROM_FEN } from '../rules/keep.ts';
import { headsOver } from './transfer-notices.ts';
import { UNIQUE_VIOLATION } from './transfers.ts';

interface Asking {
  readonly platform: Platform;
  readonly person: Person;
  readonly actor: Actor;
}

interface Raised {
  readonly customer_id: string;
  readonly name: string;
  readonly unit_no: number;
  readonly began_on: string;
  readonly began_fen: number;
  readonly now_fen: number;
}

const OFFERS_MAX = 200;

/**
 * Customers of the teller's outlet whom the teller has or had, or who stand under their name as claimed or recruited: since when, and
 * what they had then. It is asked past row security, because who was raised has often gone to a manager since; it tells of nobody
 * whom the teller did not have.
 */
async function hadBy(tx: Tx, { person }: Asking, customerId: string | null): Promise<Raised[]> {
  const { rows } = await tx.client.query<Raised>(
    `with had as (
       select customer_id, min(on_day) as began from (
         select customer_id, from_date as on_day from coverage.assignment where staff_id = $1 and to_date is not null
         union all select a.customer_id, a.from_date from coverage.by_staff b
           join coverage.assignment a on a.customer_id = b.customer_id and a.staff_id = b.staff_id and a.to_date is null where b.staff_id = $1
         union all select customer_id, on_date from coverage.raised_by where staff_id = $1) x
        where $2::text is null or customer_id = $2 group by customer_id)
     select h.customer_id, c.name, s.unit_no, h.began as began_on, coalesce(g.assets_fen, b.assets_fen, 0) as began_fen, s.assets_fen as now_fen
       from had h join coverage.standing s on s.customer_id = h.customer_id join coverage.card c on c.customer_id = h.customer_id
       left join closing.segment g on g.customer_id = h.customer_id and g.from_date <= h.began and g.to_date > h.began
       left join closing.balance b on b.customer_id = h.customer_id and b.from_date <= h.began
      where s.unit_no between $3 and $4 order by s.assets_fen desc, h.customer_id`,
    [person.staffId, customerId, person.unitNo, person.lastNo],
  );
  return rows;
}

const raised = ({ began_fen, now_fen }: Raised) => isRaised({ beganFen: began_fen, nowFen: now_fen });

/** Whom a teller may ask to keep: raised to VIP, and on nobody's list. */
export function offersFor(asking: Asking) {
  const isTeller = asking.person.role === 'teller';
  if (!isTeller) return Promise.resolve({ isTeller, items: [] });
  return unscoped(asking.platform.worker, async (tx) => {
    const found = (await hadBy(tx, asking, null)).filter(raised);
    const { rows } = await tx.client.query<{ customer_id: string }>(
      "select customer_id from coverage.keep where customer_id = any($1) and state in ('requested', 'agreed')",
      [found.map((row) => row.customer_id)],
    );
    const taken = new Set(rows.map((row) => row.customer_id));
    const items = found.filter((row) => !taken.has(row.customer_id)).slice(0, OFFERS_MAX);
    return {
      isTeller,
      items: items.map((row) => ({
        ...{ customerId: row.customer_id, name: maskName(row.name) },
        ...{ beganOn: row.began_on, beganFen: row.began_fen, nowFen: row.now_fen },
      })),
    };
  });
}

/** Asks the outlet's head to put a customer whom one raised to VIP on one's list. Gives the id of the request. */
export async function askToKeep(asking: Asking, wish: { readonly customerId: string; readonly words: string }): Promise<string> {
  const { platform, person, actor } = asking;
  const { customerId, words } = wish;
  const now = platform.now();
  if (person.role !== 'teller')
    refuse('not-a-teller', '柜员名单只由柜员本人申请。', 'Only tellers ask for customers on a list of theirs.');
  try {
    return await unscoped(platform.worker, async (tx) => {
      const [found] = await hadBy(tx, asking, customerId);
      if (found === undefined)
        return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
      if (!raised(found))
        refuse(
          'not-raised',
          `只有由您负责时低于 ${VIP_FROM_FEN / 1_000_000} 万元、如今达到的客户才能列入名单。`,
          `Only customers who were below ${VIP_FROM_FEN / 100} yuan when they became yours and have reached it now can be on the list.`,
        );
      const keepId = randomUUID();
      await tx.client.query(
        `insert into coverage.keep (customer_id, keep_id, staff_id, unit_no, state, began_on, began_fen, asked_fen, is_vip, words, requested_at)
         values ($1, $2, $3, $4, 'requested', $5, $6, $7, true, $8, $9)`,
        [customerId, keepId, person.staffId, found.unit_no, found.began_on, found.began_fen, found.now_fen, words, now],
      );
      await audit(tx, actor, { kind: 'keep.requested', subject: keepId, customerId, body: { teller: person.staffId } });
      await notify(tx, now, await headsOver(tx, now, found.unit_no), { kind: 'keep-requested', subject: keepId });
      return keepId;
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)
      return refuse(
        'kept-already',
        '该客户已在某位柜员的名单上，或正在审批。',
        'The customer is on a teller’s list already, or a request waits.',
      );
    throw error;
  }
}

interface Kept {
  readonly customer_id: string;
  readonly staff_id: string;
  readonly state: KeepState;
}

const DONE = { agree: 'agreed', refuse: 'refused', withdraw: 'withdrawn' } as const;

/** Agrees to a request, refuses it or takes it back. What is agreed to stands under the teller's name for good. */
export function stepKeep(
  { platform, person, actor }: Asking,
  { keepId, action, note }: { readonly keepId: string; readonly action: KeepAction; readonly note: string },
): Promise<void> {
  const now = platform.now();
  return unscoped(platform.worker, async (tx) => {
    const { lo, hi = lo, staffId } = person.scope;
    const { rows } = await tx.client.query<Kept>(
      `select customer_id, staff_id, state from coverage.keep where keep_id = $1 and (unit_no between $2 and $3 or staff_id = $4)`,
      [keepId, lo ?? 1, lo === undefined ? 0 : hi, staffId],
    );
    const [kept] = rows;
    if (kept === undefined) return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
    const by = { staffId: person.staffId, identities: person.identities, decides: person.permissions.has('transfers.decide') };
    if (!mayDoWithKeep({ state: kept.state, staffId: kept.staff_id }, by).includes(action))
      refuse(
        'not-yours-to-decide',
        kept.state === 'requested' ? '申请人只能撤回，审批须由网点负责人等另一人办理。' : '该申请已经办结。',
        kept.state === 'requested' ? 'Who asked may only withdraw; somebody else decides.' : 'This request has been decided.',
      );
    const { customer_id: customerId, staff_id: teller } = kept;
    const { rowCount } = await tx.client.query(
      `update coverage.keep set state = $3, decided_by = $4, decided_at = $5, note = $6 where customer_id = $1 and keep_id = $2 and state = 'requested'`,
      [customerId, keepId, DONE[action], person.staffId, now, note],
    );
    if (rowCount === 0) refuse('not-yours-to-decide', '该申请刚刚办结。', 'This request has just been decided.');
    if (action === 'agree')
      await tx.client.query(
        `insert into coverage.raised_by (customer_id, raised_id, staff_id, how, on_date, recorded_by, recorded_at) values ($1, $2, $3, 'raised', $4, $5, $6)`,
        [customerId, keepId, teller, todayOf(now), person.staffId, now],
      );
    await audit(tx, actor, { kind: `keep.${DONE[action]}`, subject: keepId, customerId, body: { teller } });
    if (action !== 'withdraw') await notify(tx, now, [teller], { kind: `keep-${DONE[action]}`, subject: keepId });
  });
}

/** Brings up to date who of those on lists is a VIP still, and whose head sees them. */
export async function refreshKeeps(tx: Tx): Promise<void> {
  await tx.client.query(
    `update coverage.keep k set unit_no = s.unit_no, is_vip = s.assets_fen >= $1 from coverage.standing s
      where s.customer_id = k.customer_id and k.state in ('requested', 'agreed') and (k.unit_no, k.is_vip) <> (s.unit_no, s.assets_fen >= $1)`,
    [VIP_FROM_FEN],
  );
}
