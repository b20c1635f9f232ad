import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal } from 'antd';
import type { Dayjs } from 'dayjs';
import dayjs from 'dayjs';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText, useSession } from '../../ui/hooks.ts';

/** 布置跟进: what a meeting decides about a customer becomes a follow-up of whoever covers them. */
export function GiveTask({ customerId, name }: { customerId: string; name: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const permitted = useSession().data?.permissions.includes('contacts.record') ?? false;
  if (!permitted) return null;
  return (
    <>
      <Button type="link" size="small" onClick={() => setOpen(true)}>
        {t('meeting.task')}
      </Button>
      {open && <Ask customerId={customerId} name={name} close={() => setOpen(false)} />}
    </>
  );
}

interface Wish {
  readonly words: string;
  readonly due: Dayjs;
}

function Ask({ customerId, name, close }: { customerId: string; name: string; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const taskId = useRef(crypto.randomUUID());
  const give = useMutation({
    mutationFn: async ({ words, due }: Wish) =>
      unwrap(
        await api.POST('/api/customers/{id}/tasks', {
          params: { path: { id: customerId } },
          body: { taskId: taskId.current, words, dueOn: due.format('YYYY-MM-DD') },
        }),
      ),
    onSuccess: async () => {
      void message.success(t('meeting.taskGiven'));
      close();
      for (const key of ['work', 'workbench', 'follow-ups']) await queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('meeting.taskTitle', { name })}
      okText={t('workbench.save')}
      cancelText={t('cancel')}
      confirmLoading={give.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={420}
    >
      <p className="quiet">{t('meeting.taskText')}</p>
      <Form form={form} layout="vertical" initialValues={{ due: dayjs().add(2, 'day') }} onFinish={(wish) => give.mutate(wish)}>
        <Form.Item
          name="words"
          label={t('meeting.taskWords')}
          rules={[{ required: true, min: 2, message: t('outreach.wordsMissing') }]}
        >
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="due" label={t('meeting.taskDue')} rules={[{ required: true, message: t('workbench.dayMissing') }]}>
          <DatePicker minDate={dayjs()} maxDate={dayjs().add(92, 'day')} inputReadOnly />
        </Form.Item>
      </Form>
    </Modal>
  );
}
