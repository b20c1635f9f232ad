import { isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { Words } from '../../api/client.ts';
import { limitMoney } from '../../ui/format.ts';
import type { LadderBand, LadderSeat } from './ladder.ts';

interface Detail {
  readonly source: string;
  readonly bands: readonly (Omit<LadderBand, 'seats'> & { readonly seats: readonly Omit<LadderSeat, 'loan'>[] })[];
}

function bandMaps(document: ReturnType<typeof parseDocument>): YAMLMap[] {
  const bands = document.get('bands');
  return isSeq(bands) ? bands.items.filter(isMap) : [];
}

function seatMap(band: YAMLMap | undefined, seatNo: number): YAMLMap | undefined {
  const seats = band?.get('seats');
  const seat = isSeq(seats) ? seats.items[seatNo] : undefined;
  return isMap(seat) ? seat : undefined;
}

/** The bands of a scheme with what only its text says: which seats ask for a loan. */
export function readLadder(detail: Detail): LadderBand[] {
  const maps = bandMaps(parseDocument(detail.source));
  return detail.bands.map((band) => {
    const map = maps.find((one) => one.get('band') === band.id);
    return {
      id: band.id,
      title: band.title,
      fromFen: band.fromFen,
      seats: band.seats.map((seat, no) => {
        const loan = seatMap(map, no)?.getIn(['when', 'has_loan']);
        return { ...seat, loan: typeof loan === 'boolean' ? loan : null };
      }),
    };
  });
}

/** The text of the scheme with the moved borders and limits in it; everything else stays as its author wrote it. */
export function rewriteSource(source: string, saved: readonly LadderBand[], draft: readonly LadderBand[], title: Words): string {
  const document = parseDocument(source);
  const maps = bandMaps(document);
  document.setIn(['title', 'zh'], title.zh);
  document.setIn(['title', 'en'], title.en);
  draft.forEach((band, index) => {
    const before = saved[index];
    const map = maps.find((one) => one.get('band') === band.id);
    if (before === undefined || map === undefined) return;
    if (before.fromFen !== band.fromFen) {
      setBorder(map, 'from', band.fromFen);
      const below = maps.find((one) => one.get('band') === draft[index - 1]?.id);
      if (below !== undefined) setBorder(below, 'to', band.fromFen);
    }
    band.seats.forEach((seat, no) => {
      const node = seatMap(map, no);
      if (node === undefined) return;
      setLimit(node, 'initial', before.seats[no]?.limitInitial ?? null, seat.limitInitial);
      setLimit(node, 'at_most', before.seats[no]?.limitAtMost ?? null, seat.limitAtMost);
    });
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** The border's new amount; a remark beside it that named the old one now names the new. */
function setBorder(band: YAMLMap, key: 'from' | 'to', fen: number): void {
  const node = band.get(key, true);
  if (!isScalar(node)) return;
  node.value = fen / 100;
  if (node.comment) node.comment = ` ${limitMoney(fen, 'zh')}`;
}

function setLimit(seat: YAMLMap, key: 'initial' | 'at_most', before: number | null, after: number | null): void {
  if (before === after) return;
  if (after !== null) seat.setIn(['limit', key], after);
  else seat.deleteIn(['limit', key]);
  const limit = seat.get('limit');
  if (isMap(limit) && limit.items.length === 0) seat.delete('limit');
}
