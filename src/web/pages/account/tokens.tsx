import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Checkbox, Form, Input, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import type { paths } from '../../api/schema.d.ts';
import { instantText } from '../../ui/format.ts';
import { useErrorText, useLanguage } from '../../ui/hooks.ts';
import { Loaded } from '../../ui/states.tsx';

type Keys = Answer<'listTokens'>;
type Wish = paths['/api/account/tokens']['post']['requestBody']['content']['application/json'];

/** Keys for programs: what there is, when each was used, and a new one. */
export function Tokens() {
  const { t } = useTranslation();
  const keys = useQuery({ queryKey: ['account', 'tokens'], queryFn: async () => unwrap(await api.GET('/api/account/tokens')) });
  return (
    <>
      <p className="quiet">{t('account.tokensLead')}</p>
      <Loaded query={keys}>
        {(found) => (
          <>
            <List keys={found} />
            {found.grantable.length > 0 && <Make keys={found} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function List({ keys }: { keys: Keys }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const language = useLanguage();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: async (tokenId: string) =>
      unwrap(await api.POST('/api/account/tokens/{tokenId}/end', { params: { path: { tokenId } }, body: {} })),
    onError: (error) => void message.error(errorText(error).text),
    onSettled: () => queries.invalidateQueries({ queryKey: ['account', 'tokens'] }),
  });
  const words = (permission: string) => keys.grantable.find((one) => one.permission === permission)?.[language] ?? permission;
  return (
    <ul className="devices">
      {keys.items.map((key) => (
        <li key={key.tokenId}>
          <div>
            {key.label} <span className="quiet small">{key.permissions.map(words).join(language === 'zh' ? '、' : ', ')}</span>
            <div className="quiet small">
              {key.usedAt === null ? t('account.tokenUnused') : t('account.tokenUsed', { at: instantText(key.usedAt) })} ·{' '}
              {t('account.tokenUntil', { at: instantText(key.expiresAt) })}
            </div>
          </div>
          <Button loading={end.isPending} onClick={() => end.mutate(key.tokenId)}>
            {t('account.endToken')}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** As a rule of its own: `required` would mark the group in a way that screen readers do not allow on one. */
const someChosen = (missing: string) => async (_: unknown, chosen: readonly string[] | undefined) => {
  if (chosen === undefined || chosen.length === 0) throw new Error(missing);
};

function Make({ keys }: { keys: Keys }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const language = useLanguage();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const make = useMutation({
    mutationFn: async (body: Wish) => unwrap(await api.POST('/api/account/tokens', { body })),
    onSuccess: () => {
      form.resetFields();
      void queries.invalidateQueries({ queryKey: ['account', 'tokens'] });
    },
    onError: (error) => void message.error(errorText(error).text),
  });
  const required = [{ required: true, message: t('account.missing') }];
  return (
    <>
      <Form<Wish>
        form={form}
        name="token"
        className="narrow"
        layout="vertical"
        requiredMark={false}
        initialValues={{ days: 90 }}
        onFinish={(wish) => make.mutate(wish)}
      >
        <Form.Item name="label" label={t('account.tokenLabel')} rules={required}>
          <Input maxLength={80} autoComplete="off" />
        </Form.Item>
        <Form.Item
          name="permissions"
          label={t('account.tokenPermissions')}
          rules={[{ validator: someChosen(t('account.missing')) }]}
        >
          <Checkbox.Group options={keys.grantable.map((one) => ({ value: one.permission, label: one[language] }))} />
        </Form.Item>
        <Form.Item name="days" label={t('account.tokenDays')} rules={required}>
          <InputNumber min={1} max={365} precision={0} />
        </Form.Item>
        <Form.Item name="password" label={t('account.currentPassword')} rules={required}>
          <Input.Password autoComplete="current-password" maxLength={512} />
        </Form.Item>
        <Button htmlType="submit" loading={make.isPending}>
          {t('account.makeToken')}
        </Button>
      </Form>
      {make.data !== undefined && (
        <Alert
          type="info"
          role="status"
          title={t('account.tokenOnce')}
          description={
            <>
              <code className="one-time-link">{make.data.token}</code>
              {make.variables.permissions.includes('calendar.feed') && (
                <p>
                  {t('account.calendarLink')}{' '}
                  <code className="one-time-link">{`${window.location.origin}/api/calendar/${make.data.token}`}</code>
                </p>
              )}
            </>
          }
        />
      )}
    </>
  );
}
