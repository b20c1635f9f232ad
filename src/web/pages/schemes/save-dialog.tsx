import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap, type Words } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import type { LadderBand } from './ladder.ts';
import { rewriteSource } from './source.ts';

/** Names what was tried, and saves it as a new draft version. */
export function SaveDialog({
  scheme,
  saved,
  draft,
  close,
}: {
  scheme: Answer<'getScheme'>;
  saved: readonly LadderBand[];
  draft: readonly LadderBand[];
  close: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Words>();
  const save = useMutation({
    mutationFn: async (title: Words) =>
      unwrap(await api.POST('/api/schemes', { body: { source: rewriteSource(scheme.source, saved, draft, title) } })),
    onSuccess: async (summary) => {
      await queries.invalidateQueries({ queryKey: ['schemes'] });
      void message.success(t('schemes.saved', { version: summary.version }));
      close();
      await navigate({ to: '/schemes/$id', params: { id: summary.schemeId } });
    },
    onError: (error) => void message.error(errorText(error).text),
  });
  const missing = [{ required: true, whitespace: true, message: t('schemes.nameMissing') }];
  return (
    <Modal
      open
      title={t('schemes.saveTitle')}
      okText={t('schemes.saveAs')}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={440}
    >
      <p className="quiet">{t('schemes.saveText')}</p>
      <Form form={form} layout="vertical" initialValues={scheme.title} onFinish={(title) => save.mutate(title)}>
        <Form.Item name="zh" label={t('schemes.nameZh')} rules={missing}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="en" label={t('schemes.nameEn')} rules={missing}>
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
