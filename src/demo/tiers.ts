import type { Random } from '../kernel/random.ts';

/**
 * The golden pyramid (DOMAIN §10, [S4]): 4,743,445 customers; tiers by current assets. Middle and above is one figure there apart from
 * private; of the rest we take 4.5% as high with 190万 each, which leaves 20.8万 for a middle customer.
 */
const GOLDEN_CUSTOMERS = 4_743_445;
const GOLDEN_POTENTIAL = 503_420;
const GOLDEN_MIDDLE_AND_ABOVE = 196_987;
const GOLDEN_PRIVATE = 459;
const GOLDEN_ASSETS_YUAN = 63_185_970_000 / 0.8665;
const GOLDEN_PRIVATE_YUAN = 7_329_430_000;
const HIGH_SHARE = 0.045;
const HIGH_MEAN_YUAN = 1_900_000;
const REST_MEAN_YUAN = (63_185_970_000 - GOLDEN_PRIVATE_YUAN) / (GOLDEN_MIDDLE_AND_ABOVE - GOLDEN_PRIVATE);

export const TIER = { ordinary: 0, potential: 1, middle: 2, high: 3, private: 4 } as const;

/** One tier's spread of assets: a bounded Pareto between its limits, with the mean that the golden figures ask for. */
interface Tier {
  readonly fromYuan: number;
  readonly toYuan: number;
  readonly meanYuan: number;
}

const TIERS: readonly Tier[] = [
  {
    fromYuan: 5,
    toYuan: 5000,
    meanYuan: (GOLDEN_ASSETS_YUAN * 0.0208) / (GOLDEN_CUSTOMERS - GOLDEN_POTENTIAL - GOLDEN_MIDDLE_AND_ABOVE),
  },
  { fromYuan: 5000, toYuan: 50_000, meanYuan: (GOLDEN_ASSETS_YUAN * 0.1127) / GOLDEN_POTENTIAL },
  { fromYuan: 50_000, toYuan: 1_000_000, meanYuan: (REST_MEAN_YUAN - HIGH_SHARE * HIGH_MEAN_YUAN) / (1 - HIGH_SHARE) },
  { fromYuan: 1_000_000, toYuan: 8_000_000, meanYuan: HIGH_MEAN_YUAN },
  { fromYuan: 8_000_000, toYuan: 90_000_000, meanYuan: GOLDEN_PRIVATE_YUAN / GOLDEN_PRIVATE },
];

/** How many of `customers` are in each tier (index as TIER): the golden shares, rounded, and at least one private customer. */
export function tierCounts(customers: number): number[] {
  const share = (count: number) => Math.round((customers * count) / GOLDEN_CUSTOMERS);
  const privates = Math.max(1, share(GOLDEN_PRIVATE));
  const middleAndAbove = share(GOLDEN_MIDDLE_AND_ABOVE);
  const high = Math.round((middleAndAbove - privates) * HIGH_SHARE);
  const potential = share(GOLDEN_POTENTIAL);
  return [customers - middleAndAbove - potential, potential, middleAndAbove - privates - high, high, privates];
}

/** Quantile `u` of a bounded Pareto with exponent `alpha`; alpha below zero leans to the upper limit. */
function quantile(tier: Tier, alpha: number, u: number): number {
  const ratio = tier.toYuan / tier.fromYuan;
  if (Math.abs(alpha) < 1e-9) return tier.fromYuan * ratio ** u;
  return tier.fromYuan * (1 - u * (1 - ratio ** -alpha)) ** (-1 / alpha);
}

const POINTS_MAX = 4000;

/** The exponent at which `count` evenly spaced quantiles have the tier's mean. */
function solveAlpha(tier: Tier, count: number): number {
  const points = Math.min(count, POINTS_MAX);
  const mean = (alpha: number) => {
    let sum = 0;
    for (let i = 0; i < points; i++) sum += quantile(tier, alpha, (i + 0.5) / points);
    return sum / points;
  };
  let low = -8;
  let high = 12;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (mean(middle) > tier.meanYuan) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Assets in fen of a tier's customers by their place in the tier, 0 (poorest) to 1. */
export type AssetsOf = (tier: number, place: number) => number;

/** Calibrates the tiers for a bank of this size, so that asset shares match the pyramid on the first day. */
export function assetsByTier(customers: number): AssetsOf {
  const counts = tierCounts(customers);
  const alphas = TIERS.map((tier, i) => solveAlpha(tier, Math.max(1, counts[i] ?? 1)));
  return (index, place) => {
    const tier = TIERS[index];
    if (!tier) throw new RangeError(`no such tier: ${index}`);
    return Math.floor(quantile(tier, alphas[index] ?? 1, place) * 100);
  };
}

/** Tier of a new customer: 95% ordinary, 4.58% middle and above [S4]. */
export function newcomerTier(random: Random): number {
  const at = random.next();
  if (at < 0.95) return TIER.ordinary;
  if (at < 0.9542) return TIER.potential;
  return at < 0.9985 ? TIER.middle : TIER.high;
}

/** Tier of each of `customers`, and the place (0–1) of each in its tier: exact counts, in an order that the seed decides. */
export function dealTiers(customers: number, random: Random): { tier: Uint8Array; place: Float32Array } {
  const order = Uint32Array.from({ length: customers }, (_, i) => i);
  for (let i = customers - 1; i > 0; i--) {
    const j = random.int(0, i);
    const other = order[j] ?? 0;
    order[j] = order[i] ?? 0;
    order[i] = other;
  }
  const tier = new Uint8Array(customers);
  const place = new Float32Array(customers);
  let at = 0;
  for (const [index, count] of tierCounts(customers).entries()) {
    for (let k = 0; k < count; k++, at++) {
      const customer = order[at] ?? 0;
      tier[customer] = index;
      place[customer] = (k + 0.5) / count;
    }
  }
  return { tier, place };
}
