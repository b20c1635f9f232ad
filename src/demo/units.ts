import { seededRandom } from '../kernel/random.ts';
import { CITIES } from './places.ts';

export interface Unit {
  readonly id: string;
  readonly name: string;
  readonly level: 'head-office' | 'branch' | 'sub-branch' | 'outlet';
  readonly parentId: string;
  readonly city: string;
  readonly district: string;
  readonly longitude: number;
  readonly latitude: number;
}

export interface Outlet {
  readonly unit: Unit;
  /** Index among the branches. */
  readonly branch: number;
  /** The branch's largest outlet, in whose streets the well-off live and work. */
  readonly flagship: boolean;
  /** Share of the bank's customers, relative to the other outlets. */
  readonly weight: number;
}

export interface Organisation {
  readonly units: readonly Unit[];
  readonly outlets: readonly Outlet[];
}

const ROADS = [
  '人民路',
  '中山路',
  '解放路',
  '建设路',
  '新华路',
  '文化路',
  '和平路',
  '东风路',
  '滨河路',
  '学府路',
  '科技路',
  '花园路',
] as const;

/** How many branches, sub-branches and outlets a bank of this size has: 20,000 customers 2 / 5 / 14, a million 20 / 143 / 400. */
function networkSize(customers: number): { branches: number; subBranches: number; outlets: number } {
  const scale = customers / 20_000;
  const outlets = Math.max(3, Math.round(14 * scale ** 0.857));
  const branches = Math.min(CITIES.length, Math.max(1, Math.round(2 * scale ** 0.589)));
  const places = CITIES.slice(0, branches).reduce((sum, city) => sum + city.districts.length, 0);
  return { branches, subBranches: Math.min(places, Math.max(branches, Math.round(outlets / 2.8))), outlets };
}

const two = (n: number) => String(n).padStart(2, '0');
const short = (place: string) => (place.length > 2 ? place.replace(/[市区]$/, '') : place);
const round4 = (degrees: number) => Math.round(degrees * 10_000) / 10_000;

function headAndBranches(branches: number): Unit[] {
  const units: Unit[] = [];
  for (let b = 0; b <= branches; b++) {
    const city = CITIES[Math.max(0, b - 1)];
    const [district = '', longitude = 0, latitude = 0] = city?.districts[0] ?? [];
    const at = { city: city?.city ?? '', district, longitude, latitude };
    if (b === 0) units.push({ id: 'H0', name: '观湖银行总行', level: 'head-office', parentId: '', ...at });
    else units.push({ id: `B${two(b)}`, name: `${short(at.city)}分行`, level: 'branch', parentId: 'H0', ...at });
  }
  return units;
}

/** The tree of units: sub-branches go round the branches, one district each; outlets go round the sub-branches. */
export function organise(customers: number, seed: string): Organisation {
  const size = networkSize(customers);
  const random = seededRandom(`${seed}:units`);
  const units = headAndBranches(size.branches);
  const subBranches: { unit: Unit; branch: number }[] = [];
  for (let s = 0; subBranches.length < size.subBranches; s++) {
    const branch = s % size.branches;
    const parent = units[branch + 1];
    const place = CITIES[branch]?.districts[Math.floor(s / size.branches)];
    if (!parent || !place) continue;
    const [district, longitude, latitude] = place;
    const id = `${parent.id}${two(Math.floor(s / size.branches) + 1)}`;
    const name = `${short(parent.city)}${short(district)}支行`;
    const unit: Unit = { id, name, level: 'sub-branch', parentId: parent.id, city: parent.city, district, longitude, latitude };
    subBranches.push({ unit, branch });
    units.push(unit);
  }
  const outlets: Outlet[] = [];
  for (let o = 0; o < size.outlets; o++) {
    const above = subBranches[o % subBranches.length];
    if (!above) break;
    const parent = above.unit;
    const nth = Math.floor(o / subBranches.length);
    const unit: Unit = {
      ...parent,
      id: `${parent.id}${two(nth + 1)}`,
      name:
        nth === 0
          ? `${parent.name}营业室`
          : `${short(parent.city)}${short(parent.district)}${ROADS[((o % subBranches.length) + nth * 5) % ROADS.length]}网点`,
      level: 'outlet',
      parentId: parent.id,
      longitude: round4(parent.longitude + (random.next() - 0.5) * 0.03),
      latitude: round4(parent.latitude + (random.next() - 0.5) * 0.03),
    };
    const flagship = o < size.branches;
    outlets.push({ unit, branch: above.branch, flagship, weight: flagship ? 3 : 0.5 + random.next() });
    units.push(unit);
  }
  return { units, outlets };
}

/** A table for drawing outlets by weight; `tilt` makes the flagships that many times likelier. */
export function outletTable(outlets: readonly Outlet[], tilt: number): Float64Array {
  const table = new Float64Array(outlets.length);
  let sum = 0;
  for (const [i, outlet] of outlets.entries()) {
    sum += outlet.weight * (outlet.flagship ? tilt : 1);
    table[i] = sum;
  }
  return table;
}

/** Draws an outlet's index from a table; `at` is uniform in [0, 1). */
export function drawOutlet(table: Float64Array, at: number): number {
  const target = at * (table.at(-1) ?? 0);
  let low = 0;
  let high = table.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
