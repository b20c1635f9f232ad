import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, DatePicker, Form, Input, Modal, Radio, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import dayjs from 'dayjs';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText, usePhone } from '../../ui/hooks.ts';
import { CATEGORIES } from '../customers/category.ts';
import type { Contact, Work } from './answers.ts';

type Channel = Contact['channel'];
type Outcome = Contact['outcome'];
const NEXT = ['nextNone', 'tomorrow', 'week', 'month', 'other'] as const;
type Next = (typeof NEXT)[number];

interface Draft {
  readonly channel: Channel;
  readonly outcome: Outcome;
  readonly note: string;
  readonly next: Next;
  readonly nextOn: Dayjs | null;
  readonly nextWords: string;
  readonly interest: string[];
}

const FRESH: Draft = {
  channel: 'phone',
  outcome: 'reached',
  note: '',
  next: 'nextNone',
  nextOn: null,
  nextWords: '',
  interest: [],
};

interface Props {
  readonly customerId: string;
  readonly name: string;
  readonly work: Work;
  readonly close: () => void;
}

/**
 * 登记联系: one key opens it, the commonest answer is chosen already, Ctrl+Enter saves. What is sent carries a number of its own: after
 * a lost connection it is sent again by itself and counts once.
 */
export function RecordContact({ customerId, name, work, close }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const contactId = useRef(crypto.randomUUID());
  const record = useMutation({
    mutationFn: async (draft: Draft) =>
      unwrap(
        await api.POST('/api/customers/{id}/contacts', {
          params: { path: { id: customerId } },
          body: { contactId: contactId.current, ...toContact(draft) },
        }),
      ),
    onSuccess: async (now) => {
      void message.success(t('workbench.recorded'));
      queries.setQueryData(['work', customerId], now);
      close();
      for (const key of ['workbench', 'follow-ups']) await queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('workbench.recordTitle', { name })}
      okText={t('workbench.save')}
      cancelText={t('cancel')}
      confirmLoading={record.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={phone ? '100%' : 520}
      footer={(_, { OkBtn, CancelBtn }) => (
        <>
          {!phone && <span className="quiet small">{t('workbench.keysHint')} </span>}
          <CancelBtn />
          <OkBtn />
        </>
      )}
    >
      {record.isPaused && <Alert type="warning" showIcon title={t('workbench.offline')} />}
      <Form
        form={form}
        layout="vertical"
        initialValues={FRESH}
        onFinish={(draft) => record.mutate(draft)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
        }}
      >
        <Fields work={work} />
      </Form>
    </Modal>
  );
}

const DAYS: Readonly<Record<Exclude<Next, 'nextNone' | 'other'>, (today: Dayjs) => Dayjs>> = {
  tomorrow: (today) => today.add(1, 'day'),
  week: (today) => today.add(1, 'week'),
  month: (today) => today.add(1, 'month'),
};

function nextDay({ next, nextOn }: Draft): string | undefined {
  if (next === 'nextNone') return undefined;
  const on = next === 'other' ? nextOn : DAYS[next](dayjs());
  return on?.format('YYYY-MM-DD');
}

function toContact(draft: Draft) {
  const { channel, outcome, note, interest, nextWords } = draft;
  const on = nextDay(draft);
  return { channel, outcome, note, interest, next: on === undefined ? null : { on, words: nextWords ?? '' } };
}

function Fields({ work }: { work: Work }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Draft>();
  const channel = Form.useWatch('channel', form) ?? FRESH.channel;
  const next = Form.useWatch('next', form) ?? FRESH.next;
  const outcomes = work.channels.find((one) => one.channel === channel)?.outcomes ?? [];
  return (
    <>
      <Form.Item name="channel" label={t('workbench.channel')}>
        <Radio.Group
          className="choices"
          optionType="button"
          options={work.channels.map((one) => ({ value: one.channel, label: t(`workbench.channels.${one.channel}`) }))}
          onChange={(event) => {
            const [usual] = work.channels.find((one) => one.channel === event.target.value)?.outcomes ?? [];
            if (usual !== undefined) form.setFieldValue('outcome', usual);
          }}
        />
      </Form.Item>
      <Form.Item name="outcome" label={t('workbench.outcome')}>
        <Radio.Group
          className="choices"
          optionType="button"
          options={outcomes.map((outcome) => ({ value: outcome, label: t(`workbench.outcomes.${outcome}`) }))}
        />
      </Form.Item>
      <Form.Item name="note" label={t('workbench.note')}>
        <NoteField />
      </Form.Item>
      <Form.Item name="next" label={t('workbench.next')}>
        <Radio.Group
          className="choices"
          optionType="button"
          options={NEXT.map((value) => ({
            value,
            label: value === 'nextNone' ? t('workbench.nextNone') : t(`workbench.nextIn.${value}`),
          }))}
        />
      </Form.Item>
      {next === 'other' && (
        <Form.Item name="nextOn" rules={[{ required: true, message: t('workbench.dayMissing') }]}>
          <DatePicker minDate={dayjs().add(1, 'day')} maxDate={dayjs().add(1, 'year')} inputReadOnly />
        </Form.Item>
      )}
      {next !== 'nextNone' && (
        <Form.Item name="nextWords" label={t('workbench.nextWords')}>
          <Input maxLength={200} />
        </Form.Item>
      )}
      <Form.Item name="interest" label={t('workbench.interest')}>
        <Select mode="multiple" options={CATEGORIES.map((value) => ({ value, label: t(`customers.category.${value}`) }))} />
      </Form.Item>
    </>
  );
}

/** Ready to be written in as soon as the window is open. */
function NoteField(props: { value?: string; onChange?: React.ChangeEventHandler<HTMLTextAreaElement>; id?: string }) {
  const { t } = useTranslation();
  const [field, setField] = useState<HTMLTextAreaElement | null>(null);
  useEffect(() => field?.focus(), [field]);
  return (
    <Input.TextArea
      {...props}
      ref={(made) => setField(made?.resizableTextArea?.textArea ?? null)}
      rows={3}
      maxLength={2000}
      placeholder={t('workbench.notePlaceholder')}
    />
  );
}
