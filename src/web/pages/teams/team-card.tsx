import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Popconfirm, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { StaffSelect } from '../../ui/staff-select.tsx';

type Team = Answer<'customerTeam'>;
type Member = Team['members'][number];

/** Who else serves a private customer, and what each may do; other customers have no team. */
export function TeamCard({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const [joining, setJoining] = useState(false);
  const team = useQuery({
    queryKey: ['team', customerId],
    queryFn: async () => unwrap(await api.GET('/api/customers/{id}/team', { params: { path: { id: customerId } } })),
  });
  if (team.data === undefined || (!team.data.isPrivate && team.data.members.length === 0)) return null;
  const { members, may } = team.data;
  return (
    <Section
      title={t('teams.title')}
      extra={may.includes('add') && <Button onClick={() => setJoining(true)}>{t('teams.join')}</Button>}
    >
      {members.length === 0 && <p className="quiet">{t('teams.none')}</p>}
      <ul className="plain-list">
        {members.map((member) => (
          <li key={member.memberId}>
            <div className="line">
              <Person person={member.staff} />
              {may.includes('end') && <End customerId={customerId} member={member} />}
            </div>
            <div className="quiet small">
              {[member.words, t(`teams.may.${member.may}`), t('teams.since', { from: member.from })].join(' · ')}
            </div>
          </li>
        ))}
      </ul>
      {joining && <Join customerId={customerId} close={() => setJoining(false)} />}
    </Section>
  );
}

interface Wish {
  readonly staffId: string;
  readonly may: Member['may'];
  readonly words: string;
}

function Join({ customerId, close }: { customerId: string; close: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Wish>();
  const join = useMutation({
    mutationFn: async (wish: Wish) =>
      unwrap(await api.POST('/api/customers/{id}/team', { params: { path: { id: customerId } }, body: wish })),
    onSuccess: (team) => {
      queries.setQueryData(['team', customerId], team);
      void message.success(t('teams.joined'));
      close();
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Modal
      open
      width={480}
      title={t('teams.join')}
      okText={t('teams.join')}
      cancelText={t('cancel')}
      confirmLoading={join.isPending}
      onCancel={close}
      onOk={() => form.submit()}
    >
      <Form<Wish> form={form} layout="vertical" initialValues={{ may: 'see' }} onFinish={(wish) => join.mutate(wish)}>
        <Form.Item name="staffId" label={t('teams.who')} rules={[{ required: true, message: t('teams.whoMissing') }]}>
          <StaffSelect />
        </Form.Item>
        <Form.Item name="may" label={t('teams.part')}>
          <Radio.Group
            options={[
              { value: 'see', label: t('teams.may.see') },
              { value: 'work', label: t('teams.may.work') },
            ]}
          />
        </Form.Item>
        <Form.Item
          name="words"
          label={t('teams.words')}
          rules={[{ required: true, whitespace: true, min: 2, message: t('teams.wordsMissing') }]}
        >
          <Input maxLength={100} placeholder={t('teams.wordsHint')} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function End({ customerId, member }: { customerId: string; member: Member }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: async () =>
      unwrap(
        await api.POST('/api/customers/{id}/team/{memberId}/end', {
          params: { path: { id: customerId, memberId: member.memberId } },
          body: {},
        }),
      ),
    onSuccess: (team) => {
      queries.setQueryData(['team', customerId], team);
      void message.success(t('teams.ended'));
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  return (
    <Popconfirm
      title={t('teams.endAsk', { name: member.staff.name })}
      okText={t('teams.end')}
      cancelText={t('cancel')}
      onConfirm={() => end.mutate()}
    >
      <Button size="small" loading={end.isPending}>
        {t('teams.end')}
      </Button>
    </Popconfirm>
  );
}
