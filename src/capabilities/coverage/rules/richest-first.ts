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

const DIGIT = 2048;

/** Stable radix sort, 11 bits a pass, on how far each average lies below the largest: as many passes as the range needs. */
function radix(chosen: Int32Array, averageFen: Float64Array): Int32Array {
  let largest = -Infinity;
  let smallest = Infinity;
  for (const i of chosen) {
    const value = averageFen[i] ?? 0;
    if (value > largest) largest = value;
    if (value < smallest) smallest = value;
  }
  let order = chosen;
  let spare: Int32Array = new Int32Array(chosen.length);
  for (let unit = 1; unit <= largest - smallest; unit *= DIGIT) {
    const starts = new Int32Array(DIGIT + 1);
    const digits = new Uint16Array(order.length);
    for (let k = 0; k < order.length; k++) {
      const digit = Math.floor((largest - (averageFen[order[k] ?? 0] ?? 0)) / unit) % DIGIT;
      digits[k] = digit;
      starts[digit + 1] = (starts[digit + 1] ?? 0) + 1;
    }
    for (let d = 1; d <= DIGIT; d++) starts[d] = (starts[d] ?? 0) + (starts[d - 1] ?? 0);
    for (let k = 0; k < order.length; k++) {
      const digit = digits[k] ?? 0;
      const at = starts[digit] ?? 0;
      starts[digit] = at + 1;
      spare[at] = order[k] ?? 0;
    }
    [order, spare] = [spare, order === chosen ? new Int32Array(chosen.length) : order];
  }
  return order === chosen ? chosen.slice() : order;
}
