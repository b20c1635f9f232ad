import { addDays, type BusinessDate, daysBetween } from '../kernel/business-date.ts';
import { type Random, seededRandom } from '../kernel/random.ts';

/** Somebody's customer, as the applied run left it. */
export interface DemoSeat {
  readonly customerId: string;
  readonly staffId: string;
  readonly role: string;
  readonly since: BusinessDate;
  readonly assetsFen: number;
}

export interface DemoContact {
  readonly customerId: string;
  readonly staffId: string;
  readonly role: string;
  readonly on: BusinessDate;
  readonly channel: 'phone' | 'wecom' | 'visit' | 'meeting' | 'sms';
  readonly outcome: 'reached' | 'no-answer' | 'declined' | 'sent';
  readonly note: string;
}

export interface DemoProfile {
  readonly customerId: string;
  readonly staffId: string;
  readonly on: BusinessDate;
  readonly fields: Readonly<Record<string, string>>;
}

export interface DemoRelative {
  readonly customerId: string;
  readonly staffId: string;
  readonly memberId: string;
  readonly relation: '配偶' | '子女' | '父母';
  readonly birthDate: BusinessDate;
}

/** Days between two talks that each role gets to, about. */
const PACE: Readonly<Record<string, number>> = {
  'sub-branch-head': 80,
  'wealth-advisor': 60,
  'wealth-manager': 50,
  'lobby-manager': 80,
  'loan-manager': 90,
  'remote-manager': 120,
};
/** Some people keep up with their customers better than others. */
const DILIGENCE = [0.6, 0.8, 1, 1, 1.2] as const;
const NOTES = [
  '问候，介绍自己是新的客户经理。',
  '到期资金打算续作，关注利率。',
  '孩子明年上大学，准备留一笔流动资金。',
  '近期工作忙，约下周再谈。',
  '对国债感兴趣，已告知发行日期。',
  '希望简化手机银行操作，已现场教会。',
  '询问保险责任，需要书面材料。',
  '满意目前的服务，暂无新需求。',
] as const;
const PROFILES = {
  occupation: ['中学教师', '个体经营，服装', '企业财务', '退休工程师', '医院护士长', '物流公司经理'],
  hobbies: ['太极拳', '摄影', '羽毛球', '广场舞', '书法', '自驾旅行'],
  needs: ['求利', '求便', '求尊', '求信息'],
  goals: ['养老储备', '子女教育', '换房首付', '稳健保值'],
  contact: ['上午电话', '晚上企业微信', '周末面谈', '短信先约'],
} as const;

/** Half a year of contacts, of everybody with a seat: as often as the role gets to, some days without an answer. Same seed, same contacts. */
export function demoContacts(seats: readonly DemoSeat[], to: BusinessDate, seed: string): DemoContact[] {
  return seats.flatMap((seat) => {
    const random = seededRandom(`${seed} ${seat.customerId} ${seat.staffId}`);
    const pace = (PACE[seat.role] ?? 120) / diligenceOf(seed, seat.staffId);
    const list: DemoContact[] = [];
    for (let on = addDays(seat.since, 2 + random.int(0, Math.round(pace / 2))); on <= to; on = addDays(on, nextGap(random, pace)))
      list.push({ customerId: seat.customerId, staffId: seat.staffId, role: seat.role, on, ...talk(random) });
    return list;
  });
}

function diligenceOf(seed: string, staffId: string): number {
  return seededRandom(`${seed} ${staffId}`).pick(DILIGENCE);
}

function nextGap(random: Random, pace: number): number {
  return Math.max(3, Math.round(pace * (0.5 + random.next())));
}

function talk(random: Random): Pick<DemoContact, 'channel' | 'outcome' | 'note'> {
  const dice = random.next();
  if (dice < 0.15) return { channel: 'phone', outcome: 'no-answer', note: '' };
  if (dice < 0.25) return { channel: 'sms', outcome: 'sent', note: '' };
  const channel = dice < 0.7 ? 'phone' : dice < 0.85 ? 'wecom' : dice < 0.95 ? 'meeting' : 'visit';
  const note = random.pick(NOTES);
  return { channel, outcome: dice < 0.3 ? 'declined' : 'reached', note };
}

/** Profiles of the larger customers: two in three are registered. */
export function demoProfiles(seats: readonly DemoSeat[], to: BusinessDate, seed: string): DemoProfile[] {
  return seats
    .filter((seat) => seat.assetsFen >= 20_000_000)
    .flatMap((seat) => {
      const random = seededRandom(`${seed} profile ${seat.customerId}`);
      if (random.next() > 0.66) return [];
      const on = addDays(seat.since, random.int(0, Math.max(0, daysBetween(seat.since, to))));
      const fields = Object.fromEntries(Object.entries(PROFILES).map(([field, words]) => [field, random.pick(words)]));
      return [{ customerId: seat.customerId, staffId: seat.staffId, on, fields }];
    });
}

const RELATIVES = [
  { relation: '配偶', years: [25, 65] },
  { relation: '子女', years: [1, 30] },
  { relation: '父母', years: [55, 90] },
] as const;

/** Families as customers told of them: one or two members of every third of the larger customers, with their birthdays. */
export function demoFamilies(seats: readonly DemoSeat[], to: BusinessDate, seed: string): DemoRelative[] {
  return seats
    .filter((seat) => seat.assetsFen >= 20_000_000)
    .flatMap(({ customerId, staffId }) => {
      const random = seededRandom(`${seed} family ${customerId}`);
      if (random.next() > 0.35) return [];
      return Array.from({ length: random.int(1, 2) }, (_, n) => {
        const { relation, years } = random.pick(RELATIVES);
        const birthDate = addDays(to, -random.int(years[0] * 365, years[1] * 365));
        return { customerId, staffId, memberId: `${customerId}-${n + 1}`, relation, birthDate };
      });
    });
}
