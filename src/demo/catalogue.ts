/** Categories of FEEDS in which the demo's customers hold positions. */
type Category =
  | 'demand-deposit'
  | 'time-deposit'
  | 'wealth'
  | 'fund'
  | 'insurance'
  | 'bond'
  | 'metal'
  | 'trust'
  | 'loan'
  | 'credit-card'
  | 'service';

export interface Product {
  readonly code: string;
  readonly name: string;
  readonly category: Category;
  /** R1–R5; empty for deposits, loans and services. */
  readonly risk: string;
  /** Days to maturity; 0 when it has none. */
  readonly termDays: number;
}

const row = (code: string, name: string, category: Category, risk = '', termDays = 0): Product => ({
  code,
  name,
  category,
  risk,
  termDays,
});

/** What the demo bank sells: every category, with services that nobody holds as a balance. */
export const PRODUCTS: readonly Product[] = [
  row('D001', '活期储蓄', 'demand-deposit'),
  row('D002', '通知存款', 'demand-deposit'),
  row('T003', '整存整取三个月', 'time-deposit', '', 91),
  row('T006', '整存整取六个月', 'time-deposit', '', 182),
  row('T012', '整存整取一年', 'time-deposit', '', 365),
  row('T036', '大额存单三年', 'time-deposit', '', 1095),
  row('W030', '稳利三十天', 'wealth', 'R1', 30),
  row('W091', '安盈季添利', 'wealth', 'R2', 91),
  row('W182', '安盈半年开', 'wealth', 'R2', 182),
  row('W365', '添益一年期', 'wealth', 'R3', 365),
  row('F001', '货币基金', 'fund', 'R1'),
  row('F002', '纯债基金', 'fund', 'R2'),
  row('F003', '沪深指数基金', 'fund', 'R4'),
  row('F004', '创新成长股票基金', 'fund', 'R5'),
  row('I001', '年金保险', 'insurance', 'R1', 3650),
  row('I002', '终身寿险', 'insurance', 'R1'),
  row('B003', '储蓄国债三年', 'bond', 'R1', 1095),
  row('M001', '积存金', 'metal', 'R3'),
  row('X001', '家族信托', 'trust', 'R3'),
  row('L001', '个人住房贷款', 'loan', '', 7300),
  row('L002', '个人消费贷款', 'loan', '', 1095),
  row('L003', '个人经营贷款', 'loan', '', 365),
  row('C001', '标准信用卡', 'credit-card'),
  row('C002', '白金信用卡', 'credit-card'),
  row('S001', '手机银行签约', 'service'),
  row('S002', '短信通知签约', 'service'),
];

/** Index of a product in PRODUCTS. Throws when there is none: the demo's own tables must fit. */
export function productIndex(code: string): number {
  const index = PRODUCTS.findIndex((product) => product.code === code);
  if (index < 0) throw new RangeError(`no such product: ${code}`);
  return index;
}

/** Whether the product is the customer's money (assets never include loans, DOMAIN §1). */
export function isAsset(product: Product): boolean {
  return product.category !== 'loan' && product.category !== 'credit-card' && product.category !== 'service';
}
