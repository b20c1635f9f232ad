import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { instantText } from '../../ui/format.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';

type Pack = Answer<'getMeetingPack'>;

/** 会议纪要: what the meeting came to, for whoever was not there. */
export function Minutes({ pack, kind, unit }: { pack: Pack; kind: 'week' | 'day'; unit: string | undefined }) {
  const { t } = useTranslation();
  return (
    <Section title={t('meeting.minutes.title')}>
      {pack.minutes.length === 0 && <p className="quiet">{t('meeting.minutes.none')}</p>}
      <ul className="plain-list">
        {pack.minutes.map(({ minutesId, words, by, at }) => (
          <li key={minutesId} className="minutes">
            {words}
            <div className="quiet small">{t('meeting.minutes.by', { name: by, at: instantText(at) })}</div>
          </li>
        ))}
      </ul>
      {pack.may.includes('minute') && <Keep kind={kind} unit={unit} />}
    </Section>
  );
}

function Keep({ kind, unit }: { kind: 'week' | 'day'; unit: string | undefined }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ words: string }>();
  const minutesId = useRef(crypto.randomUUID());
  const keep = useMutation({
    mutationFn: async ({ words }: { words: string }) =>
      unwrap(
        await api.POST('/api/meeting/minutes', {
          body: { minutesId: minutesId.current, kind, words, ...(unit === undefined ? {} : { unit }) },
        }),
      ),
    onSuccess: async () => {
      minutesId.current = crypto.randomUUID();
      form.resetFields();
      void message.success(t('meeting.minutes.kept'));
      await queries.invalidateQueries({ queryKey: ['meeting'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Form form={form} name="minutes" layout="vertical" onFinish={(draft) => keep.mutate(draft)}>
      <Form.Item name="words" rules={[{ required: true, whitespace: true, min: 2, message: t('meeting.minutes.missing') }]}>
        <Input.TextArea aria-label={t('meeting.minutes.words')} rows={3} maxLength={4000} />
      </Form.Item>
      <Button htmlType="submit" loading={keep.isPending}>
        {t('meeting.minutes.keep')}
      </Button>
    </Form>
  );
}
