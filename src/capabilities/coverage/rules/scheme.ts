import { z } from 'zod';
import type { Words } from '../../../kernel/refusal.ts';
import { COVERING_ROLE_IDS, COVERING_ROLES } from './covering-roles.ts';

const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/)
  .meta({ description: '小写英文标识，可含数字和连字符 / lower-case identifier' });
const words = z
  .strictObject({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) })
  .meta({ description: '中英文名称 / words in both languages' });
const yuan = z.int().min(0).max(90_000_000_000_000);
const role = z.enum(COVERING_ROLE_IDS).meta({ description: '岗位 / role' });
const count = z.int().min(1).max(10_000_000);

const staffEntry = z
  .strictObject({
    role: role.optional(),
    group: id.optional().meta({ description: '引用 groups 中的人员组 / a group defined under groups' }),
    share: z.int().min(1).max(99).optional().meta({ description: '分担比例，百分数，各项合计 100 / percent of the customers' }),
  })
  .meta({ description: '岗位或人员组，二者写其一 / a role or a group, one of them' });

const groupSchema = z
  .strictObject({
    group: id,
    title: words,
    first_of: z.array(role).min(1).optional().meta({
      description:
        '恰好一人：按所列岗位顺序，取第一个有人的岗位中份额最大者 / exactly one person: of the first listed role that has anybody',
    }),
    any_of: z.array(role).min(1).optional().meta({ description: '所列岗位的全体人员 / everybody in these roles' }),
    except: id.optional().meta({ description: '除去另一人员组的人 / without the people of another group' }),
  })
  .meta({ description: '人员组,first_of 与 any_of 写其一 / a group of staff: first_of or any_of' });

const seatSchema = z
  .strictObject({
    seat: z
      .enum(['lead', 'joint'])
      .meta({ description: 'lead 主管户席位；joint 共同管户席位（双级联动） / lead or joint coverage' }),
    title: words.optional(),
    staff: z.array(staffEntry).min(1),
    pool: z
      .enum(['outlet', 'sub-branch', 'branch'])
      .meta({ description: '在客户归属网点的哪一级机构内分配 / where the staff are pooled' }),
    when: z
      .strictObject({
        has_loan: z.boolean().optional().meta({ description: '是否有贷款 / only customers with (or without) a loan' }),
        home_outlet: z
          .array(z.string().min(1))
          .min(1)
          .optional()
          .meta({ description: '仅限这些归属网点 / only these home outlets' }),
      })
      .optional()
      .meta({ description: '适用条件；省略即全部客户 / which customers; all when left out' }),
    limit: z
      .strictObject({ initial: count.optional(), at_most: count.optional() })
      .optional()
      .meta({ description: '每人户数：初始与上限；省略即不限 / customers per full-time person; no limit when left out' }),
    portfolio: id.optional().meta({
      description: '管户包名；几个席位同名则合并计户数和比例 / seats naming the same portfolio count together',
    }),
  })
  .meta({ description: '席位；同一层级同类席位从上到下依次承接 / seats of one kind are tried from top to bottom' });

const bandSchema = z.strictObject({
  band: id,
  title: words,
  from: yuan.meta({ description: '年日均资产下限（元，含） / lower limit in yuan, inclusive' }),
  to: yuan
    .optional()
    .meta({ description: '上限（元，不含）；最高层级省略 / upper limit in yuan, exclusive; none for the highest' }),
  cover: z.literal('all').optional().meta({ description: 'all = 要求 100% 管户 / every customer must be covered' }),
  seats: z.array(seatSchema).meta({ description: '席位；空列表 = 不设管户 / no seats: nobody covers these' }),
});

/** A scheme file (方案) as written: money in yuan, bands from high to low. */
export const schemeSchema = z
  .strictObject({
    scheme: id,
    version: z.string().min(1).max(40).meta({ description: '版本说明，如 "2026.1" / version label' }),
    title: words,
    measure: z
      .enum(['calendar-year', 'rolling-365'])
      .meta({ description: '年日均口径：自然年或滚动 365 天 / the average that decides bands' }),
    grace: z
      .strictObject({ months: z.int().min(0).max(24) })
      .meta({ description: '降层宽限月数；升层即时生效 / months below before falling' }),
    claims: z
      .strictObject({ cooling_off_days: z.int().min(0).max(365) })
      .optional()
      .meta({
        description: '认领：本人解除后多少天内不能再认领，默认 30 / days before who released a customer may claim them again',
      }),
    groups: z.array(groupSchema).optional(),
    bands: z.array(bandSchema).min(1).max(20).meta({ description: '层级，从高到低 / bands from high to low' }),
    below: words.optional().meta({ description: '最低层级以下客户如何服务 / how customers below the lowest band are served' }),
  })
  .meta({ title: '分户管户方案 / Guanhu coverage scheme' });

