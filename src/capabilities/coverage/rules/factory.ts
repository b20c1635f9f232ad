import { type Random, seededRandom } from '../../../kernel/random.ts';
import type { AllocationInput, AllocationStaff, AllocationUnit, CustomerColumns } from './allocation-types.ts';
import { type Band, bandThresholdsFen, type Scheme } from './scheme.ts';

/** What a made-up bank looks like; all parts follow from it, so that a failing case can be told by these few values. */
export interface Bank {
  readonly seed: number;
  readonly customers: number;
  /** Staff of each covering role and unit, 0 up to this. */
  readonly staffMax: number;
  /** Part of the customers who have somebody already, 0 to 1. */
  readonly seated: number;
  /** Few different averages make ties. */
  readonly averages: number;
}

const words = { zh: '测试', en: 'Test' };

function scheme(bands: readonly Omit<Band, 'title'>[], extra: Partial<Scheme> = {}): Scheme {
  return {
    scheme: 'test',
    version: '1',
    title: words,
    measure: 'calendar-year',
    grace: { months: 3 },
    bands: bands.map((band) => ({ title: words, ...band })),
    ...extra,
  };
}

/** The shape of full-coverage with limits small enough to be hit by a dozen customers. */
export const TIGHT = scheme([
  {
    band: 'private',
    from: 600,
    seats: [
      { seat: 'lead', staff: [{ role: 'sub-branch-head' }], pool: 'sub-branch' },
      { seat: 'joint', staff: [{ role: 'wealth-advisor' }], pool: 'branch', limit: { initial: 2, at_most: 4 } },
    ],
  },
  {
    band: 'wealth',
    from: 200,
    to: 600,
    cover: 'all',
    seats: [{ seat: 'lead', staff: [{ role: 'wealth-manager' }], pool: 'outlet', limit: { initial: 3, at_most: 5 } }],
  },
  {
    band: 'affluent',
    from: 50,
    to: 200,
    seats: [
      { seat: 'lead', staff: [{ role: 'loan-manager' }], pool: 'outlet', when: { has_loan: true } },
      { seat: 'lead', staff: [{ role: 'lobby-manager' }], pool: 'outlet', when: { has_loan: false }, limit: { initial: 3 } },
      { seat: 'lead', staff: [{ role: 'remote-manager' }], pool: 'branch', limit: { at_most: 4 }, portfolio: 'rest' },
    ],
  },
]);

/** Lead and joint seats filled from the same people: the two must never be one person. */
export const PAIRED = scheme([
  {
    band: 'top',
    from: 100,
    seats: [
      { seat: 'lead', staff: [{ role: 'wealth-manager' }], pool: 'outlet', limit: { initial: 4 }, portfolio: 'lead' },
      {
        seat: 'joint',
        staff: [{ role: 'wealth-manager' }, { role: 'lobby-manager' }],
        pool: 'outlet',
        limit: { initial: 3, at_most: 5 },
        portfolio: 'joint',
      },
    ],
  },
]);

/** One seat without limits: the plain case of shares. */
export const PLAIN = scheme([{ band: 'all', from: 0, seats: [{ seat: 'lead', staff: [{ role: 'teller' }], pool: 'outlet' }] }]);

const ROLES = ['wealth-manager', 'lobby-manager', 'loan-manager', 'teller', 'marketing-supervisor', 'outlet-head'] as const;

/** Branches with sub-branches and outlets, staff by chance (some part-time, some gone), and customers, some of them seated. */
export function makeInput(forScheme: Scheme, bank: Bank): AllocationInput {
  const random = seededRandom(`bank ${JSON.stringify(bank)}`);
  const { units, outlets, staff } = makeStaff(random, bank.staffMax);
  const { customers: count } = bank;
  const thresholds = bandThresholdsFen(forScheme);
  const nobody = () => new Int32Array(count).fill(-1);
  const customers: CustomerColumns & { readonly ids: string[] } = {
    count,
    ids: [],
    averageFen: new Float64Array(count),
    band: new Int8Array(count),
    unit: new Int32Array(count),
    hasLoan: new Uint8Array(count),
    current: { lead: nobody(), joint: nobody() },
  };
  const top = (thresholds.at(-1) ?? 0) * 2 + 100_000;
  for (let c = 0; c < count; c++) {
    customers.ids.push(`C${(c * 7919) % 100_003}`);
    customers.averageFen[c] = Math.floor((random.int(0, bank.averages) / bank.averages) ** 2 * top);
    customers.band[c] = thresholds.findLastIndex((from) => (customers.averageFen[c] ?? 0) >= from);
    customers.unit[c] = random.next() < 0.02 ? -1 : random.pick(outlets);
    customers.hasLoan[c] = random.next() < 0.3 ? 1 : 0;
    // Mostly people from near by, so that many may stay and limits are hit by them.
    const near = nearBy(units, staff, random.next() < 0.8 ? (customers.unit[c] ?? -1) : -1);
    for (const seat of ['lead', 'joint'] as const) {
      if (near.length > 0 && random.next() < bank.seated) customers.current[seat][c] = random.pick(near);
    }
    if (customers.current.joint[c] === customers.current.lead[c]) customers.current.joint[c] = -1;
  }
  return { scheme: forScheme, units, staff, customers };
}

