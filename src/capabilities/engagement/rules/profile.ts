import type { BusinessDate } from '../../../kernel/business-date.ts';
import type { Words } from '../../../kernel/refusal.ts';

/** What a profile holds [S2]. */
export const PROFILE_FIELDS = {
  occupation: { zh: '职业与单位', en: 'Occupation and employer' },
  hobbies: { zh: '爱好', en: 'Hobbies' },
  needs: { zh: '需求偏好（求利、求便、求尊、求信息）', en: 'Needs (value, time, status, information)' },
  goals: { zh: '理财目标', en: 'Financial goals' },
  contact: { zh: '联系偏好（方式与时间）', en: 'How and when to be contacted' },
  address: { zh: '地址核实', en: 'Address confirmed' },
} as const satisfies Record<string, Words>;

/** A profile is registered with so many of its fields filled in earnest. */
const REGISTERED_FIELDS = 4;
const EMPTY = /^(无|没有|不详|未知|暂无|略|none|n\/a|unknown|test|[\d\s\p{P}]*)$/iu;

/** Whether a field says something: two characters at least that are not a placeholder. */
export function isMeaningful(value: string): boolean {
  const text = value.trim();
  return text.length >= 2 && !EMPTY.test(text) && new Set(text).size > 1;
}

/** The day on which the profile became registered: when the fourth field that says something was first filled; null before. */
export function registeredOn(
  fields: readonly { readonly field: string; readonly value: string; readonly firstOn: BusinessDate }[],
): BusinessDate | null {
  const days = fields.filter(({ field, value }) => field in PROFILE_FIELDS && isMeaningful(value)).map(({ firstOn }) => firstOn);
  return days.sort()[REGISTERED_FIELDS - 1] ?? null;
}
