import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Checkbox, DatePicker, Select, type TableProps } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, shortMoney, yuan } from '../../ui/format.ts';
import { useKeyset, useLanguage } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';
import { CATEGORIES } from '../customers/category.ts';
import { ExportButton } from '../exports/export-button.tsx';
import { Correct } from './correct.tsx';
import { Parts, type Sale } from './parts.tsx';

type Category = Sale['product']['category'];

/** 销售台账 [S0]: of one kind of product, or of all, by month. */
export function Sales({ kind, newest }: { kind?: Category; newest: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const month = search.month ?? newest.slice(0, 7);
  const category = kind ?? CATEGORIES.find((one) => one === search.category);
  const all = search.all === 'yes';
  const query = { month, ...(category === undefined ? {} : { category }), ...(all ? { all: 'yes' as const } : {}) };
  const load = async (after: string | undefined) =>
    unwrap(await api.GET('/api/ledgers/sales', { params: { query: { ...query, ...(after === undefined ? {} : { after }) } } }));
  const list = useKeyset<Sale>(['ledgers', 'sales', query], load);
  const total = useQuery({ queryKey: ['ledgers', 'sales-total', query], queryFn: () => load(undefined) }).data?.total;
  const go = (wanted: Record<string, string | undefined>) =>
    void navigate({
      to: '/ledgers',
      search: { tab: search.tab, month: search.month, category: search.category, all: search.all, ...wanted },
    });
  const values = { month, n: count(total?.sales ?? 0), amount: shortMoney(total?.amountFen ?? 0, language) };
  const subject = category === undefined ? month : `${month}@${category}`;
  return (
    <Page
      answer={t(total?.sales === 0 ? 'ledgers.salesNone' : 'ledgers.salesAnswer', values)}
      action={<ExportButton of={{ kind: 'sales', subject }} words={t('ledgers.print')} />}
    >
      <div className="chips">
        <DatePicker
          picker="month"
          aria-label={t('ledgers.month')}
          allowClear={false}
          inputReadOnly
          value={dayjs(`${month}-01`)}
          onChange={(chosen) => go({ month: chosen?.format('YYYY-MM') })}
        />
        {kind === undefined && (
          <Select
            aria-label={t('ledgers.allKinds')}
            className="rule-select"
            value={category ?? ''}
            options={[
              { value: '', label: t('ledgers.allKinds') },
              ...CATEGORIES.map((value) => ({ value, label: t(`customers.category.${value}`) })),
            ]}
            onChange={(chosen: string) => go({ category: chosen === '' ? undefined : chosen })}
          />
        )}
        <Checkbox checked={all} onChange={(event) => go({ all: event.target.checked ? 'yes' : undefined })}>
          {t('ledgers.withOld')}
        </Checkbox>
      </div>
      <SalesList list={list} />
    </Page>
  );
}

function SalesList({ list }: { list: ReturnType<typeof useKeyset<Sale>> }) {
  const { t } = useTranslation();
  const [correcting, setCorrecting] = useState<Sale>();
  const columns = useColumns(setCorrecting);
  return (
    <>
      <KeysetTable
        list={list}
        rowKey={(row) => `${row.customerId} ${row.saleId} ${row.version}`}
        columns={columns}
        empty={t('ledgers.empty.sales')}
        card={(row) => <Card row={row} correct={setCorrecting} />}
      />
      {correcting && <Correct sale={correcting} close={() => setCorrecting(undefined)} />}
    </>
  );
}

const old = (row: Sale) => (row.state === 'stands' ? '' : 'ledger-old');

function useColumns(correct: (row: Sale) => void): NonNullable<TableProps<Sale>['columns']> {
  const { t } = useTranslation();
  return [
    { title: t('ledgers.column.on'), key: 'on', width: 110, render: (_, row) => row.on },
    {
      ...{ title: t('ledgers.column.customer'), key: 'customer', width: 160 },
      render: (_, row) => (
        <>
          {row.name} <span className="quiet">{row.customerId}</span>
        </>
      ),
    },
    {
      ...{ title: t('ledgers.column.product'), key: 'product' },
      render: (_, row) => (
        <span className={old(row)}>
          {row.product.name} <span className="quiet">{t(`customers.category.${row.product.category}`)}</span>
          {row.words !== '' && <div className="quiet small">{row.words}</div>}
        </span>
      ),
    },
    {
      ...{ title: t('ledgers.column.amount'), key: 'amount', width: 150, align: 'right' },
      render: (_, row) => <span className={old(row)}>{yuan(row.amountFen)}</span>,
    },
    {
      ...{ title: t('ledgers.column.counts'), key: 'counts', width: 170 },
      render: (_, row) => <Parts people={row.people} shares={row.shares} />,
    },
    {
      ...{ title: t('ledgers.column.state'), key: 'state', width: 120 },
      render: (_, row) => <State row={row} correct={correct} />,
    },
  ];
}

function State({ row, correct }: { row: Sale; correct: (row: Sale) => void }) {
  const { t } = useTranslation();
  if (row.waiting) return <span className="quiet">{t('ledgers.waiting')}</span>;
  if (row.may.includes('correct'))
    return (
      <Button type="link" size="small" onClick={() => correct(row)}>
        {t('ledgers.correct')}
      </Button>
    );
  return <span className="quiet">{t(`ledgers.state.${row.state}`)}</span>;
}

function Card({ row, correct }: { row: Sale; correct: (row: Sale) => void }) {
  return (
    <div className="card">
      <div className={`line ${old(row)}`}>
        <span>
          <strong>{row.product.name}</strong>
        </span>
        <span>{yuan(row.amountFen)}</span>
      </div>
      <div className="quiet small">
        {row.on} · {row.name} {row.customerId}
      </div>
      <Parts people={row.people} shares={row.shares} />
      <State row={row} correct={correct} />
    </div>
  );
}
