import type { z } from 'zod';
import { addDays, type BusinessDate, businessDate } from '../../../kernel/business-date.ts';
import type { Person } from '../../../platform/auth/session.ts';
import type { Platform } from '../../../platform/context.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { lastClosedDay } from '../../closing/index.ts';
import { type StaffRefs, staffRefOf, staffRefs, type UnitRow } from '../../coverage/index.ts';
import type { metricRef, minePlans, planSchema } from '../contract.ts';
import { METRIC_IDS, METRICS, type Metric } from '../rules/metric.ts';
import { lineOn, type Period, parsePeriod } from '../rules/period.ts';
import { type Done, doneBy, sums } from './progress.ts';

type Plan = z.input<typeof planSchema>;

export const toMetric = (metric: Metric): z.input<typeof metricRef> => ({
  ...{ metric, title: { ...METRICS[metric].title }, money: METRICS[metric].money },
});

/** A unit's plan for a period: how far everybody is, and where they should be. */
export async function planOf(
  platform: Platform,
  tx: Tx,
  person: Person,
  unit: UnitRow,
  metric: Metric,
  period: Period,
): Promise<Plan> {
  const closed = await lastClosedDay(tx);
  const day = closed === undefined || closed < period.from ? undefined : closed > period.to ? period.to : closed;
  const stored = await tx.db
    .selectFrom('plans.plan')
    .selectAll()
    .where('unit_id', '=', unit.id)
    .where('metric', '=', metric)
    .where('period', '=', period.text)
    .where('replaced_at', 'is', null)
    .executeTakeFirst();
  const parts = stored === undefined ? [] : await partsOf(tx, stored.plan_id);
  const done =
    day === undefined
      ? []
      : await doneBy(
          platform,
          metric,
          parts.map((part) => part.staff_id),
          period.from,
          day,
        );
  const staff = await staffRefs(tx, [...parts.map((part) => part.staff_id), stored?.made_by ?? null]);
  const total = sums(done);
  const at = (target: number) => (day === undefined ? 0 : lineOn(target, period, day));
  const rows = parts.map((part) => ({ ...part, done: total.get(part.staff_id) ?? 0, line: at(part.target) }));
  return {
    ...{ unit: { id: unit.id, name: unit.name, level: unit.level }, metric: toMetric(metric), metrics: METRIC_IDS.map(toMetric) },
    ...{ period: period.text, from: period.from, to: period.to, day: day ?? null },
    plan:
      stored === undefined
        ? null
        : {
            ...{ planId: stored.plan_id, basis: stored.basis === 'growth' ? 'growth' : 'shares', growthBp: stored.growth_bp },
            ...{ madeBy: staffRefOf(staff, stored.made_by), madeAt: stored.made_at.toISOString(), target: stored.target },
            ...{ done: rows.reduce((sum, row) => sum + row.done, 0), line: at(stored.target) },
          },
    items: rows.map((row) => ({
      staff: staffRefOf(staff, row.staff_id) ?? { staffId: row.staff_id, name: row.staff_id, role: '', unitName: '' },
      ...{ target: row.target, byHand: row.by_hand, done: row.done, line: row.line },
    })),
    curve: stored === undefined || day === undefined ? [] : curveOf(done, stored.target, period, day),
    teams: await teamSums(tx, unit, rows, staff),
    may: person.permissions.has('transfers.decide') ? ['make'] : [],
  };
}

function partsOf(tx: Tx, planId: string) {
  return tx.db
    .selectFrom('plans.part as p')
    .innerJoin('organisation.staff as s', 's.id', 'p.staff_id')
    .innerJoin('organisation.org_unit as u', 'u.id', 's.org_unit_id')
    .select(['p.staff_id', 'p.target', 'p.by_hand'])
    .where('p.plan_id', '=', planId)
    .orderBy('u.unit_no')
    .orderBy('p.staff_id')
    .execute();
}

function curveOf(done: readonly Done[], target: number, period: Period, last: BusinessDate): Plan['curve'] {
  const byDay = new Map<string, number>();
  for (const { on, figure } of done) byDay.set(on, (byDay.get(on) ?? 0) + figure);
  const curve: Plan['curve'] = [];
  let sum = 0;
  for (let day = period.from; day <= last; day = addDays(day, 1)) {
    sum += byDay.get(day) ?? 0;
    curve.push({ on: day, done: sum, line: lineOn(target, period, day) });
  }
  return curve;
}

interface Row {
  readonly staff_id: string;
  readonly target: number;
  readonly done: number;
  readonly line: number;
}

/** How far the unit's teams are; people in none of them are in none of the sums. */
async function teamSums(tx: Tx, unit: UnitRow, rows: readonly Row[], known: StaffRefs): Promise<Plan['teams']> {
  if (rows.length === 0) return [];
  const teams = await tx.db
    .selectFrom('plans.team')
    .selectAll()
    .where('unit_no', '>=', unit.unit_no)
    .where('unit_no', '<=', unit.last_no)
    .where('ended_at', 'is', null)
    .orderBy('name')
    .execute();
  return teams.map((team) => {
    const own = rows.filter((row) => team.members.includes(row.staff_id));
    const sum = (of: (row: Row) => number) => own.reduce((total, row) => total + of(row), 0);
    return {
      ...{ name: team.name, leader: staffRefOf(known, team.leader), people: own.length },
      ...{ target: sum((row) => row.target), done: sum((row) => row.done), line: sum((row) => row.line) },
    };
  });
}

/** One's own parts of the plans that run on the newest closed day, the shortest period first. */
export async function mineOf(platform: Platform, tx: Tx, { scope }: Person): Promise<z.input<typeof minePlans>> {
  const day = await lastClosedDay(tx);
  if (day === undefined) return { day: null, items: [] };
  const rows = await tx.db
    .selectFrom('plans.part as t')
    .innerJoin('plans.plan as p', 'p.plan_id', 't.plan_id')
    .select(['p.metric', 'p.period', 't.target'])
    .where('t.staff_id', '=', scope.staffId)
    .where('t.target', '>', 0)
    .where('p.replaced_at', 'is', null)
    .orderBy('p.metric')
    .orderBy('p.period', 'desc')
    .orderBy('p.unit_no', 'desc')
    .execute();
  const items: z.input<typeof minePlans>['items'] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    // Of the same plan at several levels one's own unit's counts: the deeper unit has the higher number.
    const name = `${row.metric} ${row.period}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const period = parsePeriod(row.period);
    const metric = METRIC_IDS.find((one) => one === row.metric);
    if (period === undefined || metric === undefined || day < period.from || day > period.to) continue;
    const done = sums(await doneBy(platform, metric, [scope.staffId], period.from, businessDate(day)));
    items.push({
      ...{ metric: toMetric(metric), period: row.period, target: row.target },
      ...{ done: done.get(scope.staffId) ?? 0, line: lineOn(row.target, period, day) },
    });
  }
  return { day, items };
}
