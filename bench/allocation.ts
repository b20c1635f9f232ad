import { readFileSync } from 'node:fs';
import { allocate } from '../src/capabilities/coverage/rules/allocate.ts';
import { allocationDigest } from '../src/capabilities/coverage/rules/allocation-digest.ts';
import type { AllocationInput, AllocationStaff, AllocationUnit } from '../src/capabilities/coverage/rules/allocation-types.ts';
import { parseScheme } from '../src/capabilities/coverage/rules/parse-scheme.ts';
import { bandThresholdsFen, type Scheme } from '../src/capabilities/coverage/rules/scheme.ts';
import { seededRandom } from '../src/kernel/random.ts';

/** Speed of pure allocation at one size, in microseconds a customer: fresh, once more over its own result, and the digest. */
export interface AllocationSpeed {
  readonly scheme: string;
  readonly customers: number;
  readonly freshMicros: number;
  readonly againMicros: number;
  readonly digestMicros: number;
}

const CUSTOMERS_PER_OUTLET = 2_500;
const OUTLET_STAFF = [
  'outlet-head',
  'wealth-manager',
  'wealth-manager',
  'lobby-manager',
  'loan-manager',
  'marketing-supervisor',
  'teller',
  'teller',
  'teller',
];

/** Times `allocate` for a shipped scheme at several sizes: the median of enough runs to handle about two million customers. */
export function allocationSpeed(schemeName: string, sizes: readonly number[]): AllocationSpeed[] {
  return sizes.map((customers) => {
    const input = city(schemeName, customers);
    const runs = Math.min(101, Math.max(3, Math.round(2_000_000 / customers)));
    const result = allocate(input);
    const current = { lead: result.seats.lead.staff, joint: result.seats.joint.staff };
    const seated = { ...input, customers: { ...input.customers, current } };
    const micros = (work: () => void) => (medianMillis(runs, work) * 1000) / customers;
    return {
      scheme: schemeName,
      customers,
      freshMicros: micros(() => allocate(input)),
      againMicros: micros(() => allocate(seated)),
      digestMicros: micros(() => allocationDigest(input, result)),
    };
  });
}

function medianMillis(runs: number, work: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

/** A city's bank: branches of 20 outlets, 2,500 customers and nine staff an outlet, averages about as in the golden pyramid. */
function city(schemeName: string, count: number): AllocationInput {
  const parsed = parseScheme(readFileSync(new URL(`../schemes/${schemeName}.yaml`, import.meta.url), 'utf8'));
  if (!('ok' in parsed)) throw new Error(`scheme ${schemeName} does not parse`);
  const scheme: Scheme = parsed.ok;
  const random = seededRandom(`city ${count}`);
  const { units, outlets, staff } = cityStaff(Math.max(2, Math.round(count / CUSTOMERS_PER_OUTLET)));
  const thresholds = bandThresholdsFen(scheme);
  const ids: string[] = [];
  const averageFen = new Float64Array(count);
  const band = new Int8Array(count);
  const unit = new Int32Array(count);
  const hasLoan = new Uint8Array(count);
  for (let c = 0; c < count; c++) {
    ids.push(String(1_000_000_000 + c));
    averageFen[c] = Math.floor(averageYuan(random.next(), random.next()) * 100);
    band[c] = thresholds.findLastIndex((from) => (averageFen[c] ?? 0) >= from);
    unit[c] = random.pick(outlets);
    hasLoan[c] = random.next() < 0.08 ? 1 : 0;
  }
  const current = { lead: new Int32Array(count).fill(-1), joint: new Int32Array(count).fill(-1) };
  return { scheme, units, staff, customers: { count, ids, averageFen, band, unit, hasLoan, current } };
}

/** 85 % below 5,000 yuan, 11 % to 50,000, the rest with a long tail. */
function averageYuan(tier: number, within: number): number {
  if (tier < 0.85) return within * 5_000;
  if (tier < 0.96) return 5_000 + within * 45_000;
  return Math.min(50_000_000, 50_000 * (1 / (1 - within)) ** 0.9);
}

function cityStaff(outletCount: number): { units: AllocationUnit[]; outlets: number[]; staff: AllocationStaff[] } {
  const units: AllocationUnit[] = [{ id: 'head-office', level: 'head-office', parent: -1 }];
  const outlets: number[] = [];
  const staff: AllocationStaff[] = [];
  const hire = (role: string, unit: number) =>
    staff.push({ id: `S${10_000 + staff.length}`, role, unit, shareBp: 10_000, active: true });
  let [branch, subBranch] = [0, 0];
  for (let n = 0; n < outletCount; n++) {
    if (n % 20 === 0) {
      branch = units.push({ id: `branch-${n}`, level: 'branch', parent: 0 }) - 1;
      for (const role of ['wealth-advisor', 'remote-manager', 'remote-manager']) hire(role, branch);
    }
    if (n % 5 === 0) {
      subBranch = units.push({ id: `sub-branch-${n}`, level: 'sub-branch', parent: branch }) - 1;
      hire('sub-branch-head', subBranch);
    }
    const outlet = units.push({ id: `outlet-${n}`, level: 'outlet', parent: subBranch }) - 1;
    outlets.push(outlet);
    for (const role of OUTLET_STAFF) hire(role, outlet);
  }
  return { units, outlets, staff };
}
