import { useNavigate } from '@tanstack/react-router';
import type { TableProps } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowOf } from '../../api/client.ts';
import { shortMoney, yuan } from '../../ui/format.ts';
import { type useKeyset, useLanguage, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Person } from '../../ui/person.tsx';
import { inUnit } from './money.ts';
import './customers.css';

export type CustomerRow = RowOf<'listCustomers'>;

/** What a customer's row flags: about to fall a band, has a loan. */
function Marks({ row }: { row: CustomerRow }) {
  const { t } = useTranslation();
  return (
    <>
      {row.atRisk && <span className="mark tag-risk">{t('customers.mark.atRisk')}</span>}
      {row.noMarketing && <span className="mark tag-risk">{t('customers.mark.noMarketing')}</span>}
      {row.hasLoan && <span className="mark quiet">{t('customers.mark.loan')}</span>}
    </>
  );
}

/** Who covers the customer; below the lowest band nobody needs to. */
function Lead({ row }: { row: CustomerRow }) {
  const { t } = useTranslation();
  if (row.lead === null && row.bandTitle === null) return <span className="quiet">{t('noSeat')}</span>;
  return <Person person={row.lead} short />;
}

function useColumns(): NonNullable<TableProps<CustomerRow>['columns']> {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  return [
    {
      title: t('customers.column.customer'),
      key: 'customer',
      width: 220,
      render: (_, row) => (
        <>
          {row.name} <span className="quiet">{row.customerId}</span> <Marks row={row} />
        </>
      ),
    },
    {
      title: t(language === 'zh' ? 'customers.column.assets' : 'customers.column.assetsEn'),
      key: 'assets',
      width: 120,
      align: 'right',
      render: (_, row) => <span title={yuan(row.assetsFen)}>{inUnit(row.assetsFen, language)}</span>,
    },
    {
      title: t('customers.column.band'),
      key: 'band',
      width: 110,
      ellipsis: true,
      render: (_, row) => words(row.bandTitle) || '–',
    },
    {
      title: t('customers.column.outlet'),
      key: 'outlet',
      width: 180,
      ellipsis: true,
      render: (_, row) => row.outlet?.name ?? '–',
    },
    {
      title: t('customers.column.lead'),
      key: 'lead',
      width: 240,
      ellipsis: true,
      render: (_, row) => <Lead row={row} />,
    },
    {
      title: t('customers.column.joint'),
      key: 'joint',
      width: 180,
      ellipsis: true,
      render: (_, row) => (row.joint === null ? <span className="quiet">–</span> : <Person person={row.joint} short />),
    },
  ];
}

function Card({ row }: { row: CustomerRow }) {
  const words = useWords();
  const language = useLanguage();
  return (
    <div className="card">
      <div className="line">
        <span>
          <strong>{row.name}</strong> <span className="quiet">{row.customerId}</span> <Marks row={row} />
        </span>
        <strong className="number">{shortMoney(row.assetsFen, language)}</strong>
      </div>
      <div className="line quiet">
        <span>{[words(row.bandTitle), row.outlet?.name].filter(Boolean).join(' · ')}</span>
      </div>
      <Lead row={row} />
    </div>
  );
}

/** Customers as rows that open the customer: a virtual table on a desk, cards on a phone. */
export function CustomerList({
  list,
  empty,
  height,
}: {
  list: ReturnType<typeof useKeyset<CustomerRow>>;
  empty: ReactNode;
  height: number;
}) {
  const navigate = useNavigate();
  const columns = useColumns();
  return (
    <KeysetTable
      list={list}
      rowKey={(row) => row.customerId}
      columns={columns}
      empty={empty}
      height={height}
      card={(row) => <Card row={row} />}
      onOpen={(row) => void navigate({ to: '/customers/$id', params: { id: row.customerId } })}
    />
  );
}
