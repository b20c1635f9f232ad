import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../api/client.ts';

/** Finds a product by name or code. */
export function ProductSelect(props: { value?: string; onChange?: (code: string) => void; id?: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: ['products', q],
    queryFn: async () => unwrap(await api.GET('/api/products', { params: { query: { q } } })).items,
  });
  const options = (found.data ?? []).map(({ code, name, riskRating }) => ({
    value: code,
    label: riskRating === null ? `${name} ${code}` : `${name} ${code} · ${riskRating}`,
  }));
  return (
    <Select
      {...props}
      allowClear
      showSearch={{ filterOption: false, onSearch: setText }}
      placeholder={t('outreach.productPlaceholder')}
      options={options}
      loading={found.isFetching}
    />
  );
}
