import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, App, Button, Input, Modal } from 'antd';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';
import { Person } from '../../ui/person.tsx';
import { Loaded } from '../../ui/states.tsx';
import { StateTag } from './marks.tsx';
import '../customers/customers.css';

type Detail = Answer<'getTransfer'>;
type Action = Detail['may'][number];

/** One transfer: who to whom with both loads, why, and what one may do with it. */
export function TransferDetail({ id }: { id: string }) {
  const transfer = useQuery({
    queryKey: ['transfer', id],
    queryFn: async () => unwrap(await api.GET('/api/transfers/{id}', { params: { path: { id } } })),
  });
  return (
    <Loaded query={transfer}>
      {(data) => (
        <>
          <Sides transfer={data} />
          <Problem transfer={data} />
          <Facts transfer={data} />
          <Actions transfer={data} />
        </>
      )}
    </Loaded>
  );
}

function Sides({ transfer }: { transfer: Detail }) {
  const { t } = useTranslation();
  const { from, to, fromLoad, toLoad } = transfer;
  return (
    <div className="transfer-sides">
      <div className="transfer-side">
        <span className="quiet small">{t('transfers.from')}</span>
        <Person person={from} />
        <Load load={fromLoad} />
      </div>
      <span aria-hidden>→</span>
      <div className="transfer-side">
        <span className="quiet small">{t('transfers.to')}</span>
        {to === null ? <span>{t('transfers.release')}</span> : <Person person={to} />}
        <Load load={toLoad} />
      </div>
    </div>
  );
}

function Load({ load }: { load: Detail['fromLoad'] }) {
  const { t } = useTranslation();
  if (load === null) return null;
  const { customers, atMost } = load;
  const text =
    atMost === null
      ? t('transfers.loadOpen', { n: count(customers) })
      : t('transfers.load', { n: count(customers), most: count(atMost) });
  return <span className={atMost !== null && customers >= atMost ? 'tag-risk small' : 'quiet small'}>{text}</span>;
}

function Problem({ transfer }: { transfer: Detail }) {
  const { t } = useTranslation();
  const words = useWords();
  if (transfer.failure !== null)
    return (
      <Alert className="transfer-locked" type="error" showIcon title={t('transfers.failure', { why: words(transfer.failure) })} />
    );
  if (transfer.problem === null) return null;
  return (
    <Alert className="transfer-locked" type="warning" showIcon title={t('transfers.problem', { why: words(transfer.problem) })} />
  );
}

function Facts({ transfer }: { transfer: Detail }) {
  const { t } = useTranslation();
  const words = useWords();
  const customer =
    transfer.customerName === null ? (
      t('transfers.outOfScope')
    ) : (
      <Link to="/customers/$id" params={{ id: transfer.customerId }}>
        {transfer.customerName} {transfer.customerId}
      </Link>
    );
  const by = (person: Detail['decidedBy'], at: string | null) => person && `${person.name} · ${instantText(at ?? '')}`;
  const rows = [
    [t('transfers.column.customer'), customer],
    [t('transfers.column.seat'), [t(`seat.${transfer.seat}`), words(transfer.bandTitle)].filter(Boolean).join(' · ')],
    [t('transfers.column.state'), <StateTag key="state" state={transfer.state} />],
    [t('transfers.reason'), words(transfer.reasonText)],
    [t('transfers.words'), transfer.words],
    [t('transfers.evidence'), transfer.evidence],
    [t('transfers.requested'), by(transfer.requestedBy, transfer.requestedAt)],
    [t('transfers.decided'), by(transfer.decidedBy, transfer.decidedAt)],
    [t('transfers.note'), transfer.note],
    [t('transfers.wanted'), transfer.wantedOn],
    [t('transfers.effective'), transfer.effectiveFrom],
  ] as const;
  return (
    <dl className="facts">
      {rows.map(([name, value]) =>
        value === null ? null : (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ),
      )}
    </dl>
  );
}

async function send(action: Action, id: string, note: string): Promise<Detail> {
  const params = { path: { id } };
  if (action === 'withdraw') return unwrap(await api.POST('/api/transfers/{id}/withdraw', { params, body: {} }));
  if (action === 'reject') return unwrap(await api.POST('/api/transfers/{id}/reject', { params, body: { note } }));
  return unwrap(await api.POST('/api/transfers/{id}/approve', { params, body: note === '' ? {} : { note } }));
}

/** Only what the server says one may do. */
function Actions({ transfer }: { transfer: Detail }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Action>();
  if (transfer.may.length === 0) return null;
  return (
    <div className="transfer-actions">
      {transfer.may.map((action) => (
        <Button key={action} type={action === 'approve' ? 'primary' : 'default'} onClick={() => setAsked(action)}>
          {t(`transfers.${action}`)}
        </Button>
      ))}
      {asked !== undefined && <Decide transfer={transfer} action={asked} close={() => setAsked(undefined)} />}
    </div>
  );
}

function Decide({ transfer, action, close }: { transfer: Detail; action: Action; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const decide = useMutation({
    mutationFn: () => send(action, transfer.transferId, note.trim()),
    onSuccess: () => void message.success(t(`transfers.done.${action}`)),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: async () => {
      close();
      await queries.invalidateQueries();
    },
  });
  const missing = action === 'reject' && note.trim() === '';
  return (
    <Modal
      open
      title={t(`transfers.${action}Title`)}
      okText={t(`transfers.${action}`)}
      cancelText={t('cancel')}
      okButtonProps={{ disabled: missing }}
      confirmLoading={decide.isPending}
      onCancel={close}
      onOk={() => decide.mutate()}
      width={440}
    >
      {action === 'approve' && (
        <p>{transfer.wantedOn === null ? t('transfers.approveText') : t('transfers.approveLater', { on: transfer.wantedOn })}</p>
      )}
      {action !== 'withdraw' && (
        <>
          <Input.TextArea
            aria-label={t('transfers.note')}
            placeholder={t('transfers.noteHint')}
            maxLength={500}
            rows={3}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          {missing && <p className="quiet small">{t('transfers.noteMissing')}</p>}
        </>
      )}
    </Modal>
  );
}
