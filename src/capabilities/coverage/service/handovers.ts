import { randomUUID } from 'node:crypto';
import { type BusinessDate, todayOf } from '../../../kernel/business-date.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import type { Platform } from '../../../platform/context.ts';
import { oneConnectionANode, type Tx, unscoped } from '../../../platform/db/transaction.ts';
import { type HandoverAction, type HandoverKind, mayDoHandover, splitPortfolio, takersOf } from '../rules/handover.ts';
import { closedDay, type Held, handoverGround, heldBy } from './handover-ground.ts';
import { type Move, moveAll } from './handover-move.ts';
import { tellFrozen, tellHandover } from './handover-notices.ts';
import { changeOnePortfolio, keepPortfoliosStill } from './portfolio-lock.ts';
import type { Asking } from './transfers.ts';

const UNIQUE_VIOLATION = '23505';

export interface HandoverWish {
  readonly staffId: string;
  readonly kind: HandoverKind;
  readonly onDate: BusinessDate;
  readonly backOn?: BusinessDate | undefined;
  readonly words: string;
}

function refuseMissing(): never {
  return refuse('not-found', '没有找到，或者不在您的范围内。', 'Not found, or not within your scope.');
}

/** Starts a handover: from now on the portfolio is frozen. Gives its id. */
export async function startHandover(platform: Platform, asking: Asking, wish: HandoverWish): Promise<string> {
  const { person, actor } = asking;
  const { staffId, kind, onDate, backOn, words } = wish;
  if ((kind === 'absence') !== (backOn !== undefined) || (backOn !== undefined && backOn <= onDate))
    refuse(
      'absence-dates',
      '长期离岗要写明返岗日期，且晚于离岗日期；其他事由不写返岗日期。',
      'A long absence names the day of return, after its first day; other reasons name none.',
    );
  if (staffId === person.staffId)
    refuse('own-portfolio', '本人的交接由上级或另一位负责人发起。', 'One’s own handover is started by somebody else.');
  const handoverId = randomUUID();
  try {
    await unscoped(platform.worker, async (tx) => {
      // Single changes that are under way end first; those that come later find the portfolio frozen.
      await keepPortfoliosStill(tx);
      const unit = await unitOf(tx, asking, staffId);
      const held = await heldBy(tx, staffId, await closedDay(tx));
      if (held.length === 0)
        refuse('nothing-to-hand-over', '此人名下没有管户客户，不需要交接。', 'This person has no customers to hand over.');
      await tx.db
        .insertInto('coverage.handover')
        .values({
          ...{ handover_id: handoverId, staff_id: staffId, kind, on_date: onDate, back_on: backOn ?? null, words },
          ...{ state: 'frozen', unit_id: unit.id, unit_no: unit.no, started_by: person.staffId, started_at: platform.now() },
        })
        .execute();
      await audit(tx, actor, { kind: 'handover.started', subject: handoverId, body: { staffId, kind, customers: held.length } });
      await tellFrozen(tx, platform.now(), { handoverId, owner: staffId, unitNo: unit.no }, false);
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION)) throw error;
    refuse('handover-open', '此人已有一笔交接在办理。', 'A handover of this person is under way already.');
  }
  return handoverId;
}

/** The unit in which a person of one's units works; whoever works elsewhere is not there. */
async function unitOf(tx: Tx, { person }: Asking, staffId: string): Promise<{ readonly id: string; readonly no: number }> {
  const { rows } = await tx.client.query<{ id: string; no: number }>(
    `select u.id, u.unit_no as no from organisation.staff s join organisation.org_unit u on u.id = s.org_unit_id
      where s.id = $1 and u.unit_no between $2 and $3`,
    [staffId, person.scope.lo ?? 0, person.scope.hi ?? -1],
  );
  return rows[0] ?? refuseMissing();
}

export interface HandoverRow {
  readonly handover_id: string;
  readonly staff_id: string;
  readonly kind: string;
  readonly on_date: string;
  readonly back_on: string | null;
  readonly state: string;
  readonly unit_no: number;
  readonly successors: string[];
  readonly started_by: string;
  readonly split_by: string | null;
  readonly giver_signed_by: string | null;
  readonly signed: string[];
  readonly is_left: boolean;
}

