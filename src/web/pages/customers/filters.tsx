import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Input, Select, Tag } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isPersonalNumber } from '../../../kernel/numbers.ts';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';
import { UnitSelect } from '../../ui/unit-select.tsx';

export const FILTERS = ['q', 'unit', 'staff', 'tier', 'band', 'covered', 'due', 'atRisk'] as const;
export type Filters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>;
type Overview = Answer<'getOverview'>;

/** A whole mobile or ID number stays out of the address bar: it opens the customer whose it is. */
function useFindNumber() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (number: string) => unwrap(await api.POST('/api/customers/find', { body: { number } })),
    gcTime: 0,
    onSuccess: ({ items: [first, ...others] }) => {
      if (first === undefined) void message.info(t('customers.emptySearch'));
      else if (others.length === 0) void navigate({ to: '/customers/$id', params: { id: first.customerId } });
      else void message.info(t('customers.findMany', { ids: [first, ...others].map((row) => row.customerId).join(' ') }), 8);
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
}

/** The filters live in the URL; a change replaces it, so that back leads out of the list. */
export function FilterBar({ filters, overview }: { filters: Filters; overview: Overview | undefined }) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const set = (change: Readonly<Partial<Record<(typeof FILTERS)[number], string | undefined>>>) =>
    void navigate({ to: '/customers', search: { ...filters, ...change }, replace: true });
  const findNumber = useFindNumber();
  const yesNo = (key: 'due' | 'atRisk') => () => set({ [key]: filters[key] === 'yes' ? undefined : 'yes' });
  const some = FILTERS.some((key) => filters[key] !== undefined);
  return (
    <div className="filters">
      <Find
        key={filters.q === undefined ? 'none' : 'some'}
        text={filters.q ?? ''}
        onFind={(q) => (isPersonalNumber(q) ? findNumber.mutate(q) : set({ q: q === '' ? undefined : q }))}
      />
      {filters.q === undefined && (
        <>
          <UnitSelect value={filters.unit} onChange={(unit) => set({ unit })} placeholder={t('customers.filter.unit')} />
          <Choice
            label={t('customers.filter.band')}
            value={filters.band}
            onChange={(band) => set({ band })}
            options={[...(overview?.bands ?? [])]
              .reverse()
              .map((band) => ({ value: String(band.band), label: words(band.title) }))}
          />
          <Choice
            label={t('customers.filter.tier')}
            value={filters.tier}
            onChange={(tier) => set({ tier })}
            options={[...(overview?.pyramid ?? [])]
              .reverse()
              .map((tier) => ({ value: String(tier.tier), label: words(tier.title) }))}
          />
          <Choice
            label={t('customers.filter.covered')}
            value={filters.covered}
            onChange={(covered) => set({ covered })}
            options={[
              { value: 'yes', label: t('customers.filter.coveredYes') },
              { value: 'no', label: t('customers.filter.coveredNo') },
            ]}
          />
          <Toggle label={t('customers.filter.due')} on={filters.due === 'yes'} onClick={yesNo('due')} />
          <Toggle label={t('customers.filter.atRisk')} on={filters.atRisk === 'yes'} onClick={yesNo('atRisk')} />
          {filters.staff !== undefined && <StaffTag staffId={filters.staff} onClose={() => set({ staff: undefined })} />}
        </>
      )}
      {some && (
        <Button type="link" onClick={() => void navigate({ to: '/customers', search: {}, replace: true })}>
          {t('customers.clear')}
        </Button>
      )}
    </div>
  );
}

function Find({ text, onFind }: { text: string; onFind: (text: string) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  // What was asked for last: a number does not come back through the address, and is asked for once.
  const [asked, setAsked] = useState(text);
  const find = (wish: string) => {
    setAsked(wish);
    onFind(wish);
  };
  useEffect(() => {
    if (typed.trim() === asked) return;
    const later = setTimeout(() => {
      setAsked(typed.trim());
      onFind(typed.trim());
    }, 300);
    return () => clearTimeout(later);
  }, [typed, asked, onFind]);
  return (
    <Input.Search
      className="find"
      allowClear
      autoFocus={text !== ''}
      aria-label={t('customers.search')}
      placeholder={t('customers.search')}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onSearch={(value) => find(value.trim())}
    />
  );
}

function Choice({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}) {
  return (
    <Select
      className="filter"
      allowClear
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      options={options}
      popupMatchSelectWidth={false}
      onChange={(chosen: string | null | undefined) => onChange(chosen ?? undefined)}
    />
  );
}

/** A filter that is on or off; on, it is drawn in the colour of what can be acted on. */
function Toggle({ label, on, onClick }: { label: string; on: boolean; onClick: () => void }) {
  return (
    <Button aria-pressed={on} color={on ? 'primary' : 'default'} variant="outlined" onClick={onClick}>
      {label}
    </Button>
  );
}

function StaffTag({ staffId, onClose }: { staffId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const person = useQuery({
    queryKey: ['portfolio', staffId],
    queryFn: async () => unwrap(await api.GET('/api/portfolios/{staffId}', { params: { path: { staffId } } })),
  });
  return (
    <Tag closable onClose={onClose}>
      {t('customers.filter.staff', { name: person.data?.name ?? staffId })}
    </Tag>
  );
}
