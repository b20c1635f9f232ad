import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal, Popconfirm, type TableProps, Tag } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { useErrorText, useKeyset } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { StaffSelect } from '../../ui/staff-select.tsx';

type Deputyship = RowOf<'listDeputies'>;
type Step = Deputyship['may'][number];

const TONES: Readonly<Record<Deputyship['state'], string>> = {
  proposed: 'blue',
  approved: 'green',
  refused: 'default',
  ended: 'default',
  over: 'default',
};

/** Who stands in for whom, from when to when; and what one may do about it. */
export function Deputies() {
  const { t } = useTranslation();
  const list = useKeyset(['deputies'], async (after) =>
    unwrap(await api.GET('/api/deputies', { params: { query: { limit: 50, ...(after === undefined ? {} : { after }) } } })),
  );
  return (
    <KeysetTable
      list={list}
      rowKey={(row) => row.deputyId}
      columns={useColumns()}
      empty={t('deputies.empty')}
      card={(row) => <Card row={row} />}
    />
  );
}

function useColumns(): NonNullable<TableProps<Deputyship>['columns']> {
  const { t } = useTranslation();
  return [
    { title: t('deputies.absent'), key: 'absent', width: 110, render: (_, row) => row.absent.name },
    { title: t('deputies.deputy'), key: 'deputy', width: 110, render: (_, row) => row.deputy.name },
    { title: t('deputies.days'), key: 'days', width: 220, render: (_, row) => <Days row={row} /> },
    { title: t('deputies.words'), dataIndex: 'words' },
    { title: t('deputies.by'), key: 'by', width: 150, render: (_, row) => <By row={row} /> },
    { title: t('deputies.stateTitle'), key: 'state', width: 100, render: (_, row) => <State row={row} /> },
    { title: '', key: 'may', width: 170, render: (_, row) => <Steps row={row} /> },
  ];
}

const Days = ({ row }: { row: Deputyship }) => (
  <span className="number">
    {row.from} – {row.to}
  </span>
);

function By({ row }: { row: Deputyship }) {
  return [row.proposedBy.name, row.decidedBy?.name].filter((name) => name !== undefined).join(' / ');
}

function State({ row }: { row: Deputyship }) {
  const { t } = useTranslation();
  return <Tag color={TONES[row.state]}>{t(`deputies.state.${row.state}`)}</Tag>;
}

function Card({ row }: { row: Deputyship }) {
  const { t } = useTranslation();
  return (
    <div className="card">
      <div className="line">
        <span>{t('deputies.line', { absent: row.absent.name, deputy: row.deputy.name })}</span>
        <State row={row} />
      </div>
      <div className="line quiet">
        <span>{row.words}</span>
        <Days row={row} />
      </div>
      <Steps row={row} />
    </div>
  );
}

function Steps({ row }: { row: Deputyship }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const step = useMutation({
    mutationFn: async (action: Step) =>
      unwrap(await api.POST('/api/deputies/{id}/step', { params: { path: { id: row.deputyId } }, body: { action } })),
    onSuccess: (_, action) => void message.success(t(`deputies.done.${action}`)),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <div className="lock-steps">
      {row.may.map((action) => (
        <Popconfirm
          key={action}
          title={t(`deputies.ask.${action}`, { absent: row.absent.name, deputy: row.deputy.name })}
          okText={t(`deputies.step.${action}`)}
          cancelText={t('cancel')}
          onConfirm={() => step.mutate(action)}
        >
          <Button size="small" type={action === 'approve' ? 'primary' : 'default'} loading={step.isPending}>
            {t(`deputies.step.${action}`)}
          </Button>
        </Popconfirm>
      ))}
    </div>
  );
}

interface Wish {
  readonly absent: string;
  readonly deputy: string;
  readonly days: readonly [Dayjs, Dayjs];
  readonly words: string;
}

/** 提出代理: somebody else decides. */
export function ProposeDeputy() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t('deputies.propose')}
      </Button>
      {open && <Propose close={() => setOpen(false)} />}
    </>
  );
}

function Propose({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const propose = useMutation({
    mutationFn: async ({ absent, deputy, days: [from, to], words }: Wish) =>
      unwrap(
        await api.POST('/api/deputies', {
          body: { absent, deputy, words, from: from.format('YYYY-MM-DD'), to: to.format('YYYY-MM-DD') },
        }),
      ),
    onSuccess: async () => {
      void message.success(t('deputies.done.propose'));
      close();
      await queries.invalidateQueries({ queryKey: ['deputies'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const needed = [{ required: true, message: t('account.missing') }];
  return (
    <Modal
      open
      title={t('deputies.propose')}
      okText={t('deputies.send')}
      cancelText={t('cancel')}
      confirmLoading={propose.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={480}
    >
      <p className="quiet">{t('deputies.text')}</p>
      <Form form={form} layout="vertical" onFinish={(wish) => propose.mutate(wish)}>
        <Form.Item name="absent" label={t('deputies.absent')} rules={needed}>
          <StaffSelect />
        </Form.Item>
        <Form.Item name="deputy" label={t('deputies.deputy')} rules={needed}>
          <StaffSelect />
        </Form.Item>
        <Form.Item name="days" label={t('deputies.days')} rules={needed}>
          <DatePicker.RangePicker minDate={dayjs().startOf('day')} />
        </Form.Item>
        <Form.Item
          name="words"
          label={t('deputies.words')}
          rules={[{ required: true, whitespace: true, message: t('account.missing') }]}
        >
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
