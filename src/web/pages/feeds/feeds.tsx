import { useNavigate, useSearch } from '@tanstack/react-router';
import { Drawer, Select, type TableProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { useKeyset, usePhone, useSession } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ImportDetail } from './import-detail.tsx';
import { FileName, StateTag } from './marks.tsx';
import { SendFiles } from './send.tsx';
import './feeds.css';

import type { Import } from './row.ts';

type Feed = Import['feed'];
const FEEDS: readonly Feed[] = ['org-units', 'staff', 'products', 'customers', 'positions', 'assignments', 'sales', 'contacts'];

/** Files a bank sends: send, look, decide, take back. */
export function Feeds() {
  const { id } = useSearch({ strict: false });
  const { t } = useTranslation();
  const navigate = useNavigate();
  const phone = usePhone();
  const mayDecide = useSession().data?.permissions.includes('bank.feeds') ?? false;
  const [feed, setFeed] = useState<Feed>();
  const list = useKeyset(['feeds', feed], async (after) =>
    unwrap(
      await api.GET('/api/feeds', {
        params: { query: { limit: 50, ...(feed === undefined ? {} : { feed }), ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  const columns = useColumns();
  const open = (importId: string | undefined) =>
    void navigate({ to: '/feeds', search: importId === undefined ? {} : { id: importId } });
  return (
    <Page answer={<Headline rows={list.rows} known={list.data !== undefined} />}>
      {mayDecide && <SendFiles />}
      <Section
        title={t('feeds.list')}
        extra={
          <Select<Feed | ''>
            className="feed-choice"
            aria-label={t('feeds.column.feed')}
            value={feed ?? ''}
            onChange={(chosen) => setFeed(chosen === '' ? undefined : chosen)}
            options={[
              { value: '', label: t('feeds.allFeeds') },
              ...FEEDS.map((name) => ({ value: name, label: t(`feeds.feed.${name}`) })),
            ]}
          />
        }
      >
        <KeysetTable
          list={list}
          rowKey={(row) => row.importId}
          columns={columns}
          empty={t('feeds.empty')}
          card={(row) => <Card row={row} />}
          onOpen={(row) => open(row.importId)}
        />
      </Section>
      <Drawer
        open={id !== undefined}
        onClose={() => open(undefined)}
        size={phone ? '100%' : 760}
        destroyOnHidden
        title={id === undefined ? '' : <ImportTitle id={id} rows={list.rows} />}
      >
        {id !== undefined && <ImportDetail id={id} />}
      </Drawer>
    </Page>
  );
}

function ImportTitle({ id, rows }: { id: string; rows: readonly Import[] }) {
  return rows.find((row) => row.importId === id)?.fileName ?? id;
}

function Headline({ rows, known }: { rows: readonly Import[]; known: boolean }) {
  const { t } = useTranslation();
  if (!known) return t('menu.feeds');
  const waiting = rows.filter((row) => row.state === 'checked').length;
  if (waiting > 0) return t('feeds.answerWaiting', { n: count(waiting) });
  const last = rows.find((row) => row.state === 'accepted');
  if (last === undefined) return t('feeds.answerNone');
  return t('feeds.answerIdle', {
    label: t(`feeds.feed.${last.feed}`),
    day: last.businessDate ?? instantText(last.decidedAt ?? last.sentAt),
  });
}

function useColumns(): NonNullable<TableProps<Import>['columns']> {
  const { t } = useTranslation();
  return [
    { title: t('feeds.column.feed'), key: 'feed', width: 100, render: (_, row) => t(`feeds.feed.${row.feed}`) },
    { title: t('feeds.column.file'), key: 'file', ellipsis: true, render: (_, row) => <FileName row={row} /> },
    { title: t('feeds.column.day'), key: 'day', width: 110, render: (_, row) => row.businessDate ?? '–' },
    {
      title: t('feeds.column.rows'),
      key: 'rows',
      width: 90,
      align: 'right',
      render: (_, row) => (row.rows === null ? '–' : count(row.rows)),
    },
    {
      title: t('feeds.column.rejected'),
      key: 'rejected',
      width: 80,
      align: 'right',
      render: (_, row) => <span className={row.rejected > 0 ? 'tag-risk' : ''}>{count(row.rejected)}</span>,
    },
    { title: t('feeds.column.state'), key: 'state', width: 100, render: (_, row) => <StateTag state={row.state} /> },
    {
      title: t('feeds.column.by'),
      key: 'by',
      width: 110,
      render: (_, row) => (row.sentBy === 'cli' ? t('feeds.cli') : row.sentBy),
    },
    { title: t('feeds.column.sent'), key: 'sent', width: 150, render: (_, row) => instantText(row.sentAt) },
  ];
}

function Card({ row }: { row: Import }) {
  const { t } = useTranslation();
  return (
    <div className="card">
      <div className="line">
        <strong>{[t(`feeds.feed.${row.feed}`), row.businessDate].filter(Boolean).join(' · ')}</strong>
        <StateTag state={row.state} />
      </div>
      <span className="file-name">
        <FileName row={row} />
      </span>
      <div className="line quiet">
        <span>
          {[
            row.rows === null ? '' : t('feeds.cardRows', { n: count(row.rows) }),
            row.rejected > 0 ? t('feeds.cardRejected', { n: count(row.rejected) }) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span>{instantText(row.sentAt)}</span>
      </div>
    </div>
  );
}
