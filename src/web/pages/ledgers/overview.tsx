import { useQuery } from '@tanstack/react-query';
import type { TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { count, percent, shortMoney } from '../../ui/format.ts';
import { useKeyset, useLanguage, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { ExportButton } from '../exports/export-button.tsx';

type Row = RowOf<'ledgerOverview'>;
const load = async (after: string | undefined) =>
  unwrap(await api.GET('/api/ledgers/overview', { params: { query: after === undefined ? {} : { after } } }));

/** 贵宾客户总体情况 [S0]: a row a person. */
export function Overview() {
  const { t } = useTranslation();
  const words = useWords();
  const bands = useQuery({ queryKey: ['ledgers', 'overview', 'bands'], queryFn: () => load(undefined) }).data?.bands ?? [];
  const list = useKeyset<Row>(['ledgers', 'overview'], load);
  const columns = useColumns(bands.map(({ title }) => words(title)));
  return (
    <Page
      answer={<Headline rows={list.rows} whole={!list.hasNextPage && list.rows.length > 0} />}
      action={<ExportButton of={{ kind: 'vip-overview', subject: 'all' }} words={t('ledgers.print')} />}
    >
      <KeysetTable
        list={list}
        rowKey={(row) => row.staff.staffId}
        columns={columns}
        empty={t('ledgers.empty.overview')}
        card={(row) => <Card row={row} bands={bands.map(({ title }) => words(title))} />}
      />
    </Page>
  );
}

/** What everybody has together, once all of them are here. */
function Headline({ rows, whole }: { rows: readonly Row[]; whole: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (!whole) return t('ledgers.answer.overview');
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const customers = sum((row) => row.customers);
  return t('ledgers.overviewAnswer', {
    ...{ people: count(rows.length), customers: count(customers) },
    assets: shortMoney(
      sum((row) => row.assetsFen),
      language,
    ),
    talked: percent(
      sum((row) => row.talked90),
      customers,
    ),
  });
}

function useColumns(bands: readonly string[]): NonNullable<TableProps<Row>['columns']> {
  const { t } = useTranslation();
  const language = useLanguage();
  const number = { align: 'right', width: 96 } as const;
  return [
    { title: t('ledgers.column.staff'), key: 'staff', render: (_, row) => <Person person={row.staff} /> },
    { title: t('ledgers.column.customers'), key: 'customers', ...number, render: (_, row) => count(row.customers) },
    { title: t('ledgers.column.joint'), key: 'joint', ...number, render: (_, row) => count(row.joint) },
    {
      ...{ title: t('ledgers.column.assets'), key: 'assets', align: 'right', width: 120 },
      render: (_, row) => shortMoney(row.assetsFen, language),
    },
    ...bands.map((title, at) => ({
      ...{ title, key: `band-${at}`, ...number },
      render: (_: unknown, row: Row) => count(row.byBand[at] ?? 0),
    })),
    { title: t('ledgers.column.atRisk'), key: 'risk', ...number, render: (_, row) => count(row.atRisk) },
    {
      ...{ title: t('ledgers.column.talked'), key: 'talked', align: 'right', width: 140 },
      render: (_, row) => `${count(row.talked90)} · ${percent(row.talked90, row.customers)}`,
    },
  ];
}

function Card({ row, bands }: { row: Row; bands: readonly string[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const held = bands.flatMap((title, at) => (row.byBand[at] ? [`${title} ${count(row.byBand[at] ?? 0)}`] : []));
  return (
    <div className="card">
      <div className="line">
        <Person person={row.staff} />
        <strong>
          {count(row.customers)} · {shortMoney(row.assetsFen, language)}
        </strong>
      </div>
      <div className="quiet small">{held.join(' · ')}</div>
      <div className="quiet small">
        {t('ledgers.column.atRisk')} {count(row.atRisk)} · {t('ledgers.column.talked')} {percent(row.talked90, row.customers)}
      </div>
    </div>
  );
}
