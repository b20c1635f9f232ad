import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';
import { StaffSelect } from '../../ui/staff-select.tsx';
import type { FollowUp, Work } from './answers.ts';
import { DueMark } from './marks.tsx';

type Act = FollowUp['may'][number];
interface Wish {
  readonly to?: Dayjs;
  readonly toStaff?: string;
  readonly words?: string;
}

/** What is to be done, why, and what happens if it is left. */
export function FollowUps({ customerId, work }: { customerId: string; work: Work }) {
  const { t } = useTranslation();
  const words = useWords();
  const [doing, setDoing] = useState<{ act: Act; item: FollowUp }>();
  const { followUps, day } = work;
  if (followUps.length === 0 || day === null) return <p className="quiet">{t('workbench.followUpsNone')}</p>;
  return (
    <>
      <ul className="plain-list follow-ups">
        {followUps.map((item) => (
          <li key={`${item.rule} ${item.cause}`}>
            <div className="line">
              <strong>{words(item.title)}</strong>
              <DueMark due={item.postponedTo ?? item.dueOn} bucket={item.bucket} day={day} />
            </div>
            <div>{words(item.why)}</div>
            <div className="quiet small">{t('workbench.ifLeft', { text: words(item.ifLeft) })}</div>
            {item.may.map((act) => (
              <Button key={act} type="link" size="small" onClick={() => setDoing({ act, item })}>
                {t(`workbench.act.${act}`)}
              </Button>
            ))}
          </li>
        ))}
      </ul>
      {doing && <Step customerId={customerId} {...doing} close={() => setDoing(undefined)} />}
    </>
  );
}

function Step({ customerId, act, item, close }: { customerId: string; act: Act; item: FollowUp; close: () => void }) {
  const { t } = useTranslation();
  const text = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const step = useMutation({
    mutationFn: async (wish: Wish) =>
      unwrap(
        await api.POST('/api/customers/{id}/follow-ups', {
          params: { path: { id: customerId } },
          body: { rule: item.rule, cause: item.cause, do: toStep(act, wish) },
        }),
      ),
    onSuccess: async (work) => {
      void message.success(t('workbench.saved'));
      queries.setQueryData(['work', customerId], work);
      close();
      for (const key of ['workbench', 'follow-ups']) await queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t(`workbench.${act}Title`, { title: text(item.title) })}
      okText={t('workbench.save')}
      cancelText={t('cancel')}
      confirmLoading={step.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={420}
    >
      <Form form={form} layout="vertical" onFinish={(wish) => step.mutate(wish)}>
        <StepFields act={act} item={item} />
      </Form>
    </Modal>
  );
}

function StepFields({ act, item }: { act: Act; item: FollowUp }) {
  const { t } = useTranslation();
  const until = item.postponeUntil;
  if (act === 'give')
    return (
      <Form.Item
        name="toStaff"
        label={t('workbench.giveTo')}
        extra={t('workbench.giveHint')}
        rules={[{ required: true, message: t('workbench.whoMissing') }]}
      >
        <StaffSelect />
      </Form.Item>
    );
  return (
    <>
      {act === 'postpone' && until !== null && (
        <Form.Item
          name="to"
          label={t('workbench.postponeTo')}
          extra={t('workbench.postponeUntil', { on: until })}
          rules={[{ required: true, message: t('workbench.dayMissing') }]}
        >
          <DatePicker maxDate={dayjs(until)} inputReadOnly />
        </Form.Item>
      )}
      <Form.Item
        name="words"
        label={t('workbench.words')}
        rules={[{ required: true, min: 2, message: t('workbench.wordsMissing') }]}
      >
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </>
  );
}

function toStep(act: Act, { to, toStaff = '', words = '' }: Wish) {
  if (act === 'postpone') return { step: 'postpone' as const, to: to?.format('YYYY-MM-DD') ?? '', words };
  if (act === 'give') return { step: 'give' as const, toStaff };
  return { step: 'leave' as const, words };
}
