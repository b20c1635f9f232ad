import type { Words } from '../../../kernel/refusal.ts';

/** How each stored reason reads; `remedy` says what would help an uncovered customer. */
const REASON_WORDS: Readonly<Record<string, { readonly words: Words; readonly remedy?: Words }>> = {
  none: { words: { zh: '本层级不设席位', en: 'No seat in this band' } },
  kept: { words: { zh: '沿用原管户人', en: 'Kept with the same manager' } },
  new: { words: { zh: '新分配', en: 'Newly assigned' } },
  'moved-left': { words: { zh: '原管户人已离岗', en: 'The manager has left' } },
  'moved-ineligible': { words: { zh: '原管户人不再符合席位条件', en: 'The manager no longer fits the seat' } },
  'moved-over-limit': { words: { zh: '原管户人超过上限', en: 'The manager was over the limit' } },
  'moved-same-person': { words: { zh: '同一人不能占两个席位', en: 'One person cannot hold both seats' } },
  'moved-for-cover': { words: { zh: '为让更多客户有人管而调整', en: 'Moved so that more customers are covered' } },
  'moved-budget': { words: { zh: '为均衡户数和资产而调整', en: 'Moved to even out the pool' } },
  'uncovered-short': {
    words: { zh: '本池人手不足，按年日均由高到低先满足', en: 'The pool is short of places; larger averages come first' },
    remedy: { zh: '增加人员，或提高方案中的上限', en: 'Add people, or raise the limit in the scheme' },
  },
  'uncovered-no-staff': {
    words: { zh: '本池没有可管户的人员', en: 'The pool has nobody who could cover' },
    remedy: { zh: '配备本席位岗位的人员', en: 'Fill a post of this seat' },
  },
  'uncovered-no-unit': {
    words: { zh: '没有归属网点', en: 'No home outlet' },
    remedy: { zh: '核对持仓的网点', en: 'Check the outlet of the positions' },
  },
  'uncovered-no-rule': {
    words: { zh: '没有席位条件适用于该客户', en: 'No seat’s condition takes this customer' },
    remedy: { zh: '在方案中补充席位', en: 'Add a seat to the scheme' },
  },
  'uncovered-same-person': {
    words: { zh: '唯一可选的人已占另一席位', en: 'The only candidate already holds the other seat' },
    remedy: { zh: '增加一名人员', en: 'Add one more person' },
  },
  released: { words: { zh: '不再设席位，解除管户', en: 'No longer has a seat; released' } },
  closed: { words: { zh: '客户已销户', en: 'The customer has closed' } },
  merged: { words: { zh: '客户号已并入', en: 'The customer number was merged' } },
  transferred: { words: { zh: '调户', en: 'Transferred' } },
  'handed-over': { words: { zh: '整包交接', en: 'Handed over with the portfolio' } },
  'taken-over': { words: { zh: '由既有管户关系接入', en: 'Taken over from existing portfolios' } },
};

export function reasonWords(reason: string): Words {
  return REASON_WORDS[reason]?.words ?? { zh: reason, en: reason };
}

export function remedyWords(reason: string): Words | null {
  return REASON_WORDS[reason]?.remedy ?? null;
}
