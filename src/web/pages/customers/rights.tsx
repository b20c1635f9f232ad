import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText, useLanguage, useSession } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';

type Rights = Answer<'getRights'>;
type Kind = Rights['mayAsk'][number];
type Request = Rights['requests'][number];
type Purpose = Rights['consents'][number]['purpose'];
type Wish = { readonly words: string; readonly field?: 'name' | 'mobile' | 'idNumber' | 'address'; readonly value?: string };
/** What is being written down: a copy, a consent or its withdrawal, or a request. */
type Asking =
  | { readonly what: 'report' }
  | { readonly what: 'consent'; readonly purpose: Purpose; readonly given: boolean }
  | { readonly what: 'request'; readonly kind: Kind };

const FIELDS = ['name', 'mobile', 'idNumber', 'address'] as const;

/** 个人信息权利: for whoever may carry them out. */
export function RightsCard({ customerId }: { customerId: string }) {
  const permitted = useSession().data?.permissions.includes('persons.manage') ?? false;
  return permitted ? <Card customerId={customerId} /> : null;
}

function Card({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<Asking>();
  const rights = useQuery({
    queryKey: ['rights', customerId],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}/rights', { params: { path: { id: customerId } } })),
  });
  return (
    <Section title={t('rights.title')}>
      <Loaded query={rights}>
        {(data) => (
          <>
            <States rights={data} />
            <Space wrap size={8}>
              <Button size="small" onClick={() => setAsking({ what: 'report' })}>
                {t('rights.report')}
              </Button>
              {data.erasedAt === null &&
                data.consents.map(({ purpose, withdrawn }) => (
                  <Button key={purpose} size="small" onClick={() => setAsking({ what: 'consent', purpose, given: withdrawn })}>
                    {t(`rights.consent.${purpose}.${withdrawn ? 'give' : 'withdraw'}`)}
                  </Button>
                ))}
              {data.mayAsk.map((kind) => (
                <Button key={kind} size="small" onClick={() => setAsking({ what: 'request', kind })}>
                  {t(`rights.kind.${kind}`)}
                </Button>
              ))}
            </Space>
            {data.requests.map((request) => (
              <RequestRow key={request.requestId} customerId={customerId} request={request} />
            ))}
          </>
        )}
      </Loaded>
      {asking && <Ask customerId={customerId} asking={asking} close={() => setAsking(undefined)} />}
    </Section>
  );
}

/** What stands, and why erasing is not possible today. */
function States({ rights }: { rights: Rights }) {
  const { t } = useTranslation();
  const day = useDay();
  const { restrictedAt, heldAt, erasedAt, resentAt, notErasable, consents } = rights;
  const lines = [
    ...consents.flatMap(({ purpose, withdrawn }) => (withdrawn ? [t(`rights.consent.${purpose}.withdrawn`)] : [])),
    restrictedAt && t('rights.restricted', { on: day(restrictedAt) }),
    heldAt && t('rights.held', { on: day(heldAt) }),
    erasedAt && t('rights.erased', { on: day(erasedAt) }),
    resentAt && t('rights.resent', { on: day(resentAt) }),
    erasedAt === null && notErasable && t(`rights.notErasable.${notErasable.code}`, { until: notErasable.until ?? '' }),
  ];
  return lines.map((line) =>
    line ? (
      <p key={line} className="quiet">
        {line}
      </p>
    ) : null,
  );
}

function useDay(): (at: string) => string {
  const language = useLanguage();
  return (at) =>
    new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { dateStyle: 'medium', timeZone: 'Asia/Shanghai' }).format(
      new Date(at),
    );
}

function RequestRow({ customerId, request }: { customerId: string; request: Request }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const day = useDay();
  const decide = useMutation({
    mutationFn: async (action: Request['may'][number]) =>
      unwrap(
        await api.POST('/api/customers/{id}/requests/{requestId}/decide', {
          params: { path: { id: customerId, requestId: request.requestId } },
          body: { action },
        }),
      ),
    onSuccess: async () => {
      for (const key of ['rights', 'customer']) await queries.invalidateQueries({ queryKey: [key, customerId] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const what = [t(`rights.kind.${request.kind}`), request.field && t(`customers.field.${request.field}`), request.value];
  const who = request.requestedBy?.name ?? t('rights.commandLine');
  return (
    <p>
      {what.filter(Boolean).join(' ')} · {t(`rights.state.${request.state}`)}{' '}
      <span className="quiet">
        {who} {day(request.requestedAt)} · {request.words}
        {request.agreedAt && ` · ${t('rights.agreed')}`}
      </span>{' '}
      {request.may.map((action) => (
        <Button key={action} type="link" size="small" loading={decide.isPending} onClick={() => decide.mutate(action)}>
          {t(`rights.decide.${action}`)}
        </Button>
      ))}
    </p>
  );
}

/** The browser downloads it: the page keeps nothing of it. */
function fetchReport(customerId: string, words: string): void {
  const link = document.createElement('a');
  link.href = `/api/customers/${encodeURIComponent(customerId)}/personal-report.pdf?words=${encodeURIComponent(words)}`;
  link.download = '';
  link.click();
}

async function send(customerId: string, asking: Asking, { words, field, value }: Wish): Promise<void> {
  const params = { path: { id: customerId } };
  if (asking.what === 'report') return fetchReport(customerId, words);
  if (asking.what === 'consent') {
    const { purpose, given } = asking;
    unwrap(await api.POST('/api/customers/{id}/consent', { params, body: { purpose, given, words } }));
    return;
  }
  const correction = field === undefined || value === undefined ? {} : { field, value };
  unwrap(await api.POST('/api/customers/{id}/requests', { params, body: { kind: asking.kind, words, ...correction } }));
}

function Ask({ customerId, asking, close }: { customerId: string; asking: Asking; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const write = useMutation({
    mutationFn: (wish: Wish) => send(customerId, asking, wish),
    gcTime: 0,
    onSuccess: async () => {
      close();
      for (const key of ['rights', 'customer']) await queries.invalidateQueries({ queryKey: [key, customerId] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const title =
    asking.what === 'report'
      ? t('rights.report')
      : asking.what === 'consent'
        ? t(`rights.consent.${asking.purpose}.${asking.given ? 'give' : 'withdraw'}`)
        : t(`rights.kind.${asking.kind}`);
  const correcting = asking.what === 'request' && asking.kind === 'correct';
  const hint = asking.what === 'request' ? t(`rights.hint.${asking.kind}`) : t(`rights.hint.${asking.what}`);
  return (
    <Modal
      open
      title={title}
      okText={t('rights.ok')}
      cancelText={t('cancel')}
      confirmLoading={write.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={440}
    >
      <p className="quiet">{hint}</p>
      <Form form={form} layout="vertical" autoComplete="off" onFinish={(wish) => write.mutate(wish)}>
        {correcting && (
          <>
            <Form.Item name="field" label={t('rights.field')} rules={[{ required: true, message: t('rights.fieldMissing') }]}>
              <Select options={FIELDS.map((value) => ({ value, label: t(`customers.field.${value}`) }))} />
            </Form.Item>
            <Form.Item
              name="value"
              label={t('rights.value')}
              rules={[{ required: true, whitespace: true, message: t('rights.valueMissing') }]}
            >
              <Input maxLength={200} />
            </Form.Item>
          </>
        )}
        <Form.Item
          name="words"
          label={t('rights.words')}
          rules={[{ required: true, min: 4, whitespace: true, message: t('rights.wordsMissing') }]}
        >
          <Input.TextArea rows={2} maxLength={200} placeholder={t('rights.wordsHint')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
