import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useWords } from '../../ui/hooks.ts';

export const FILTERS = ['staffId', 'customerId', 'kind', 'from', 'to'] as const;
export type Filters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;

/** The filters live in the URL, so that what was found can be sent to a colleague. */
export function FilterBar({ filters, sheet }: { filters: Filters; sheet: string }) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const kinds = useQuery({
    queryKey: ['audit', 'kinds'],
    queryFn: async () => unwrap(await api.GET('/api/audit/kinds')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const set = (change: Readonly<Partial<Record<(typeof FILTERS)[number], string | undefined>>>) =>
    void navigate({ to: '/audit', search: { ...filters, tab: sheet, ...change }, replace: true });
  const id = (key: 'staffId' | 'customerId', label: string) => (
    <Input.Search
      key={`${key} ${filters[key] ?? ''}`}
      className="audit-id"
      aria-label={label}
      placeholder={label}
      defaultValue={filters[key] ?? ''}
      allowClear
      maxLength={64}
      onSearch={(text) => set({ [key]: text.trim() === '' ? undefined : text.trim() })}
    />
  );
  const day = (key: 'from' | 'to', label: string) => (
    <DatePicker
      className="audit-day"
      aria-label={label}
      placeholder={label}
      value={filters[key] === undefined ? null : dayjs(filters[key])}
      onChange={(chosen) => set({ [key]: chosen?.format('YYYY-MM-DD') })}
    />
  );
  return (
    <div className="filters">
      {sheet === 'entries' && (
        <>
          {id('staffId', t('audit.filter.person'))}
          {id('customerId', t('audit.filter.customer'))}
          <Select
            className="audit-kind"
            aria-label={t('audit.filter.kind')}
            placeholder={t('audit.filter.kind')}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            value={filters.kind ?? null}
            onChange={(kind: string | undefined) => set({ kind })}
            options={(kinds.data?.items ?? []).map(({ kind, what }) => ({ value: kind, label: words(what) }))}
          />
        </>
      )}
      {day('from', t('audit.filter.from'))}
      {day('to', t('audit.filter.to'))}
    </div>
  );
}
