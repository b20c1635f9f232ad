/** The ways in which people write one number: full-width, with blanks and hyphens, a mobile with the country's code. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s-]/g, '')
    .replace(/^(\+|00)?86(?=1\d{10}$)/, '')
    .toUpperCase();
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

/** An ID number of 15 digits as it is written with 18: born in the 1900s, a check digit at the end. */
function longId(short: string): string {
  const body = `${short.slice(0, 6)}19${short.slice(6)}`;
  const sum = Array.from(body).reduce((total, digit, i) => total + Number(digit) * (WEIGHTS[i] ?? 0), 0);
  return `${body}${CHECKS[sum % 11] ?? ''}`;
}

export interface WholeNumber {
  readonly kind: 'mobile' | 'id';
  /** As the bank may have sent it: an ID number with 15 digits or with 18. */
  readonly forms: readonly string[];
}

/** What whole number a text is, however it is written; undefined when it can be none. */
export function wholeNumber(text: string): WholeNumber | undefined {
  const number = plain(text);
  if (/^1\d{10}$/.test(number)) return { kind: 'mobile', forms: [number] };
  if (/^\d{15}$/.test(number)) return { kind: 'id', forms: [number, longId(number)] };
  if (/^\d{17}[\dX]$/.test(number)) {
    const short = number.slice(0, 6) + number.slice(8, 17);
    return { kind: 'id', forms: longId(short) === number ? [number, short] : [number] };
  }
  // Passports and the like.
  return /^[A-Z0-9()]{6,20}$/.test(number) ? { kind: 'id', forms: [number] } : undefined;
}

/** Whether a text is a whole mobile or ID number of a person: such a search belongs in no address bar. */
export function isPersonalNumber(text: string): boolean {
  return /^(1\d{10}|\d{15}|\d{17}[\dX])$/.test(plain(text));
}
