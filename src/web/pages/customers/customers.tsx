import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, shortMoney } from '../../ui/format.ts';
import { useKeyset, useLanguage, useSession } from '../../ui/hooks.ts';
import { Page } from '../../ui/page.tsx';
import { TeamCustomers } from '../teams/team-customers.tsx';
import { CustomerList } from './customer-list.tsx';
import { FILTERS, FilterBar, type Filters } from './filters.tsx';

const yesNo = (text: string | undefined): 'yes' | 'no' | undefined => (text === 'yes' || text === 'no' ? text : undefined);
const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d{1,2}$/.test(text) ? Number(text) : undefined;

/** The filters as the server takes them; those that aren't set are left out. */
function queryOf(filters: Filters) {
  const { unit, staff } = filters;
  const query = {
    unit,
    staff,
    tier: whole(filters.tier),
    band: whole(filters.band),
    covered: yesNo(filters.covered),
    due: filters.due === 'yes' ? ('yes' as const) : undefined,
    atRisk: yesNo(filters.atRisk),
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

/** Customers in one's scope: filters in the URL, or what a search finds. */
export function Customers() {
  const search = useSearch({ strict: false });
  const filters: Filters = Object.fromEntries(FILTERS.flatMap((key) => (search[key] === undefined ? [] : [[key, search[key]]])));
  const { q } = filters;
  const { t } = useTranslation();
  const overview = useQuery({
    queryKey: ['overview', filters.unit],
    queryFn: async () =>
      unwrap(await api.GET('/api/overview', { params: { query: filters.unit === undefined ? {} : { unit: filters.unit } } })),
  });
  const list = useKeyset(['customers', filters], async (after) => {
    const page = { limit: 100, ...(after === undefined ? {} : { after }) };
    return q === undefined
      ? unwrap(await api.GET('/api/customers', { params: { query: { ...queryOf(filters), ...page } } }))
      : unwrap(await api.GET('/api/customers/search', { params: { query: { q, ...page } } }));
  });
  return (
    <Page answer={<Headline filters={filters} overview={overview.data} />}>
      <TeamCustomers />
      <FilterBar filters={filters} overview={overview.data} />
      <CustomerList
        list={list}
        empty={t(q === undefined ? 'customers.empty' : 'customers.emptySearch')}
        height={Math.max(360, window.innerHeight - 270)}
      />
    </Page>
  );
}

type Overview = Answer<'getOverview'>;

/** How many customers the filters leave, where the overview's own counts say it. */
function counted(filters: Filters, overview: Overview): number | undefined {
  const used = FILTERS.filter((key) => key !== 'unit' && filters[key] !== undefined);
  const band = overview.bands.find((row) => String(row.band) === filters.band);
  const tier = overview.pyramid.find((row) => String(row.tier) === filters.tier);
  const only = (...keys: string[]) => used.length === keys.length && keys.every((key) => used.some((other) => other === key));
  if (only('band')) return band?.customers;
  if (only('tier')) return tier?.customers;
  if (only('due')) return overview.due.customers;
  if (only('atRisk')) return overview.bands.reduce((sum, row) => sum + row.atRisk, 0);
  if (only('band', 'atRisk')) return band?.atRisk;
  if (filters.covered === 'yes' && only('covered', 'band')) return band?.covered;
  if (filters.covered === 'yes' && only('covered', 'tier')) return tier?.covered;
  if (only('covered', 'due'))
    return filters.covered === 'yes' ? overview.covered.customers : overview.due.customers - overview.covered.customers;
  return undefined;
}

function Headline({ filters, overview }: { filters: Filters; overview: Overview | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mine = useSession().data?.sees === 'portfolio';
  if (filters.q !== undefined) return <>{t('customers.found', { text: filters.q })}</>;
  if (overview === undefined) return <>{t('customers.filtered')}</>;
  if (FILTERS.every((key) => key === 'unit' || filters[key] === undefined))
    return (
      <>
        {t(mine ? 'customers.mine' : 'customers.all', {
          n: count(overview.all.customers),
          assets: shortMoney(overview.all.assetsFen, language),
        })}
      </>
    );
  const found = counted(filters, overview);
  return <>{found === undefined ? t('customers.filtered') : t('customers.some', { n: count(found) })}</>;
}
