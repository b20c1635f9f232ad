import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Space, type TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { instantText, yuan } from '../../ui/format.ts';
import { useErrorText, useKeyset } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page } from '../../ui/page.tsx';
import { useSharesText } from './parts.tsx';

type Row = RowOf<'listCorrections'>;

/** 归属更正: who asked that a sale count otherwise, and what came of it. */
export function Corrections() {
  const { t } = useTranslation();
  const columns = useColumns();
  const list = useKeyset<Row>(['ledgers', 'corrections'], async (after) =>
    unwrap(await api.GET('/api/ledgers/corrections', { params: { query: after === undefined ? {} : { after } } })),
  );
  return (
    <Page answer={t('ledgers.correctionsAnswer')}>
      <KeysetTable
        list={list}
        rowKey={(row) => row.correctionId}
        columns={columns}
        empty={t('ledgers.empty.corrections')}
        card={(row) => <Card row={row} />}
      />
    </Page>
  );
}

function useColumns(): NonNullable<TableProps<Row>['columns']> {
  const { t } = useTranslation();
  return [
    { title: t('ledgers.column.product'), key: 'product', render: (_, row) => <What row={row} /> },
    { title: t('ledgers.column.change'), key: 'change', render: (_, row) => <Change row={row} /> },
    { title: t('ledgers.column.words'), key: 'words', render: (_, row) => row.words },
    {
      ...{ title: t('ledgers.column.asked'), key: 'asked', width: 150 },
      render: (_, row) => (
        <>
          {row.askedBy?.name} <div className="quiet small">{instantText(row.askedAt)}</div>
        </>
      ),
    },
    { title: t('ledgers.column.decided'), key: 'decided', width: 190, render: (_, row) => <Decision row={row} /> },
  ];
}

function What({ row }: { row: Row }) {
  return (
    <>
      {row.product.name} {yuan(row.amountFen)}
      <div className="quiet small">
        {row.on} · {row.name} {row.customerId}
      </div>
    </>
  );
}

function Change({ row }: { row: Row }) {
  const { t } = useTranslation();
  const text = useSharesText();
  return (
    <>
      <div className="ledger-old">{text(row.people, row.before)}</div>
      {row.reverse ? t('ledgers.wholeOff') : text(row.people, row.after)}
    </>
  );
}

function Decision({ row }: { row: Row }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const step = useMutation({
    mutationFn: async (wanted: Row['may'][number]) =>
      unwrap(
        await api.POST('/api/customers/{id}/corrections/{correctionId}/step', {
          params: { path: { id: row.customerId, correctionId: row.correctionId } },
          body: { step: wanted },
        }),
      ),
    onSuccess: () => void message.success(t('ledgers.stepDone')),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries({ queryKey: ['ledgers'] }),
  });
  return (
    <>
      {t(`ledgers.correctionState.${row.state}`)} {row.decidedBy?.name}
      {row.note !== '' && <div className="quiet small">{row.note}</div>}
      {row.may.length > 0 && (
        <Space>
          {row.may.map((wanted) => (
            <Button key={wanted} size="small" loading={step.isPending} onClick={() => step.mutate(wanted)}>
              {t(`ledgers.step.${wanted}`)}
            </Button>
          ))}
        </Space>
      )}
    </>
  );
}

function Card({ row }: { row: Row }) {
  return (
    <div className="card">
      <What row={row} />
      <Change row={row} />
      <div>{row.words}</div>
      <div className="quiet small">
        {row.askedBy?.name} {instantText(row.askedAt)}
      </div>
      <Decision row={row} />
    </div>
  );
}
