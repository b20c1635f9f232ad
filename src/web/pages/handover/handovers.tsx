import { useNavigate, useSearch } from '@tanstack/react-router';
import { type TableProps, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { useKeyset, useSession, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { Deputies, ProposeDeputy } from './deputies.tsx';
import { Days, type Handover, StateTag, useStarter } from './marks.tsx';
import { StartHandover } from './start.tsx';

const LISTS = ['open', 'done'] as const;
type List = (typeof LISTS)[number];
const TABS = [...LISTS, 'deputies'] as const;

function useHandovers(tab: List) {
  return useKeyset(['handovers', tab], async (after) =>
    unwrap(
      await api.GET('/api/handovers', {
        params: { query: { state: tab, limit: 50, ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
}

/** Portfolios that are handed over whole: what is under way, and what is done. */
export function Handovers() {
  const search = useSearch({ strict: false });
  const { t } = useTranslation();
  const navigate = useNavigate();
  const tab = TABS.find((name) => name === search.tab) ?? 'open';
  const starts = useSession().data?.permissions.includes('transfers.decide') ?? false;
  return (
    <Page answer={<Headline />} action={starts && (tab === 'deputies' ? <ProposeDeputy /> : <StartHandover />)}>
      <Tabs
        activeKey={tab}
        items={TABS.map((name) => ({ key: String(name), label: t(`handover.tab.${name}`) }))}
        onChange={(chosen) => void navigate({ to: '/handovers', search: { tab: chosen } })}
      />
      {tab === 'deputies' ? <Deputies /> : <Table tab={tab} />}
    </Page>
  );
}

function Table({ tab }: { tab: List }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <KeysetTable
      list={useHandovers(tab)}
      rowKey={(row) => row.handoverId}
      columns={useColumns()}
      empty={t(`handover.empty.${tab}`)}
      card={(row) => <Card row={row} />}
      onOpen={(row) => void navigate({ to: '/handovers/$id', params: { id: row.handoverId } })}
    />
  );
}

/** How many wait for this person: to be split, signed or approved. */
function Headline() {
  const { t } = useTranslation();
  const open = useHandovers('open');
  const waits = (row: Handover) =>
    row.may.includes('sign') ||
    row.may.includes('sign-for') ||
    row.may.includes('approve') ||
    (row.state === 'frozen' && row.may.includes('split'));
  const n = open.rows.filter(waits).length;
  return n === 0 ? t('handover.answerNone') : t('handover.answer', { n: count(n) });
}

function useColumns(): NonNullable<TableProps<Handover>['columns']> {
  const { t } = useTranslation();
  const words = useWords();
  const starter = useStarter();
  return [
    { title: t('handover.column.owner'), key: 'owner', render: (_, row) => <Person person={row.owner} /> },
    { title: t('handover.column.kind'), key: 'kind', width: 100, render: (_, row) => words(row.kindText) },
    { title: t('handover.column.on'), key: 'on', width: 200, render: (_, row) => <Days handover={row} /> },
    {
      title: t('handover.column.unsigned'),
      key: 'unsigned',
      width: 90,
      render: (_, row) => row.unsigned > 0 && t('handover.wait', { n: count(row.unsigned) }),
    },
    { title: t('handover.column.by'), key: 'by', width: 120, render: (_, row) => starter(row.startedBy) },
    { title: t('handover.column.at'), key: 'at', width: 150, render: (_, row) => instantText(row.startedAt) },
    { title: t('handover.column.state'), key: 'state', width: 140, render: (_, row) => <StateTag handover={row} /> },
  ];
}

function Card({ row }: { row: Handover }) {
  const words = useWords();
  return (
    <div className="card">
      <div className="line">
        <span>{row.owner.name}</span>
        <StateTag handover={row} />
      </div>
      <div className="quiet">{row.owner.unitName}</div>
      <div className="line quiet">
        <span>{words(row.kindText)}</span>
        <Days handover={row} />
      </div>
    </div>
  );
}
