import { daysBetween, isBusinessDate } from '../../../kernel/business-date.ts';
import { limitWords, moneyWords } from '../../../kernel/money-words.ts';
import type { Words } from '../../../kernel/refusal.ts';
import type { Trigger } from './catalogue.ts';
import type { Because } from './spell.ts';

/** What words need beside the figures: the names of products, and the day on which they are read. */
export interface Reading {
  readonly day: string;
  readonly product: (code: string) => string;
}

type Say = (because: Because, reading: Reading) => Words;

const text = (because: Because, key: string): string => String(because[key] ?? '');
const fen = (because: Because, key: string): Words => moneyWords(Number(because[key] ?? 0));

/** How far a day lies ahead or back. */
function distance(day: string, from: string): Words {
  if (!isBusinessDate(day) || !isBusinessDate(from)) return { zh: '', en: '' };
  const days = daysBetween(from, day);
  if (days === 0) return { zh: '今天', en: 'today' };
  return days > 0 ? { zh: `还有 ${days} 天`, en: `in ${days} days` } : { zh: `已过 ${-days} 天`, en: `${-days} days ago` };
}

const KINDS: Readonly<Record<Trigger['kind'], Say>> = {
  standard: (because) => ({
    zh: `${text(because, 'period')} 期内尚未按标准联系`,
    en: `not yet contacted to standard in ${text(because, 'period')}`,
  }),
  maturity: (because, { day, product }) => {
    const [on, left, sum] = [text(because, 'on'), distance(text(because, 'on'), day), fen(because, 'fen')];
    const name = product(text(because, 'product'));
    return { zh: `${name} ${sum.zh}，${on} 到期（${left.zh}）`, en: `${name}, ${sum.en}, matures on ${on} (${left.en})` };
  },
  birthday: (because, { day }) => {
    const [on, left] = [text(because, 'on'), distance(text(because, 'on'), day)];
    return { zh: `${on} 满 ${text(because, 'age')} 岁（${left.zh}）`, en: `turns ${text(because, 'age')} on ${on} (${left.en})` };
  },
  'at-risk': (because, { day }) => {
    const left = distance(text(because, 'fallsOn'), day);
    return {
      zh: `${text(because, 'since')} 起年日均低于所在层级，${text(because, 'fallsOn')} 宽限期满（${left.zh}）`,
      en: `average below the band since ${text(because, 'since')}, grace ends on ${text(because, 'fallsOn')} (${left.en})`,
    };
  },
  'near-upgrade': (because) => {
    const limit = limitWords(Number(because.limitFen ?? 0));
    return { zh: `年日均已接近 ${limit.zh}元`, en: `the average is close to CNY ${limit.en}` };
  },
  falling: (because) => ({
    zh: `${text(because, 'on')} 资产由 ${fen(because, 'fromFen').zh}降至 ${fen(because, 'toFen').zh}`,
    en: `assets fell from ${fen(because, 'fromFen').en} to ${fen(because, 'toFen').en} on ${text(because, 'on')}`,
  }),
  arrival: (because) => ({
    zh: `${text(because, 'on')} 到账 ${fen(because, 'fen').zh}`,
    en: `${fen(because, 'fen').en} arrived on ${text(because, 'on')}`,
  }),
  unreachable: (because) => ({
    zh: `连续 ${text(because, 'attempts')} 次未接通，最近一次 ${text(because, 'last')}`,
    en: `${text(because, 'attempts')} attempts in a row without an answer, the last on ${text(because, 'last')}`,
  }),
  'stale-address': (because) => ({
    zh: `地址自 ${text(because, 'since')} 起未再核实`,
    en: `the address was last confirmed on ${text(because, 'since')}`,
  }),
  'risk-assessment': (because, { day }) => {
    const left = distance(text(because, 'on'), day);
    return {
      zh: `风险评估 ${text(because, 'on')} 到期（${left.zh}）`,
      en: `the risk assessment expires on ${text(because, 'on')} (${left.en})`,
    };
  },
  dormant: (because) => ({
    zh: `自 ${text(because, 'since')} 起资金无变动、无联系`,
    en: `no movement and no talk since ${text(because, 'since')}`,
  }),
  untouched: (because) => ({
    zh: `自 ${text(because, 'since')} 起无人联系`,
    en: `nobody has talked with them since ${text(because, 'since')}`,
  }),
  'first-contact': (because) => ({
    zh: `${text(because, 'since')} 起由您管户，尚未联系`,
    en: `yours since ${text(because, 'since')}, not yet contacted`,
  }),
  complaint: (because) => ({ zh: `${text(because, 'on')} 客户投诉`, en: `complained on ${text(because, 'on')}` }),
  promise: (because) => ({
    zh: `${text(because, 'on')} 联系时约定`,
    en: `promised when in touch on ${text(because, 'on')}`,
  }),
  task: (because) => ({
    zh: `${text(because, 'on')} 布置：${text(because, 'words')}`,
    en: `asked for on ${text(because, 'on')}: ${text(because, 'words')}`,
  }),
  profile: () => ({ zh: '客户档案尚未登记', en: 'the profile is not registered' }),
};

/** Why a follow-up is there, in one phrase with its figures. */
export function whyWords(kind: Trigger['kind'], because: Because, reading: Reading): Words {
  return KINDS[kind](because, reading);
}
