import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input, Modal, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';
import { fetchExport } from './fetch.ts';

type ExportRow = RowOf<'listExports'>;
type Decision = Exclude<ExportRow['may'][number], 'fetch'>;

async function send(action: Decision, id: string, note: string) {
  const params = { path: { id } };
  if (action === 'withdraw') return unwrap(await api.POST('/api/exports/{id}/withdraw', { params, body: {} }));
  if (action === 'reject') return unwrap(await api.POST('/api/exports/{id}/reject', { params, body: { note } }));
  return unwrap(await api.POST('/api/exports/{id}/approve', { params, body: note === '' ? {} : { note } }));
}

/** Only what the server says one may do. */
export function ExportActions({ row }: { row: ExportRow }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Decision>();
  const take = () => {
    fetchExport(row.exportId);
    // It can be fetched once: when the page is looked at again it says so.
    window.addEventListener('focus', () => void queries.invalidateQueries({ queryKey: ['exports'] }), { once: true });
  };
  return (
    <Space size={4} wrap>
      {row.may.map((action) => (
        <Button
          key={action}
          size="small"
          type={action === 'approve' || action === 'fetch' ? 'primary' : 'default'}
          onClick={() => (action === 'fetch' ? take() : setAsked(action))}
        >
          {t(`exports.${action}`)}
        </Button>
      ))}
      {asked !== undefined && <Decide row={row} action={asked} close={() => setAsked(undefined)} />}
    </Space>
  );
}

function Decide({ row, action, close }: { row: ExportRow; action: Decision; close: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const decide = useMutation({
    mutationFn: () => send(action, row.exportId, note.trim()),
    onSuccess: () => void message.success(t(`exports.done.${action}`)),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: async () => {
      close();
      await queries.invalidateQueries({ queryKey: ['exports'] });
    },
  });
  const missing = action === 'reject' && note.trim() === '';
  const facts = { who: row.requestedBy?.name ?? '', what: words(row.title), n: count(row.rows), words: row.words };
  return (
    <Modal
      open
      title={t(`exports.${action}Title`)}
      okText={t(`exports.${action}`)}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: missing }}
      confirmLoading={decide.isPending}
      onCancel={close}
      onOk={() => decide.mutate()}
      width={440}
    >
      <p>{t('exports.approveText', facts)}</p>
      {action !== 'withdraw' && (
        <Input.TextArea
          aria-label={t('exports.note')}
          placeholder={t('exports.note')}
          maxLength={500}
          rows={3}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      )}
      {missing && <p className="quiet small">{t('exports.noteMissing')}</p>}
    </Modal>
  );
}
