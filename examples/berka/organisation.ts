import { addDays, businessDate } from '../../src/kernel/business-date.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { readTable } from './read.ts';

interface District {
  readonly outletId: string;
  readonly name: string;
  readonly region: string;
}

interface Unit {
  readonly id: string;
  readonly name: string;
  readonly level: 'head-office' | 'branch' | 'sub-branch' | 'outlet';
  readonly parentId: string;
}

export function outletId(district: string | number): string {
  return `D${String(district).padStart(2, '0')}`;
}

/** Districts by number: each is an outlet of the bank. */
export function readDistricts(data: string): Map<number, District> {
  const rows = readTable(data, 'district.asc').rows;
  return new Map(rows.map(([id = '', name = '', region = '']) => [Number(id), { outletId: outletId(id), name, region }]));
}

/** The tree: regions (A3) are branches with one sub-branch each, for the source has no level between region and district. */
export function unitsOf(districts: Iterable<District>): Unit[] {
  const units: Unit[] = [{ id: 'H', name: 'Head office', level: 'head-office', parentId: '' }];
  const subBranches = new Map<string, string>();
  const outlets: Unit[] = [];
  for (const district of districts) {
    let above = subBranches.get(district.region);
    if (above === undefined) {
      const branch = `R${subBranches.size + 1}`;
      above = `${branch}S`;
      subBranches.set(district.region, above);
      units.push({ id: branch, name: district.region, level: 'branch', parentId: 'H' });
      units.push({ id: above, name: `${district.region} districts`, level: 'sub-branch', parentId: branch });
    }
    outlets.push({ id: district.outletId, name: district.name, level: 'outlet', parentId: above });
  }
  return [...units, ...outlets];
}

/** Roles of an outlet by its place in the list: every seventh has no wealth-manager, every ninth no loan-manager. */
function outletRoles(nth: number): string[] {
  const roles = ['outlet-head', 'marketing-supervisor', 'lobby-manager', 'teller', 'teller', 'operations-supervisor'];
  if (nth % 7 !== 3) roles.push('wealth-manager');
  if (nth === 0) roles.push('wealth-manager', 'lobby-manager', 'loan-manager');
  if (nth % 9 !== 4) roles.push('loan-manager');
  return roles;
}

const UPPER_ROLES: Readonly<Record<string, readonly string[]>> = {
  'head-office': ['system-admin', 'auditor'],
  branch: ['wealth-advisor', 'remote-manager', 'branch-admin', 'auditor'],
  'sub-branch': ['sub-branch-head'],
};

/** Rows of staff: the source names none, so a handful per unit is made up, short in some districts. */
export function staffRows(units: readonly Unit[]): string[] {
  const random = seededRandom('berka:staff');
  const rows: string[] = [];
  let nthOutlet = 0;
  for (const unit of units) {
    const roles = unit.level === 'outlet' ? outletRoles(nthOutlet++) : (UPPER_ROLES[unit.level] ?? []);
    for (const role of roles) {
      const number = String(rows.length + 1).padStart(4, '0');
      const hiredOn = addDays(businessDate('1992-12-31'), -random.int(30, 3000));
      rows.push(`E${number},员工${number},${unit.id},${role},,${hiredOn}`);
    }
  }
  return rows;
}
