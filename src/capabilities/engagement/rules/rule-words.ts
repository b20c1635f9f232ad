import type { Words } from '../../../kernel/refusal.ts';
import type { Rule, Trigger } from './catalogue.ts';

type Worded = { readonly [K in Trigger['kind']]: (trigger: Extract<Trigger, { kind: K }>) => Words };

const PERIODS = {
  quarter: { zh: '每季度', en: 'each quarter' },
  'half-year': { zh: '每半年', en: 'each half-year' },
  year: { zh: '每年', en: 'each year' },
} as const;
const money = (yuan: number): Words => ({ zh: `${yuan / 10_000} 万元`, en: `CNY ${yuan.toLocaleString('en-US')}` });
const pair = (zh: string, en: string): Words => ({ zh, en });

const WORDED: Worded = {
  standard: ({ period, lead_days }) =>
    pair(
      `${PERIODS[period].zh}至少一次，期末前 ${lead_days} 天提示`,
      `${PERIODS[period].en} once, shown ${lead_days} days before its end`,
    ),
  maturity: ({ days_ahead, at_least_yuan: least }) =>
    pair(`到期前 ${days_ahead} 天，${money(least).zh}起`, `${days_ahead} days before it matures, from ${money(least).en}`),
  birthday: ({ whose, days_ahead }) =>
    whose === 'family'
      ? pair(`家人生日前 ${days_ahead} 天`, `${days_ahead} days before a birthday in the family`)
      : pair(`生日前 ${days_ahead} 天`, `${days_ahead} days before the birthday`),
  'at-risk': () => pair('年日均低于本层下限', 'the average is below the band'),
  'near-upgrade': ({ percent }) => pair(`年日均达到上一层下限的 ${percent}%`, `the average is ${percent}% of the next band`),
  falling: ({ percent, days, at_least_yuan: least }) =>
    pair(
      `${days} 天内资产下降 ${percent}% 且不少于 ${money(least).zh}`,
      `assets fell ${percent}% and ${money(least).en} within ${days} days`,
    ),
  arrival: ({ days, at_least_yuan: least }) =>
    pair(`一次到账 ${money(least).zh}起，${days} 天内跟进`, `${money(least).en} or more arrived, within ${days} days`),
  unreachable: ({ attempts, days }) =>
    pair(`连续 ${attempts} 次联系不上，${days} 天内核实`, `${attempts} attempts in vain, to be checked within ${days} days`),
  'stale-address': ({ months }) => pair(`地址 ${months} 个月未核实`, `the address was not confirmed for ${months} months`),
  'risk-assessment': ({ days_ahead }) =>
    pair(`风险评估到期前 ${days_ahead} 天`, `${days_ahead} days before the assessment expires`),
  dormant: ({ days }) => pair(`账户 ${days} 天没有变动`, `no change on the accounts for ${days} days`),
  untouched: ({ days }) => pair(`${days} 天无人联系`, `nobody was in touch for ${days} days`),
  'first-contact': ({ days }) => pair(`新分户后 ${days} 天内`, `within ${days} days of a new assignment`),
  complaint: ({ days }) => pair(`投诉后 ${days} 天内`, `within ${days} days of a complaint`),
  promise: () => pair('约定的下次联系日', 'the day that was promised'),
  task: () => pair('例会或负责人布置', 'a meeting or a head asked for it'),
  profile: ({ days }) => pair(`管户后 ${days} 天内建档`, `a profile within ${days} days`),
};

/** When a rule makes a follow-up, as a bank would say it. */
export function whenWords<K extends Trigger['kind']>(trigger: Extract<Trigger, { kind: K }>): Words {
  const kind: K = trigger.kind;
  return WORDED[kind](trigger);
}

const SETTLED: Readonly<Record<Rule['settled_by'], Words>> = {
  contact: pair('联系上客户', 'a talk with the customer'),
  meeting: pair('与客户面谈', 'a meeting in person'),
  cause: pair('原因消除', 'the end of its cause'),
};

/** What settles a follow-up of the rule. */
export function settledWords({ settled_by }: Rule): Words {
  return SETTLED[settled_by];
}

/** Whom a rule is about: a range of assets in yuan, or everybody. */
export function assetsWords({ assets_from_yuan: from, assets_below_yuan: below }: Rule): Words {
  if (from === undefined && below === undefined) return pair('全部', 'everybody');
  if (below === undefined) return pair(`${money(from ?? 0).zh}起`, `from ${money(from ?? 0).en}`);
  if (from === undefined) return pair(`${money(below).zh}以下`, `below ${money(below).en}`);
  return pair(`${money(from).zh}至 ${money(below).zh}`, `${money(from).en} to ${money(below).en}`);
}
