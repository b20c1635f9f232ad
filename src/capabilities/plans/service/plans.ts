import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { refuse } from '../../../kernel/refusal.ts';
import { audit } from '../../../platform/audit/index.ts';
import { LOCKS } from '../../../platform/db/locks.ts';
import { type Tx, unscoped } from '../../../platform/db/transaction.ts';
import type { Ctx } from '../../../platform/http/route.ts';
import { staffRefOf, staffRefs, type UnitRow } from '../../coverage/index.ts';
import type { planInput, planPreview } from '../contract.ts';
import { peopleOf } from '../reads/people.ts';
import { doneBy, sums } from '../reads/progress.ts';
import { type BreakDownFault, breakDown, grown } from '../rules/break-down.ts';
import { type Period, parsePeriod, yearBefore } from '../rules/period.ts';
import { monthsOf, spread } from '../rules/spread.ts';

type Wish = z.output<typeof planInput>;

function periodOf(wish: Wish): Period {
  return parsePeriod(wish.period) ?? refuse('plan-unfit', '期间格式不对。', 'This is no period.');
}

/** A plan as it would be: everybody's part, the ones fixed by hand and the rest balanced. Writes nothing. */
export async function previewPlan(
  { platform }: Pick<Ctx, 'platform'>,
  tx: Tx,
  unit: UnitRow,
  wish: Wish,
): Promise<z.input<typeof planPreview>> {
  const people = await peopleOf(tx, unit);
  if (people.length === 0) refuse('plan-unfit', '本机构没有承担计划的人员。', 'Nobody of this unit works towards its targets.');
  const before = yearBefore(periodOf(wish));
  const ids = people.map(({ id }) => id);
  const lastYear = sums(await doneBy(platform, wish.metric, ids, before.from, before.to));
  const growth = wish.growthBp ?? 0;
  const weightOf = (id: string, shareBp: number) => (wish.basis === 'growth' ? grown(lastYear.get(id) ?? 0, growth) : shareBp);
  const fixed = new Map(wish.fixed.map((one) => [one.staffId, one.target]));
  const stranger = wish.fixed.find(({ staffId }) => !ids.includes(staffId));
  if (stranger !== undefined)
    refuse(
      'plan-unfit',
      `员工 ${stranger.staffId} 不在本机构承担计划的人员中。`,
      `${stranger.staffId} is nobody of this unit’s plan.`,
    );
  const shares = people.map(({ id, shareBp }) => ({ id, weight: weightOf(id, shareBp), fixed: fixed.get(id) }));
  const target = wish.basis === 'growth' ? shares.reduce((sum, one) => sum + one.weight, 0) : (wish.target ?? 0);
  if (target <= 0) refuseTarget(wish.basis, before.text);
  const parts = breakDown(target, shares);
  if (typeof parts === 'string') return refuseFault(parts);
  const staff = await staffRefs(tx, ids);
  return {
    target,
    items: shares.map((one, at) => ({
      staff: staffRefOf(staff, one.id) ?? { staffId: one.id, name: one.id, role: '', unitName: '' },
      ...{ weight: one.weight, lastYear: lastYear.get(one.id) ?? 0, target: parts[at] ?? 0, byHand: one.fixed !== undefined },
    })),
  };
}

function refuseTarget(basis: Wish['basis'], before: string): never {
  if (basis === 'growth')
    return refuse(
      'plan-unfit',
      `没有 ${before} 的数据，不能按去年分解：请改按份额。`,
      `There are no figures of ${before}: break it down by shares.`,
    );
  return refuse('plan-unfit', '请填写总目标。', 'Give the target of the unit.');
}

function refuseFault(fault: BreakDownFault): never {
  if (fault === 'fixed-too-much')
    return refuse(
      'plan-unfit',
      '手工调整之和已超过总目标：请调低，或提高总目标。',
      'The parts set by hand are more than the target.',
    );
  if (fault === 'nobody-left')
    return refuse(
      'plan-unfit',
      '全部手工填写时，合计须等于总目标。',
      'With all parts set by hand, they must add up to the target.',
    );
  return refuse('plan-unfit', '其余人员的份额均为零，无法平衡。', 'Nobody is left with a share for the rest.');
}

interface Part {
  readonly staffId: string;
  readonly target: number;
  readonly byHand: boolean;
}

/** Puts a plan in force, and those of the quarters and months within it when they are asked for; the ones before stay to be read. */
export async function putInForce(ctx: Pick<Ctx, 'platform' | 'actor'>, unit: UnitRow, wish: Wish): Promise<void> {
  const { platform } = ctx;
  const period = periodOf(wish);
  await unscoped(platform.worker, async (tx) => {
    // Two who do it at once do it one after the other.
    await tx.client.query('select pg_advisory_xact_lock($1)', [LOCKS.plans]);
    const { items } = await previewPlan(ctx, tx, unit, wish);
    const parts = items.map(({ staff, target, byHand }) => ({ staffId: staff.staffId, target, byHand }));
    await replace(tx, ctx, unit, wish, period, parts);
    if (!wish.spread) return;
    const targets = parts.map(({ target }) => target);
    const weights = await monthsBefore(ctx, tx, unit, wish.metric, period);
    for (const within of spread(period, targets, weights)) {
      const own = parts.map(({ staffId }, at) => ({ staffId, target: within.parts[at] ?? 0, byHand: false }));
      // So little over so many months that one has none.
      if (own.some(({ target }) => target > 0)) await replace(tx, ctx, unit, { ...wish, basis: 'shares' }, within.period, own);
    }
  });
}

/** What the unit did in each month of the period a year before, losses as nothing. */
async function monthsBefore(
  { platform }: Pick<Ctx, 'platform'>,
  tx: Tx,
  unit: UnitRow,
  metric: Wish['metric'],
  period: Period,
): Promise<number[]> {
  const before = yearBefore(period);
  const people = await peopleOf(tx, unit);
  const ids = people.map(({ id }) => id);
  const done = await doneBy(platform, metric, ids, before.from, before.to);
  return monthsOf(before).map(({ from, to }) =>
    Math.max(
      0,
      done.reduce((sum, { on, figure }) => (on >= from && on <= to ? sum + figure : sum), 0),
    ),
  );
}

async function replace(
  tx: Tx,
  { platform, actor }: Pick<Ctx, 'platform' | 'actor'>,
  unit: UnitRow,
  { metric, basis, growthBp }: Pick<Wish, 'metric' | 'basis' | 'growthBp'>,
  { text: period }: Period,
  parts: readonly Part[],
): Promise<void> {
  const now = platform.now();
  const target = parts.reduce((sum, part) => sum + part.target, 0);
  await tx.db
    .updateTable('plans.plan')
    .set({ replaced_at: now })
    .where('unit_id', '=', unit.id)
    .where('metric', '=', metric)
    .where('period', '=', period)
    .where('replaced_at', 'is', null)
    .execute();
  const planId = randomUUID();
  await tx.db
    .insertInto('plans.plan')
    .values({
      ...{ plan_id: planId, unit_id: unit.id, unit_no: unit.unit_no, metric, period, target, basis },
      ...{ growth_bp: basis === 'growth' ? (growthBp ?? 0) : null, made_by: actor.staffId, made_at: now },
    })
    .execute();
  await tx.db
    .insertInto('plans.part')
    .values(parts.map((part) => ({ plan_id: planId, staff_id: part.staffId, target: part.target, by_hand: part.byHand })))
    .execute();
  const body = { unit: unit.id, metric, period, target, people: parts.length };
  await audit(tx, actor, { kind: 'plan.made', subject: planId, body });
}
