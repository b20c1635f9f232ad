import { DownloadOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useErrorText, useSession } from '../../ui/hooks.ts';
import { fetchExport } from './fetch.ts';

type Purpose = Answer<'getExport'>['purpose'];
const PURPOSES: readonly Purpose[] = ['review', 'handover', 'inspection', 'report', 'other'];

interface Subject {
  readonly kind: Answer<'getExport'>['kind'];
  readonly subject: string;
  readonly unit?: string;
}

/** 导出 Excel: says what for first; a small one begins to download, a large one waits for somebody else. */
export function ExportButton({ of, words }: { of: Subject; words?: string }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const permitted = useSession().data?.permissions.includes('exports.make') ?? false;
  if (!permitted) return null;
  return (
    <>
      <Button icon={<DownloadOutlined />} onClick={() => setOpen(true)}>
        {words ?? t('export')}
      </Button>
      {open && <AskFor of={of} close={() => setOpen(false)} />}
    </>
  );
}

interface Wish {
  readonly purpose: Purpose;
  readonly words: string;
}

function AskFor({ of, close }: { of: Subject; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [form] = Form.useForm<Wish>();
  const request = useMutation({
    mutationFn: async (wish: Wish) => unwrap(await api.POST('/api/exports', { body: { ...of, ...wish } })),
    onSuccess: async (asked) => {
      close();
      await queries.invalidateQueries({ queryKey: ['exports'] });
      const n = count(asked.rows);
      if (asked.may.includes('fetch')) {
        fetchExport(asked.exportId);
        void message.success(t('exports.started', { n }));
        return;
      }
      void message.info(t('exports.waits', { n }), 8);
      await navigate({ to: '/exports' });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t('exports.title')}
      okText={t('exports.send')}
      cancelText={t('cancel')}
      confirmLoading={request.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={480}
    >
      <p className="quiet">{t('exports.text')}</p>
      <Form form={form} layout="vertical" onFinish={(wish) => request.mutate(wish)}>
        <Form.Item name="purpose" label={t('exports.purpose')} rules={[{ required: true, message: t('exports.purposeMissing') }]}>
          <Select options={PURPOSES.map((value) => ({ value, label: t(`exports.purposeOf.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="words"
          label={t('exports.words')}
          rules={[{ required: true, whitespace: true, min: 4, message: t('exports.wordsMissing') }]}
        >
          <Input.TextArea rows={2} maxLength={200} placeholder={t('exports.wordsHint')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
