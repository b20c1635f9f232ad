import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, DatePicker, Form, Input, Modal, Segmented } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { StaffSelect } from '../../ui/staff-select.tsx';
import type { Handover } from './marks.tsx';

const KINDS: readonly Handover['kind'][] = ['leaving', 'move', 'absence'];

interface Wish {
  readonly staffId: string;
  readonly kind: Handover['kind'];
  readonly on: Dayjs;
  readonly back?: Dayjs;
  readonly words: string;
}

/** 发起交接: freezes somebody's portfolio. */
export function StartHandover() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t('handover.start')}
      </Button>
      {open && <Start close={() => setOpen(false)} />}
    </>
  );
}

function Start({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Wish>();
  const start = useMutation({
    mutationFn: async ({ staffId, kind, on, back, words }: Wish) =>
      unwrap(
        await api.POST('/api/handovers', {
          body: {
            ...{ staffId, kind, words, onDate: on.format('YYYY-MM-DD') },
            ...(kind === 'absence' && back !== undefined ? { backOn: back.format('YYYY-MM-DD') } : {}),
          },
        }),
      ),
    onSuccess: async (begun) => {
      void message.success(t('handover.done.start'));
      close();
      await queries.invalidateQueries({ queryKey: ['handovers'] });
      await navigate({ to: '/handovers/$id', params: { id: begun.handoverId } });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('handover.startTitle')}
      okText={t('handover.startSend')}
      cancelText={t('cancel')}
      confirmLoading={start.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={480}
    >
      <p className="quiet">{t('handover.startText')}</p>
      <Form form={form} layout="vertical" initialValues={{ kind: 'leaving' }} onFinish={(wish) => start.mutate(wish)}>
        <Fields />
      </Form>
    </Modal>
  );
}

function Fields() {
  const { t } = useTranslation();
  const needed = (message: string) => [{ required: true, message }];
  return (
    <>
      <Form.Item name="staffId" label={t('handover.startWho')} rules={needed(t('handover.startWhoMissing'))}>
        <StaffSelect />
      </Form.Item>
      <Form.Item name="kind" label={t('handover.startKind')}>
        <Segmented options={KINDS.map((value) => ({ value, label: t(`handover.kind.${value}`) }))} />
      </Form.Item>
      <Form.Item name="on" label={t('handover.startOn')} rules={needed(t('handover.startOnMissing'))}>
        <DatePicker />
      </Form.Item>
      <Form.Item noStyle shouldUpdate={(was: Wish, is: Wish) => was.kind !== is.kind}>
        {(form) =>
          form.getFieldValue('kind') === 'absence' && (
            <Form.Item name="back" label={t('handover.startBack')} rules={needed(t('handover.startBackMissing'))}>
              <DatePicker />
            </Form.Item>
          )
        }
      </Form.Item>
      <Form.Item
        name="words"
        label={t('handover.startWords')}
        rules={[{ required: true, whitespace: true, message: t('handover.startWordsMissing') }]}
      >
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </>
  );
}
