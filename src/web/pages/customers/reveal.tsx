import { EyeOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';

type Field = 'mobile' | 'idNumber' | 'address';
const PURPOSES = ['contact', 'identity', 'complaint', 'authority', 'other'] as const;
type Purpose = (typeof PURPOSES)[number];
/** Long enough to dial or to compare, short enough not to stay on an empty desk. */
const SHOWN_MS = 30_000;

/** A masked value with an eye: in full for half a minute, after saying what for. It lives in this component and nowhere else. */
export function Masked({
  customerId,
  field,
  masked,
  permitted,
}: {
  customerId: string;
  field: Field;
  masked: string;
  permitted: boolean;
}) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [value, setValue] = useState<string>();
  useEffect(() => {
    if (value === undefined) return undefined;
    const timer = setTimeout(() => setValue(undefined), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return (
    <span className="masked">
      {value ?? masked}
      {permitted && value === undefined && (
        <Button
          type="text"
          size="small"
          icon={<EyeOutlined />}
          aria-label={t('customers.reveal.show', { field: t(`customers.field.${field}`) })}
          onClick={() => setAsking(true)}
        />
      )}
      {value !== undefined && (
        <Button type="link" size="small" onClick={() => setValue(undefined)}>
          {t('customers.reveal.hide')}
        </Button>
      )}
      {asking && <Ask customerId={customerId} field={field} close={() => setAsking(false)} show={setValue} />}
    </span>
  );
}

interface Wish {
  readonly purpose: Purpose;
  readonly words?: string;
}

function Ask({
  customerId,
  field,
  close,
  show,
}: {
  customerId: string;
  field: Field;
  close: () => void;
  show: (value: string) => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const [form] = Form.useForm<Wish>();
  const purpose = Form.useWatch('purpose', form);
  const required = field === 'idNumber' || purpose === 'other';
  const reveal = useMutation({
    mutationFn: async ({ purpose: chosen, words }: Wish) =>
      unwrap(
        await api.POST('/api/customers/{id}/reveal', {
          params: { path: { id: customerId } },
          body: { field, purpose: chosen, ...(words === undefined || words.trim() === '' ? {} : { words }) },
        }),
      ),
    // Nothing of it stays in the cache of queries and answers.
    gcTime: 0,
    onSuccess: ({ value, used, most }) => {
      close();
      show(value ?? t('customers.reveal.none'));
      void message.info(t('customers.reveal.used', { used, most }));
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('customers.reveal.title', { field: t(`customers.field.${field}`) })}
      okText={t('customers.reveal.ok')}
      cancelText={t('cancel')}
      confirmLoading={reveal.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={440}
    >
      <p className="quiet">{t('customers.reveal.text')}</p>
      <Form form={form} layout="vertical" onFinish={(wish) => reveal.mutate(wish)}>
        <Form.Item
          name="purpose"
          label={t('customers.reveal.purpose')}
          rules={[{ required: true, message: t('customers.reveal.purposeMissing') }]}
        >
          <Select options={PURPOSES.map((value) => ({ value, label: t(`customers.reveal.purposeOf.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="words"
          label={t('customers.reveal.words')}
          rules={[{ required, min: 4, whitespace: true, message: t('customers.reveal.wordsMissing') }]}
        >
          <Input.TextArea rows={2} maxLength={200} placeholder={t('customers.reveal.wordsHint')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
