import type { z } from 'zod';
import type { runTotals } from '../contract.ts';
import { bandRefsOf } from '../reads/schemes.ts';
import { reasonWords } from '../reads/words.ts';
import { type AllocationResult, CODE, type CustomerColumns, REASONS } from '../rules/allocation-types.ts';
import type { Scheme } from '../rules/scheme.ts';

export type RunTotals = z.infer<typeof runTotals>;

interface Counted {
  customers: number;
  covered: number;
}

const SLOTS = ['lead', 'joint'] as const;

/** The headline of a run: coverage before and after in customers and assets, by band and by reason. */
export function totalsOfRun(scheme: Scheme, customers: CustomerColumns, result: AllocationResult, gone: number): RunTotals {
  const bands = bandRefsOf(scheme).map((band) => ({ ...band, customers: 0, covered: 0 }));
  const reasons = new Map<number, number>();
  const sums = { assets: 0, covered: 0, before: 0, coveredBefore: 0 };
  for (let c = 0; c < customers.count; c++) {
    for (const seat of SLOTS) {
      const reason = result.seats[seat].reason[c] ?? 0;
      if (reason !== CODE.none) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    if (!isDue(result, c)) continue;
    const average = customers.averageFen[c] ?? 0;
    const before = SLOTS.some((seat) => (customers.current[seat][c] ?? -1) >= 0);
    const after = SLOTS.some((seat) => (result.seats[seat].staff[c] ?? -1) >= 0);
    sums.assets += average;
    if (after) sums.covered += average;
    if (before) sums.coveredBefore += average;
    if (before) sums.before++;
    count(bands[customers.band[c] ?? -1], after);
  }
  const { totals } = result;
  return {
    ...{ customers: totals.customers, covered: totals.covered, uncovered: totals.uncovered, coveredBefore: sums.before },
    ...{ assetsFen: sums.assets, coveredAssetsFen: sums.covered, coveredAssetsBeforeFen: sums.coveredBefore },
    ...{
      kept: totals.kept,
      moved: totals.moved,
      replaced: totals.replaced,
      fresh: totals.fresh,
      released: totals.released + gone,
    },
    staffNeeded: totals.staffNeeded,
    bands: bands.map((band) => ({
      ...band,
      uncovered: band.customers - band.covered,
      capacity: capacityOf(result, band.band),
      staffNeeded: poolsOf(result, band.band).reduce((sum, pool) => sum + pool.staffNeeded, 0),
    })),
    reasons: [...reasons]
      .sort(([a], [b]) => a - b)
      .map(([code, number]) => {
        const reason = REASONS[code] ?? 'none';
        return { reason, text: reasonWords(reason), customers: number };
      }),
  };
}

function isDue(result: AllocationResult, c: number): boolean {
  return SLOTS.some((seat) => {
    const reason = result.seats[seat].reason[c] ?? 0;
    return reason !== CODE.none && reason !== CODE.released;
  });
}

function count(band: Counted | undefined, covered: boolean): void {
  if (band === undefined) return;
  band.customers++;
  if (covered) band.covered++;
}

function poolsOf(result: AllocationResult, band: number) {
  return result.pools.filter((pool) => pool.band === band);
}

/** Places of a band's lead seats; null when some of its people have no limit. */
function capacityOf(result: AllocationResult, band: number): number | null {
  const people = poolsOf(result, band)
    .filter((pool) => pool.seat === 'lead')
    .flatMap((pool) => pool.people);
  const limits = people.map((person) => person.limitAtMost);
  return limits.some((limit) => limit === undefined) ? null : limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0);
}
