import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Input, Modal } from 'antd';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isPersonalNumber } from '../../kernel/numbers.ts';
import { api, unwrap } from '../api/client.ts';
import { shortMoney } from '../ui/format.ts';
import { useLanguage } from '../ui/hooks.ts';
import { useRoleName, useSeesPortfolio } from '../ui/person.tsx';
import type { Place } from './menu.ts';

interface Hit {
  readonly key: string;
  readonly label: string;
  readonly note: string;
  readonly go: () => void;
}

/** Ctrl K: customers, colleagues and pages from one field, by keyboard. */
export function SearchPalette({
  open,
  setOpen,
  places,
}: {
  open: boolean;
  setOpen: (open: boolean) => void;
  places: readonly Place[];
}) {
  const { t } = useTranslation();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        setOpen(true);
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [setOpen]);
  return (
    <Modal
      open={open}
      onCancel={() => setOpen(false)}
      footer={null}
      closable={false}
      destroyOnHidden
      width={560}
      aria-label={t('top.search')}
    >
      <Palette places={places} close={() => setOpen(false)} />
    </Modal>
  );
}

function Palette({ places, close }: { places: readonly Place[]; close: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { hits, searched } = useHits(useDeferredValue(text.trim()), places, close);
  return (
    <div className="palette">
      <Input
        autoFocus
        size="large"
        variant="borderless"
        prefix={<SearchOutlined />}
        placeholder={t('search.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(hits.length - 1, at + 1));
          if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
          if (event.key === 'Enter') hits[at]?.go();
        }}
      />
      <ul className="plain-list" aria-live="polite">
        {hits.map((hit, index) => (
          <li key={hit.key} className={index === at ? 'hit-at' : ''}>
            <button type="button" onClick={hit.go} onMouseEnter={() => setAt(index)}>
              <span>{hit.label}</span>
              <span className="quiet">{hit.note}</span>
            </button>
          </li>
        ))}
        {hits.length === 0 && <li className="quiet">{searched ? t('search.empty') : t('search.hint')}</li>}
      </ul>
    </div>
  );
}

function useHits(text: string, places: readonly Place[], close: () => void): { hits: Hit[]; searched: boolean } {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const seesCustomers = places.some((place) => place.key === 'customers');
  const personal = isPersonalNumber(text);
  const search = useQuery({
    queryKey: ['search', text],
    queryFn: async () =>
      personal
        ? unwrap(await api.POST('/api/customers/find', { body: { number: text } }))
        : unwrap(await api.GET('/api/customers/search', { params: { query: { q: text, limit: 6 } } })),
    enabled: text.length > 0 && seesCustomers,
    // A number that somebody typed is not kept.
    gcTime: personal ? 0 : 300_000,
  });
  const people = usePeople(text, places, close);
  const go = (to: string) => () => {
    close();
    void navigate({ to });
  };
  const pages = places
    .filter((place) => text === '' || t(`menu.${place.key}`).toLowerCase().includes(text.toLowerCase()))
    .map((place) => ({ key: place.to, label: t(`menu.${place.key}`), note: t('search.pages'), go: go(place.to) }));
  const customers = (text === '' ? [] : (search.data?.items ?? [])).map((row) => ({
    key: row.customerId,
    label: `${row.name}  ${row.customerId}`,
    note: [row.outlet?.name, shortMoney(row.assetsFen, language)].filter(Boolean).join(' · '),
    go: go(`/customers/${row.customerId}`),
  }));
  const customersSearched = search.isFetched || !seesCustomers;
  return { hits: [...customers, ...people.hits, ...pages], searched: text !== '' && customersSearched && people.searched };
}

/** Colleagues: to their portfolio where one may see it, else to their unit. */
function usePeople(text: string, places: readonly Place[], close: () => void): { hits: Hit[]; searched: boolean } {
  const roleName = useRoleName();
  const portfolioOf = useSeesPortfolio();
  const navigate = useNavigate();
  const permitted = places.some((place) => place.key === 'organisation');
  const search = useQuery({
    queryKey: ['search-staff', text],
    queryFn: async () => unwrap(await api.GET('/api/organisation/staff/search', { params: { query: { q: text, limit: 5 } } })),
    enabled: text.length > 0 && permitted && !isPersonalNumber(text),
  });
  const hits = (text === '' ? [] : (search.data?.items ?? [])).map((member) => ({
    key: `staff ${member.id}`,
    label: `${member.name}  ${member.id}`,
    note: `${roleName(member.role)} · ${member.unitName}`,
    go: () => {
      close();
      void (portfolioOf(member)
        ? navigate({ to: '/portfolios/$staffId', params: { staffId: member.id } })
        : navigate({ to: '/organisation', search: { unit: member.unitId } }));
    },
  }));
  return { hits, searched: !permitted || search.isFetched || isPersonalNumber(text) };
}
