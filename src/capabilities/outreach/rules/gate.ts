import { addDays, type BusinessDate, daysBetween, fullYears, startOfDay, todayOf } from '../../../kernel/business-date.ts';
import type { Words } from '../../../kernel/refusal.ts';
import type { Policy } from './policy.ts';

/** Ways by which the bank itself gets in touch; a letter or a visit goes through no gateway. */
export const OUTREACH_CHANNELS = ['sms', 'wecom', 'phone'] as const;
export type OutreachChannel = (typeof OUTREACH_CHANNELS)[number];
/** To sell something, or to serve (a maturity, an appointment, an answer to a complaint). */
export const OUTREACH_PURPOSES = ['marketing', 'service'] as const;
export type OutreachPurpose = (typeof OUTREACH_PURPOSES)[number];

export const REFUSALS = [
  'closed',
  'restricted',
  'do-not-contact',
  'no-consent',
  'consent-withdrawn',
  'complaint-open',
  'minor',
  'over-age',
  'no-risk-level',
  'risk-expired',
  'suitability',
  'no-number',
  'too-often',
  'quiet-hours',
] as const;
export type RefusedFor = (typeof REFUSALS)[number];
export interface Refused {
  readonly because: RefusedFor;
  readonly words: Words;
}

/** What the gate knows of a customer. */
export interface Reachable {
  readonly closed: boolean;
  /** A right of theirs: stored, and nothing else done with it. */
  readonly restricted: boolean;
  readonly noMarketing: boolean;
  /** Asked not to be contacted, since when; null = did not. */
  readonly stoppedSince: BusinessDate | null;
  /** null = the bank has not asked. */
  readonly consent: Readonly<Record<OutreachChannel, boolean | null>>;
  readonly hasNumber: boolean;
  readonly birthDate: BusinessDate | null;
  /** C1–C5 as a number. */
  readonly riskLevel: number | null;
  readonly riskExpiresOn: BusinessDate | null;
  /** A complaint after which nobody has talked with the customer, since when. */
  readonly complaintSince: BusinessDate | null;
  /** Days on which somebody of the bank reached out, by message or call, the newest 30 days. */
  readonly reached: readonly { readonly on: BusinessDate; readonly purpose: OutreachPurpose }[];
}

export interface Wish {
  readonly channel: OutreachChannel;
  readonly purpose: OutreachPurpose;
  /** The product it is about, R1–R5 as a number; null = none, or one without a rating. */
  readonly productRisk: number | null;
}

const CHANNEL_WORDS: Readonly<Record<OutreachChannel, Words>> = {
  sms: { zh: '短信', en: 'SMS' },
  wecom: { zh: '企业微信', en: 'WeCom' },
  phone: { zh: '电话', en: 'telephone' },
};

/**
 * 触达闸门: every reason for which a customer may not be reached this way now; none = they may. Each is a refusal, never a hint to click
 * away [S0, S2: suitability is a gate]. To serve needs no consent to selling and goes on while a complaint is open; a customer who asked to
 * be left alone is left alone. Caps count what all staff did together.
 */
export function refusals(policy: Policy, customer: Reachable, wish: Wish, now: Date): Refused[] {
  const today = todayOf(now);
  return [
    ...standing(customer, wish),
    ...(wish.purpose === 'marketing' ? [...consent(customer, wish), ...age(policy, customer, wish, today)] : []),
    ...suitability(customer, wish, today),
    ...often(policy, customer, wish, today),
    ...quiet(policy, now),
  ];
}

const refused = (because: RefusedFor, zh: string, en: string): Refused => ({ because, words: { zh, en } });

function standing({ closed, restricted, stoppedSince, hasNumber }: Reachable, { channel }: Wish): Refused[] {
  return [
    ...(closed ? [refused('closed', '客户已销户。', 'The customer has closed their accounts.')] : []),
    ...(restricted
      ? [refused('restricted', '客户要求限制处理个人信息。', 'The customer asked that their data be stored only.')]
      : []),
    ...(stoppedSince === null
      ? []
      : [
          refused(
            'do-not-contact',
            `客户自 ${stoppedSince} 起要求勿扰。`,
            `The customer has asked to be left alone since ${stoppedSince}.`,
          ),
        ]),
    ...(hasNumber || channel === 'wecom'
      ? []
      : [refused('no-number', '没有手机号码，请先核实。', 'There is no mobile number: ask the customer for it first.')]),
  ];
}

