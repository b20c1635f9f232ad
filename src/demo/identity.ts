import type { BusinessDate } from '../kernel/business-date.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECKS = '10X98765432';

/** Check digit of a resident identity number (GB 11643: ISO 7064 MOD 11-2) from its first 17 digits. */
export function idCheckDigit(digits17: string): string {
  let sum = 0;
  for (const [i, weight] of WEIGHTS.entries()) sum += Number(digits17[i]) * weight;
  return CHECKS[sum % 11] ?? '';
}

/**
 * An identity number that no living person has: areas 990000–999999 are not assigned (GB/T 2260 ends at 82). Birth date and gender
 * stand in their places, the check digit is right. Distinct for every `person` below 5,000,000.
 */
export function idNumber(person: number, birth: BusinessDate, isMale: boolean): string {
  const area = 990_000 + (person % 10_000);
  const order = (Math.floor(person / 10_000) % 500) * 2 + (isMale ? 1 : 0);
  const body = `${area}${birth.replaceAll('-', '')}${String(order).padStart(3, '0')}`;
  return body + idCheckDigit(body);
}

/** An 11-digit mobile number beginning 100: mobile numbers in service begin 13 to 19. Distinct below 100,000,000 persons. */
export function mobileNumber(person: number): string {
  return `100${String((person * 61_803_399) % 100_000_000).padStart(8, '0')}`;
}
