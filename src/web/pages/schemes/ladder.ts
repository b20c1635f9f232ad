import type { Answer } from '../../api/client.ts';

type Detail = Answer<'getScheme'>;
export type Histogram = Answer<'schemeHistogram'>;
type SeatView = Detail['bands'][number]['seats'][number];

export interface LadderSeat extends SeatView {
  /** Takes only customers with a loan, only those without, or all. */
  readonly loan: boolean | null;
}
export interface LadderBand {
  readonly id: string;
  readonly title: Detail['bands'][number]['title'];
  readonly fromFen: number;
  readonly seats: readonly LadderSeat[];
}
export interface Crowd {
  readonly customers: number;
  readonly withLoan: number;
  readonly assetsFen: number;
}
export interface SeatNeed {
  readonly customers: number;
  /** People needed at the limit; null where the seat has none. */
  readonly needed: number | null;
  readonly there: number;
}

/** Each bin of the histogram is a 40th of a decade wide, empty ones are left out. */
const BIN = 10 ** (1 / 40);

/** The customers whose average lies in [fromFen, toFen): bins that a border cuts are shared out by their width. */
export function crowdIn(bins: Histogram['bins'], fromFen: number, toFen: number): Crowd {
  let customers = 0;
  let withLoan = 0;
  let assetsFen = 0;
  for (const bin of bins) {
    const low = Math.max(bin.fromFen, fromFen);
    const high = Math.min(bin.fromFen * BIN, toFen);
    if (high <= low) continue;
    const share = Math.min(1, Math.log(high / low) / Math.log(BIN));
    customers += bin.customers * share;
    withLoan += bin.withLoan * share;
    assetsFen += bin.assetsFen * share;
  }
  return { customers: Math.round(customers), withLoan: Math.round(withLoan), assetsFen: Math.round(assetsFen) };
}

/** The upper border of a band: where the next begins. */
export function upperOf(bands: readonly LadderBand[], index: number): number {
  return bands[index + 1]?.fromFen ?? Number.POSITIVE_INFINITY;
}

/** Customers in bands that have seats. */
export function dueOf(bands: readonly LadderBand[], bins: Histogram['bins']): number {
  return bands.reduce(
    (sum, band, index) => sum + (band.seats.length === 0 ? 0 : crowdIn(bins, band.fromFen, upperOf(bands, index)).customers),
    0,
  );
}

/** What a seat has to look after, and how many people that takes at its limit, bank-wide. */
export function seatNeed(seat: LadderSeat, crowd: Crowd, staff: Histogram['staff']): SeatNeed {
  const customers =
    seat.loan === null ? crowd.customers : seat.loan ? crowd.withLoan : Math.max(0, crowd.customers - crowd.withLoan);
  const limit = seat.limitAtMost ?? seat.limitInitial;
  const there = staff.filter(({ role }) => seat.roles.includes(role)).reduce((sum, { count }) => sum + count, 0);
  return { customers, needed: limit === null ? null : Math.ceil(customers / limit), there };
}

/** How many customers lie in another band than in the scheme as saved. */
export function movesBetween(saved: readonly LadderBand[], draft: readonly LadderBand[], bins: Histogram['bins']): number {
  const cuts = [...new Set([...saved, ...draft].map((band) => band.fromFen))].sort((a, b) => a - b);
  const bandAt = (bands: readonly LadderBand[], fen: number) => bands.findLast((band) => band.fromFen <= fen)?.id;
  return cuts.reduce((sum, cut, index) => {
    if (bandAt(saved, cut) === bandAt(draft, cut)) return sum;
    return sum + crowdIn(bins, cut, cuts[index + 1] ?? Number.POSITIVE_INFINITY).customers;
  }, 0);
}

/** A border at a round amount: two leading digits of yuan, and one such step between neighbours. */
export function roundBorder(fen: number): number {
  const step = 10 ** Math.max(2, Math.floor(Math.log10(fen)) - 1);
  return Math.round(fen / step) * step;
}

/** The ladder with one border moved, held between its neighbours. */
export function moveBorder(bands: readonly LadderBand[], index: number, fen: number): LadderBand[] {
  const below = bands[index - 1]?.fromFen ?? 0;
  const above = upperOf(bands, index);
  const least = Math.max(below * 1.1, 10_000);
  const most = above / 1.1;
  const held = Math.min(most, Math.max(least, roundBorder(fen)));
  return bands.map((band, at) => (at === index ? { ...band, fromFen: Math.round(held / 100) * 100 } : band));
}

/** Whether a seat's limits contradict each other; a scheme with such a seat cannot be put in force. */
export function limitsContradict(seat: Pick<LadderSeat, 'limitInitial' | 'limitAtMost'>): boolean {
  return seat.limitInitial !== null && seat.limitAtMost !== null && seat.limitAtMost < seat.limitInitial;
}

/** The ladder with one seat's limit changed. */
export function changeLimit(
  bands: readonly LadderBand[],
  index: number,
  seatNo: number,
  which: 'limitInitial' | 'limitAtMost',
  value: number | null,
): LadderBand[] {
  return bands.map((band, at) =>
    at !== index ? band : { ...band, seats: band.seats.map((seat, no) => (no === seatNo ? { ...seat, [which]: value } : seat)) },
  );
}
