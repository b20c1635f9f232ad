import { DownloadOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { count, dayText } from '../../ui/format.ts';
import { useLanguage } from '../../ui/hooks.ts';
import { Page } from '../../ui/page.tsx';
import { Entries } from './entries.tsx';
import { FILTERS, FilterBar, type Filters } from './filters.tsx';
import { Unusual } from './unusual.tsx';
import { useUnusual } from './use-unusual.ts';

const SHEETS = ['entries', 'unusual'] as const;

/** Who looked at what and who changed what; and whose looks one should ask about. */
export function Audit() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const sheet = SHEETS.find((name) => name === search.tab) ?? 'entries';
  const filters: Filters = Object.fromEntries(FILTERS.flatMap((key) => (search[key] === undefined ? [] : [[key, search[key]]])));
  const query = new URLSearchParams(Object.entries(filters)).toString();
  return (
    <Page
      answer={<Headline filters={filters} />}
      action={
        <Button icon={<DownloadOutlined />} href={`/api/audit/export.xlsx${query === '' ? '' : `?${query}`}`}>
          {t('audit.export')}
        </Button>
      }
    >
      <Tabs
        activeKey={sheet}
        items={SHEETS.map((name) => ({ key: String(name), label: t(`audit.tab.${name}`) }))}
        onChange={(tab) => void navigate({ to: '/audit', search: { ...filters, tab } })}
      />
      <FilterBar filters={filters} sheet={sheet} />
      {sheet === 'entries' ? <Entries filters={filters} /> : <Unusual filters={filters} />}
    </Page>
  );
}

function Headline({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data } = useUnusual(filters);
  if (data === undefined) return t('menu.audit');
  const n = data.items.length;
  const values = {
    from: dayText(data.from, language),
    to: dayText(data.to, language),
    people: count(data.people),
    n: count(n),
  };
  return t(n === 0 ? 'audit.answerNone' : 'audit.answer', values);
}
