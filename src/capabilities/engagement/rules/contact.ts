import type { Words } from '../../../kernel/refusal.ts';

/** Ways of getting in touch [S2: phone first, SMS alone wears people out]. */
export const CHANNEL_NAMES = ['phone', 'wecom', 'visit', 'meeting', 'sms', 'letter'] as const;
export type Channel = (typeof CHANNEL_NAMES)[number];
export const CHANNELS: Readonly<Record<Channel, Words>> = {
  phone: { zh: '电话', en: 'Phone' },
  wecom: { zh: '企业微信', en: 'WeCom' },
  visit: { zh: '上门拜访', en: 'Visit' },
  meeting: { zh: '网点面谈', en: 'Meeting in the outlet' },
  sms: { zh: '短信', en: 'SMS' },
  letter: { zh: '信函', en: 'Letter' },
};

/** What came of it. */
export const OUTCOME_NAMES = ['reached', 'declined', 'complaint', 'no-answer', 'wrong-number', 'sent', 'returned'] as const;
export type Outcome = (typeof OUTCOME_NAMES)[number];
export const OUTCOMES: Readonly<Record<Outcome, Words>> = {
  reached: { zh: '已联系上', en: 'Reached' },
  declined: { zh: '联系上，客户谢绝', en: 'Reached, declined' },
  complaint: { zh: '客户投诉', en: 'Complaint' },
  'no-answer': { zh: '未接通', en: 'No answer' },
  'wrong-number': { zh: '号码有误', en: 'Wrong number' },
  sent: { zh: '已发出', en: 'Sent' },
  returned: { zh: '被退回', en: 'Returned' },
};

const TALK_CHANNELS: readonly Channel[] = ['phone', 'wecom', 'visit', 'meeting'];
const BY_CHANNEL: Readonly<Record<Channel, readonly Outcome[]>> = {
  phone: ['reached', 'no-answer', 'declined', 'wrong-number', 'complaint'],
  wecom: ['reached', 'no-answer', 'declined', 'complaint'],
  visit: ['reached', 'no-answer', 'declined', 'complaint'],
  meeting: ['reached', 'declined', 'complaint'],
  sms: ['sent', 'returned'],
  letter: ['sent', 'returned'],
};

interface Said {
  readonly channel: Channel;
  readonly outcome: Outcome;
}

/** Which outcomes a channel can have. */
export function outcomesOf(channel: Channel): readonly Outcome[] {
  return BY_CHANNEL[channel];
}

/** Whether somebody really talked with the customer: a message that was sent is none [S2]. */
export function isTalk({ channel, outcome }: Said): boolean {
  return TALK_CHANNELS.includes(channel) && ['reached', 'declined', 'complaint'].includes(outcome);
}

/** Whether they met in person: the yearly meeting of an advisor [S3]. */
export function isMeeting(said: Said): boolean {
  return isTalk(said) && (said.channel === 'visit' || said.channel === 'meeting');
}
