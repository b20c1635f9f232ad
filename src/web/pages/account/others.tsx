import { useMutation } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { instantText } from '../../ui/format.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';

/** The administrator opens doors and ends sessions. */
export function Others() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const [form] = Form.useForm<{ staffId: string }>();
  const onError = (error: unknown) => void message.error(errorText(error).text);
  const path = (staffId: string) => ({ params: { path: { staffId: staffId.trim() } }, body: {} });
  const link = useMutation({
    mutationFn: async (staffId: string) => unwrap(await api.POST('/api/accounts/{staffId}/link', path(staffId))),
    onError,
  });
  const end = useMutation({
    mutationFn: async (staffId: string) => unwrap(await api.POST('/api/accounts/{staffId}/end-sessions', path(staffId))),
    onSuccess: () => void message.success(t('account.ended')),
    onError,
  });
  const endAll = async () => end.mutate((await form.validateFields()).staffId);
  return (
    <Section title={t('account.others')}>
      <p className="quiet">{t('account.othersLead')}</p>
      <Form
        form={form}
        className="narrow"
        layout="vertical"
        requiredMark={false}
        onFinish={({ staffId }) => link.mutate(staffId)}
      >
        <Form.Item name="staffId" label={t('account.staffId')} rules={[{ required: true, message: t('account.missing') }]}>
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
        <Space wrap>
          <Button type="primary" htmlType="submit" loading={link.isPending}>
            {t('account.makeLink')}
          </Button>
          <Button onClick={() => void endAll().catch(() => undefined)} loading={end.isPending}>
            {t('account.endAll')}
          </Button>
        </Space>
      </Form>
      {link.data !== undefined && (
        <Alert
          type="info"
          role="status"
          title={t('account.linkFor', { staffId: link.data.staffId, at: instantText(link.data.expiresAt) })}
          description={<code className="one-time-link">{`${window.location.origin}${link.data.path}`}</code>}
        />
      )}
    </Section>
  );
}
