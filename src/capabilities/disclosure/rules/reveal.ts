/** What is masked and can be shown one at a time. */
export const REVEALED_FIELDS = ['mobile', 'idNumber', 'address'] as const;
export type RevealedField = (typeof REVEALED_FIELDS)[number];

/** What somebody needs personal data for, as they choose it. */
export const PURPOSE_IDS = ['contact', 'identity', 'complaint', 'authority', 'other'] as const;

/** Whether a reason in words must come with the purpose: for an ID number always. */
export function needsWords(field: RevealedField, purpose: (typeof PURPOSE_IDS)[number]): boolean {
  return field === 'idNumber' || purpose === 'other';
}

/** How many fields one person may have shown in a day, by role; who is not here may none. */
const REVEALS_A_DAY: Readonly<Record<string, number>> = {
  'sub-branch-head': 30,
  'outlet-head': 30,
  'wealth-advisor': 60,
  'wealth-manager': 60,
  'lobby-manager': 60,
  'loan-manager': 60,
  'remote-manager': 120,
  'marketing-supervisor': 60,
  teller: 20,
  'branch-admin': 30,
};

export function revealsADay(role: string): number {
  return REVEALS_A_DAY[role] ?? 0;
}

/** Where few reveal anything, three times almost nothing is no news. */
const LEAST_MEDIAN = 3;

/** Whether this one is the reveal of the day with which somebody goes beyond three times what peers do: told once a day. */
export function isUnusual(used: number, peersMedian: number): boolean {
  return used === 3 * Math.max(peersMedian, LEAST_MEDIAN) + 1;
}

export const SEARCHES_A_MINUTE = 30;
