import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';

/** Private customers in whose team one is; nothing when there are none. */
export function TeamCustomers() {
  const { t } = useTranslation();
  const mine = useQuery({ queryKey: ['team', 'mine'], queryFn: async () => unwrap(await api.GET('/api/team-customers')) });
  const items = mine.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={t('teams.mine')}>
      <ul className="plain-list">
        {items.map(({ customerId, name, lead, part, words }) => (
          <li key={customerId} className="line">
            <Link to="/customers/$id" params={{ id: customerId }}>
              {name} {customerId}
            </Link>
            <span className="quiet">
              {words} · {t(`teams.may.${part}`)} · <Person person={lead} short />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
