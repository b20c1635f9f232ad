import { Link } from '@tanstack/react-router';
import { Select, type TableProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { count, shortMoney } from '../../ui/format.ts';
import { useKeyset, useLanguage, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Person } from '../../ui/person.tsx';
import type { Detail } from './answer.ts';

type Item = RowOf<'listHandoverItems'>;
/** Stands for nobody among the successors; the server knows it by this name. */
const NOBODY = 'nobody';

/** Every customer of the handover, with whom they go to. */
export function Items({ handover }: { handover: Detail }) {
  const { t } = useTranslation();
  const [to, setTo] = useState<string>();
  const { handoverId: id, splitAt, state } = handover;
  const list = useKeyset(['handover-items', id, to, splitAt, state], async (after) =>
    unwrap(
      await api.GET('/api/handovers/{id}/items', {
        params: {
          path: { id },
          query: { limit: 100, ...(to === undefined ? {} : { to }), ...(after === undefined ? {} : { after }) },
        },
      }),
    ),
  );
  const columns = useColumns();
  const options = handover.parts.map((part) => ({
    value: part.to?.staffId ?? NOBODY,
    label: `${part.to?.name ?? t('handover.nobody')} ${count(part.customers)}`,
  }));
  return (
    <>
      {options.length > 1 && (
        <Select
          className="handover-to"
          allowClear
          aria-label={t('handover.item.to')}
          placeholder={t('handover.all')}
          options={options}
          onChange={(chosen?: string) => setTo(chosen)}
        />
      )}
      <KeysetTable
        list={list}
        rowKey={(row) => row.customerId}
        columns={columns}
        empty={t('handover.itemsNone')}
        card={(row) => <Card row={row} />}
      />
    </>
  );
}

function Customer({ row }: { row: Item }) {
  const { t } = useTranslation();
  const often = row.often && <span className="mark tag-risk">{t('handover.oftenTag')}</span>;
  if (row.customerName === null)
    return (
      <>
        <span>{row.customerId}</span> <span className="quiet">{t('handover.outOfScope')}</span> {often}
      </>
    );
  return (
    <>
      <Link to="/customers/$id" params={{ id: row.customerId }}>
        {row.customerName} {row.customerId}
      </Link>{' '}
      {often}
    </>
  );
}

function To({ row }: { row: Item }) {
  const { t } = useTranslation();
  return row.to === null ? <span className="tag-risk">{t('handover.nobody')}</span> : <Person person={row.to} short />;
}

function useColumns(): NonNullable<TableProps<Item>['columns']> {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  return [
    { title: t('handover.item.customer'), key: 'customer', render: (_, row) => <Customer row={row} /> },
    { title: t('handover.item.outlet'), key: 'outlet', width: 180, ellipsis: true, render: (_, row) => row.outlet?.name ?? '–' },
    { title: t('handover.item.band'), key: 'band', width: 120, ellipsis: true, render: (_, row) => words(row.bandTitle) || '–' },
    {
      title: t('handover.item.assets'),
      key: 'assets',
      width: 120,
      align: 'right',
      render: (_, row) => shortMoney(row.assetsFen, language),
    },
    { title: t('handover.item.to'), key: 'to', width: 180, render: (_, row) => <To row={row} /> },
    {
      title: t('handover.item.outcome'),
      key: 'outcome',
      width: 110,
      render: (_, row) => row.outcome !== null && t(`handover.outcome.${row.outcome}`),
    },
  ];
}

function Card({ row }: { row: Item }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <div className="card">
      <div>
        <Customer row={row} />
      </div>
      <div className="line">
        <To row={row} />
        <span className="number">{shortMoney(row.assetsFen, language)}</span>
      </div>
      {row.outcome !== null && <div className="quiet">{t(`handover.outcome.${row.outcome}`)}</div>}
    </div>
  );
}
