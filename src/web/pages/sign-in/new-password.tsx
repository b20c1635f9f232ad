import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';

/** A new password, typed twice. Its rules are the server's; here only that both are the same. */
export function NewPassword() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name="password"
        label={t('account.newPassword')}
        extra={t('account.passwordRule')}
        rules={[{ required: true, message: t('account.missing') }]}
      >
        <Input.Password autoComplete="new-password" maxLength={512} />
      </Form.Item>
      <Form.Item
        name="repeat"
        label={t('account.repeat')}
        dependencies={['password']}
        rules={[
          { required: true, message: t('account.missing') },
          ({ getFieldValue }) => ({
            validator: async (_, value: string) => {
              if (value && value !== getFieldValue('password')) throw new Error(t('account.differs'));
            },
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" maxLength={512} />
      </Form.Item>
    </>
  );
}
