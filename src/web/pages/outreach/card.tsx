import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { instantText } from '../../ui/format.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import type { Outreach } from './answers.ts';
import { SendOutreach } from './send.tsx';

/** 触达: by which ways a customer may be reached just now and why not, what was sent, and the wish to be left alone. */
export function OutreachCard({ customerId, name }: { customerId: string; name: string }) {
  const outreach = useQuery({
    queryKey: ['outreach', customerId],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}/outreach', { params: { path: { id: customerId } } })),
  });
  return <Loaded query={outreach}>{(data) => <CardOf customerId={customerId} name={name} outreach={data} />}</Loaded>;
}

function CardOf({ customerId, name, outreach }: { customerId: string; name: string; outreach: Outreach }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'send' | 'stop' | 'lift'>();
  const { stop, messages, may } = outreach;
  return (
    <Section
      title={t('outreach.title')}
      extra={
        <span className="outreach-acts">
          {may.map((one) => (
            <Button key={one} onClick={() => setAsking(one)}>
              {t(`outreach.act.${one}`)}
            </Button>
          ))}
        </span>
      }
    >
      {stop !== null && <Alert type="warning" showIcon title={t('outreach.stopped', stop)} description={stop.words} />}
      <Ways outreach={outreach} />
      <ul className="plain-list contacts">
        {messages.map((one) => (
          <li key={one.messageId}>
            <div className="line">
              <span>
                {t(`outreach.channel.${one.channel}`)} · {t(`outreach.purpose.${one.purpose}`)}
                {one.product !== null && ` · ${one.product}`} · {t(`outreach.state.${one.state}`)}
              </span>
              <span className="quiet">{instantText(one.madeAt)}</span>
            </div>
            <div className="contact-note">{one.words}</div>
            {one.refusedFor.length > 0 && (
              <div className="quiet small">
                {t('outreach.because', { text: one.refusedFor.map((because) => t(`outreach.refused.${because}`)).join(' · ') })}
              </div>
            )}
          </li>
        ))}
      </ul>
      {asking === 'send' && <SendOutreach customerId={customerId} name={name} close={() => setAsking(undefined)} />}
      {(asking === 'stop' || asking === 'lift') && (
        <Stop customerId={customerId} stop={asking === 'stop'} close={() => setAsking(undefined)} />
      )}
    </Section>
  );
}

/** What speaks against each way just now; ways that are open need no words. */
function Ways({ outreach }: { outreach: Outreach }) {
  const { t } = useTranslation();
  const words = useWords();
  const open = outreach.ways.filter(({ refusals }) => refusals.length === 0);
  const shut = new Map<string, string[]>();
  for (const { channel, purpose, refusals } of outreach.ways) {
    const why = refusals.map((one) => words(one.words)).join('');
    const way = `${t(`outreach.channel.${channel}`)}${t(`outreach.purpose.${purpose}`)}`;
    if (why !== '') shut.set(why, [...(shut.get(why) ?? []), way]);
  }
  const list = (names: readonly string[]) => names.join(t('outreach.comma'));
  return (
    <div className="small">
      {open.length > 0 && (
        <div>
          {t('outreach.open', {
            ways: list(open.map((way) => `${t(`outreach.channel.${way.channel}`)}${t(`outreach.purpose.${way.purpose}`)}`)),
          })}
        </div>
      )}
      {[...shut].map(([why, names]) => (
        <div key={why} className="quiet">
          {t('outreach.shut', { ways: list(names), why })}
        </div>
      ))}
    </div>
  );
}

function Stop({ customerId, stop, close }: { customerId: string; stop: boolean; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ words: string }>();
  const set = useMutation({
    mutationFn: async ({ words }: { words: string }) =>
      unwrap(
        await api.POST('/api/customers/{id}/do-not-contact', { params: { path: { id: customerId } }, body: { stop, words } }),
      ),
    onSuccess: (now) => {
      queries.setQueryData(['outreach', customerId], now);
      close();
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      title={t(stop ? 'outreach.act.stop' : 'outreach.act.lift')}
      okText={t('workbench.save')}
      cancelText={t('cancel')}
      confirmLoading={set.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={420}
    >
      <p className="quiet">{t(stop ? 'outreach.stopText' : 'outreach.liftText')}</p>
      <Form form={form} layout="vertical" onFinish={(wish) => set.mutate(wish)}>
        <Form.Item
          name="words"
          label={t('workbench.words')}
          rules={[{ required: true, min: 2, message: t('workbench.wordsMissing') }]}
        >
          <Input maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
