/**
 * The canonical order of an allocation: richer first, equal averages by id, whatever the order of the input. `chosen` are
 * the positions to order. Averages may be negative; equal ids are refused by RangeError, since nothing could tell them apart.
 */
export function richestFirst(chosen: Int32Array, averageFen: Float64Array, ids: readonly string[]): Int32Array {
  const order =
    chosen.length < 256 ? chosen.slice().sort((a, b) => (averageFen[b] ?? 0) - (averageFen[a] ?? 0)) : radix(chosen, averageFen);
  let from = 0;
  for (let k = 1; k <= order.length; k++) {
    if (k < order.length && averageFen[order[k] ?? 0] === averageFen[order[from] ?? 0]) continue;
    if (k - from > 1) sortById(order.subarray(from, k), ids);
    from = k;
  }
  return order;
}

function sortById(run: Int32Array, ids: readonly string[]): void {
  run.sort((a, b) => {
    const x = ids[a] ?? '';
    const y = ids[b] ?? '';
    if (x === y) throw new RangeError(`customer named twice: ${x}`);
    return x < y ? -1 : 1;
  });
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** A distance of up to 53 bits is held as two halves, so that digits are taken by shifts instead of divisions. */
const HALF = 2 ** 22;

/** Stable radix sort, 11 bits a pass, on how far each average lies below the largest: as many passes as the range needs. */
function radix(chosen: Int32Array, averageFen: Float64Array): Int32Array {
  let largest = -Infinity;
  let smallest = Infinity;
  for (let k = 0; k < chosen.length; k++) {
    const value = averageFen[chosen[k] ?? 0] ?? 0;
    if (value > largest) largest = value;
    if (value < smallest) smallest = value;
  }
  const low = new Int32Array(chosen.length);
  const high = new Int32Array(chosen.length);
  let order = new Int32Array(chosen.length);
  for (let k = 0; k < chosen.length; k++) {
    const distance = largest - (averageFen[chosen[k] ?? 0] ?? 0);
    const upper = Math.floor(distance / HALF);
    high[k] = upper;
    low[k] = distance - upper * HALF;
    order[k] = k;
  }
  let spare = new Int32Array(chosen.length);
  for (let bit = 0; 2 ** bit <= largest - smallest; bit += DIGIT_BITS) {
    const half = bit < 22 ? low : high;
    scatter(half, bit < 22 ? bit : bit - 22, order, spare);
    [order, spare] = [spare, order];
  }
  for (let k = 0; k < order.length; k++) order[k] = chosen[order[k] ?? 0] ?? 0;
  return order;
}

/** One pass: moves `from` into `to`, ordered by the digit at `shift`. */
function scatter(keys: Int32Array, shift: number, from: Int32Array, to: Int32Array): void {
  const starts = new Int32Array(DIGITS + 1);
  const mask = DIGITS - 1;
  for (let k = 0; k < keys.length; k++) {
    const after = (((keys[k] ?? 0) >>> shift) & mask) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let d = 1; d <= DIGITS; d++) starts[d] = (starts[d] ?? 0) + (starts[d - 1] ?? 0);
  for (let k = 0; k < from.length; k++) {
    const item = from[k] ?? 0;
    const digit = ((keys[item] ?? 0) >>> shift) & mask;
    const at = starts[digit] ?? 0;
    starts[digit] = at + 1;
    to[at] = item;
  }
}
