import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Divider, Form, Input } from 'antd';
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
      <Sso />
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

const SAID: ReadonlySet<unknown> = new Set(['refused', 'away']);

/** The way in through the bank's own provider, where there is one, and what it said when it let nobody in. */
function Sso() {
  const { t } = useTranslation();
  const ways = useQuery({ queryKey: ['sign-in'], queryFn: async () => unwrap(await api.GET('/api/sign-in')), staleTime: 60_000 });
  if (!ways.data?.sso) return null;
  const asked = new URLSearchParams(window.location.search);
  const said = asked.get('sso');
  asked.delete('sso');
  const rest = asked.toString();
  const next = `${window.location.pathname}${rest === '' ? '' : `?${rest}`}`;
  return (
    <div className="sso">
      {SAID.has(said) && (
        <Alert type="warning" showIcon title={t(said === 'away' ? 'account.ssoAway' : 'account.ssoRefused')} role="alert" />
      )}
      <Button type="primary" block href={`/api/sso?next=${encodeURIComponent(next)}`}>
        {t('account.sso')}
      </Button>
      <Divider plain>{t('account.ssoOr')}</Divider>
    </div>
  );
}
