import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input, QRCode } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText, useSignOut } from '../../ui/hooks.ts';
import { Door } from './door.tsx';

/** What somebody sees whose role asks for a second factor and who has none yet. */
export function MustEnrol() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const signOut = useSignOut();
  return (
    <Door title={t('account.factorMust')} lead={t('account.factorMustLead')}>
      <Enrol done={() => void queries.invalidateQueries()} />
      <p>
        <Button type="link" onClick={() => void signOut()}>
          {t('top.signOut')}
        </Button>
      </p>
    </Door>
  );
}

/** Password, then QR code and first code, then recovery codes. */
export function Enrol({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const [begun, setBegun] = useState<Answer<'beginSecondFactor'>>();
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes !== undefined) {
    return (
      <div role="status">
        <Alert type="success" title={t('account.recovery')} />
        <ul className="recovery">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ul>
        <Button type="primary" onClick={done}>
          {t('account.recoveryDone')}
        </Button>
      </div>
    );
  }
  return begun === undefined ? <AskPassword done={setBegun} /> : <Scan begun={begun} done={setCodes} />;
}

function AskPassword({ done }: { done: (begun: Answer<'beginSecondFactor'>) => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const begin = useMutation({
    mutationFn: async (password: string) => unwrap(await api.POST('/api/account/second-factor', { body: { password } })),
    onSuccess: done,
  });
  return (
    <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={({ password }) => begin.mutate(password)}>
      <Form.Item
        name="password"
        label={t('account.currentPassword')}
        extra={t('account.beginLead')}
        rules={[{ required: true, message: t('account.missing') }]}
        {...(begin.isError ? { validateStatus: 'error' as const, help: errorText(begin.error).text } : {})}
      >
        <Input.Password autoComplete="current-password" maxLength={512} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={begin.isPending}>
        {t('account.next')}
      </Button>
    </Form>
  );
}

function Scan({ begun, done }: { begun: Answer<'beginSecondFactor'>; done: (codes: readonly string[]) => void }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const confirm = useMutation({
    mutationFn: async (code: string) => unwrap(await api.POST('/api/account/second-factor/confirm', { body: { code } })),
    onSuccess: ({ recoveryCodes }) => done(recoveryCodes),
  });
  return (
    <>
      <p>{t('account.scan')}</p>
      <div className="enrol">
        {/* Dark on light in both themes: cameras read it so. */}
        <QRCode type="svg" value={begun.uri} size={184} color="#000000" bgColor="#ffffff" aria-label={t('account.qr')} />
        <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={({ code }) => confirm.mutate(code)}>
          <Form.Item label={t('account.secret')}>
            <code>{begun.secret}</code>
          </Form.Item>
          <Form.Item
            name="code"
            label={t('account.code')}
            rules={[{ required: true, message: t('account.missing') }]}
            {...(confirm.isError ? { validateStatus: 'error' as const, help: errorText(confirm.error).text } : {})}
          >
            <Input autoComplete="one-time-code" inputMode="numeric" maxLength={6} autoFocus />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={confirm.isPending}>
            {t('account.confirm')}
          </Button>
        </Form>
      </div>
    </>
  );
}
