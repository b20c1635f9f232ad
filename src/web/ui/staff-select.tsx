import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';
import { useRoleName } from './person.tsx';

/** Finds a person of one's units by name, pinyin or number; with a label where no form gives it one. */
export function StaffSelect({
  id,
  value,
  onChange,
  label,
}: {
  id?: string;
  label?: string;
  value?: string;
  onChange?: (staffId: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const [text, setText] = useState('');
  const found = useQuery({
    queryKey: ['staff-search', text],
    queryFn: async () => unwrap(await api.GET('/api/organisation/staff/search', { params: { query: { q: text, limit: 20 } } })),
    enabled: text !== '',
  });
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      {...(value === undefined ? {} : { value })}
      {...(label === undefined ? {} : { 'aria-label': label })}
      placeholder={t('handover.startWhoHint')}
      showSearch={{ filterOption: false, onSearch: (typed) => setText(typed.trim()) }}
      notFoundContent={null}
      loading={found.isFetching}
      options={(found.data?.items ?? []).map((person) => ({
        value: person.id,
        label: [person.name, roleName(person.role), person.unitName].join(' · '),
      }))}
      onChange={(chosen) => onChange?.(chosen)}
    />
  );
}