function consent(customer: Reachable, { channel }: Wish): Refused[] {
  const way = CHANNEL_WORDS[channel];
  const given = customer.consent[channel];
  return [
    ...(customer.noMarketing
      ? [refused('consent-withdrawn', '客户已撤回营销同意。', 'The customer has withdrawn consent to marketing.')]
      : []),
    ...(given === true
      ? []
      : [
          refused(
            'no-consent',
            given === false ? `客户不同意${way.zh}营销。` : `客户尚未同意${way.zh}营销。`,
            given === false
              ? `The customer refused marketing by ${way.en}.`
              : `No consent to marketing by ${way.en} is on record.`,
          ),
        ]),
    ...(customer.complaintSince === null
      ? []
      : [
          refused(
            'complaint-open',
            `${customer.complaintSince} 的投诉尚未回访，先处理投诉。`,
            `The complaint of ${customer.complaintSince} is not settled: see to it first.`,
          ),
        ]),
  ];
}

function age({ adult_age, elderly }: Policy, { birthDate }: Reachable, { productRisk }: Wish, today: BusinessDate): Refused[] {
  if (birthDate === null) return [];
  const years = fullYears(birthDate, today);
  if (years < adult_age)
    return [refused('minor', `客户未满 ${adult_age} 周岁，不作营销。`, `The customer is under ${adult_age}: no marketing.`)];
  const limit = elderly.filter((one) => years >= one.age).toSorted((a, b) => riskOf(a.up_to) - riskOf(b.up_to))[0];
  if (limit === undefined || productRisk === null || productRisk <= riskOf(limit.up_to)) return [];
  return [
    refused(
      'over-age',
      `客户年满 ${limit.age} 周岁，只可推介不高于 ${limit.up_to} 的产品，该产品为 R${productRisk}。`,
      `The customer is ${limit.age} or older: products up to ${limit.up_to} only, this one is R${productRisk}.`,
    ),
  ];
}

const riskOf = (text: string): number => Number(text.slice(1));

/** Product risk must not exceed the customer's, as assessed and still valid [S0]. */
function suitability({ riskLevel, riskExpiresOn }: Reachable, { productRisk }: Wish, today: BusinessDate): Refused[] {
  if (productRisk === null) return [];
  if (riskLevel === null)
    return [refused('no-risk-level', '客户尚未做风险评估。', 'The customer has no risk assessment: make one first.')];
  if (riskExpiresOn !== null && riskExpiresOn < today)
    return [
      refused(
        'risk-expired',
        `客户的风险评估已于 ${riskExpiresOn} 到期，请先重新评估。`,
        `The customer's risk assessment expired on ${riskExpiresOn}: assess again first.`,
      ),
    ];
  if (productRisk <= riskLevel) return [];
  return [
    refused(
      'suitability',
      `产品风险 R${productRisk} 高于客户风险承受能力 C${riskLevel}，不得推介。`,
      `The product's risk R${productRisk} is above the customer's C${riskLevel}: it must not be offered.`,
    ),
  ];
}

function often({ caps }: Policy, { reached }: Reachable, { purpose }: Wish, today: BusinessDate): Refused[] {
  const within = (days: number, only?: OutreachPurpose) =>
    reached.filter((one) => daysBetween(one.on, today) < days && (only === undefined || one.purpose === only)).length;
  const told = (days: number, had: number, most: number, zh: string, en: string) =>
    refused(
      'too-often',
      `近 ${days} 天全行已${zh} ${had} 次，上限 ${most} 次。`,
      `Within ${days} days the bank has ${en} ${had} times; ${most} are allowed.`,
    );
  const sold = purpose === 'marketing' ? caps.marketing.find(({ days, most }) => within(days, 'marketing') >= most) : undefined;
  if (sold !== undefined) return [told(sold.days, within(sold.days, 'marketing'), sold.most, '营销触达', 'reached out to sell')];
  const full = caps.any.find(({ days, most }) => within(days) >= most);
  return full === undefined ? [] : [told(full.days, within(full.days), full.most, '触达', 'reached out')];
}

const HOUR_MS = 3_600_000;

function quiet({ quiet: { from_hour, to_hour } }: Policy, now: Date): Refused[] {
  const hour = (now.getTime() - startOfDay(now).getTime()) / HOUR_MS;
  if (hour >= to_hour && hour < from_hour) return [];
  const next = hour < to_hour ? todayOf(now) : addDays(todayOf(now), 1);
  const at = `${String(to_hour).padStart(2, '0')}:00`;
  return [
    refused(
      'quiet-hours',
      `${from_hour}:00 至次日 ${at} 不打扰客户，${next} ${at} 后再发。`,
      `Customers are left alone from ${from_hour}:00 to ${at}: try again from ${next} ${at}.`,
    ),
  ];
}
