import type { Words } from '../../../kernel/refusal.ts';

/** What somebody adds to the day's log in their own words [S0]: suggestions, reflections, memos. The rest was recorded anyway. */
export const LOG_KINDS = ['suggestion', 'reflection', 'memo'] as const;
export type LogKind = (typeof LOG_KINDS)[number];
export const LOG_WORDS: Readonly<Record<LogKind, Words>> = {
  suggestion: { zh: '工作建议', en: 'Suggestion' },
  reflection: { zh: '工作感悟', en: 'Reflection' },
  memo: { zh: '要事备忘', en: 'Memo' },
};

/** Kinds of products as a register calls them, by their category (DOMAIN §6). */
export const KIND_WORDS: Readonly<Record<string, Words>> = {
  'demand-deposit': { zh: '活期', en: 'Demand deposit' },
  'time-deposit': { zh: '定期', en: 'Time deposit' },
  wealth: { zh: '理财', en: 'Wealth product' },
  fund: { zh: '基金', en: 'Fund' },
  insurance: { zh: '保险', en: 'Insurance' },
  bond: { zh: '国债', en: 'Bond' },
  metal: { zh: '贵金属', en: 'Metal' },
  trust: { zh: '信托', en: 'Trust' },
  loan: { zh: '贷款', en: 'Loan' },
  'credit-card': { zh: '信用卡', en: 'Credit card' },
  service: { zh: '服务签约', en: 'Service' },
};
