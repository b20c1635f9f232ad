import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Drawer, type TableProps, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { useKeyset, usePhone, useSession, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';
import { Batches } from './batches.tsx';
import { ClaimList } from './claims.tsx';
import { Keeps } from './keeps.tsx';
import { LockPeriods, useLocks } from './locks.tsx';
import { Move, StateTag, type Transfer } from './marks.tsx';
import { TransferDetail } from './transfer-detail.tsx';
import './transfers.css';

const TABS = ['requested', 'scheduled', 'mine', 'decided'] as const;
type Tab = (typeof TABS)[number];
const FILTERS = {
  requested: { state: 'requested' },
  scheduled: { state: 'scheduled' },
  mine: { mine: 'yes' },
  decided: { state: 'decided' },
} as const;

function useTransfers(tab: Tab) {
  return useKeyset(['transfers', tab], async (after) =>
    unwrap(
      await api.GET('/api/transfers', {
        params: { query: { ...FILTERS[tab], limit: 50, ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
}

/** What the page shows beside its lists of transfers. */
const SHEETS = [...TABS, 'claims', 'keeps', 'batches', 'locks'] as const;
type Sheet = (typeof SHEETS)[number];

/** Changes of managers that one person asks for and another decides: what waits, what one asked for, what is done; and the locks. */
export function Transfers() {
  const search = useSearch({ strict: false });
  const { t } = useTranslation();
  const navigate = useNavigate();
  const phone = usePhone();
  const sheet = SHEETS.find((name) => name === search.tab) ?? 'requested';
  const { id, batch } = search;
  const requests = useSession().data?.permissions.includes('transfers.request') ?? false;
  const sheets = SHEETS.filter((name) => name !== 'claims' || requests);
  const show = (to: { tab: Sheet; id?: string; batch?: string | undefined }) =>
    void navigate({ to: '/transfers', search: { ...to } });
  return (
    <Page answer={<Headline />}>
      <Locked />
      <Tabs
        activeKey={sheet}
        items={sheets.map((name) => ({ key: String(name), label: t(`transfers.tab.${name}`) }))}
        onChange={(chosen) => show({ tab: SHEETS.find((name) => name === chosen) ?? 'requested' })}
      />
      {sheet === 'locks' && <LockPeriods />}
      {sheet === 'claims' && <ClaimList />}
      {sheet === 'keeps' && <Keeps />}
      {sheet === 'batches' && <Batches id={batch} open={(opened) => show({ tab: sheet, batch: opened })} />}
      {sheet !== 'locks' && sheet !== 'claims' && sheet !== 'keeps' && sheet !== 'batches' && (
        <TransferList tab={sheet} onOpen={(opened) => show({ tab: sheet, id: opened })} />
      )}
      <Drawer
        open={id !== undefined}
        onClose={() => show({ tab: sheet })}
        size={phone ? '100%' : 560}
        destroyOnHidden
        title={t('transfers.title')}
      >
        {id !== undefined && <TransferDetail id={id} />}
      </Drawer>
    </Page>
  );
}

function TransferList({ tab, onOpen }: { tab: Tab; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  return (
    <KeysetTable
      list={useTransfers(tab)}
      rowKey={(row) => row.transferId}
      columns={useColumns()}
      empty={t(`transfers.empty.${tab}`)}
      card={(row) => <Card row={row} />}
      onOpen={(row) => onOpen(row.transferId)}
    />
  );
}

/** How many wait for this person; who cannot decide reads what transfers are. */
function Headline() {
  const { t } = useTranslation();
  const decides = useSession().data?.permissions.includes('transfers.decide') ?? false;
  const waiting = useTransfers('requested');
  if (!decides || waiting.data === undefined) return t('transfers.answerPlain');
  const n = waiting.rows.filter((row) => row.may.includes('approve')).length;
  if (n === 0) return t('transfers.answerNone');
  return t(waiting.hasNextPage ? 'transfers.answerMore' : 'transfers.answer', { n: count(n) });
}

function Locked() {
  const { t } = useTranslation();
  const now = useLocks().data?.now;
  if (!now) return null;
  return <Alert className="transfer-locked" type="info" showIcon title={t('transfers.locked', { ...now })} />;
}

function CustomerName({ row }: { row: Transfer }) {
  const { t } = useTranslation();
  if (row.customerName === null) return <span className="quiet">{t('transfers.outOfScope')}</span>;
  return (
    <>
      {row.customerName} <span className="quiet">{row.customerId}</span>
    </>
  );
}

function useColumns(): NonNullable<TableProps<Transfer>['columns']> {
  const { t } = useTranslation();
  const words = useWords();
  return [
    { title: t('transfers.column.customer'), key: 'customer', render: (_, row) => <CustomerName row={row} /> },
    { title: t('transfers.column.seat'), key: 'seat', width: 100, render: (_, row) => t(`seat.${row.seat}`) },
    { title: t('transfers.column.move'), key: 'move', render: (_, row) => <Move transfer={row} /> },
    { title: t('transfers.column.reason'), key: 'reason', width: 130, render: (_, row) => words(row.reasonText) },
    { title: t('transfers.column.by'), key: 'by', width: 120, render: (_, row) => row.requestedBy.name },
    { title: t('transfers.column.at'), key: 'at', width: 150, render: (_, row) => instantText(row.requestedAt) },
    { title: t('transfers.column.state'), key: 'state', width: 100, render: (_, row) => <StateTag state={row.state} /> },
  ];
}

function Card({ row }: { row: Transfer }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <div className="card">
      <div className="line">
        <span>
          <CustomerName row={row} />
        </span>
        <StateTag state={row.state} />
      </div>
      <Move transfer={row} />
      <div className="line quiet">
        <span>{[t(`seat.${row.seat}`), words(row.reasonText)].join(' · ')}</span>
        <span>
          {row.requestedBy.name} {instantText(row.requestedAt)}
        </span>
      </div>
    </div>
  );
}
