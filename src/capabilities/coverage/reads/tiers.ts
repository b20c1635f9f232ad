import type { Words } from '../../../kernel/refusal.ts';

/** The analysis ladder by current assets [S4]: closed below, open above. Index = the stored tier. */
export const TIERS: readonly { readonly tier: number; readonly id: string; readonly title: Words; readonly fromFen: number }[] = [
  { tier: 0, id: 'ordinary', title: { zh: '普通', en: 'Ordinary' }, fromFen: 0 },
  { tier: 1, id: 'potential', title: { zh: '潜力', en: 'Potential' }, fromFen: 500_000 },
  { tier: 2, id: 'middle', title: { zh: '中端', en: 'Middle' }, fromFen: 5_000_000 },
  { tier: 3, id: 'high', title: { zh: '高端', en: 'High-end' }, fromFen: 100_000_000 },
  { tier: 4, id: 'private', title: { zh: '私人银行', en: 'Private' }, fromFen: 800_000_000 },
];
