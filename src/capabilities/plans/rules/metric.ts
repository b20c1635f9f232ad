import type { Words } from '../../../kernel/refusal.ts';

/** What a plan can be about: only what the system counts itself, for everybody and every day. */
export const METRIC_IDS = [
  'assets',
  'sales',
  'sales-time-deposit',
  'sales-wealth',
  'sales-fund',
  'sales-insurance',
  'talks',
  'meetings',
] as const;
export type Metric = (typeof METRIC_IDS)[number];

/** What each is called, and whether it is counted in fen. */
export const METRICS: Readonly<Record<Metric, { readonly title: Words; readonly money: boolean }>> = {
  assets: { title: { zh: '管户资产净增', en: 'Net growth of covered assets' }, money: true },
  sales: { title: { zh: '产品销售额', en: 'Sales of all products' }, money: true },
  'sales-time-deposit': { title: { zh: '定期存款销售额', en: 'Time deposits sold' }, money: true },
  'sales-wealth': { title: { zh: '理财销售额', en: 'Wealth products sold' }, money: true },
  'sales-fund': { title: { zh: '基金销售额', en: 'Funds sold' }, money: true },
  'sales-insurance': { title: { zh: '保险销售额', en: 'Insurance sold' }, money: true },
  talks: { title: { zh: '有效联系', en: 'Talks with customers' }, money: false },
  meetings: { title: { zh: '面谈和拜访', en: 'Meetings and visits' }, money: false },
};