/** What a person may do with a handover now. */
export function handoverMay(row: HandoverRow, person: Asking['person'], today: string): HandoverAction[] {
  const { lo, hi = lo } = person.scope;
  const seesUnit = lo !== undefined && hi !== undefined && row.unit_no >= lo && row.unit_no <= hi;
  return mayDoHandover(
    {
      ...{ state: row.state, kind: row.kind, staffId: row.staff_id, onDate: row.on_date, backOn: row.back_on, left: row.is_left },
      ...{ startedBy: row.started_by, splitBy: row.split_by, giverSignedBy: row.giver_signed_by },
      ...{ successors: row.successors, signed: row.signed },
    },
    {
      staffId: person.staffId,
      identities: person.identities,
      heads: seesUnit && person.permissions.has('transfers.decide'),
      today,
    },
  );
}

/** A handover of one's units, or in which one gives or takes; locked. */
async function findLocked(tx: Tx, { person }: Asking, handoverId: string, today: string): Promise<HandoverRow> {
  const { rows } = await tx.client.query<HandoverRow>(
    `select h.*, array(select g.staff_id from coverage.handover_signature g where g.handover_id = h.handover_id) as signed,
            exists (select from organisation.staff s where s.id = h.staff_id and s.left_on <= $5::date) as is_left
       from coverage.handover h
      where h.handover_id = $1 and (h.unit_no between $2 and $3 or h.staff_id = $4 or $4 = any(h.successors)) for update of h`,
    [handoverId, person.scope.lo ?? 0, person.scope.hi ?? -1, person.staffId, today],
  );
  return rows[0] ?? refuseMissing();
}

function refuseUnlessMay(row: HandoverRow, { person }: Asking, action: HandoverAction, today: string): void {
  if (handoverMay(row, person, today).includes(action)) return;
  if (!['frozen', 'split'].includes(row.state) && action !== 'return')
    refuse('handover-decided', '这笔交接已经办结。', 'This handover is done already.', { state: row.state });
  refuse(
    'not-yours-to-do',
    '这一步现在不能由您办理：交接双方先签字，再由未参与发起、拆分、移交和接收的负责人审批。',
    'This step is not yours to take now: both sides sign first, then somebody approves who has started, split, given and taken nothing of it.',
  );
}

/** Runs one step in one transaction, on the handover as it stands, if this person may take it. */
function step(
  platform: Platform,
  asking: Asking,
  { handoverId, action }: { readonly handoverId: string; readonly action: HandoverAction },
  work: (tx: Tx, row: HandoverRow) => Promise<Readonly<Record<string, unknown>>>,
): Promise<void> {
  const today = todayOf(platform.now());
  const kinds = {
    split: 'handover.split',
    sign: 'handover.signed',
    'sign-for': 'handover.signed',
    approve: 'handover.approved',
    withdraw: 'handover.withdrawn',
    return: 'handover.returned',
  } as const;
  return unscoped(platform.worker, async (tx) => {
    await oneConnectionANode(tx);
    if (action === 'approve' || action === 'return') {
      // Nothing else changes portfolios meanwhile; a run that is being applied, in many transactions, is not waited for.
      await keepPortfoliosStill(tx);
      await changeOnePortfolio(tx);
    }
    const row = await findLocked(tx, asking, handoverId, today);
    refuseUnlessMay(row, asking, action, today);
    const body = await work(tx, row);
    await audit(tx, asking.actor, { kind: kinds[action], subject: handoverId, body: { staffId: row.staff_id, ...body } });
    const after = await findLocked(tx, asking, handoverId, today);
    await tellHandover(tx, platform.now(), after, action, asking.person.staffId);
  });
}

export interface SplitWish {
  readonly handoverId: string;
  /** Only these take over; undefined = everybody whom the seats allow. */
  readonly successors?: readonly string[] | undefined;
  /** Why those who changed hands too often lately go all the same; undefined = they stay. */
  readonly oftenWords?: string | undefined;
}

