import { useNavigate, useSearch } from '@tanstack/react-router';
import { type TableProps, Tabs, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { useKeyset, useSession, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';
import { ExportActions } from './decide.tsx';

type ExportRow = RowOf<'listExports'>;
const TABS = ['all', 'waiting'] as const;
type Tab = (typeof TABS)[number];

const TONES: Readonly<Record<ExportRow['state'], string>> = {
  requested: 'blue',
  approved: 'green',
  rejected: 'default',
  withdrawn: 'default',
  taken: 'default',
  expired: 'default',
};

function useExports(tab: Tab) {
  return useKeyset(['exports', tab], async (after) =>
    unwrap(
      await api.GET('/api/exports', {
        params: {
          query: {
            limit: 50,
            ...(tab === 'waiting' ? { waiting: 'yes' as const } : {}),
            ...(after === undefined ? {} : { after }),
          },
        },
      }),
    ),
  );
}

/** 导出申请: one's own exports and those one has to agree to, each with what to do next. */
export function Exports() {
  const search = useSearch({ strict: false });
  const { t } = useTranslation();
  const navigate = useNavigate();
  const tab = TABS.find((name) => name === search.tab) ?? 'all';
  const list = useExports(tab);
  const columns = useColumns();
  return (
    <Page answer={<Headline />}>
      <Tabs
        activeKey={tab}
        items={TABS.map((name) => ({ key: String(name), label: t(`exports.tab.${name}`) }))}
        onChange={(chosen) => void navigate({ to: '/exports', search: { tab: chosen } })}
      />
      <KeysetTable
        list={list}
        rowKey={(row) => row.exportId}
        columns={columns}
        empty={t(`exports.empty.${tab}`)}
        card={(row) => <Card row={row} />}
      />
    </Page>
  );
}

function Headline() {
  const { t } = useTranslation();
  const approves = useSession().data?.permissions.includes('exports.approve') ?? false;
  const waiting = useExports('waiting');
  const n = waiting.rows.filter((row) => row.may.includes('approve')).length;
  return approves && n > 0 ? t('exports.answer', { n: count(n) }) : t('exports.answerNone');
}

function StateTag({ row }: { row: ExportRow }) {
  const { t } = useTranslation();
  return <Tag color={TONES[row.state]}>{t(`exports.state.${row.state}`)}</Tag>;
}

function useColumns(): NonNullable<TableProps<ExportRow>['columns']> {
  const { t } = useTranslation();
  const words = useWords();
  return [
    { title: t('exports.column.what'), key: 'what', render: (_, row) => words(row.title) },
    { title: t('exports.column.rows'), key: 'rows', width: 90, align: 'right', render: (_, row) => count(row.rows) },
    {
      title: t('exports.column.purpose'),
      key: 'purpose',
      render: (_, row) => (
        <>
          {t(`exports.purposeOf.${row.purpose}`)} <span className="quiet">{row.words}</span>
        </>
      ),
    },
    { title: t('exports.column.by'), key: 'by', width: 120, render: (_, row) => row.requestedBy?.name },
    { title: t('exports.column.at'), key: 'at', width: 150, render: (_, row) => instantText(row.requestedAt) },
    { title: t('exports.column.state'), key: 'state', width: 90, render: (_, row) => <StateTag row={row} /> },
    { title: t('exports.column.actions'), key: 'actions', width: 170, render: (_, row) => <ExportActions row={row} /> },
  ];
}

function Card({ row }: { row: ExportRow }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <div className="card">
      <div className="line">
        <strong>{words(row.title)}</strong>
        <StateTag row={row} />
      </div>
      <div className="line quiet">
        <span>{[t(`exports.purposeOf.${row.purpose}`), row.words].join(' · ')}</span>
        <span className="number">{count(row.rows)}</span>
      </div>
      <div className="line quiet">
        <span>
          {row.requestedBy?.name} {instantText(row.requestedAt)}
        </span>
        <ExportActions row={row} />
      </div>
    </div>
  );
}
