import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { useRoleName } from '../../ui/person.tsx';
import { Loaded } from '../../ui/states.tsx';
import type { Detail } from './answer.ts';

type Action = Detail['may'][number];
type Plain = Exclude<Action, 'split'>;
const WORDS = {
  sign: { button: 'handover.sign', title: 'handover.signTitle', text: 'handover.signText' },
  'sign-for': { button: 'handover.signFor', title: 'handover.signForTitle', text: 'handover.signForText' },
  approve: { button: 'handover.approve', title: 'handover.approveTitle', text: 'handover.approveText' },
  withdraw: { button: 'handover.withdraw', title: 'handover.withdrawTitle', text: 'handover.withdrawText' },
  return: { button: 'handover.return', title: 'handover.returnTitle', text: 'handover.returnText' },
} as const;

async function send(action: Plain, id: string): Promise<Detail> {
  const params = { path: { id } };
  if (action === 'approve') return unwrap(await api.POST('/api/handovers/{id}/approve', { params, body: {} }));
  if (action === 'withdraw') return unwrap(await api.POST('/api/handovers/{id}/withdraw', { params, body: {} }));
  if (action === 'return') return unwrap(await api.POST('/api/handovers/{id}/return', { params, body: {} }));
  return unwrap(await api.POST('/api/handovers/{id}/sign', { params, body: action === 'sign-for' ? { forOwner: true } : {} }));
}

/** What is most pressing stands out: to approve, to sign, else to split. */
function primary(handover: Detail): Action | undefined {
  const order: readonly Action[] = ['approve', 'sign', 'sign-for', 'return'];
  return order.find((action) => handover.may.includes(action)) ?? (handover.state === 'frozen' ? 'split' : undefined);
}

/** Only what the server says one may do. */
export function Actions({ handover }: { handover: Detail }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Action>();
  const main = primary(handover);
  const name = (action: Action) =>
    action === 'split' ? t(handover.state === 'frozen' ? 'handover.split' : 'handover.splitAgain') : t(WORDS[action].button);
  const close = () => setAsked(undefined);
  return (
    <div className="handover-actions">
      {handover.may.map((action) => (
        <Button key={action} type={action === main ? 'primary' : 'default'} onClick={() => setAsked(action)}>
          {name(action)}
        </Button>
      ))}
      {asked === 'split' && <Split id={handover.handoverId} close={close} />}
      {asked !== undefined && asked !== 'split' && <Confirm id={handover.handoverId} action={asked} close={close} />}
    </div>
  );
}

/** One step: its words on success or refusal, and everything read anew. */
function useStep<T>(action: Action, work: (wish: T) => Promise<Detail>, close: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: () => void message.success(t(`handover.done.${action}`)),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: async () => {
      close();
      await queries.invalidateQueries();
    },
  });
}

function Confirm({ id, action, close }: { id: string; action: Plain; close: () => void }) {
  const { t } = useTranslation();
  const step = useStep(action, () => send(action, id), close);
  const words = WORDS[action];
  return (
    <Modal
      open
      title={t(words.title)}
      okText={t(words.button)}
      cancelText={t('cancel')}
      confirmLoading={step.isPending}
      onCancel={close}
      onOk={() => step.mutate(undefined)}
      width={440}
    >
      <p>{t(words.text)}</p>
    </Modal>
  );
}

interface SplitWish {
  readonly successors?: string[];
  readonly oftenWords?: string;
}

function Split({ id, close }: { id: string; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<SplitWish>();
  const successors = useQuery({
    queryKey: ['successors', id],
    queryFn: async () => unwrap(await api.GET('/api/handovers/{id}/successors', { params: { path: { id } } })),
  });
  const split = useStep(
    'split',
    async ({ successors: chosen = [], oftenWords = '' }: SplitWish) =>
      unwrap(
        await api.POST('/api/handovers/{id}/split', {
          params: { path: { id } },
          body: {
            ...(chosen.length === 0 ? {} : { successors: chosen }),
            ...(oftenWords.trim() === '' ? {} : { oftenWords: oftenWords.trim() }),
          },
        }),
      ),
    close,
  );
  const roleName = useRoleName();
  return (
    <Modal
      open
      title={t('handover.splitTitle')}
      okText={t('handover.split')}
      cancelText={t('cancel')}
      confirmLoading={split.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={520}
    >
      <p className="quiet">{t('handover.splitText')}</p>
      <Loaded query={successors}>
        {({ items }) => (
          <Form form={form} layout="vertical" onFinish={(wish) => split.mutate(wish)}>
            <Form.Item name="successors" label={t('handover.splitTo')}>
              <Select
                mode="multiple"
                showSearch={{ optionFilterProp: 'label' }}
                options={items.map((person) => ({
                  value: person.staffId,
                  label: t('handover.splitPerson', {
                    ...{ name: person.name, role: roleName(person.role) },
                    ...{ load: count(person.load), takes: count(person.takes) },
                  }),
                }))}
              />
            </Form.Item>
            <Form.Item name="oftenWords" label={t('handover.splitOften')}>
              <Input.TextArea rows={2} maxLength={500} />
            </Form.Item>
          </Form>
        )}
      </Loaded>
    </Modal>
  );
}
