import { count } from '../../ui/format.ts';

const UNITS = new Map([
  ['', 1],
  ['万', 1e4],
  ['亿', 1e8],
]);

/**
 * The whole number that somebody typed, with or without separators and units: 210,000 元, 21 万, 1.5亿. Empty text stays empty, which
 * is no limit; what is no number comes back as it is and counts for nothing.
 */
export function parseAmount(text: string | undefined): number | string {
  const plain = (text ?? '').normalize('NFKC').replace(/[\s,、]|元|户|¥|yuan/gi, '');
  const found = /^(\d+(?:\.\d+)?)(万|亿)?$/.exec(plain);
  return found === null ? plain : Math.round(Number(found[1]) * (UNITS.get(found[2] ?? '') ?? 1));
}

/** An amount with separators; while somebody types 21万 or 1.5 their text stays. */
export function formatAmount(
  value: number | string | undefined,
  info: { readonly userTyping: boolean; readonly input: string },
): string {
  if (info.userTyping && !/^[\d,]*$/.test(info.input)) return info.input;
  return value === undefined || value === '' || Number.isNaN(Number(value)) ? '' : count(Number(value));
}
