import { useNavigate } from '@tanstack/react-router';
import { Select, type TableProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { instantText } from '../../ui/format.ts';
import { useKeyset } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';

type Message = RowOf<'listOutreach'>;
const STATES: readonly Message['state'][] = ['waiting', 'refused', 'handed', 'delivered', 'failed'];

/** 触达记录: what one wanted to send, or one's unit did, with what became of it. */
export function OutreachList() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const columns = useColumns();
  const [state, setState] = useState<Message['state']>();
  const list = useKeyset<Message>(['outreach', 'list', state], async (after) =>
    unwrap(
      await api.GET('/api/outreach', {
        params: { query: { ...(state === undefined ? {} : { state }), ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  return (
    <>
      <div className="chips">
        <Select
          aria-label={t('outreach.all')}
          className="rule-select"
          value={state ?? ''}
          options={[
            { value: '', label: t('outreach.all') },
            ...STATES.map((value) => ({ value, label: t(`outreach.state.${value}`) })),
          ]}
          onChange={(value) => setState(STATES.find((one) => one === value))}
        />
      </div>
      <KeysetTable
        list={list}
        rowKey={(row) => `${row.customerId} ${row.messageId}`}
        columns={columns}
        empty={t('outreach.empty')}
        card={(row) => <Card row={row} />}
        onOpen={(row) => void navigate({ to: '/customers/$id', params: { id: row.customerId } })}
      />
    </>
  );
}

function Outcome({ row }: { row: Message }) {
  const { t } = useTranslation();
  return (
    <>
      {t(`outreach.state.${row.state}`)}
      {row.refusedFor.length > 0 && (
        <div className="quiet small">{row.refusedFor.map((because) => t(`outreach.refused.${because}`)).join(' · ')}</div>
      )}
      {row.receiptWords !== null && row.receiptWords !== '' && <div className="quiet small">{row.receiptWords}</div>}
    </>
  );
}

function useColumns(): NonNullable<TableProps<Message>['columns']> {
  const { t } = useTranslation();
  return [
    { title: t('outreach.at'), key: 'at', width: 160, render: (_, row) => instantText(row.madeAt) },
    {
      title: t('outreach.customer'),
      key: 'customer',
      width: 150,
      render: (_, row) => (
        <>
          {row.name} <span className="quiet">{row.customerId}</span>
        </>
      ),
    },
    {
      title: t('outreach.way'),
      key: 'way',
      width: 150,
      render: (_, row) => `${t(`outreach.channel.${row.channel}`)} · ${t(`outreach.purpose.${row.purpose}`)}`,
    },
    {
      title: t('outreach.words'),
      key: 'words',
      render: (_, row) => (
        <>
          {row.words}
          {row.product !== null && <div className="quiet small">{row.product}</div>}
        </>
      ),
    },
    { title: t('outreach.outcome'), key: 'outcome', width: 180, render: (_, row) => <Outcome row={row} /> },
    { title: t('outreach.by'), key: 'by', width: 100, render: (_, row) => row.staff?.name },
  ];
}

function Card({ row }: { row: Message }) {
  const { t } = useTranslation();
  return (
    <>
      <div>
        <strong>{row.name ?? row.customerId}</strong> {t(`outreach.channel.${row.channel}`)} ·{' '}
        {t(`outreach.purpose.${row.purpose}`)}
      </div>
      <div>{row.words}</div>
      <Outcome row={row} />
      <div className="quiet small">
        {instantText(row.madeAt)} {row.staff?.name}
      </div>
    </>
  );
}
