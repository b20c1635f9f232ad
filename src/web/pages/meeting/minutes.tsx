import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input } from 'antd';
import type { Dayjs } from 'dayjs';
import dayjs from 'dayjs';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { instantText } from '../../ui/format.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { StaffSelect } from '../../ui/staff-select.tsx';

type Pack = Answer<'getMeetingPack'>;
interface Wish {
  readonly words: string;
  readonly actions?: readonly {
    readonly actionId: string;
    readonly words: string;
    readonly staffId: string;
    readonly due: Dayjs;
  }[];
}

/** 会议纪要: what the meeting came to, for whoever was not there, and what it asks of whom. */
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
  const [form] = Form.useForm<Wish>();
  const minutesId = useRef(crypto.randomUUID());
  const keep = useMutation({
    mutationFn: async ({ words, actions = [] }: Wish) =>
      unwrap(
        await api.POST('/api/meeting/minutes', {
          body: {
            ...{ minutesId: minutesId.current, kind, words, ...(unit === undefined ? {} : { unit }) },
            actions: actions.map(({ due, ...action }) => ({ ...action, dueOn: due.format('YYYY-MM-DD') })),
          },
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
      <Asked />
      <Button type="primary" htmlType="submit" loading={keep.isPending}>
        {t('meeting.minutes.keep')}
      </Button>
    </Form>
  );
}

const MOST = 20;

/** 会议布置: a line for each thing that somebody is to do by a day. */
function Asked() {
  const { t } = useTranslation();
  return (
    <Form.List name="actions">
      {(lines, { add, remove }) => (
        <>
          {lines.map(({ key, name }) => (
            <div key={key} className="asked">
              <Form.Item name={[name, 'actionId']} hidden>
                <Input />
              </Form.Item>
              <Form.Item
                name={[name, 'words']}
                label={t('meeting.action.words')}
                rules={[{ required: true, whitespace: true, min: 2, message: t('meeting.minutes.missing') }]}
              >
                <Input maxLength={200} />
              </Form.Item>
              <Form.Item
                name={[name, 'staffId']}
                label={t('meeting.action.who')}
                rules={[{ required: true, message: t('meeting.action.whoMissing') }]}
              >
                <StaffSelect />
              </Form.Item>
              <Form.Item
                name={[name, 'due']}
                label={t('meeting.taskDue')}
                rules={[{ required: true, message: t('workbench.dayMissing') }]}
              >
                <DatePicker minDate={dayjs()} maxDate={dayjs().add(92, 'day')} inputReadOnly />
              </Form.Item>
              <Button type="link" onClick={() => remove(name)}>
                {t('meeting.action.remove')}
              </Button>
            </div>
          ))}
          {lines.length < MOST && (
            <Button className="ask-more" onClick={() => add({ actionId: crypto.randomUUID(), due: dayjs().add(3, 'day') })}>
              {t('meeting.action.add')}
            </Button>
          )}
        </>
      )}
    </Form.List>
  );
}
