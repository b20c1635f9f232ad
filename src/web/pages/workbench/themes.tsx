import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { usePhone, useWords } from '../../ui/hooks.ts';
import { DueMark } from './marks.tsx';

type ThemeItem = Answer<'getThemes'>['items'][number];
export type Theme = ThemeItem['theme'];
const THEMES: readonly Theme[] = ['bands', 'money', 'birthdays'];

/** The theme that the URL asks for. */
export function useTheme(): Theme | undefined {
  const { theme } = useSearch({ strict: false });
  return THEMES.find((one) => one === theme);
}

/** 级别将动、资金进出、生日: whom one looks for first, each a way into the queue; on a phone the counts alone, the queue being below. */
export function Themes({ day }: { day: string }) {
  const { t } = useTranslation();
  const themes = useQuery({
    queryKey: ['workbench', 'themes'],
    queryFn: async () => unwrap(await api.GET('/api/workbench/themes')).items,
  });
  const shown = (themes.data ?? []).filter(({ customers }) => customers > 0);
  if (shown.length === 0) return null;
  return (
    <section className="themes" aria-label={t('workbench.themes')}>
      {shown.map((item) => (
        <ThemeCard key={item.theme} item={item} day={day} />
      ))}
    </section>
  );
}

function ThemeCard({ item: { theme, customers, first }, day }: { item: ThemeItem; day: string }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const navigate = useNavigate();
  const on = useTheme() === theme;
  return (
    <div className={on ? 'theme theme-on' : 'theme'}>
      <button
        type="button"
        className="theme-title"
        aria-pressed={on}
        onClick={() => void navigate({ to: '/workbench', search: on ? {} : { theme } })}
      >
        {t(`workbench.theme.${theme}`)} <strong>{t('workbench.themeOf', { n: count(customers) })}</strong>
      </button>
      {!phone && (
        <ul className="plain-list">
          {first.map((one) => (
            <First key={one.customerId} first={one} day={day} />
          ))}
        </ul>
      )}
    </div>
  );
}

function First({ first: { customerId, name, why, bucket, dueOn }, day }: { first: ThemeItem['first'][number]; day: string }) {
  const words = useWords();
  return (
    <li className="theme-first">
      <div className="line">
        <Link to="/customers/$id" params={{ id: customerId }}>
          {name}
        </Link>
        <DueMark due={dueOn} bucket={bucket} day={day} />
      </div>
      <div className="quiet small">{words(why)}</div>
    </li>
  );
}
