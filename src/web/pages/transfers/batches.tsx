import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Button, Drawer, Input, Popconfirm, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { useErrorText, usePhone, useSession, useWords } from '../../ui/hooks.ts';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { cellsOf, rowsOfSheet, type Sheet, type SheetProblem, templateBytes } from './batch-sheet.ts';
import { Move, StateTag } from './marks.tsx';

type Batch = Answer<'getTransferBatch'>;
type Checked = Answer<'checkTransferBatch'>;

/** Transfers of whole workbooks: sent, checked, asked for and decided on as one. */
export function Batches({ id, open }: { id: string | undefined; open: (id: string | undefined) => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const sends = useSession().data?.permissions.includes('transfers.request') ?? false;
  const list = useQuery({ queryKey: ['batches'], queryFn: async () => unwrap(await api.GET('/api/transfer-batches')) });
  return (
    <>
      {sends && <SendSheet />}
      <Loaded query={list}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing>{t('transfers.batches.empty')}</Nothing>
          ) : (
            <ul className="plain-list">
              {items.map((batch) => (
                <li key={batch.batchId} className="lock-line">
                  <Button type="link" onClick={() => open(batch.batchId)}>
                    {batch.fileName}
                  </Button>
                  <span className="quiet">
                    {t('transfers.batches.count', { n: count(batch.count) })} · {batch.requestedBy?.name}{' '}
                    {instantText(batch.requestedAt)}
                  </span>
                  <StateTag state={batch.state} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <Drawer
        open={id !== undefined}
        onClose={() => open(undefined)}
        size={phone ? '100%' : 560}
        destroyOnHidden
        title={t('transfers.batches.title')}
      >
        {id !== undefined && <BatchDetail id={id} />}
      </Drawer>
    </>
  );
}

function SendSheet() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [sheet, setSheet] = useState<Sheet & { readonly fileName: string }>();
  const fail = (error: unknown) => void message.error(errorText(error).text, 8);
  const check = useMutation({
    mutationFn: async (file: File) => {
      const read = rowsOfSheet(await cellsOf(file));
      setSheet({ ...read, fileName: file.name });
      if (read.problems.length > 0) return undefined;
      return unwrap(await api.POST('/api/transfer-batches/check', { body: { rows: [...read.rows] } }));
    },
    onError: () => void message.error(t('transfers.batches.unreadable'), 8),
  });
  const request = useMutation({
    mutationFn: async ({ rows, fileName }: Sheet & { readonly fileName: string }) =>
      unwrap(await api.POST('/api/transfer-batches', { body: { fileName, rows: [...rows] } })),
    onSuccess: (sent) => {
      void message.success(t('transfers.requestSent'));
      setSheet(undefined);
      check.reset();
      void navigate({ to: '/transfers', search: { tab: 'batches', batch: sent.batchId } });
    },
    onError: fail,
    onSettled: () => queries.invalidateQueries(),
  });
  const template = async () => download(await templateBytes(), t('transfers.batches.templateName'));
  return (
    <div className="batch-send">
      <p className="quiet">{t('transfers.batches.text')}</p>
      <div className="lock-steps">
        <Button onClick={() => void template()}>{t('transfers.batches.template')}</Button>
        <Upload
          accept=".xlsx,.csv"
          maxCount={1}
          showUploadList={false}
          beforeUpload={(file) => {
            check.mutate(file);
            return false;
          }}
        >
          <Button type="primary" loading={check.isPending}>
            {t('transfers.batches.choose')}
          </Button>
        </Upload>
      </div>
      {sheet !== undefined && !check.isPending && (
        <Preview sheet={sheet} checked={check.data} sending={request.isPending} send={() => request.mutate(sheet)} />
      )}
    </div>
  );
}

function download(bytes: Uint8Array, name: string): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

interface PreviewProps {
  readonly sheet: Sheet & { readonly fileName: string };
  readonly checked: Checked | undefined;
  readonly sending: boolean;
  readonly send: () => void;
}

/** What is wrong row by row, or who gains and loses how many and the button that asks for it. */
function Preview({ sheet, checked, sending, send }: PreviewProps) {
  const { t } = useTranslation();
  const words = useWords();
  const problems: readonly (SheetProblem | Checked['problems'][number])[] = [...sheet.problems, ...(checked?.problems ?? [])];
  if (problems.length > 0)
    return (
      <Alert
        className="batch-preview"
        type="error"
        showIcon
        title={t('transfers.batches.bad', { name: sheet.fileName, n: count(problems.length) })}
        description={
          <ul className="batch-problems">
            {problems.map((one) => (
              <li key={`${one.line} ${'column' in one ? one.column : ''}`}>
                {t('transfers.batches.line', { line: one.line })}
                {'column' in one && ` ${one.column}`} {words(one.words)}
              </li>
            ))}
          </ul>
        }
      />
    );
  if (checked === undefined) return null;
  return (
    <div className="batch-preview">
      <p>{t('transfers.batches.good', { name: sheet.fileName, n: count(sheet.rows.length) })}</p>
      <Sides sides={checked.sides} />
      <Button type="primary" loading={sending} onClick={send}>
        {t('transfers.batches.send')}
      </Button>
    </div>
  );
}

function Sides({ sides }: { sides: Checked['sides'] }) {
  const { t } = useTranslation();
  return (
    <ul className="batch-problems">
      {sides.map((side) => (
        <li key={side.staffId}>
          {t('transfers.batches.side', {
            name: side.staff?.name ?? side.staffId,
            now: count(side.customers),
            gains: count(side.gains),
            loses: count(side.loses),
            after: count(side.customers + side.gains - side.loses),
          })}
        </li>
      ))}
    </ul>
  );
}

function BatchDetail({ id }: { id: string }) {
  const batch = useQuery({
    queryKey: ['batch', id],
    queryFn: async () => unwrap(await api.GET('/api/transfer-batches/{id}', { params: { path: { id } } })),
  });
  return <Loaded query={batch}>{(data) => <BatchOf batch={data} />}</Loaded>;
}

function BatchOf({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  return (
    <>
      <p>
        <strong>{batch.fileName}</strong> <StateTag state={batch.state} />
      </p>
      <p className="quiet">
        {t('transfers.requested')} {batch.requestedBy?.name} · {instantText(batch.requestedAt)}
        {batch.decidedAt !== null &&
          ` · ${t('transfers.decided')} ${batch.decidedBy?.name ?? ''} · ${instantText(batch.decidedAt)}`}
        {batch.note !== null && ` · ${batch.note}`}
      </p>
      {batch.state === 'requested' && <Sides sides={batch.sides} />}
      <Steps batch={batch} />
      <ul className="plain-list">
        {batch.items.map((item) => (
          <li key={item.transferId} className="lock-line">
            <span>
              {item.customerName ?? t('transfers.outOfScope')} <span className="quiet">{item.customerId}</span>
            </span>
            <Move transfer={item} />
            <StateTag state={item.state} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Only what the server says one may do. */
function Steps({ batch }: { batch: Batch }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const decide = useMutation({
    mutationFn: async (action: Batch['may'][number]) =>
      unwrap(
        await api.POST('/api/transfer-batches/{id}/decide', {
          params: { path: { id: batch.batchId } },
          body: { action, ...(note.trim() === '' ? {} : { note: note.trim() }) },
        }),
      ),
    onSuccess: (_, action) => void message.success(t(`transfers.batches.done.${action}`)),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries(),
  });
  if (batch.may.length === 0) return null;
  return (
    <div className="batch-preview">
      {batch.may.includes('reject') && (
        <Input.TextArea
          aria-label={t('transfers.note')}
          placeholder={t('transfers.noteHint')}
          maxLength={500}
          rows={2}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      )}
      <div className="transfer-actions">
        {batch.may.map((action) => (
          <Popconfirm
            key={action}
            title={t(`transfers.batches.ask.${action}`)}
            okText={t(`transfers.${action}`)}
            cancelText={t('cancel')}
            onConfirm={() => decide.mutate(action)}
          >
            <Button
              type={action === 'approve' ? 'primary' : 'default'}
              disabled={action === 'reject' && note.trim() === ''}
              loading={decide.isPending}
            >
              {t(`transfers.${action}`)}
            </Button>
          </Popconfirm>
        ))}
      </div>
    </div>
  );
}
