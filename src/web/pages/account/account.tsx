import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { instantText } from '../../ui/format.ts';
import { useErrorText, useSession } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { NewPassword } from '../sign-in/new-password.tsx';
import { Enrol } from '../sign-in/second-factor.tsx';
import { Devices } from './devices.tsx';
import { Others } from './others.tsx';
import { Tokens } from './tokens.tsx';
import '../sign-in/sign-in.css';
import './account.css';

/** One's own sign-in: devices, password, second factor; for the administrator also other people's. */
export function Account() {
  const { t } = useTranslation();
  const session = useSession().data;
  const own = useQuery({ queryKey: ['account'], queryFn: async () => unwrap(await api.GET('/api/account')) });
  const sessions = useQuery({
    queryKey: ['account', 'sessions'],
    queryFn: async () => unwrap(await api.GET('/api/account/sessions')).items,
  });
  return (
    <Page answer={t('account.answer', { count: sessions.data?.length ?? 1 })}>
      <Section title={t('account.devices')}>
        <Loaded query={sessions}>{(items) => <Devices items={items} />}</Loaded>
      </Section>
      <Loaded query={own}>{(account) => <Own account={account} />}</Loaded>
      {session?.permissions.includes('bank.accounts') && <Others />}
    </Page>
  );
}

function Own({ account }: { account: Answer<'getAccount'> }) {
  const { t } = useTranslation();
  if (account.passwordSetAt === null) return <p className="quiet">{t('account.demo')}</p>;
  return (
    <>
      <Section title={t('account.factor')}>
        <Factor account={account} />
      </Section>
      <Section title={t('account.change')}>
        <p className="quiet">{t('account.changeLead', { at: instantText(account.passwordSetAt) })}</p>
        <ChangePassword />
      </Section>
      <Section title={t('account.tokens')}>
        <Tokens />
      </Section>
    </>
  );
}

function Factor({ account }: { account: Answer<'getAccount'> }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [enrolling, setEnrolling] = useState(false);
  if (enrolling) {
    const done = () => {
      setEnrolling(false);
      void queries.invalidateQueries({ queryKey: ['account'] });
    };
    return <Enrol done={done} />;
  }
  return (
    <Space wrap>
      <span>{account.secondFactor ? t('account.factorOn', { codes: account.recoveryCodes }) : t('account.factorOff')}</span>
      <Button onClick={() => setEnrolling(true)}>{account.secondFactor ? t('account.replace') : t('account.begin')}</Button>
    </Space>
  );
}

interface Change {
  current: string;
  password: string;
}

function ChangePassword() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Change>();
  const change = useMutation({
    mutationFn: async ({ current, password }: Change) =>
      unwrap(await api.POST('/api/account/password', { body: { current, password } })),
    onSuccess: () => {
      form.resetFields();
      void message.success(t('account.changed'));
      void queries.invalidateQueries({ queryKey: ['account'] });
    },
    onError: (error) => void message.error(errorText(error).text),
  });
  return (
    <Form
      form={form}
      name="change"
      className="narrow"
      layout="vertical"
      requiredMark={false}
      onFinish={(input) => change.mutate(input)}
    >
      <Form.Item name="current" label={t('account.currentPassword')} rules={[{ required: true, message: t('account.missing') }]}>
        <Input.Password autoComplete="current-password" maxLength={512} />
      </Form.Item>
      <NewPassword />
      <Button type="primary" htmlType="submit" loading={change.isPending}>
        {t('account.save')}
      </Button>
    </Form>
  );
}
