import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Form, Input, Modal, Radio } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText, usePhone, useWords } from '../../ui/hooks.ts';
import { ProductSelect } from '../../ui/product-select.tsx';
import type { Outreach } from './answers.ts';

type Way = Outreach['ways'][number];
const CHANNELS: readonly Way['channel'][] = ['sms', 'wecom', 'phone'];
const PURPOSES: readonly Way['purpose'][] = ['service', 'marketing'];

interface Draft {
  readonly channel: Way['channel'];
  readonly purpose: Way['purpose'];
  readonly productCode?: string;
  readonly words: string;
}

/** 发起触达: what the gate would say stands under the choice before anything is sent; there is no way past it. */
export function SendOutreach({ customerId, name, close }: { customerId: string; name: string; close: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const messageId = useRef(crypto.randomUUID());
  const bodyOf = ({ channel, purpose, productCode, words }: Draft) => ({
    ...{ messageId: messageId.current, customerIds: [customerId], channel, purpose, words },
    productCode: purpose === 'marketing' ? (productCode ?? null) : null,
  });
  const send = useMutation({
    mutationFn: async (draft: Draft) => unwrap(await api.POST('/api/outreach', { body: bodyOf(draft) })),
    onSuccess: async ({ items }) => {
      if (items[0]?.state === 'refused') void message.error(t('outreach.wasRefused'), 8);
      else void message.success(t('outreach.queued'));
      close();
      await queries.invalidateQueries({ queryKey: ['outreach'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('outreach.sendTitle', { name })}
      okText={t('outreach.queue')}
      cancelText={t('cancel')}
      confirmLoading={send.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={phone ? '100%' : 520}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ channel: 'sms', purpose: 'service' }}
        onFinish={(draft) => send.mutate(draft)}
      >
        <Choices />
        <Verdict customerId={customerId} bodyOf={bodyOf} />
        <Form.Item
          name="words"
          label={t('outreach.words')}
          rules={[{ required: true, min: 2, message: t('outreach.wordsMissing') }]}
        >
          <Input.TextArea rows={3} maxLength={500} showCount />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Choices() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Draft>();
  const purpose = Form.useWatch('purpose', form) ?? 'service';
  return (
    <>
      <Form.Item name="channel" label={t('outreach.way')}>
        <Radio.Group
          className="choices"
          optionType="button"
          options={CHANNELS.map((value) => ({ value, label: t(`outreach.channel.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="purpose" label={t('outreach.what')}>
        <Radio.Group
          className="choices"
          optionType="button"
          options={PURPOSES.map((value) => ({ value, label: t(`outreach.purpose.${value}`) }))}
        />
      </Form.Item>
      {purpose === 'marketing' && (
        <Form.Item name="productCode" label={t('outreach.product')}>
          <ProductSelect />
        </Form.Item>
      )}
    </>
  );
}

/** What the gate says to the choice as it stands. */
function Verdict({ customerId, bodyOf }: { customerId: string; bodyOf: (draft: Draft) => Parameters<typeof check>[0] }) {
  const { t } = useTranslation();
  const words = useWords();
  const form = Form.useFormInstance<Draft>();
  const channel = Form.useWatch('channel', form) ?? 'sms';
  const purpose = Form.useWatch('purpose', form) ?? 'service';
  const productCode = Form.useWatch('productCode', form);
  const verdict = useQuery({
    queryKey: ['outreach', customerId, 'check', channel, purpose, productCode],
    queryFn: () => check(bodyOf({ channel, purpose, ...(productCode === undefined ? {} : { productCode }), words: '——' })),
  });
  const refusals = verdict.data?.items[0]?.refusals ?? [];
  if (refusals.length === 0) return null;
  return (
    <Alert
      className="band-move"
      type="error"
      showIcon
      title={t('outreach.wouldRefuse')}
      description={refusals.map((one) => <div key={one.because}>{words(one.words)}</div>)}
    />
  );
}

async function check(body: {
  messageId: string;
  customerIds: string[];
  channel: Way['channel'];
  purpose: Way['purpose'];
  productCode: string | null;
  words: string;
}) {
  return unwrap(await api.POST('/api/outreach/check', { body }));
}
