import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, DatePicker, Form, Input, Modal } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { useErrorText, useWords } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import '../customers/customers.css';
import type { Work } from './answers.ts';

interface Member {
  readonly memberId?: string;
  readonly relation: string;
  readonly name?: string;
  readonly birthDate?: Dayjs | null;
}
interface Wish {
  readonly fields: Record<string, string>;
  readonly family?: Member[];
}

/** 客户档案: what one knows beyond the bank's systems, when it was last confirmed, and what to ask next. */
export function ProfileCard({ customerId, work }: { customerId: string; work: Work }) {
  const { t } = useTranslation();
  const words = useWords();
  const [editing, setEditing] = useState(false);
  const { fields, family, registeredOn, ask } = work.profile;
  const asked = fields.find(({ field }) => field === ask);
  return (
    <Section
      title={t('workbench.profile')}
      extra={
        <span className="quiet">
          {registeredOn === null ? '' : t('workbench.profileRegistered', { on: registeredOn })}{' '}
          {work.may.includes('profile') && (
            <Button size="small" onClick={() => setEditing(true)}>
              {t('workbench.profileEdit')}
            </Button>
          )}
        </span>
      }
    >
      <dl className="facts">
        {fields
          .filter(({ value }) => value !== '')
          .map(({ field, title, value, confirmedOn }) => (
            <Fact key={field} name={words(title)}>
              {value} <span className="quiet small">{t('workbench.profileConfirmed', { on: confirmedOn })}</span>
            </Fact>
          ))}
        {family.length > 0 && (
          <Fact name={t('workbench.family')}>
            {family.map(({ relation, name, birthDate }) => [relation, name, birthDate].filter(Boolean).join(' ')).join('；')}
          </Fact>
        )}
      </dl>
      {asked && <p>{t('workbench.profileAsk', { field: words(asked.title) })}</p>}
      <p className="quiet small">{t('workbench.profileRule')}</p>
      {editing && <Edit customerId={customerId} work={work} close={() => setEditing(false)} />}
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Edit({ customerId, work, close }: { customerId: string; work: Work; close: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const { fields, family } = work.profile;
  const save = useMutation({
    mutationFn: async (wish: Wish) =>
      unwrap(
        await api.PUT('/api/customers/{id}/profile', {
          params: { path: { id: customerId } },
          body: {
            fields: fields
              .map(({ field, value }) => ({ field, value: (wish.fields[field] ?? '').trim(), was: value }))
              .filter(({ value, was }) => value !== was)
              .map(({ field, value }) => ({ field, value })),
            family: (wish.family ?? []).map((member) => ({
              memberId: member.memberId ?? crypto.randomUUID(),
              relation: member.relation,
              name: member.name ?? '',
              birthDate: member.birthDate?.format('YYYY-MM-DD') ?? null,
            })),
          },
        }),
      ),
    onSuccess: async (now) => {
      void message.success(t('workbench.saved'));
      queries.setQueryData(['work', customerId], now);
      close();
      for (const key of ['workbench', 'follow-ups']) await queries.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const initial = {
    fields: Object.fromEntries(fields.map(({ field, value }) => [field, value])),
    family: family.map(({ birthDate, ...member }) => ({ ...member, birthDate: birthDate === null ? null : dayjs(birthDate) })),
  };
  return (
    <Modal
      open
      title={t('workbench.profileEdit')}
      okText={t('workbench.save')}
      cancelText={t('cancel')}
      confirmLoading={save.isPending}
      onCancel={close}
      onOk={() => form.submit()}
      width={520}
    >
      <p className="quiet small">{t('workbench.profileRule')}</p>
      <Form form={form} layout="vertical" initialValues={initial} onFinish={(wish) => save.mutate(wish)}>
        {fields.map(({ field, title }) => (
          <Form.Item key={field} name={['fields', field]} label={words(title)}>
            <Input maxLength={500} />
          </Form.Item>
        ))}
        <Family />
      </Form>
    </Modal>
  );
}

function Family() {
  const { t } = useTranslation();
  return (
    <Form.List name="family">
      {(members, { add, remove }) => (
        <>
          {members.map(({ key, name }) => (
            <div key={key} className="member">
              <Form.Item name={[name, 'relation']} rules={[{ required: true, message: t('workbench.familyRelation') }]}>
                <Input aria-label={t('workbench.familyRelation')} placeholder={t('workbench.familyRelation')} maxLength={20} />
              </Form.Item>
              <Form.Item name={[name, 'name']}>
                <Input aria-label={t('workbench.familyName')} placeholder={t('workbench.familyName')} maxLength={40} />
              </Form.Item>
              <Form.Item name={[name, 'birthDate']}>
                <DatePicker aria-label={t('workbench.familyBirth')} placeholder={t('workbench.familyBirth')} />
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('workbench.familyRemove')}
                onClick={() => remove(name)}
              />
            </div>
          ))}
          <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({ relation: '' })}>
            {t('workbench.familyAdd')}
          </Button>
        </>
      )}
    </Form.List>
  );
}
