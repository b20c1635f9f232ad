import { useTranslation } from 'react-i18next';
import { useSession } from './hooks.ts';

interface PersonRef {
  readonly name: string;
  readonly role: string;
  readonly unitName: string;
}

const ROLES = [
  'sub-branch-head',
  'outlet-head',
  'wealth-advisor',
  'wealth-manager',
  'lobby-manager',
  'loan-manager',
  'remote-manager',
  'marketing-supervisor',
  'teller',
  'operations-supervisor',
  'branch-admin',
  'auditor',
  'system-admin',
] as const;

/** The name of a role in the reader's language. */
export function useRoleName(): (role: string) => string {
  const { t } = useTranslation();
  return (role) => {
    const known = ROLES.find((candidate) => candidate === role);
    return known === undefined ? role : t(`role.${known}`);
  };
}

const WITHOUT_PORTFOLIO: readonly string[] = ['operations-supervisor', 'branch-admin', 'auditor', 'system-admin'];

/** Whether somebody's portfolio may be opened by the reader: they can have one, and are oneself or of one's units. */
export function useSeesPortfolio(): (person: { readonly id: string; readonly role: string }) => boolean {
  const session = useSession().data;
  return ({ id, role }) => {
    if (!session?.permissions.includes('portfolios.read') || WITHOUT_PORTFOLIO.includes(role)) return false;
    return session.sees === 'unit' || session.staffId === id;
  };
}

/** Who did something, by staff number; what a command did on the server has none. */
export function Actor({ staffId }: { staffId: string }) {
  const { t } = useTranslation();
  return staffId === 'cli' ? t('feeds.cli') : staffId;
}

/** 姓名 · 岗位 · 网点 in one line. */
export function Person({ person, short }: { person: PersonRef | null; short?: boolean }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  if (person === null) return <span className="quiet">{t('nobody')}</span>;
  return (
    <span className="person" title={[person.name, roleName(person.role), person.unitName].filter(Boolean).join(' · ')}>
      {person.name}
      <span className="quiet">
        {' '}
        · {roleName(person.role)}
        {short ? '' : ` · ${person.unitName}`}
      </span>
    </span>
  );
}
