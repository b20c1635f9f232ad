import type { BusinessDate } from '../../../kernel/business-date.ts';
import { copyOut } from '../../../platform/db/copy-out.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import { standingAtSql } from '../../closing/index.ts';
import type { AllocationStaff, AllocationUnit, CustomerColumns } from '../rules/allocation-types.ts';
import { bandsAscending, type Scheme } from '../rules/scheme.ts';
import { averageSql } from './bands.ts';

/** Who can cover and where: kept with every run, so that it can be replayed. */
export interface Roster {
  readonly units: readonly AllocationUnit[];
  readonly staff: readonly AllocationStaff[];
}

/** A customer who has somebody and must lose them: the number is closed or merged. */
export interface Gone {
  readonly customerId: string;
  readonly reason: 'closed' | 'merged';
  readonly seat: 'lead' | 'joint';
  readonly staffId: string;
}

/** The organisation on a day. Staff who have left stay in the list: their customers must know whom they had. */
export async function loadRoster(tx: Tx, day: BusinessDate): Promise<Roster> {
  const units = await tx.db
    .selectFrom('organisation.org_unit')
    .select(['id', 'level', 'parent_id', 'heir_id'])
    .orderBy('id')
    .execute();
  const numbers = new Map(units.map((unit, i) => [unit.id, i]));
  // People of a merged outlet work in the one that stands in for it, until the staff feed says where they are.
  const unitNo = new Map(units.map((unit) => [unit.id, numbers.get(unit.heir_id ?? unit.id) ?? -1]));
  const staff = await tx.db
    .selectFrom('organisation.staff')
    .select(['id', 'role', 'org_unit_id', 'share_bp', 'hired_on', 'left_on'])
    .orderBy('id')
    .execute();
  return {
    units: units.map((unit) => ({
      id: unit.id,
      level: levelOf(unit.level),
      parent: unit.parent_id === null ? -1 : (numbers.get(unit.parent_id) ?? -1),
    })),
    staff: staff.map((person) => ({
      id: person.id,
      role: person.role,
      unit: unitNo.get(person.org_unit_id) ?? -1,
      shareBp: person.share_bp,
      active: (person.hired_on === null || person.hired_on <= day) && (person.left_on === null || person.left_on > day),
    })),
  };
}

function levelOf(level: string): AllocationUnit['level'] {
  return level === 'branch' || level === 'sub-branch' || level === 'outlet' ? level : 'head-office';
}

/** Which customers to load: those whose band has seats or who have somebody; `only` = those of a table (SQL with a customer_id). */
export interface Wanted {
  readonly scheme: Scheme;
  readonly day: BusinessDate;
  readonly last: BusinessDate;
  /** SQL of customer_id, band. */
  readonly bands: string;
  readonly only?: string;
}

/** SQL of the customers of a run: id, average, band, home outlet, loan flag, who covers them now, why they are gone. */
function customersSql({ scheme, day, last, bands, only }: Wanted): string {
  const seated = bandsAscending(scheme).flatMap((band, i) => (band.seats.length > 0 ? [i] : []));
  return `select s.customer_id, ${averageSql('coalesce(b.balance_days, 0)', scheme, day)}, coalesce(n.band, -1), coalesce(o.heir_id, b.home_outlet),
      coalesce(b.has_loan, false)::integer, s.lead_staff, s.joint_staff,
      case when c.merged_into is not null then 'merged' when c.closed_on <= date '${day}' then 'closed' end
    from coverage.standing s left join ${standingAtSql(day, scheme.measure, last)} b on b.customer_id = s.customer_id
    left join organisation.org_unit o on o.id = b.home_outlet
    left join ${bands} n on n.customer_id = s.customer_id left join customers.customer c on c.customer_id = s.customer_id
   where (n.band in (${[...seated, -2].join(', ')}) or s.lead_staff is not null or s.joint_staff is not null)
     ${only === undefined ? '' : `and s.customer_id in (${only})`}`;
}

/** Loads the customers of a run as columns, a few hundred thousand a second, and apart from them those who are gone. */
export async function loadCustomers(
  tx: Tx,
  wanted: Wanted,
  roster: Roster,
): Promise<{ customers: CustomerColumns; gone: Gone[] }> {
  const unitNo = new Map(roster.units.map((unit, i) => [unit.id, i]));
  const staffNo = new Map(roster.staff.map((person, i) => [person.id, i]));
  const columns = growing();
  const gone: Gone[] = [];
  const take = ([id, average, band, outlet, loan, lead, joint, why]: readonly (string | null)[]) => {
    if (why === 'closed' || why === 'merged') {
      const customerId = id ?? '';
      if (lead) gone.push({ customerId, reason: why, seat: 'lead', staffId: lead });
      if (joint) gone.push({ customerId, reason: why, seat: 'joint', staffId: joint });
      return;
    }
    columns.ids.push(id ?? '');
    columns.averageFen.push(Number(average));
    columns.band.push(Number(band));
    columns.unit.push(unitNo.get(outlet ?? '') ?? -1);
    columns.hasLoan.push(Number(loan));
    columns.lead.push(staffNo.get(lead ?? '') ?? -1);
    columns.joint.push(staffNo.get(joint ?? '') ?? -1);
  };
  for await (const rows of copyOut(tx, customersSql(wanted))) rows.forEach(take);
  return {
    customers: {
      count: columns.ids.length,
      ids: columns.ids,
      averageFen: Float64Array.from(columns.averageFen),
      band: Int8Array.from(columns.band),
      unit: Int32Array.from(columns.unit),
      hasLoan: Uint8Array.from(columns.hasLoan),
      current: { lead: Int32Array.from(columns.lead), joint: Int32Array.from(columns.joint) },
    },
    gone,
  };
}

function growing() {
  const ids: string[] = [];
  const numbers = (): number[] => [];
  return { ids, averageFen: numbers(), band: numbers(), unit: numbers(), hasLoan: numbers(), lead: numbers(), joint: numbers() };
}