/** Splits the portfolio and keeps the result for signature; an earlier split and its signatures are void. */
export function splitHandover(platform: Platform, asking: Asking, wish: SplitWish): Promise<void> {
  const { handoverId, successors, oftenWords } = wish;
  return step(platform, asking, { handoverId, action: 'split' }, async (tx, row) => {
    const ground = await handoverGround(tx, platform.now());
    const customers = await heldBy(tx, row.staff_id, await closedDay(tx));
    const items = splitPortfolio({ ...ground, owner: row.staff_id, successors, customers, moveOften: oftenWords !== undefined });
    const held = new Map(customers.map((customer) => [customer.customerId, customer]));
    await tx.db.deleteFrom('coverage.handover_signature').where('handover_id', '=', handoverId).execute();
    await tx.db.deleteFrom('coverage.handover_item').where('handover_id', '=', handoverId).execute();
    const lines = items.flatMap(({ customer, place, often }) => {
      const from = held.get(customer.customerId);
      if (from === undefined) return [];
      return [
        {
          ...{ customer_id: customer.customerId, handover_id: handoverId, seat: customer.seat, band: customer.band, often },
          ...{ assets_fen: customer.assetsFen, from_portfolio: from.portfolio },
          ...{ to_staff: place?.staffId ?? null, to_portfolio: place?.portfolio ?? null },
          ...{ unit_no: from.unitNo, lead_staff: from.lead, joint_staff: from.joint },
        },
      ];
    });
    for (let at = 0; at < lines.length; at += LINES)
      await tx.db
        .insertInto('coverage.handover_item')
        .values(lines.slice(at, at + LINES))
        .execute();
    const takers = [...new Set(items.flatMap(({ place }) => (place === undefined ? [] : [place.staffId])))].sort();
    await tx.db
      .updateTable('coverage.handover')
      .set({
        ...{ state: 'split', successors: takers, often_words: oftenWords ?? null },
        ...{ split_by: asking.person.staffId, split_at: platform.now(), giver_signed_by: null, giver_signed_at: null },
      })
      .where('handover_id', '=', handoverId)
      .execute();
    return { customers: items.length, placed: items.filter(({ place }) => place !== undefined).length, successors: takers };
  });
}

const LINES = 1_000;

/** Signs for giving or for taking. `sign-for` signs in the place of an owner who is gone. */
export function signHandover(
  platform: Platform,
  asking: Asking,
  wish: { readonly handoverId: string; readonly action: 'sign' | 'sign-for' },
): Promise<void> {
  const { handoverId } = wish;
  const { staffId } = asking.person;
  return step(platform, asking, wish, async (tx, row) => {
    const gives = wish.action === 'sign-for' || row.staff_id === staffId;
    if (gives)
      await tx.db
        .updateTable('coverage.handover')
        .set({ giver_signed_by: staffId, giver_signed_at: platform.now() })
        .where('handover_id', '=', handoverId)
        .execute();
    else
      await tx.db
        .insertInto('coverage.handover_signature')
        .values({ handover_id: handoverId, staff_id: staffId, signed_at: platform.now() })
        .execute();
    return { side: gives ? 'gives' : 'takes' };
  });
}

/** Takes a handover back before it is approved; the portfolio is free again. */
export function withdrawHandover(platform: Platform, asking: Asking, handoverId: string): Promise<void> {
  return step(platform, asking, { handoverId, action: 'withdraw' }, async (tx) => {
    await tx.db
      .updateTable('coverage.handover')
      .set({ state: 'withdrawn', decided_by: asking.person.staffId, decided_at: platform.now() })
      .where('handover_id', '=', handoverId)
      .execute();
    return {};
  });
}

interface ItemRow {
  readonly customer_id: string;
  readonly seat: 'lead' | 'joint';
  readonly from_portfolio: string;
  readonly to_staff: string | null;
  readonly to_portfolio: string | null;
}

function itemsOf(tx: Tx, handoverId: string, outcome?: 'moved'): Promise<ItemRow[]> {
  return tx.client
    .query<ItemRow>(
      `select customer_id, seat, from_portfolio, to_staff, to_portfolio from coverage.handover_item
        where handover_id = $1 and ($2::text is null or outcome = $2) order by customer_id`,
      [handoverId, outcome ?? null],
    )
    .then(({ rows }) => rows);
}

