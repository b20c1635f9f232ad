import * as highsPackage from 'highs';
import { allocate } from '../src/capabilities/coverage/rules/allocate.ts';
import type { AllocationInput } from '../src/capabilities/coverage/rules/allocation-types.ts';
import type { Scheme } from '../src/capabilities/coverage/rules/scheme.ts';
import { seededRandom } from '../src/kernel/random.ts';

/** How far the allocation's largest total lies above the smallest possible one, over many small pools. */
export interface OracleGap {
  readonly pools: number;
  /** Pools in which the allocation is optimal to the yuan. */
  readonly optimal: number;
  /** (largest total − optimum) ÷ optimum. */
  readonly meanGap: number;
  readonly worstGap: number;
}

const words = { zh: '小池', en: 'Small pool' };
const SCHEME: Scheme = {
  scheme: 'oracle',
  version: '1',
  title: words,
  measure: 'calendar-year',
  grace: { months: 0 },
  bands: [{ band: 'all', title: words, from: 0, seats: [{ seat: 'lead', staff: [{ role: 'wealth-manager' }], pool: 'outlet' }] }],
};

/**
 * Compares fresh allocations of small pools (2 to 4 people, 6 to 14 customers, averages spread like a wealth band's) with the
 * exact optimum of a mixed-integer program: least possible largest total, head-counts within one of the exact share.
 */
export async function oracleGap(seed: string, pools: number): Promise<OracleGap> {
  const highs = await loadSolver();
  const gaps: number[] = [];
  for (let n = 0; n < pools; n++) {
    const random = seededRandom(`${seed} ${n}`);
    const people = random.int(2, 4);
    const yuan = Array.from({ length: random.int(6, 14) }, () => Math.floor(200_000 / (1 - random.next() * 0.97)));
    const ours = largestTotal(people, yuan);
    const solved = highs.solve(program(people, yuan), { output_flag: false, mip_rel_gap: 0, threads: 1 });
    if (solved.Status !== 'Optimal') throw new Error(`oracle: ${solved.Status}`);
    gaps.push((ours - Math.round(solved.ObjectiveValue)) / Math.round(solved.ObjectiveValue));
  }
  const sum = gaps.reduce((total, gap) => total + gap, 0);
  return { pools, optimal: gaps.filter((gap) => gap <= 0).length, meanGap: sum / pools, worstGap: Math.max(...gaps) };
}

/** The solver as it is at run time: its types describe the CommonJS build, where the loader is one `default` deeper. */
type SolverLoader = () => Promise<Pick<highsPackage.Highs, 'solve'>>;

function isLoader(value: unknown): value is SolverLoader {
  return typeof value === 'function';
}

function loadSolver(): ReturnType<SolverLoader> {
  const loader: unknown = highsPackage.default;
  if (!isLoader(loader)) throw new Error('the solver has no loader');
  return loader();
}

/** Largest total of the allocation, in yuan. */
function largestTotal(people: number, yuan: readonly number[]): number {
  const nobody = () => new Int32Array(yuan.length).fill(-1);
  const input: AllocationInput = {
    scheme: SCHEME,
    units: [{ id: 'O', level: 'outlet', parent: -1 }],
    staff: Array.from({ length: people }, (_n, i) => ({
      id: `W${i}`,
      role: 'wealth-manager',
      unit: 0,
      shareBp: 10_000,
      active: true,
    })),
    customers: {
      count: yuan.length,
      ids: yuan.map((_y, i) => `C${i}`),
      averageFen: Float64Array.from(yuan, (y) => y * 100),
      band: new Int8Array(yuan.length),
      unit: new Int32Array(yuan.length),
      hasLoan: new Uint8Array(yuan.length),
      current: { lead: nobody(), joint: nobody() },
    },
  };
  return Math.max(...(allocate(input).pools[0]?.people.map((person) => person.assetsAfterFen / 100) ?? []));
}

/** The pool as a mixed-integer program in LP text: x_c_p = customer c goes to person p, z = the largest total. */
function program(people: number, yuan: readonly number[]): string {
  const persons = Array.from({ length: people }, (_n, p) => p);
  const sum = (terms: readonly string[]) => terms.join(' + ');
  const once = yuan.map((_y, c) => ` once_${c}: ${sum(persons.map((p) => `x_${c}_${p}`))} = 1`);
  const counts = persons.flatMap((p) => {
    const all = sum(yuan.map((_y, c) => `x_${c}_${p}`));
    return [
      ` least_${p}: ${all} >= ${Math.floor(yuan.length / people)}`,
      ` most_${p}: ${all} <= ${Math.ceil(yuan.length / people)}`,
    ];
  });
  const totals = persons.map((p) => ` total_${p}: ${sum(yuan.map((y, c) => `${y} x_${c}_${p}`))} - z <= 0`);
  const binaries = yuan.flatMap((_y, c) => persons.map((p) => `x_${c}_${p}`)).join(' ');
  return ['Minimize', ' obj: z', 'Subject To', ...once, ...counts, ...totals, 'Binary', ` ${binaries}`, 'End'].join('\n');
}
