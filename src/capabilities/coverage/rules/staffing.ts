import type { PlaceOf } from '../../../kernel/yaml-file.ts';
import type { AllocationStaff, AllocationUnit } from './allocation-types.ts';
import { COVERING_ROLES, isCoveringRole, POOL_LEVELS } from './covering-roles.ts';
import { type Finding, reporter } from './findings.ts';
import { ancestors, membersOf, planSeats, rosterOf, type SeatPlan, seatTakes } from './pools.ts';
import { entryTitle, type Scheme, seatName, seatRoles, seatTitle } from './scheme.ts';

/** How many customers of one kind an outlet has today. */
export interface Demand {
  /** Home outlet, index into the units. */
  readonly unit: number;
  /** Ascending band index. */
  readonly band: number;
  readonly hasLoan: boolean;
  readonly customers: number;
}

/** One pool's people against its customers. Capacities are Infinity without a limit. */
export interface PoolStaffing {
  readonly plan: SeatPlan;
  readonly unit: number;
  readonly staff: number;
  readonly customers: number;
  readonly initial: number;
  readonly atMost: number;
  /** Customers for whom neither this pool nor a later seat has room. */
  readonly uncovered: number;
  /** Full-time people missing for them; 0 when enough. */
  readonly staffNeeded: number;
}

export interface StaffingInput {
  readonly scheme: Scheme;
  readonly units: readonly AllocationUnit[];
  readonly staff: readonly AllocationStaff[];
  readonly demand: readonly Demand[];
}

/**
 * Compares each pool's places with its customers of today, as a run would fill them, from counts alone: pools in serving
 * order, whom one cannot take going on to the next seat of the band. Pools without customers and staff are left out.
 */
export function poolStaffing({ scheme, units, staff, demand }: StaffingInput): PoolStaffing[] {
  const at = ancestors(units);
  const roster = rosterOf(staff, at);
  const plans = planSeats(scheme);
  const taken = new Map<string, number>();
  const takes = (row: Demand, plan: SeatPlan) =>
    plan.band === row.band && seatTakes(plan.seat, row.hasLoan, units[row.unit]?.id ?? '');
  return (['lead', 'joint'] as const).flatMap((slot) => {
    let left: readonly Demand[] = demand;
    return plans
      .filter((plan) => plan.slot === slot)
      .flatMap((plan) => {
        const later = plans.filter((other) => other.slot === slot && other.no > plan.no);
        const queues = new Map<number, Demand[]>();
        const others: Demand[] = [];
        for (const row of left) {
          const unit = takes(row, plan) ? (at[plan.seat.pool][row.unit] ?? -1) : -1;
          const queue = queues.get(unit);
          if (unit < 0) others.push(row);
          else if (queue) queue.push(row);
          else queues.set(unit, [row]);
        }
        const over: Demand[] = [];
        const pools = units.flatMap((unit, u) => {
          if (unit.level !== plan.seat.pool) return [];
          const rows = queues.get(u) ?? [];
          const members = membersOf(scheme, plan.seat, roster[plan.seat.pool].get(u) ?? [], staff);
          if (rows.length === 0 && members.length === 0) return [];
          const served = serve(plan, u, rows, members, taken);
          over.push(...served.over);
          const stranded = served.over.filter((row) => !later.some((seat) => takes(row, seat)));
          const uncovered = stranded.reduce((sum, row) => sum + row.customers, 0);
          return [{ ...served.pool, uncovered, staffNeeded: staffNeeded(plan, uncovered) }];
        });
        left = [...others, ...over];
        return pools;
      });
  });
}

function staffNeeded(plan: SeatPlan, uncovered: number): number {
  const limit = plan.seat.limit?.at_most ?? plan.seat.limit?.initial ?? Infinity;
  return Math.ceil(uncovered / limit) || Math.min(1, uncovered);
}

