/** Somebody's part: in proportion to a weight, or fixed by hand. */
export interface Share {
  readonly id: string;
  /** At least 0: the share of a full post in basis points, or what they reached last year. */
  readonly weight: number;
  /** Set by hand: the others share the rest. */
  readonly fixed?: number | undefined;
}

/** Why a target cannot be broken down: fixed parts are more than all of it, nobody is left for the rest, or nobody has a weight. */
export type BreakDownFault = 'fixed-too-much' | 'nobody-left' | 'no-weights';

/**
 * A target in whole units (fen or counts) to people by weight [S3]: largest remainder, so that the parts add up to the target exactly; of
 * equal remainders the first gets the unit. Parts fixed by hand stand, the rest balances over the others. Gives the parts in the order of
 * the people, or the fault. The target and fixed parts are whole and not negative.
 */
export function breakDown(target: number, people: readonly Share[]): readonly number[] | BreakDownFault {
  const fixed = people.reduce((sum, one) => sum + (one.fixed ?? 0), 0);
  const rest = target - fixed;
  if (rest < 0) return 'fixed-too-much';
  const others = people.filter((one) => one.fixed === undefined);
  if (others.length === 0) return rest === 0 ? people.map((one) => one.fixed ?? 0) : 'nobody-left';
  const weights = others.reduce((sum, one) => sum + BigInt(one.weight), 0n);
  if (weights === 0n && rest > 0) return 'no-weights';
  const raw = others.map((one) => (weights === 0n ? 0n : BigInt(rest) * BigInt(one.weight)));
  const down = raw.map((value) => (weights === 0n ? 0n : value / weights));
  const left = Number(BigInt(rest) - down.reduce((sum, value) => sum + value, 0n));
  const order = raw
    .map((value, at) => ({ at, remainder: weights === 0n ? 0n : value % weights }))
    .sort((a, b) => (a.remainder === b.remainder ? a.at - b.at : a.remainder > b.remainder ? -1 : 1));
  const more = new Set(order.slice(0, left).map(({ at }) => at));
  const parts = new Map(others.map((one, at) => [one.id, Number(down[at] ?? 0n) + (more.has(at) ? 1 : 0)]));
  return people.map((one) => one.fixed ?? parts.get(one.id) ?? 0);
}

/** Last year's figure and a growth in basis points as this year's target, rounded up to the unit; a loss counts as nothing. */
export function grown(lastYear: number, growthBp: number): number {
  const value = BigInt(Math.max(0, lastYear)) * BigInt(10_000 + growthBp);
  return Number((value + 9_999n) / 10_000n);
}
