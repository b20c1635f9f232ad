import type { Words } from '../../../kernel/refusal.ts';

/** How long what a column holds is kept, and from when that counts. */
export const KEEP_WORDS = {
  customer: {
    zh: '客户关系存续期间，及终止后十年（反洗钱法第三十四条）',
    en: 'while the person is a customer, and ten years after (anti-money-laundering law)',
  },
  ledger: {
    zh: '分户与计酬的依据：同客户资料；到期或删除时只留客户号和数字，不再能指向本人',
    en: 'what portfolios and pay rest on: as long as the customer’s data; then number and figures stay and point at nobody',
  },
  staff: { zh: '员工在职期间，及离职后十年', en: 'while the person is on the staff, and ten years after' },
  audit: {
    zh: '审计保存期（默认 60 个月），只能按月转出',
    en: 'as long as the audit (60 months unless set otherwise), leaves by month',
  },
  file: {
    zh: '报送记录：与所据日终结果同期；未入库的文件 90 天',
    en: 'as long as the closed days that rest on it; files not taken 90 days',
  },
  notice: { zh: '12 个月', en: '12 months' },
  session: { zh: '到期即失效，30 天内清除', en: 'dead when over, removed within 30 days' },
  staging: { zh: '本次处理结束即清空', en: 'emptied when the work is done' },
  setting: { zh: '系统数据，无期限', en: 'data of the system, without limit' },
} as const satisfies Record<string, Words>;
type Keep = keyof typeof KEEP_WORDS;

/** How a column is shown to staff; `never`: not at all. */
const MASKS = ['none', 'name', 'id', 'mobile', 'address', 'birth', 'never'] as const;

export interface ColumnClass {
  readonly level: 'C3' | 'C2' | 'C1' | 'none';
  readonly mask: (typeof MASKS)[number];
  readonly keep: Keep;
  /** What it is, as a bank would call it. */
  readonly words: string;
}

const FORM = /^(C3|C2|C1|none) \| mask:([a-z]+) \| keep:([a-z]+) \| (.+)$/;
const LEVELS = ['C3', 'C2', 'C1', 'none'] as const;

/** The class of a column as its comment in the schema says it; undefined when it has none in the one form. */
export function parseClass(comment: string | null): ColumnClass | undefined {
  const [, level, mask, keep, words] = FORM.exec(comment ?? '') ?? [];
  const knownLevel = LEVELS.find((one) => one === level);
  const knownMask = MASKS.find((one) => one === mask);
  if (knownLevel === undefined || knownMask === undefined || keep === undefined || !isKeep(keep) || words === undefined)
    return undefined;
  return { level: knownLevel, mask: knownMask, keep, words };
}

function isKeep(text: string): text is Keep {
  return Object.hasOwn(KEEP_WORDS, text);
}
