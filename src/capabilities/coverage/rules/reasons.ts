import type { Words } from '../../../kernel/refusal.ts';
import type { Reason } from './allocation-types.ts';

/** Why a customer has the manager they have, or none: the part of a sentence that follows "because". */
export const REASON_WORDS: Readonly<Record<Reason, Words>> = {
  none: { zh: '本层级不设管户席位', en: 'no seat for this band' },
  kept: { zh: '原管户人符合条件且未超过户数上限，继续管户', en: 'the current manager is eligible and within the limit' },
  new: { zh: '此前无人管户，新分配', en: 'nobody before, newly assigned' },
  'moved-left': { zh: '原管户人已离职或停用', en: 'the former manager has left' },
  'moved-ineligible': { zh: '原管户人不在本层级、本机构的席位上', en: 'the former manager does not hold this seat in this unit' },
  'moved-over-limit': { zh: '原管户人的户数已达上限', en: 'the former manager is at the limit' },
  'moved-same-person': { zh: '主管户与共同管户不能是同一人', en: 'lead and joint cannot be one person' },
  'moved-for-cover': { zh: '为使另一名客户也有人管户而调整', en: 'moved so that another customer could be covered' },
  'moved-budget': { zh: '在调户额度内为均衡管户包而调整', en: 'moved within the move budget to even out portfolios' },
  'uncovered-short': { zh: '席位户数已满，按资产从高到低未排到', en: 'all places are taken by customers with larger averages' },
  'uncovered-no-staff': { zh: '本机构没有人担任该席位', en: 'nobody holds this seat in this unit' },
  'uncovered-no-unit': { zh: '没有归属网点，或归属网点不在该级机构之下', en: 'no home outlet below a unit of this level' },
  'uncovered-no-rule': { zh: '方案中没有适用于该客户的席位', en: 'no seat of the scheme takes this customer' },
  'uncovered-same-person': {
    zh: '唯一有空位的人已是该客户的另一管户人',
    en: 'the only person with room already has the other seat',
  },
  released: { zh: '所在层级不设此席位，管户关系终止', en: 'the band has no such seat; the relation ends' },
};

/** What would have to change for an uncovered customer to be covered; undefined for other outcomes. */
export function remedyWords(reason: Reason, seat: Words, staffNeeded: number): Words | undefined {
  const people = Math.max(1, staffNeeded);
  switch (reason) {
    case 'uncovered-short':
      return {
        zh: `增加 ${people} 名${seat.zh}，或提高每人户数上限，或客户资产超过已排到的客户`,
        en: `${people} more ${seat.en}, or a higher limit, or a larger average than those who found a place`,
      };
    case 'uncovered-no-staff':
      return { zh: `为本机构配备 ${people} 名${seat.zh}`, en: `${people} ${seat.en} for this unit` };
    case 'uncovered-no-unit':
      return { zh: '客户在某一网点有资产，且该网点的上级机构齐全', en: 'assets at an outlet whose units above are complete' };
    case 'uncovered-no-rule':
      return { zh: '在方案的该层级增加适用于此类客户的席位', en: 'a seat for such customers in this band of the scheme' };
    case 'uncovered-same-person':
      return { zh: `再增加 1 名${seat.zh}`, en: `one more ${seat.en}` };
    default:
      return undefined;
  }
}
