import type { z } from 'zod';
import type { Words } from '../../../kernel/refusal.ts';
import type { Tx } from '../../../platform/db/transaction.ts';
import type { bandRef } from '../contract.ts';
import { parseScheme } from '../rules/parse-scheme.ts';
import { bandsAscending, portfolioOf, type Scheme, seatRoles, seatTitle } from '../rules/scheme.ts';

/** A stored scheme, ready to word what rows only number. */
export interface SchemeView {
  readonly schemeId: string;
  readonly title: Words;
  readonly scheme: Scheme;
  readonly bands: readonly z.input<typeof bandRef>[];
  readonly portfolios: ReadonlyMap<string, { readonly title: Words; readonly initial: number | null }>;
  /** Roles that fill any seat. */
  readonly seatRoles: readonly string[];
}

// A version's text never changes once saved, so its parsed form is kept by digest.
const views = new Map<string, SchemeView>();
const VIEWS_MAX = 50;

/** The view of a stored scheme's row. */
export function schemeView(row: { scheme_id: string; source: string; digest: string }): SchemeView {
  const known = views.get(row.digest);
  if (known !== undefined && known.schemeId === row.scheme_id) return known;
  const parsed = parseScheme(row.source);
  if (!('ok' in parsed)) throw new Error(`stored scheme ${row.scheme_id} cannot be read`);
  const view = toView(row.scheme_id, parsed.ok);
  if (views.size >= VIEWS_MAX) views.clear();
  views.set(row.digest, view);
  return view;
}

/** Bands of a scheme from low to high, as pages show them. */
export function bandRefsOf(scheme: Scheme): z.input<typeof bandRef>[] {
  return bandsAscending(scheme).map((band, index) => ({
    band: index,
    id: band.band,
    title: band.title,
    fromFen: band.from * 100,
    toFen: band.to === undefined ? null : band.to * 100,
    hasSeats: band.seats.length > 0,
  }));
}

function toView(schemeId: string, scheme: Scheme): SchemeView {
  const seats = scheme.bands.flatMap((band) => band.seats.map((seat) => ({ band, seat })));
  return {
    schemeId,
    title: scheme.title,
    scheme,
    bands: bandRefsOf(scheme),
    portfolios: new Map(
      seats.map(({ band, seat }) => [
        portfolioOf(band, seat),
        {
          title: { zh: `${band.title.zh}·${seatTitle(scheme, seat).zh}`, en: `${band.title.en} · ${seatTitle(scheme, seat).en}` },
          initial: seat.limit?.initial ?? null,
        },
      ]),
    ),
    seatRoles: [...new Set(seats.flatMap(({ seat }) => seatRoles(scheme, seat)))],
  };
}

/** The scheme in force; undefined before the first is activated. */
export async function activeScheme(tx: Tx): Promise<SchemeView | undefined> {
  const row = await tx.db
    .selectFrom('coverage.scheme')
    .select(['scheme_id', 'source', 'digest'])
    .where('state', '=', 'active')
    .executeTakeFirst();
  return row && schemeView(row);
}

/** The view of one stored version; undefined when there is none. */
export async function schemeViewById(tx: Tx, schemeId: string): Promise<SchemeView | undefined> {
  const row = await tx.db
    .selectFrom('coverage.scheme')
    .select(['scheme_id', 'source', 'digest'])
    .where('scheme_id', '=', schemeId)
    .executeTakeFirst();
  return row && schemeView(row);
}
