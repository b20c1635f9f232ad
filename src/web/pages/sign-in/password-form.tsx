import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, RefusedByServer, unwrap } from '../../api/client.ts';
import { forgetOthers, useErrorText } from '../../ui/hooks.ts';
import { Door } from './door.tsx';

interface Entered {
  staffId: string;
  password: string;
  code?: string;
}

/** Staff number and password; the code is asked for only when the server wants one. */
export function PasswordForm() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const signIn = useMutation({
    mutationFn: async (body: Entered) => unwrap(await api.POST('/api/session', { body })),
    onSuccess: (session) => {
      forgetOthers(queries);
      queries.setQueryData(['session'], session);
    },
  });
  const asksCode = signIn.error instanceof RefusedByServer && signIn.error.code === 'code-needed';
  const withCode = asksCode || signIn.variables?.code !== undefined;
  const required = [{ required: true, message: t('account.missing') }];
  return (
    <Door title={t('account.enter')} lead={t('account.enterLead')}>
      <Form<Entered> layout="vertical" requiredMark={false} onFinish={(entered) => signIn.mutate(entered)}>
        <Form.Item name="staffId" label={t('account.staffId')} rules={required}>
          <Input autoComplete="username" maxLength={64} autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t('account.password')} rules={required}>
          <Input.Password autoComplete="current-password" maxLength={512} />
        </Form.Item>
        {withCode && (
          <Form.Item name="code" label={t('account.code')} extra={t('account.codeHelp')} rules={required}>
            <Input autoComplete="one-time-code" maxLength={32} autoFocus />
          </Form.Item>
        )}
        {signIn.isError && !asksCode && (
          <Form.Item>
            <Alert type="error" showIcon title={errorText(signIn.error).text} role="alert" />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={signIn.isPending}>
          {t('account.signIn')}
        </Button>
      </Form>
    </Door>
  );
}
