import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, InputNumber, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText, usePhone } from '../../ui/hooks.ts';
import { ProductSelect } from '../../ui/product-select.tsx';

interface Draft {
  readonly productCode: string;
  readonly amount: number;
  readonly on: Dayjs;
  readonly words?: string;
}
const LATE_DAYS = 30;

/** 登记销售, for a customer with whom one works. */
export function RecordSale({ customerId, name }: { customerId: string; name: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('ledgers.recordSale')}</Button>
      {open && <SaleForm customerId={customerId} name={name} close={() => setOpen(false)} />}
    </>
  );
}

function SaleForm({ customerId, name, close }: { customerId: string; name: string; close: () => void }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const saleId = useRef(crypto.randomUUID());
  const record = useMutation({
    mutationFn: async ({ productCode, amount, on, words = '' }: Draft) =>
      unwrap(
        await api.POST('/api/customers/{id}/sales', {
          params: { path: { id: customerId } },
          body: { saleId: saleId.current, productCode, amountFen: Math.round(amount * 100), on: on.format('YYYY-MM-DD'), words },
        }),
      ),
    onSuccess: async () => {
      void message.success(t('ledgers.saved'));
      close();
      await queries.invalidateQueries({ queryKey: ['ledgers'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const missing = (text: string) => [{ required: true, message: text }];
  return (
    <Modal
      open
      title={t('ledgers.recordSaleTitle', { name })}
      okText={t('ledgers.save')}
      cancelText={t('cancel')}
      confirmLoading={record.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={phone ? '100%' : 480}
    >
      <Form form={form} layout="vertical" initialValues={{ on: dayjs() }} onFinish={(draft) => record.mutate(draft)}>
        <Form.Item name="productCode" label={t('ledgers.saleProduct')} rules={missing(t('ledgers.saleProductMissing'))}>
          <ProductSelect />
        </Form.Item>
        <Form.Item name="amount" label={t('ledgers.saleAmount')} rules={missing(t('ledgers.saleAmountMissing'))}>
          <InputNumber<number>
            className="wide-field"
            min={0.01}
            max={9_000_000_000_000}
            precision={2}
            formatter={(value) => String(value ?? '').replace(/\B(?=(\d{3})+(?!\d))/g, ',')}
            parser={(text) => Number(text?.replaceAll(',', '') ?? '')}
          />
        </Form.Item>
        <Form.Item name="on" label={t('ledgers.saleOn')} rules={missing(t('ledgers.saleOn'))}>
          <DatePicker maxDate={dayjs()} minDate={dayjs().subtract(LATE_DAYS, 'day')} inputReadOnly allowClear={false} />
        </Form.Item>
        <Form.Item name="words" label={t('ledgers.saleWords')}>
          <Input.TextArea rows={2} maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
