import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Loaded } from '../../ui/states.tsx';
import type { Import } from './row.ts';

/** A decision on an import; whatever comes of it, what is shown is asked for again. */
function useDecision(id: string, done: string, decide: () => Promise<Import>) {
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: decide,
    onSuccess: () => void message.success(done),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['feed', id] });
      // What it would have changed can no longer be asked once it is done.
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'undo-preview' });
    },
  });
}

/** Accept or discard a file that has been checked. */
export function Decide({ id }: { id: string }) {
  const { t } = useTranslation();
  const params = { path: { id } };
  const accept = useDecision(id, t('feeds.accepted'), async () =>
    unwrap(await api.POST('/api/feeds/{id}/accept', { params, body: {} })),
  );
  const discard = useDecision(id, t('feeds.discarded'), async () =>
    unwrap(await api.POST('/api/feeds/{id}/discard', { params, body: {} })),
  );
  const busy = accept.isPending || discard.isPending;
  return (
    <div className="import-decide">
      <Button type="primary" loading={accept.isPending} disabled={busy} onClick={() => accept.mutate()}>
        {t('feeds.accept')}
      </Button>
      <Button loading={discard.isPending} disabled={busy} onClick={() => discard.mutate()}>
        {t('feeds.discard')}
      </Button>
    </div>
  );
}

/** Taking an import back: first what it changes, then the deed. */
export function TakeBack({ record }: { record: Import }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const params = { path: { id: record.importId } };
  const preview = useQuery({
    queryKey: ['undo-preview', record.importId],
    queryFn: async () => unwrap(await api.GET('/api/feeds/{id}/undo-preview', { params })),
    enabled: open,
    staleTime: 0,
  });
  const undo = useDecision(record.importId, t('feeds.undone'), async () =>
    unwrap(await api.POST('/api/feeds/{id}/undo', { params, body: {} })),
  );
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {t('feeds.undo')}
      </Button>
      <Modal
        open={open}
        title={t('feeds.undoTitle', { name: record.fileName })}
        okText={t('feeds.undoConfirm')}
        cancelText={t('cancel')}
        okButtonProps={{ danger: true, disabled: !preview.isSuccess }}
        confirmLoading={undo.isPending}
        onCancel={() => setOpen(false)}
        onOk={() => undo.mutate(undefined, { onSettled: () => setOpen(false) })}
      >
        <Loaded query={preview}>{(data) => <UndoEffect preview={data} />}</Loaded>
      </Modal>
    </>
  );
}

function UndoEffect({ preview }: { preview: Answer<'previewFeedUndo'> }) {
  const { t } = useTranslation();
  const { days } = preview;
  const [first, last] = [days.at(0), days.at(-1)];
  const rows = [
    [t('feeds.undoRestored'), count(preview.restored)],
    [t('feeds.undoRemoved'), count(preview.removed)],
    [
      t('feeds.undoDays'),
      first === undefined || last === undefined
        ? t('feeds.undoNoDays')
        : t('feeds.undoDaysText', { n: count(days.length), from: first, to: last }),
    ],
    [t('feeds.undoAverages'), count(preview.averages)],
    [t('feeds.undoBands'), count(preview.bands)],
    [t('feeds.undoAssignments'), count(preview.assignments)],
  ];
  return (
    <>
      <p>{t('feeds.undoLead')}</p>
      <dl className="undo-effect">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
