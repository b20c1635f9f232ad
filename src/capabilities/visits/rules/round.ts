/** More stops than this are not put in order: nobody visits more in a day. */
export const STOPS_MAX = 12;

/**
 * The shortest round that begins and ends at place 0 and stops once at each other place, by Held and Karp: exact, never a guess.
 *
 * @param metres distances between places, square; place 0 is where one starts.
 * @returns the places in the order of the round without place 0, and its length in metres. Of two rounds of one length the one that
 *   is found first stays, so the same places always give the same order.
 * @throws RangeError for more than STOPS_MAX stops.
 */
export function shortestRound(metres: readonly (readonly number[])[]): { readonly order: number[]; readonly metres: number } {
  const stops = Math.max(0, metres.length - 1);
  if (stops > STOPS_MAX) throw new RangeError(`${stops} stops are more than ${STOPS_MAX}`);
  if (stops === 0) return { order: [], metres: 0 };
  const legs = bestLegs(metres, stops);
  const all = 2 ** stops - 1;
  const last = nearest(stops, (stop) => at(legs.length, all, stop) + leg(metres, stop + 1, 0));
  const order: number[] = [];
  let visited = all;
  for (let stop = last.stop; visited !== 0; ) {
    order.unshift(stop + 1);
    const before = at(legs.before, visited, stop);
    visited -= 2 ** stop;
    stop = before;
  }
  return { order, metres: last.metres };
}

/** Length of the way along places in the order given, from place 0 and back to it. */
export function roundLength(metres: readonly (readonly number[])[], order: readonly number[]): number {
  const way = [0, ...order, 0];
  return way.slice(1).reduce((sum, place, n) => sum + leg(metres, way[n] ?? 0, place), 0);
}

/** For every set of stops and the one at which it ends: the shortest way from place 0, and the stop before the last. */
function bestLegs(metres: readonly (readonly number[])[], stops: number) {
  const length: number[][] = [];
  const before: number[][] = [];
  for (let visited = 1; visited < 2 ** stops; visited++) {
    const [lengths, froms]: [number[], number[]] = [[], []];
    for (let stop = 0; stop < stops; stop++) {
      const rest = visited - 2 ** stop;
      if ((visited & (2 ** stop)) === 0) [lengths[stop], froms[stop]] = [Number.POSITIVE_INFINITY, -1];
      else if (rest === 0) [lengths[stop], froms[stop]] = [leg(metres, 0, stop + 1), -1];
      else {
        const found = nearest(stops, (from) => at(length, rest, from) + leg(metres, from + 1, stop + 1));
        [lengths[stop], froms[stop]] = [found.metres, found.stop];
      }
    }
    length[visited] = lengths;
    before[visited] = froms;
  }
  return { length, before };
}

function nearest(stops: number, metresTo: (stop: number) => number): { readonly stop: number; readonly metres: number } {
  let best = { stop: 0, metres: metresTo(0) };
  for (let stop = 1; stop < stops; stop++) {
    const metres = metresTo(stop);
    if (metres < best.metres) best = { stop, metres };
  }
  return best;
}

const at = (table: readonly (readonly number[])[], row: number, column: number): number =>
  table[row]?.[column] ?? Number.POSITIVE_INFINITY;
const leg = (metres: readonly (readonly number[])[], from: number, to: number): number => metres[from]?.[to] ?? 0;

/** Streets are longer than the crow's way, and a city lets one do 15 km in an hour; then five minutes to park and ring the bell. */
const DETOUR = 1.4;
const METRES_A_MINUTE = 250;
const ARRIVING_MINUTES = 5;

/** Minutes that one needs from one stop to the next, as the crow flies `metres` apart. */
export function minutesToGo(metres: number): number {
  return Math.ceil((metres * DETOUR) / METRES_A_MINUTE) + ARRIVING_MINUTES;
}
