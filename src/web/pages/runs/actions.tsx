import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Button, DatePicker, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, useLanguage, useSession, useWords } from '../../ui/hooks.ts';
import { ExportButton } from '../exports/export-button.tsx';
import type { Run } from './run-data.ts';

/** What one may do with the run now; the server says what. */
export function RunActions({ run, unit }: { run: Run; unit: string | undefined }) {
  const { t } = useTranslation();
  const { modal, message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [applying, setApplying] = useState(false);
  const may = (action: Run['actions'][number]) => run.actions.includes(action);
  const discard = useMutation({
    mutationFn: async () => unwrap(await api.POST('/api/runs/{id}/discard', { params: { path: { id: run.runId } }, body: {} })),
    onSuccess: () => void message.success(t('runs.discarded')),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries(),
  });
  const askDiscard = () =>
    modal.confirm({
      title: t('runs.discardTitle'),
      content: t('runs.discardText'),
      okText: t('runs.discard'),
      cancelText: t('cancel'),
      onOk: () => discard.mutateAsync().catch(() => undefined),
    });
  return (
    <>
      {may('export') && <ExportButton of={{ kind: 'run', subject: run.runId, ...(unit !== undefined && { unit }) }} />}
      {may('discard') && <Button onClick={askDiscard}>{t('runs.discard')}</Button>}
      {(may('apply') || may('resume')) && (
        <Button type="primary" disabled={run.changes.length > 0} onClick={() => setApplying(true)}>
          {t(may('apply') ? 'runs.apply' : 'runs.resume')}
        </Button>
      )}
      {applying && <Apply run={run} close={() => setApplying(false)} />}
    </>
  );
}

function Apply({ run, close }: { run: Run; close: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [from, setFrom] = useState<Dayjs | null>(null);
  const schemes = useQuery({ queryKey: ['schemes'], queryFn: async () => unwrap(await api.GET('/api/schemes')).items });
  const inForce = schemes.data?.find((scheme) => scheme.schemeId === run.schemeId)?.state === 'active';
  const apply = useMutation({
    mutationFn: async () =>
      unwrap(
        await api.POST('/api/runs/{id}/apply', {
          params: { path: { id: run.runId } },
          body: from === null ? {} : { effectiveFrom: from.format('YYYY-MM-DD') },
        }),
      ),
    onSuccess: (applied) => void message.success(t('runs.applied', { date: applied.effectiveFrom ?? '' })),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: async () => {
      close();
      await queries.invalidateQueries();
    },
  });
  return (
    <Modal
      open
      title={t('runs.applyTitle', { run: run.runId })}
      okText={t('runs.apply')}
      cancelText={t('cancel')}
      confirmLoading={apply.isPending}
      closable={!apply.isPending}
      onCancel={close}
      onOk={() => apply.mutate()}
      width={480}
    >
      {run.effect !== null && (
        <p>
          {t('runs.applyText', {
            opened: count(run.effect.opened),
            ended: count(run.effect.ended),
            staff: count(run.effect.staff),
          })}
        </p>
      )}
      {schemes.data !== undefined && !inForce && <p>{t('runs.applyScheme', { scheme: words(run.schemeTitle) })}</p>}
      <div className="apply-from">
        <label htmlFor="apply-from">{t('runs.applyFrom')}</label>
        <DatePicker id="apply-from" value={from} onChange={(day) => setFrom(day)} />
        <span className="quiet small">{t('runs.applyFromHint')}</span>
      </div>
    </Modal>
  );
}

/** Why a simulation can no longer be applied, and the way on. */
export function Stale({ run }: { run: Run }) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const navigate = useNavigate();
  const permitted = useSession().data?.permissions.includes('bank.runs') ?? false;
  const again = useMutation({
    mutationFn: async () =>
      unwrap(
        await api.POST('/api/runs', {
          body: { schemeId: run.schemeId, ...(run.moveBudget === null ? {} : { moveBudget: run.moveBudget }) },
        }),
      ),
    onSuccess: (fresh) => void navigate({ to: '/runs/$id', params: { id: fresh.runId } }),
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  if (run.state !== 'stale' && run.changes.length === 0) return null;
  return (
    <Alert
      className="stale"
      type="warning"
      showIcon
      title={t('runs.staleTitle')}
      description={
        run.changes.length === 0
          ? undefined
          : t('runs.changed', { what: run.changes.map(words).join(language === 'zh' ? '、' : ', ') })
      }
      action={
        permitted && (
          <Button loading={again.isPending} onClick={() => again.mutate()}>
            {t('runs.again')}
          </Button>
        )
      }
    />
  );
}