/** Staff of the outlet and the units above it; everybody for -1. */
function nearBy(units: readonly AllocationUnit[], staff: readonly AllocationStaff[], outlet: number): number[] {
  const chain = new Set<number>();
  for (let unit = outlet; unit >= 0; unit = units[unit]?.parent ?? -1) chain.add(unit);
  return [...staff.keys()].filter((i) => outlet < 0 || chain.has(staff[i]?.unit ?? -1));
}

function makeStaff(random: Random, staffMax: number) {
  const units: AllocationUnit[] = [{ id: 'HQ', level: 'head-office', parent: -1 }];
  const outlets: number[] = [];
  const staff: AllocationStaff[] = [];
  const hire = (role: string, unit: number) => {
    for (let n = random.int(0, staffMax); n > 0; n--) {
      const shareBp = random.next() < 0.2 ? 5_000 : 10_000;
      staff.push({ id: `S${(staff.length * 37) % 1009}`, role, unit, shareBp, active: random.next() > 0.1 });
    }
  };
  for (let b = 0; b < 2; b++) {
    const branch = units.push({ id: `B${b}`, level: 'branch', parent: 0 }) - 1;
    for (const role of ['wealth-advisor', 'remote-manager']) hire(role, branch);
    for (let s = 0; s < 2; s++) {
      const sub = units.push({ id: `B${b}S${s}`, level: 'sub-branch', parent: branch }) - 1;
      hire('sub-branch-head', sub);
      const outlet = units.push({ id: `B${b}S${s}O`, level: 'outlet', parent: sub }) - 1;
      outlets.push(outlet);
      for (const role of ROLES) hire(role, outlet);
    }
  }
  return { units, outlets, staff };
}

/** One outlet with these people, and customers with these averages (yuan), all in the one band of the scheme. */
export function outlet(
  scheme: Scheme,
  people: readonly { id: string; role: string; shareBp?: number }[],
  yuan: readonly number[],
): AllocationInput {
  const nobody = () => new Int32Array(yuan.length).fill(-1);
  return {
    scheme,
    units: [
      { id: 'B', level: 'branch', parent: -1 },
      { id: 'S', level: 'sub-branch', parent: 0 },
      { id: 'O', level: 'outlet', parent: 1 },
    ],
    staff: people.map(({ id, role, shareBp = 10_000 }) => ({ id, role, unit: 2, shareBp, active: true })),
    customers: {
      count: yuan.length,
      ids: yuan.map((_y, i) => `C${1000 + i}`),
      averageFen: Float64Array.from(yuan, (y) => y * 100),
      band: new Int8Array(yuan.length),
      unit: new Int32Array(yuan.length).fill(2),
      hasLoan: new Uint8Array(yuan.length),
      current: { lead: nobody(), joint: nobody() },
    },
  };
}

/** The same bank in another order: every list shuffled, every index renamed. */
export function shuffled(input: AllocationInput, seed: number): AllocationInput {
  const random = seededRandom(`shuffle ${seed}`);
  const mix = (length: number) => {
    const keys = Array.from({ length }, () => random.next());
    return keys.map((_key, i) => i).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
  };
  const [units, staff, rows] = [mix(input.units.length), mix(input.staff.length), mix(input.customers.count)];
  const unitAt = (old: number) => (old < 0 ? -1 : units.indexOf(old));
  const staffAt = (old: number | undefined) => (old === undefined || old < 0 ? -1 : staff.indexOf(old));
  const { customers } = input;
  return {
    ...input,
    units: units.flatMap((i) => input.units[i] ?? []).map((unit) => ({ ...unit, parent: unitAt(unit.parent) })),
    staff: staff.flatMap((i) => input.staff[i] ?? []).map((person) => ({ ...person, unit: unitAt(person.unit) })),
    customers: {
      count: customers.count,
      ids: rows.map((i) => customers.ids[i] ?? ''),
      averageFen: Float64Array.from(rows, (i) => customers.averageFen[i] ?? 0),
      band: Int8Array.from(rows, (i) => customers.band[i] ?? -1),
      unit: Int32Array.from(rows, (i) => unitAt(customers.unit[i] ?? -1)),
      hasLoan: Uint8Array.from(rows, (i) => customers.hasLoan[i] ?? 0),
      current: {
        lead: Int32Array.from(rows, (i) => staffAt(customers.current.lead[i])),
        joint: Int32Array.from(rows, (i) => staffAt(customers.current.joint[i])),
      },
    },
  };
}
