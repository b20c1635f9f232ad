import { useNavigate, useSearch } from '@tanstack/react-router';
import type { TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { shortMoney } from '../../ui/format.ts';
import { useKeyset, useLanguage, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';
import { ExportButton } from '../exports/export-button.tsx';

type Row = RowOf<'ledgerCustomers'>;

/** 个人贵宾客户基本情况表 [S0]: who they are and what they have opened. */
export function Register() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { staff } = useSearch({ strict: false });
  const columns = useColumns();
  const list = useKeyset<Row>(['ledgers', 'customers', staff], async (after) =>
    unwrap(
      await api.GET('/api/ledgers/customers', {
        params: { query: { ...(staff === undefined ? {} : { staff }), ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  return (
    <Page
      answer={t('ledgers.answer.customers')}
      action={<ExportButton of={{ kind: 'customer-register', subject: staff ?? 'all' }} words={t('ledgers.print')} />}
    >
      <KeysetTable
        list={list}
        rowKey={(row) => row.customerId}
        columns={columns}
        empty={t('ledgers.empty.customers')}
        card={(row) => <Card row={row} />}
        onOpen={(row) => void navigate({ to: '/customers/$id', params: { id: row.customerId } })}
      />
    </Page>
  );
}

function useProducts(): (row: Row) => string {
  const { t } = useTranslation();
  return (row) => row.products.map((one) => t(`customers.category.${one}`)).join('、');
}

function useColumns(): NonNullable<TableProps<Row>['columns']> {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const products = useProducts();
  return [
    {
      ...{ title: t('ledgers.column.customer'), key: 'customer', width: 160 },
      render: (_, row) => (
        <>
          {row.name} <span className="quiet">{row.customerId}</span>
        </>
      ),
    },
    { title: t('ledgers.column.age'), key: 'age', width: 72, render: (_, row) => row.age },
    { title: t('ledgers.column.outlet'), key: 'outlet', width: 170, render: (_, row) => row.outlet?.name },
    { title: t('ledgers.column.lead'), key: 'lead', width: 90, render: (_, row) => row.lead?.name },
    { title: t('ledgers.column.band'), key: 'band', width: 110, render: (_, row) => words(row.bandTitle) },
    {
      ...{ title: t('ledgers.column.assets'), key: 'assets', width: 120, align: 'right' },
      render: (_, row) => shortMoney(row.assetsFen, language),
    },
    { title: t('ledgers.column.risk'), key: 'risk', width: 90, render: (_, row) => row.riskLevel },
    { title: t('ledgers.column.opened'), key: 'opened', width: 110, render: (_, row) => row.openedOn },
    { title: t('ledgers.column.products'), key: 'products', render: (_, row) => products(row) },
  ];
}

function Card({ row }: { row: Row }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useWords();
  const products = useProducts();
  return (
    <div className="card">
      <div className="line">
        <span>
          <strong>{row.name}</strong> <span className="quiet">{row.customerId}</span>
        </span>
        <span>{shortMoney(row.assetsFen, language)}</span>
      </div>
      <div className="quiet small">
        {[words(row.bandTitle), row.age === null ? '' : t('ledgers.years', { n: row.age }), row.riskLevel, row.lead?.name]
          .filter(Boolean)
          .join(' · ')}
      </div>
      <div>{products(row)}</div>
    </div>
  );
}
