import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Select, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, dayText } from '../../ui/format.ts';
import { useLanguage, usePhone, useWords } from '../../ui/hooks.ts';
import { Person } from '../../ui/person.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { ExportButton } from '../exports/export-button.tsx';
import { Queue } from './queue.tsx';

/** Room for every reason: a list that scrolls hides the ones that are rare. */
export const ALL_RULES_PX = 640;

type Member = Answer<'getTeamWork'>['items'][number];

function useTeam() {
  return useQuery({ queryKey: ['workbench', 'team'], queryFn: async () => unwrap(await api.GET('/api/workbench/team')) });
}

/** The answer for a head who has no customers of their own. */
export function TeamHeadline({ day }: { day: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const items = useTeam().data?.items ?? [];
  const late = items.filter(({ overdue }) => overdue > 0);
  return t('workbench.teamHeadline', {
    day: dayText(day, language),
    n: count(items.length),
    late: count(late.length),
    overdue: count(late.reduce((sum, { overdue }) => sum + overdue, 0)),
  });
}

/** What waits for each of a head's people, whoever is furthest behind first. */
export function Team() {
  const team = useTeam();
  return (
    <Loaded query={team}>
      {({ items, rules, day }) => (
        <>
          <ExportButton of={{ kind: 'follow-ups', subject: 'team' }} />
          <Reasons rules={rules} />
          <TeamOr day={day} items={items} />
        </>
      )}
    </Loaded>
  );
}

/** Everybody's customers of one reason, or what waits for each person. */
function TeamOr({ day, items }: { day: string | null; items: readonly Member[] }) {
  const { rule } = useSearch({ strict: false });
  return rule !== undefined && day !== null ? <Queue day={day} team /> : <Members items={items} />;
}

/** The customers of the whole unit by reason. */
function Reasons({ rules }: { rules: Answer<'getTeamWork'>['rules'] }) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const { rule } = useSearch({ strict: false });
  if (rules.length === 0) return null;
  return (
    <div className="chips">
      <Select
        aria-label={t('workbench.byReason')}
        className="rule-select"
        listHeight={ALL_RULES_PX}
        value={rule ?? ''}
        options={[
          { value: '', label: t('workbench.byPerson') },
          ...rules.map((one) => ({ value: one.rule, label: `${words(one.title)} ${count(one.customers)}` })),
        ]}
        onChange={(chosen: string) =>
          void navigate({ to: '/workbench', search: { tab: 'team', rule: chosen === '' ? undefined : chosen } })
        }
      />
    </div>
  );
}

function Members({ items }: { items: readonly Member[] }) {
  const { t } = useTranslation();
  const phone = usePhone();
  if (items.length === 0) return <Nothing>{t('workbench.teamEmpty')}</Nothing>;
  return phone ? <Cards items={items} /> : <MemberTable items={items} />;
}

function Name({ member }: { member: Member }) {
  return (
    <Link to="/workbench" search={{ staff: member.staff.staffId, name: member.staff.name }}>
      <Person person={member.staff} />
    </Link>
  );
}

function Cards({ items }: { items: readonly Member[] }) {
  const { t } = useTranslation();
  return (
    <div className="cards">
      {items.map((member) => (
        <div key={member.staff.staffId} className="card-row">
          <div className="card">
            <Name member={member} />
            <span className="quiet">
              {(['overdue', 'today', 'week'] as const)
                .map((bucket) => `${t(`workbench.bucket.${bucket}`)} ${count(member[bucket])}`)
                .join(' · ')}
            </span>
          </div>
        </div>
      ))}
    </div>
  );
}

function MemberTable({ items }: { items: readonly Member[] }) {
  const { t } = useTranslation();
  const number = (key: 'overdue' | 'today' | 'week' | 'talkedThisWeek', title: string) => ({
    title,
    key,
    align: 'right' as const,
    className: 'num',
    render: (_: unknown, row: Member) => count(row[key]),
  });
  return (
    <Table<Member>
      size="small"
      rowKey={(row) => row.staff.staffId}
      dataSource={[...items]}
      pagination={false}
      columns={[
        { title: t('workbench.teamColumn.who'), key: 'who', render: (_, row) => <Name member={row} /> },
        number('overdue', t('workbench.teamColumn.overdue')),
        number('today', t('workbench.teamColumn.today')),
        number('week', t('workbench.teamColumn.week')),
        { title: t('workbench.teamColumn.oldest'), key: 'oldest', render: (_, row) => row.oldest ?? '–' },
        number('talkedThisWeek', t('workbench.teamColumn.talked')),
      ]}
    />
  );
}
