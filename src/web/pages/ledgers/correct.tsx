import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Checkbox, Form, Input, InputNumber, Modal } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { yuan } from '../../ui/format.ts';
import { useErrorText, usePhone } from '../../ui/hooks.ts';
import { PARTS, type Part, type Sale } from './parts.tsx';

interface Wish extends Readonly<Partial<Record<Part, number | null>>> {
  readonly reverse?: boolean;
  readonly words: string;
}
/** Shares are typed in percent with two decimals and kept in basis points. */
const bpOf = (percent: number | null | undefined) => Math.round((percent ?? 0) * 100);
const sumOf = (wish: Wish) => PARTS.reduce((sum, part) => sum + bpOf(wish[part]), 0);

/** 更正归属: asks that a sale count for others; somebody without a part in it decides. */
export function Correct({ sale, close }: { sale: Sale; close: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const correctionId = useRef(crypto.randomUUID());
  const ask = useMutation({
    mutationFn: async (wish: Wish) =>
      unwrap(
        await api.POST('/api/customers/{id}/sales/{saleId}/corrections', {
          params: { path: { id: sale.customerId, saleId: sale.saleId } },
          body: {
            ...{ correctionId: correctionId.current, reverse: wish.reverse === true, words: wish.words },
            shares: {
              ...{ seller: bpOf(wish.seller), referrer: bpOf(wish.referrer) },
              ...{ claimer: bpOf(wish.claimer), coverer: bpOf(wish.coverer) },
            },
          },
        }),
      ),
    onSuccess: async () => {
      void message.success(t('ledgers.sent'));
      close();
      await queries.invalidateQueries({ queryKey: ['ledgers'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const initial = Object.fromEntries(PARTS.map((part) => [part, sale.shares[part] / 100]));
  return (
    <Modal
      open
      title={t('ledgers.correctTitle', { product: sale.product.name, amount: yuan(sale.amountFen) })}
      okText={t('ledgers.send')}
      cancelText={t('cancel')}
      confirmLoading={ask.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={phone ? '100%' : 480}
    >
      <p className="quiet">{t('ledgers.correctText')}</p>
      <Form form={form} layout="vertical" initialValues={initial} onFinish={(wish) => ask.mutate(wish)}>
        <ShareFields sale={sale} />
        <Form.Item
          name="words"
          label={t('ledgers.reason')}
          rules={[{ required: true, min: 4, message: t('ledgers.reasonMissing') }]}
        >
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function ShareFields({ sale }: { sale: Sale }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Wish>();
  const reverse = Form.useWatch('reverse', form) === true;
  const values = Form.useWatch([], form);
  const sum = values === undefined ? 10_000 : sumOf(values);
  return (
    <>
      {!reverse && (
        <Form.Item
          label={t('ledgers.shares')}
          validateStatus={sum === 10_000 ? '' : 'error'}
          help={sum === 10_000 ? undefined : t('ledgers.sharesSum', { sum: sum / 100 })}
        >
          {PARTS.filter((part) => sale.people[part] !== null).map((part) => (
            <div key={part} className="share-field">
              <span>
                {t(`ledgers.part.${part}`)} {sale.people[part]?.name}
              </span>
              <Form.Item name={part} noStyle>
                <InputNumber
                  aria-label={`${t(`ledgers.part.${part}`)} ${sale.people[part]?.name ?? ''}`}
                  min={0}
                  max={100}
                  precision={2}
                  suffix="%"
                />
              </Form.Item>
            </div>
          ))}
        </Form.Item>
      )}
      <Form.Item name="reverse" valuePropName="checked">
        <Checkbox>{t('ledgers.reverse')}</Checkbox>
      </Form.Item>
    </>
  );
}
