import type { Words } from '../../kernel/refusal.ts';

/** Roles of DOMAIN §1, with how each is called. */
export const ROLES = {
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
  'branch-admin': { zh: '分行管理', en: 'Branch administration' },
  auditor: { zh: '审计', en: 'Auditor' },
  'system-admin': { zh: '系统管理', en: 'System administrator' },
} as const satisfies Record<string, Words>;
export type Role = keyof typeof ROLES;

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

/** What a route may ask for. `bank.*` also needs the whole bank as one's scope. */
export type Permission =
  | 'session.own'
  | 'overview.read'
  | 'customers.read'
  | 'customers.reveal'
  | 'portfolios.read'
  | 'persons.manage'
  | 'organisation.read'
  | 'schemes.read'
  | 'runs.read'
  | 'exports.make'
  | 'exports.approve'
  | 'transfers.read'
  | 'transfers.request'
  | 'transfers.decide'
  | 'feeds.read'
  | 'follow-ups.read'
  | 'follow-ups.team'
  | 'contacts.record'
  | 'calendar.feed'
  | 'groups.read'
  | 'groups.make'
  | 'audit.read'
  | 'bank.accounts'
  | 'bank.feeds'
  | 'bank.locks'
  | 'bank.schemes'
  | 'bank.runs';

const STAFF: readonly Permission[] = [
  'session.own',
  'overview.read',
  'customers.read',
  'portfolios.read',
  'organisation.read',
  'transfers.read',
  'follow-ups.read',
  'groups.read',
];
const MANAGER: readonly Permission[] = [
  ...STAFF,
  'customers.reveal',
  'transfers.request',
  'contacts.record',
  'calendar.feed',
  'groups.make',
];
const HEAD: readonly Permission[] = [...STAFF, 'schemes.read', 'runs.read', 'exports.make', 'follow-ups.team'];
const ADMIN: readonly Permission[] = [
  ...HEAD,
  'persons.manage',
  'groups.make',
  'customers.reveal',
  'exports.approve',
  'transfers.decide',
  'feeds.read',
  'bank.feeds',
  'bank.locks',
  'bank.schemes',
  'bank.runs',
];

/** What each role may do, and whether it sees its unit or only its own portfolio. System administrators see no customer. */
export const ROLE_RIGHTS: Readonly<
  Record<Role, { readonly sees: 'unit' | 'portfolio' | 'none'; readonly permissions: readonly Permission[] }>
> = {
  'sub-branch-head': {
    sees: 'unit',
    permissions: [
      ...HEAD,
      'customers.reveal',
      'exports.approve',
      'transfers.request',
      'transfers.decide',
      'contacts.record',
      'calendar.feed',
      'groups.make',
    ],
  },
  'outlet-head': {
    sees: 'unit',
    permissions: [
      ...HEAD,
      'customers.reveal',
      'exports.approve',
      'transfers.request',
      'transfers.decide',
      'contacts.record',
      'calendar.feed',
      'groups.make',
    ],
  },
  'wealth-advisor': { sees: 'portfolio', permissions: MANAGER },
  'wealth-manager': { sees: 'portfolio', permissions: MANAGER },
  'lobby-manager': { sees: 'portfolio', permissions: MANAGER },
  'loan-manager': { sees: 'portfolio', permissions: MANAGER },
  'remote-manager': { sees: 'portfolio', permissions: MANAGER },
  'marketing-supervisor': { sees: 'portfolio', permissions: MANAGER },
  teller: { sees: 'portfolio', permissions: MANAGER },
  'operations-supervisor': { sees: 'portfolio', permissions: STAFF },
  'branch-admin': { sees: 'unit', permissions: ADMIN },
  auditor: { sees: 'unit', permissions: [...HEAD, 'feeds.read', 'audit.read'] },
  'system-admin': {
    sees: 'none',
    permissions: ['session.own', 'organisation.read', 'feeds.read', 'bank.feeds', 'bank.accounts'],
  },
};

const ONE_FACTOR: ReadonlySet<Role> = new Set([
  'wealth-advisor',
  'wealth-manager',
  'lobby-manager',
  'loan-manager',
  'remote-manager',
  'marketing-supervisor',
  'teller',
  'operations-supervisor',
]);

/** Heads, administrators and auditors see or change more than their own customers: a password alone is not enough for them. */
export function needsSecondFactor(role: Role): boolean {
  return !ONE_FACTOR.has(role);
}
