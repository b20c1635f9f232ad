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

/**
 * The customers whose average lies in [fromFen, toFen): exact where the borders are borders of bins, that is at amounts of two
 * leading digits and at the scheme's own limits; a bin that a border cuts is shared out by its width.
 */
export function crowdIn(bins: Histogram['bins'], fromFen: number, toFen: number): Crowd {
  let customers = 0;
  let withLoan = 0;
  let assetsFen = 0;
  for (const bin of bins) {
    const inside = Math.min(bin.toFen, toFen) - Math.max(bin.fromFen, fromFen);
    if (inside <= 0) continue;
    const share = inside / (bin.toFen - bin.fromFen);
    customers += bin.customers * share;
    withLoan += bin.withLoan * share;
    assetsFen += bin.assetsFen * share;
  }
  return { customers: Math.round(customers), withLoan: Math.round(withLoan), assetsFen: Math.round(assetsFen) };
}

export interface Bar {
  readonly fromFen: number;
  readonly toFen: number;
  readonly customers: number;
}

/** Bars of equal height on a logarithmic scale, forty a decade, from `lowestFen` to where nobody is left. */
export function barsOf(bins: Histogram['bins'], lowestFen: number): Bar[] {
  const bars: Bar[] = [];
  const end = bins.at(-1)?.toFen ?? 0;
  for (let at = 0; lowestFen * 10 ** (at / 40) < end; at++) {
    const [fromFen, toFen] = [lowestFen * 10 ** (at / 40), lowestFen * 10 ** ((at + 1) / 40)];
    bars.push({ fromFen, toFen, customers: crowdIn(bins, fromFen, toFen).customers });
  }
  return bars.filter((bar) => bar.customers > 0);
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

/** Between which amounts a border may lie: off its neighbours, and not below ¥100. */
export function borderRange(bands: readonly LadderBand[], index: number): readonly [number, number] {
  return [Math.max((bands[index - 1]?.fromFen ?? 0) * 1.1, 10_000), upperOf(bands, index) / 1.1];
}

/** The ladder with one border set, in whole yuan and held between its neighbours. */
export function setBorder(bands: readonly LadderBand[], index: number, fen: number): LadderBand[] {
  const [least, most] = borderRange(bands, index);
  const held = Math.min(most, Math.max(least, fen));
  return bands.map((band, at) => (at === index ? { ...band, fromFen: Math.round(held / 100) * 100 } : band));
}

/** The ladder with one border dragged: to a round amount. */
export function moveBorder(bands: readonly LadderBand[], index: number, fen: number): LadderBand[] {
  return setBorder(bands, index, roundBorder(fen));
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