/** Carries the split out at once and whole. Who has left the portfolio since is left alone; a place that no longer fits refuses it. */
export function approveHandover(platform: Platform, asking: Asking, handoverId: string): Promise<void> {
  return step(platform, asking, { handoverId, action: 'approve' }, async (tx, row) => {
    const last = await closedDay(tx);
    const held = new Map((await heldBy(tx, row.staff_id, last)).map((customer) => [customer.customerId, customer]));
    const takers = takersOf({ ...(await handoverGround(tx, platform.now())), owner: row.staff_id });
    const moves: Move[] = [];
    const outcomes: { readonly id: string; readonly outcome: string }[] = [];
    for (const item of await itemsOf(tx, handoverId)) {
      const customer = held.get(item.customer_id);
      const stays = item.to_staff === null;
      const outcome = customer === undefined || customer.seat !== item.seat ? 'gone' : stays ? 'stayed' : 'moved';
      outcomes.push({ id: item.customer_id, outcome });
      if (outcome !== 'moved' || customer === undefined) continue;
      const place = takers(customer).find((one) => one.staffId === item.to_staff && one.portfolio === item.to_portfolio);
      if (place === undefined) return refuseOutdated(item.to_staff ?? '');
      moves.push(moveOf(customer, place));
    }
    await moveAll(tx, handoverId, moves, last);
    await setOutcomes(tx, handoverId, outcomes);
    await tx.db
      .updateTable('coverage.handover')
      .set({ state: 'done', decided_by: asking.person.staffId, decided_at: platform.now(), effective_from: last })
      .where('handover_id', '=', handoverId)
      .execute();
    return { moved: moves.length, stayed: outcomes.filter(({ outcome }) => outcome === 'stayed').length };
  });
}

function moveOf(customer: Held, place: { staffId: string; portfolio: string; atMost: number }): Move {
  const { customerId, seat, band, until } = customer;
  return { customerId, seat, band, until, to: place.staffId, portfolio: place.portfolio, atMost: place.atMost };
}

function refuseOutdated(staffId: string): never {
  return refuse(
    'handover-outdated',
    `拆分之后情况变了：${staffId} 已不能接手其中的客户。请重新拆分并签字。`,
    `Things have changed since the split: ${staffId} can no longer take some of the customers. Split and sign anew.`,
    { staffId },
  );
}

async function setOutcomes(tx: Tx, handoverId: string, outcomes: readonly { id: string; outcome: string }[]): Promise<void> {
  await tx.client.query(
    `update coverage.handover_item i set outcome = x.outcome from unnest($2::text[], $3::text[]) as x (id, outcome)
      where i.handover_id = $1 and i.customer_id = x.id`,
    [handoverId, outcomes.map(({ id }) => id), outcomes.map(({ outcome }) => outcome)],
  );
}

/** Gives the customers of an absence back whom their successors still have through it, as far as the owner may have them today. */
export function returnHandover(platform: Platform, asking: Asking, handoverId: string): Promise<void> {
  return step(platform, asking, { handoverId, action: 'return' }, async (tx, row) => {
    const last = await closedDay(tx);
    const ground = await handoverGround(tx, platform.now());
    const moves: Move[] = [];
    for (const successor of row.successors) {
      const items = new Map((await itemsOf(tx, handoverId, 'moved')).map((item) => [item.customer_id, item]));
      const takers = takersOf({ ...ground, owner: successor });
      for (const customer of await heldBy(tx, successor, last)) {
        const place = takers(customer).find((one) => one.staffId === row.staff_id);
        if (items.has(customer.customerId) && customer.given === handoverId && place !== undefined)
          moves.push(moveOf(customer, place));
      }
    }
    await moveAll(tx, handoverId, moves, last);
    await setOutcomes(
      tx,
      handoverId,
      moves.map(({ customerId }) => ({ id: customerId, outcome: 'returned' })),
    );
    await tx.db
      .updateTable('coverage.handover')
      .set({ state: 'returned', returned_by: asking.person.staffId, returned_at: platform.now() })
      .where('handover_id', '=', handoverId)
      .execute();
    return { returned: moves.length };
  });
}
