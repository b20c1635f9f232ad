import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, DatePicker, Form, InputNumber, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';

interface Wish {
  readonly schemeId: string;
  readonly date?: Dayjs | null;
  readonly moveBudget?: number | null;
}

/** A new simulation: of which scheme, on which day, with how many moves at most. */
export function Simulate({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Wish>();
  const schemes = useQuery({ queryKey: ['schemes'], queryFn: async () => unwrap(await api.GET('/api/schemes')).items });
  const start = useMutation({
    mutationFn: async ({ schemeId, date, moveBudget }: Wish) =>
      unwrap(
        await api.POST('/api/runs', {
          body: {
            schemeId,
            ...(date ? { date: date.format('YYYY-MM-DD') } : {}),
            ...(typeof moveBudget === 'number' ? { moveBudget } : {}),
          },
        }),
      ),
    onSuccess: async (run) => {
      await queries.invalidateQueries({ queryKey: ['runs'] });
      close();
      await navigate({ to: '/runs/$id', params: { id: run.runId } });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const active = schemes.data?.find((scheme) => scheme.state === 'active')?.schemeId;
  return (
    <Modal
      open
      title={t('runs.create')}
      okText={t('runs.simulate')}
      cancelText={t('cancel')}
      confirmLoading={start.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={440}
    >
      <p className="quiet">{t('runs.createText')}</p>
      {schemes.data !== undefined && (
        <Form
          form={form}
          layout="vertical"
          initialValues={active === undefined ? {} : { schemeId: active }}
          onFinish={(wish) => start.mutate(wish)}
        >
          <Form.Item name="schemeId" label={t('runs.scheme')} rules={[{ required: true, message: t('runs.schemeMissing') }]}>
            <Select
              options={schemes.data.map((scheme) => ({
                value: scheme.schemeId,
                label: `${words(scheme.title)} v${scheme.version} · ${t(`schemes.state.${scheme.state}`)}`,
              }))}
            />
          </Form.Item>
          <Form.Item name="date" label={t('runs.date')} extra={t('runs.dateHint')}>
            <DatePicker className="wide-field" />
          </Form.Item>
          <Form.Item name="moveBudget" label={t('runs.moveBudget')} extra={t('runs.moveBudgetHint')}>
            <InputNumber className="wide-field" min={0} max={10_000_000} precision={0} />
          </Form.Item>
        </Form>
      )}
    </Modal>
  );
}
