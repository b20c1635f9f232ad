import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Select, type TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { Bar } from '../../ui/bar.tsx';
import { count, percent, shortMoney, yuan } from '../../ui/format.ts';
import { useKeyset, useLanguage, useSession } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';
import { Person, useRoleName } from '../../ui/person.tsx';
import { UnitSelect } from '../../ui/unit-select.tsx';
import { inUnit } from '../customers/money.ts';
import './portfolios.css';

export type PortfolioRow = RowOf<'listPortfolios'>;

/** Roles that a scheme can give a seat (DOMAIN §1), in the order of their bands. */
const SEAT_ROLES = [
  'sub-branch-head',
  'outlet-head',
  'wealth-advisor',
  'wealth-manager',
  'lobby-manager',
  'loan-manager',
  'remote-manager',
  'marketing-supervisor',
  'teller',
] as const;

/** Who looks after how many: people of one's scope with their load against their limit. */
export function Portfolios() {
  const { unit, role } = useSearch({ strict: false });
  const { t } = useTranslation();
  const roleName = useRoleName();
  const navigate = useNavigate();
  const filter = { ...(unit === undefined ? {} : { unit }), ...(role === undefined ? {} : { role }) };
  const list = useKeyset(['portfolios', filter], async (after) =>
    unwrap(
      await api.GET('/api/portfolios', {
        params: { query: { ...filter, limit: 100, ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  const columns = useColumns();
  const set = (change: { unit?: string | undefined; role?: string | undefined }) =>
    void navigate({ to: '/portfolios', search: { ...filter, ...change }, replace: true });
  return (
    <Page answer={<Headline unit={unit} />}>
      <div className="filters">
        <UnitSelect value={unit} onChange={(chosen) => set({ unit: chosen })} placeholder={t('portfolios.filter.unit')} />
        <Select
          className="filter"
          allowClear
          aria-label={t('portfolios.filter.role')}
          placeholder={t('portfolios.filter.role')}
          value={role ?? null}
          popupMatchSelectWidth={false}
          options={SEAT_ROLES.map((key) => ({ value: String(key), label: roleName(key) }))}
          onChange={(chosen: string | null | undefined) => set({ role: chosen ?? undefined })}
        />
      </div>
      <KeysetTable
        list={list}
        rowKey={(row) => row.staffId}
        columns={columns}
        empty={t('portfolios.empty')}
        height={Math.max(360, window.innerHeight - 270)}
        card={(row) => <Card row={row} />}
        onOpen={(row) => void navigate({ to: '/portfolios/$staffId', params: { staffId: row.staffId } })}
      />
    </Page>
  );
}

function Headline({ unit }: { unit: string | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const session = useSession().data;
  const permitted = session?.permissions.includes('overview.read') ?? false;
  const overview = useQuery({
    queryKey: ['overview', unit],
    queryFn: async () => unwrap(await api.GET('/api/overview', { params: { query: unit === undefined ? {} : { unit } } })),
    enabled: permitted,
  }).data;
  if (overview === undefined) return t('portfolios.plain');
  if (session?.sees === 'portfolio') {
    const { customers, assetsFen } = overview.covered;
    return t('customers.mine', { n: count(customers), assets: shortMoney(assetsFen, language) });
  }
  return t('portfolios.answer', {
    unit: overview.unit.name,
    covered: count(overview.covered.customers),
    assets: shortMoney(overview.covered.assetsFen, language),
    due: count(overview.due.customers),
    rate: percent(overview.covered.customers, overview.due.customers),
  });
}

/** Customers against the limit, to scale; people without a limit have no bar. */
export function Load({ customers, cap }: { customers: number; cap: number | null }) {
  const { t } = useTranslation();
  if (cap === null) return <span className="quiet">{t('portfolios.noLimit')}</span>;
  return <Bar part={customers} whole={cap} label={t('portfolios.of', { n: count(customers), cap: count(cap) })} />;
}

function useColumns(): NonNullable<TableProps<PortfolioRow>['columns']> {
  const { t } = useTranslation();
  const language = useLanguage();
  const over = (row: PortfolioRow) => row.initial !== null && row.customers > row.initial;
  return [
    { title: t('portfolios.column.person'), key: 'person', width: 220, render: (_, row) => <Person person={row} short /> },
    { title: t('portfolios.column.unit'), key: 'unit', width: 220, ellipsis: true, dataIndex: 'unitName' },
    {
      title: t('portfolios.column.customers'),
      key: 'customers',
      width: 90,
      align: 'right',
      render: (_, row) => (
        <span
          className={over(row) ? 'tag-risk' : ''}
          title={over(row) ? t('portfolios.over', { initial: count(row.initial ?? 0) }) : undefined}
        >
          {count(row.customers)}
        </span>
      ),
    },
    {
      title: t('portfolios.column.limit'),
      key: 'cap',
      width: 80,
      align: 'right',
      render: (_, row) => (row.cap === null ? <span className="quiet">–</span> : count(row.cap)),
    },
    {
      title: t('portfolios.column.fill'),
      key: 'fill',
      width: 180,
      render: (_, row) => <Load customers={row.customers} cap={row.cap} />,
    },
    {
      title: t(language === 'zh' ? 'portfolios.column.assets' : 'portfolios.column.assetsEn'),
      key: 'assets',
      width: 140,
      align: 'right',
      render: (_, row) => <span title={yuan(row.assetsFen)}>{inUnit(row.assetsFen, language)}</span>,
    },
  ];
}

function Card({ row }: { row: PortfolioRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <div className="card">
      <div className="line">
        <Person person={row} short />
        <span className="number">
          {row.cap === null
            ? t('portfolios.unlimited', { n: count(row.customers) })
            : t('portfolios.of', { n: count(row.customers), cap: count(row.cap) })}
        </span>
      </div>
      <div className="line quiet">
        <span>{row.unitName}</span>
        <span className="number">{shortMoney(row.assetsFen, language)}</span>
      </div>
      {row.cap !== null && <Load customers={row.customers} cap={row.cap} />}
    </div>
  );
}