export type Scheme = z.infer<typeof schemeSchema>;
export type Band = Scheme['bands'][number];
export type Seat = Band['seats'][number];
export type Group = NonNullable<Scheme['groups']>[number];
export type StaffEntry = Seat['staff'][number];
export type SeatSlot = Seat['seat'];

/** Bands from low to high: the position is the band number that is stored (0 = lowest; -1 = below it). */
export function bandsAscending(scheme: Scheme): readonly Band[] {
  return [...scheme.bands].sort((a, b) => a.from - b.from);
}

/** Lower limits of the bands in fen, ascending. average >= thresholds[b], exactly, puts a customer in band b or above. */
export function bandThresholdsFen(scheme: Scheme): number[] {
  return bandsAscending(scheme).map((band) => band.from * 100);
}

/** The portfolio (管户包) whose limit a seat's customers count against: named, or the band and the seat's first staff entry. */
export function portfolioOf(band: Band, seat: Seat): string {
  const first = seat.staff[0];
  return seat.portfolio ?? `${band.band}/${first?.role ?? first?.group ?? ''}`;
}

/** How the seat's staff are called: its own title, else the roles' and groups' names. */
export function seatTitle(scheme: Scheme, seat: Seat): Words {
  if (seat.title) return seat.title;
  const names = seat.staff.map((entry) => entryTitle(scheme, entry));
  return { zh: names.map((name) => name.zh).join('、'), en: names.map((name) => name.en).join(', ') };
}

/** The name of a role or a group. */
export function entryTitle(scheme: Scheme, entry: StaffEntry): Words {
  if (entry.role) return COVERING_ROLES[entry.role];
  return scheme.groups?.find((group) => group.group === entry.group)?.title ?? { zh: entry.group ?? '', en: entry.group ?? '' };
}

/** The roles that can fill the seat, groups resolved, without repeats. */
export function seatRoles(scheme: Scheme, seat: Seat): string[] {
  const roles = seat.staff.flatMap((entry) => {
    if (entry.role) return [entry.role];
    const group = scheme.groups?.find((candidate) => candidate.group === entry.group);
    return [...(group?.first_of ?? []), ...(group?.any_of ?? [])];
  });
  return [...new Set(roles)];
}

/** The seat's condition in words; undefined when it takes every customer. */
export function whenWords(seat: Seat): Words | undefined {
  const parts: Words[] = [];
  if (seat.when?.has_loan !== undefined)
    parts.push(seat.when.has_loan ? { zh: '有贷款', en: 'with a loan' } : { zh: '无贷款', en: 'without a loan' });
  if (seat.when?.home_outlet)
    parts.push({ zh: `归属网点 ${seat.when.home_outlet.join('、')}`, en: `home outlet ${seat.when.home_outlet.join(', ')}` });
  if (parts.length === 0) return undefined;
  return { zh: parts.map((part) => part.zh).join('且'), en: parts.map((part) => part.en).join(' and ') };
}

/** The seat's shares in words; undefined when its staff share by their own 份额 only. */
export function shareWords(scheme: Scheme, seat: Seat): Words | undefined {
  const shared = seat.staff.filter((entry) => entry.share !== undefined);
  if (shared.length === 0) return undefined;
  const text = (entry: StaffEntry) => entryTitle(scheme, entry);
  return {
    zh: shared.map((entry) => `${text(entry).zh} ${entry.share}%`).join('，'),
    en: shared.map((entry) => `${text(entry).en} ${entry.share}%`).join(', '),
  };
}

/** The seat with its condition, for messages. */
export function seatName(scheme: Scheme, seat: Seat): Words {
  const title = seatTitle(scheme, seat);
  const when = whenWords(seat);
  return when ? { zh: `${title.zh}（${when.zh}）`, en: `${title.en} (${when.en})` } : title;
}
