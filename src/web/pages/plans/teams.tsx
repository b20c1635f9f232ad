import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Popconfirm, Select } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { useErrorText } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';

type Teams = Answer<'listPlanTeams'>;

/** 小组 [S2]: a few people with a leader, whose sums stand below the people's. */
export function PlanTeams({ unit }: { unit: string }) {
  const teams = useQuery({
    queryKey: ['plans', 'teams', unit],
    queryFn: async () => unwrap(await api.GET('/api/plan-teams', { params: { query: { unit } } })),
  });
  return <Loaded query={teams}>{(data) => <TeamsOf unit={unit} teams={data} />}</Loaded>;
}

function TeamsOf({ unit, teams }: { unit: string; teams: Teams }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: async (id: string) => unwrap(await api.POST('/api/plan-teams/{id}/end', { params: { path: { id } }, body: {} })),
    onSuccess: () => void message.success(t('plans.team.ended')),
    onError: (error) => void message.error(errorText(error).text, 8),
    onSettled: () => queries.invalidateQueries({ queryKey: ['plans'] }),
  });
  return (
    <>
      <Section title={t('plans.tab.teams')}>
        {teams.items.length === 0 && <p className="quiet">{t('plans.teamsNone')}</p>}
        <ul className="plain-list">
          {teams.items.map((team) => (
            <li key={team.teamId}>
              <strong>{team.name}</strong> {t('plans.team.leader')} {team.leader?.name}{' '}
              <span className="quiet">
                {team.members
                  .filter(({ staffId }) => staffId !== team.leader?.staffId)
                  .map(({ name }) => name)
                  .join('、')}
              </span>{' '}
              {team.may.includes('end') && (
                <Popconfirm title={`${t('plans.team.end')} ${team.name}`} onConfirm={() => end.mutate(team.teamId)}>
                  <Button size="small" type="link">
                    {t('plans.team.end')}
                  </Button>
                </Popconfirm>
              )}
            </li>
          ))}
        </ul>
      </Section>
      {teams.may.includes('make') && <TeamForm unit={unit} people={teams.people} />}
    </>
  );
}

interface Draft {
  readonly name: string;
  readonly leader: string;
  readonly members: string[];
}

function TeamForm({ unit, people }: { unit: string; people: Teams['people'] }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [form] = Form.useForm<Draft>();
  const teamId = useRef(crypto.randomUUID());
  const make = useMutation({
    mutationFn: async (draft: Draft) =>
      unwrap(await api.POST('/api/plan-teams', { body: { teamId: teamId.current, unit, ...draft } })),
    onSuccess: async () => {
      teamId.current = crypto.randomUUID();
      form.resetFields();
      void message.success(t('plans.team.made'));
      await queries.invalidateQueries({ queryKey: ['plans'] });
    },
    onError: (error) => void message.error(errorText(error).text, 8),
  });
  const options = people.map(({ staffId, name, unitName }) => ({ value: staffId, label: `${name} · ${unitName}` }));
  const required = (text: string) => [{ required: true, message: text }];
  return (
    <Section title={t('plans.team.make')}>
      <Form form={form} name="team" layout="vertical" onFinish={(draft) => make.mutate(draft)}>
        <Form.Item name="name" label={t('plans.team.name')} rules={required(t('plans.teamMissing.name'))}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="leader" label={t('plans.team.leader')} rules={required(t('plans.teamMissing.leader'))}>
          <Select showSearch={{ optionFilterProp: 'label' }} options={options} />
        </Form.Item>
        <Form.Item name="members" label={t('plans.team.members')} rules={required(t('plans.teamMissing.members'))}>
          <Select mode="multiple" showSearch={{ optionFilterProp: 'label' }} options={options} />
        </Form.Item>
        <Button htmlType="submit" type="primary" loading={make.isPending}>
          {t('plans.team.make')}
        </Button>
      </Form>
    </Section>
  );
}
