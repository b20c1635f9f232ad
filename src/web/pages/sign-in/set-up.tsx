import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Door } from './door.tsx';
import { NewPassword } from './new-password.tsx';

/** Takes the code out of the address, so that it stays neither in sight nor in the history. */
function takeCode(): string {
  const code = window.location.hash.slice(1);
  if (code !== '') window.history.replaceState(null, '', window.location.pathname);
  return code;
}

/** Where a one-time link leads: a password is set, and one signs in with it. */
export function SetUp() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [code] = useState(takeCode);
  const save = useMutation({
    mutationFn: async (password: string) => unwrap(await api.POST('/api/setup', { body: { code, password } })),
  });
  if (save.data !== undefined) {
    return (
      <Door title={t('account.setup')} lead={t('account.setupDone', { staffId: save.data.staffId })}>
        <Button type="primary" block href="/">
          {t('account.toSignIn')}
        </Button>
      </Door>
    );
  }
  return (
    <Door title={t('account.setup')} lead={code === '' ? t('account.setupNoCode') : t('account.setupLead')}>
      {code !== '' && (
        <Form<{ password: string }> layout="vertical" requiredMark={false} onFinish={({ password }) => save.mutate(password)}>
          <NewPassword />
          {save.isError && (
            <Form.Item>
              <Alert type="error" showIcon title={errorText(save.error).text} role="alert" />
            </Form.Item>
          )}
          <Button type="primary" htmlType="submit" block loading={save.isPending}>
            {t('account.save')}
          </Button>
        </Form>
      )}
    </Door>
  );
}
