import { type Fen, fen } from '../../../kernel/money.ts';

/** To whom a sale can count: who sold, who raised the customer, who claimed them, who covered them on that day. */
export const PARTS = ['seller', 'referrer', 'claimer', 'coverer'] as const;
export type Part = (typeof PARTS)[number];

/** Shares of a sale in basis points, all of it together. */
export type Shares = Readonly<Record<Part, number>>;

/** A whole sale, in basis points. */
export const WHOLE = 10_000;

/** Why shares cannot stand: they are not all of the sale, or one has nobody to whom it would go; undefined when they can. */
export function sharesUnfit(shares: Shares, people: Readonly<Record<Part, string | null>>): 'sum' | Part | undefined {
  if (PARTS.some((part) => !Number.isInteger(shares[part]) || shares[part] < 0)) return 'sum';
  if (PARTS.reduce((sum, part) => sum + shares[part], 0) !== WHOLE) return 'sum';
  return PARTS.find((part) => shares[part] > 0 && people[part] === null);
}

/**
 * A sale of so many fen by parts: each gets its share rounded down to the fen, whoever has the largest gets what is left, the first of
 * equals. The parts add up to the amount.
 */
export function amountsOf(amount: Fen, shares: Shares): Readonly<Record<Part, Fen>> {
  const down = (part: Part) => fen(Number((BigInt(amount) * BigInt(shares[part])) / BigInt(WHOLE)));
  const most = PARTS.reduce((best, part) => (shares[part] > shares[best] ? part : best));
  const left = amount - PARTS.reduce((sum, part) => sum + down(part), 0);
  const of = (part: Part) => fen(down(part) + (part === most ? left : 0));
  return { seller: of('seller'), referrer: of('referrer'), claimer: of('claimer'), coverer: of('coverer') };
}
