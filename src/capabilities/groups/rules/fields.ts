import type { Words } from '../../../kernel/refusal.ts';

/** Quantities that a rule compares, how each is called, and its unit: yuan, whole percent of assets, years, days or times. */
export const NUMBER_FIELDS = {
  age: { zh: '年龄（周岁）', en: 'age (years)' },
  assets_yuan: { zh: '资产（元）', en: 'assets (yuan)' },
  deposits_yuan: { zh: '存款（元）', en: 'deposits (yuan)' },
  wealth_yuan: { zh: '理财（元）', en: 'wealth products (yuan)' },
  funds_yuan: { zh: '基金（元）', en: 'funds (yuan)' },
  insurance_yuan: { zh: '保险（元）', en: 'insurance (yuan)' },
  investments_yuan: { zh: '投资类合计（元）', en: 'investments (yuan)' },
  loans_yuan: { zh: '贷款（元）', en: 'loans (yuan)' },
  deposits_share: { zh: '存款占资产（%）', en: 'deposits, % of assets' },
  wealth_share: { zh: '理财占资产（%）', en: 'wealth products, % of assets' },
  funds_share: { zh: '基金占资产（%）', en: 'funds, % of assets' },
  insurance_share: { zh: '保险占资产（%）', en: 'insurance, % of assets' },
  investments_share: { zh: '投资类占资产（%）', en: 'investments, % of assets' },
  talks_30: { zh: '近 30 天联系次数', en: 'talks in 30 days' },
  talks_90: { zh: '近 90 天联系次数', en: 'talks in 90 days' },
  days_since_talk: { zh: '距上次联系天数', en: 'days since the last talk' },
  moves_30: { zh: '近 30 天资金变动天数', en: 'days with changed balances in 30 days' },
  moves_90: { zh: '近 90 天资金变动天数', en: 'days with changed balances in 90 days' },
  days_since_move: { zh: '距上次资金变动天数', en: 'days since balances changed' },
} as const satisfies Record<string, Words>;
export type NumberField = keyof typeof NUMBER_FIELDS;

/** What a rule asks to be one of a list: tiers and bands by their ids, units with all below them, districts and tags by their words. */
export const CHOICE_FIELDS = {
  tier: { zh: '分析层级', en: 'tier' },
  band: { zh: '方案层级', en: 'band' },
  unit: { zh: '所属机构', en: 'unit' },
  district: { zh: '所在区县', en: 'district' },
  tag: { zh: '标签', en: 'tag' },
} as const satisfies Record<string, Words>;
export type ChoiceField = keyof typeof CHOICE_FIELDS;

export function isNumberField(field: string): field is NumberField {
  return Object.hasOwn(NUMBER_FIELDS, field);
}

export function isChoiceField(field: string): field is ChoiceField {
  return Object.hasOwn(CHOICE_FIELDS, field);
}