/** Fills one pool by counts; `taken` are the places of each portfolio and person that earlier pools have used. */
function serve(
  plan: SeatPlan,
  unit: number,
  rows: readonly Demand[],
  members: ReturnType<typeof membersOf>,
  taken: Map<string, number>,
): { readonly pool: Omit<PoolStaffing, 'uncovered' | 'staffNeeded'>; readonly over: Demand[] } {
  const customers = rows.reduce((sum, row) => sum + row.customers, 0);
  const free = members.map((member) => Math.max(0, member.atMost - (taken.get(`${plan.portfolio} ${member.staff}`) ?? 0)));
  let placed = Math.min(
    customers,
    free.reduce((sum, room) => sum + room, 0),
  );
  let rest = customers - placed;
  members.forEach((member, i) => {
    const key = `${plan.portfolio} ${member.staff}`;
    const share = Math.min(free[i] ?? 0, placed);
    placed -= share;
    taken.set(key, (taken.get(key) ?? 0) + share);
  });
  const over = rows.flatMap((row) => {
    const here = Math.min(row.customers, rest);
    rest -= here;
    return here > 0 ? [{ ...row, customers: here }] : [];
  });
  const total = (of: 'initial' | 'atMost') => members.reduce((sum, member) => sum + member[of], 0);
  return { pool: { plan, unit, staff: members.length, customers, initial: total('initial'), atMost: total('atMost') }, over };
}

/**
 * Checks a scheme against today's staff and customers: roles with nobody in them, staff placed above their pool, pools short
 * of people (an error nowhere, since a bank may start short; a warning where every customer must be covered).
 */
export function checkStaffing(
  input: StaffingInput,
  unitName: (unit: number) => string,
  placeOf?: PlaceOf,
): { pools: PoolStaffing[]; findings: Finding[] } {
  const { scheme, units, staff } = input;
  const { findings, report } = reporter(placeOf);
  const active = staff.filter((person) => person.active);
  const at = ancestors(units);
  const pools = poolStaffing(input);
  scheme.bands.forEach((band, b) => {
    band.seats.forEach((seat, s) => {
      const path = ['bands', b, 'seats', s];
      const title = seatTitle(scheme, seat);
      const roles = seatRoles(scheme, seat);
      const holders = active.filter((person) => roles.includes(person.role));
      if (holders.length === 0)
        report(
          'error',
          'role-empty',
          path,
          `全行没有人担任「${title.zh}」（${band.title.zh}）`,
          `nobody in the bank can fill "${title.en}" (${band.title.en})`,
        );
      seat.staff.forEach((entry, e) => {
        if (holders.length > 0 && entry.role && !active.some((person) => person.role === entry.role))
          report(
            'warning',
            'role-empty',
            [...path, 'staff', e],
            `全行没有${entryTitle(scheme, entry).zh}`,
            `the bank has no ${entryTitle(scheme, entry).en}`,
          );
      });
      const above = holders.filter((person) => (at[seat.pool][person.unit] ?? -1) < 0).length;
      if (above > 0)
        report(
          'warning',
          'staff-above-pool',
          [...path, 'pool'],
          `${above} 名${roleNames(roles).zh}不在任何${POOL_LEVELS[seat.pool].zh}之内，分不到客户`,
          `${above} ${roleNames(roles).en} belong to no ${POOL_LEVELS[seat.pool].en} and get no customers`,
        );
    });
  });
  for (const pool of pools.filter((one) => one.staffNeeded > 0)) {
    const { seatNo, bandId, seat, mustCover } = pool.plan;
    const index = scheme.bands.findIndex((one) => one.band === bandId);
    const title = scheme.bands[index]?.title;
    const name = seatName(scheme, seat);
    const zh = `${unitName(pool.unit)}「${title?.zh ?? bandId}」${pool.customers} 户，${name.zh} ${pool.staff} 人：${pool.uncovered} 户无人管，还差 ${pool.staffNeeded} 人`;
    const en = `${unitName(pool.unit)}, "${title?.en ?? bandId}": ${pool.customers} customers, ${pool.staff} ${name.en}: ${pool.uncovered} uncovered, ${pool.staffNeeded} more people needed`;
    report(mustCover ? 'warning' : 'info', 'staff-short', ['bands', index, 'seats', seatNo], zh, en);
  }
  return { pools, findings };
}

function roleNames(roles: readonly string[]): { zh: string; en: string } {
  const names = roles.flatMap((role) => (isCoveringRole(role) ? [COVERING_ROLES[role]] : []));
  return { zh: names.map((name) => name.zh).join('、'), en: names.map((name) => name.en).join(', ') };
}
