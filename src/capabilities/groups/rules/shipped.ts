import type { Words } from '../../../kernel/refusal.ts';
import type { Rule } from './rule.ts';

/**
 * The four groups of the source [S0]: by age, assets and preference. The source names them and gives no figures; these are ours, and the
 * bank's to change. Investment = wealth products, funds, bonds, metals and trusts.
 */
export const SHIPPED_GROUPS: readonly { readonly id: string; readonly title: Words; readonly rule: Rule }[] = [
  { id: 'youth', title: { zh: '青年', en: 'Young' }, rule: { field: 'age', from: 18, below: 36 } },
  { id: 'middle-aged', title: { zh: '中老年', en: 'Middle-aged and elderly' }, rule: { field: 'age', from: 45 } },
  {
    id: 'investor',
    title: { zh: '投资型', en: 'Investors' },
    rule: {
      all: [
        { field: 'assets_yuan', from: 10_000 },
        { field: 'investments_share', from: 50 },
      ],
    },
  },
  {
    id: 'saver',
    title: { zh: '储蓄型', en: 'Savers' },
    rule: {
      all: [
        { field: 'assets_yuan', from: 10_000 },
        { field: 'deposits_share', from: 80 },
      ],
    },
  },
];
