/** Whole fen (1/100 yuan). Amounts are safe integers; what may pass 2^53 is a bigint. */
export type Fen = number & { readonly __unit: 'fen' };

/** Brands an integer as fen. Throws RangeError when it is not a safe integer: money is never rounded silently. */
export function fen(value: number): Fen {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not whole fen: ${value}`);
  return value as Fen;
}

/** Fen from a database bigint (string or bigint). Throws RangeError past 2^53 - 1. */
export function fenFromDb(value: string | bigint | number): Fen {
  return fen(Number(value));
}

const AMOUNT = /^([+-])?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?$/;
const FULL_WIDTH = /[\uFF10-\uFF19\uFF0B\uFF0C\uFF0D\uFF0E]/g;
/** Largest balance a position may hold, in fen: 90 trillion yuan keeps every sum inside 2^53. */
export const FEN_MAX = 9_000_000_000_000_000;

/**
 * Reads an amount in yuan as fen: at most two decimals, thousands separators allowed, full-width digits normalised (FEEDS).
 * Returns undefined for anything else (exponents, three decimals, text, out of range): the caller words the reject.
 */
export function parseYuan(text: string): Fen | undefined {
  const plain = text.trim().replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const match = AMOUNT.exec(plain);
  if (!match) return undefined;
  const [, sign, whole = '', decimals = ''] = match;
  const digits = whole.replaceAll(',', '') + decimals.padEnd(2, '0');
  if (digits.length > 17) return undefined;
  const value = Number(digits);
  if (value > FEN_MAX) return undefined;
  return fen(sign === '-' && value !== 0 ? -value : value);
}

/** Fen as yuan with two decimals and no separators, for files: `-1234.50`. */
export function yuanText(amount: Fen | bigint): string {
  const value = BigInt(amount);
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * Average in fen, rounded down: `floor(balanceDays / days)`. Rounding down keeps the shown average and the band decision
 * in agreement: average >= limit exactly when balanceDays >= limit * days. `days` must be positive.
 */
export function averageFen(balanceDays: bigint, days: number): Fen {
  if (!Number.isInteger(days) || days <= 0) throw new RangeError(`days must be positive: ${days}`);
  const divisor = BigInt(days);
  const quotient = balanceDays / divisor;
  return fenFromDb(balanceDays < 0n && quotient * divisor !== balanceDays ? quotient - 1n : quotient);
}
