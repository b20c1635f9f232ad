import type { Words } from '../../../kernel/refusal.ts';

/** Roles that may look after customers (DOMAIN §1), as bank staff call them. Administration and audit never do. */
export const COVERING_ROLES = {
  'sub-branch-head': { zh: '支行负责人', en: 'Sub-branch head' },
  'outlet-head': { zh: '网点负责人', en: 'Outlet head' },
  'wealth-advisor': { zh: '财富顾问', en: 'Wealth advisor' },
  'wealth-manager': { zh: '理财客户经理', en: 'Wealth manager' },
  'lobby-manager': { zh: '大堂服务经理', en: 'Lobby manager' },
  'loan-manager': { zh: '个贷客户经理', en: 'Loan manager' },
  'remote-manager': { zh: '远程客户经理', en: 'Remote manager' },
  'marketing-supervisor': { zh: '营销主管', en: 'Marketing supervisor' },
  teller: { zh: '柜员', en: 'Teller' },
  'operations-supervisor': { zh: '运营主管', en: 'Operations supervisor' },
} as const satisfies Record<string, Words>;

export type CoveringRole = keyof typeof COVERING_ROLES;
export const COVERING_ROLE_IDS = Object.keys(COVERING_ROLES).filter(isCoveringRole);

/** Whether staff of this role can sit in a scheme's seat. */
export function isCoveringRole(role: string): role is CoveringRole {
  return Object.hasOwn(COVERING_ROLES, role);
}

/** Levels at which a seat's staff are pooled, from small to large. */
export const POOL_LEVELS = {
  outlet: { zh: '网点', en: 'outlet' },
  'sub-branch': { zh: '支行', en: 'sub-branch' },
  branch: { zh: '分行', en: 'branch' },
} as const satisfies Record<string, Words>;
export type PoolLevel = keyof typeof POOL_LEVELS;
