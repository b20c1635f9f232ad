import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, type TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { useUnread } from '../../frame/bell.tsx';
import { count, instantText } from '../../ui/format.ts';
import { useErrorText, useKeyset, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';

type Notice = RowOf<'listNotices'>;

/** What one was told of; opening a notice marks it read and leads to what it is about. */
export function Notices() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const go = useGo();
  const columns = useColumns();
  const list = useKeyset(['notices', 'list'], async (after) =>
    unwrap(await api.GET('/api/notices', { params: { query: { limit: 50, ...(after === undefined ? {} : { after }) } } })),
  );
  const refresh = () => queries.invalidateQueries({ queryKey: ['notices'] });
  const fail = (error: unknown) => void message.error(errorText(error).text);
  const read = useMutation({
    mutationFn: async (notice: Notice) =>
      unwrap(await api.POST('/api/notices/{noticeId}/read', { params: { path: { noticeId: notice.noticeId } }, body: {} })),
    onError: fail,
    onSettled: refresh,
  });
  const readAll = useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/notices/read-all', { body: {} })),
    onError: fail,
    onSettled: refresh,
  });
  const unread = useUnread();
  const open = (notice: Notice) => {
    if (!notice.read) read.mutate(notice);
    go(notice);
  };
  return (
    <Page
      answer={unread === 0 ? t('notices.none') : t('notices.unread', { n: count(unread) })}
      action={
        unread > 0 && (
          <Button loading={readAll.isPending} onClick={() => readAll.mutate()}>
            {t('notices.readAll')}
          </Button>
        )
      }
    >
      <KeysetTable
        list={list}
        rowKey={(row) => row.noticeId}
        columns={columns}
        empty={t('notices.empty')}
        card={(row) => <Card row={row} />}
        onOpen={open}
      />
    </Page>
  );
}

function useGo(): (notice: Notice) => void {
  const navigate = useNavigate();
  return ({ to, subject: id }) => {
    if (to === 'transfers') void navigate({ to: '/transfers', search: { id } });
    if (to === 'batches') void navigate({ to: '/transfers', search: { tab: 'batches', batch: id } });
    if (to === 'locks') void navigate({ to: '/transfers', search: { tab: 'locks' } });
    if (to === 'teams') void navigate({ to: '/customers' });
    if (to === 'actions') void navigate({ to: '/workbench' });
    if (to === 'keeps') void navigate({ to: '/transfers', search: { tab: 'keeps' } });
    if (to === 'deputies') void navigate({ to: '/handovers', search: { tab: 'deputies' } });
    if (to === 'handovers') void navigate({ to: '/handovers/$id', params: { id } });
  };
}

function Text({ row }: { row: Notice }) {
  const words = useWords();
  return row.read ? <span className="quiet">{words(row.text)}</span> : <strong>{words(row.text)}</strong>;
}

function useColumns(): NonNullable<TableProps<Notice>['columns']> {
  const { t } = useTranslation();
  return [
    { title: t('notices.what'), key: 'what', render: (_, row) => <Text row={row} /> },
    { title: t('notices.at'), key: 'at', width: 170, render: (_, row) => instantText(row.at) },
  ];
}

function Card({ row }: { row: Notice }) {
  return (
    <div className="card">
      <Text row={row} />
      <span className="quiet">{instantText(row.at)}</span>
    </div>
  );
}
