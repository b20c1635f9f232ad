/** One person to fill: what is there already, up to where, and by which weight. Whole numbers; `cap` may be Infinity. */
export interface Vessel {
  readonly floor: number;
  readonly cap: number;
  readonly weight: bigint;
}

/**
 * The exact spread, rounded down, with what is left over: `extras` more customers go to different people among those whose
 * exact share is no whole number (`open`), one each at most. Whoever gets them, everyone is within one of the exact share.
 */
export interface Spread {
  readonly counts: number[];
  readonly open: boolean[];
  readonly extras: number;
}

/**
 * Spreads `total` customers (those on the floors included) by weight: count = level × weight, held between floor and cap,
 * one level for all. Exact: no floating point. Refuses (RangeError) a total outside the sums of floors and of caps.
 */
export function waterfill(vessels: readonly Vessel[], total: number): Spread {
  const counts = vessels.map((vessel) => vessel.floor);
  const open = vessels.map(() => false);
  const floors = counts.reduce((sum, floor) => sum + floor, 0);
  const caps = vessels.reduce((sum, vessel) => sum + vessel.cap, 0);
  if (total < floors || total > caps) throw new RangeError(`cannot spread ${total} between ${floors} and ${caps}`);
  let free = vessels.map((vessel, i) => ({ ...vessel, i }));
  let rest = BigInt(total);
  while (free.length > 0) {
    const weight = free.reduce((sum, vessel) => sum + vessel.weight, 0n);
    const level = { rest, weight };
    const low = free.filter((vessel) => off(level, vessel.floor, vessel.weight) <= 0n);
    const high = free.filter((vessel) => vessel.cap !== Infinity && off(level, vessel.cap, vessel.weight) > 0n);
    // Only the stronger side is settled at once: settling it moves the level, which may free the other side again.
    const lowBy = low.reduce((sum, vessel) => sum - off(level, vessel.floor, vessel.weight), 0n);
    const highBy = high.reduce((sum, vessel) => sum + off(level, vessel.cap, vessel.weight), 0n);
    if (low.length + high.length === 0) break;
    for (const vessel of lowBy >= highBy ? low : []) counts[vessel.i] = vessel.floor;
    for (const vessel of highBy >= lowBy ? high : []) counts[vessel.i] = vessel.cap;
    const settled = new Set([...(lowBy >= highBy ? low : []), ...(highBy >= lowBy ? high : [])]);
    for (const vessel of settled) rest -= BigInt(counts[vessel.i] ?? 0);
    free = free.filter((vessel) => !settled.has(vessel));
  }
  const weight = free.reduce((sum, vessel) => sum + vessel.weight, 0n);
  for (const vessel of free) {
    counts[vessel.i] = Number((rest * vessel.weight) / weight);
    open[vessel.i] = (rest * vessel.weight) % weight > 0n;
  }
  return { counts, open, extras: total - counts.reduce((sum, count) => sum + count, 0) };
}

/** How far the level lies over a bound, times the level's weight: the sign is what counts. */
function off(level: { readonly rest: bigint; readonly weight: bigint }, bound: number, weight: bigint): bigint {
  return level.rest * weight - BigInt(bound) * level.weight;
}
