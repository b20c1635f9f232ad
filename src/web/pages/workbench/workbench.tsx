import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Select, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, dayText, percent, shortMoney } from '../../ui/format.ts';
import { useLanguage, useSession, useWords } from '../../ui/hooks.ts';
import { Page } from '../../ui/page.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { TodaysAppointments } from '../calendar/calendar.tsx';
import { MyActions } from '../meeting/actions.tsx';
import { OutreachList } from '../outreach/list.tsx';
import { MyPlans } from '../plans/mine.tsx';
import { type Workbench as Bench, BUCKETS, type Bucket } from './answers.ts';
import { Queue } from './queue.tsx';
import { FollowUpRules } from './rules.tsx';
import { ALL_RULES_PX, Team, TeamHeadline } from './team.tsx';
import { Themes, useTheme } from './themes.tsx';
import './workbench.css';

/** 工作台: whom to see today, overdue first, then by what is at stake. */
export function Workbench() {
  const bench = useQuery({ queryKey: ['workbench'], queryFn: async () => unwrap(await api.GET('/api/workbench')) });
  return <Loaded query={bench}>{(data) => <BenchOf bench={data} />}</Loaded>;
}

function BenchOf({ bench }: { bench: Bench }) {
  const { t } = useTranslation();
  const { tab, staff, name } = useSearch({ strict: false });
  const navigate = useNavigate();
  const leads = useSession().data?.permissions.includes('follow-ups.team') ?? false;
  const mine = bench.customers > 0 || !leads;
  const items = [
    ...(mine ? [{ key: 'mine', label: t('workbench.tab.mine'), children: <Mine bench={bench} /> }] : []),
    ...(leads ? [{ key: 'team', label: t('workbench.tab.team'), children: <Team /> }] : []),
    { key: 'outreach', label: t('outreach.tab'), children: <OutreachList /> },
    { key: 'rules', label: t('workbench.tab.rules'), children: <FollowUpRules /> },
  ];
  if (staff !== undefined && bench.day !== null)
    return (
      <Page
        answer={t('workbench.ofPerson', { person: name ?? staff })}
        action={
          <Link to="/workbench" search={{ tab: 'team' }}>
            {t('workbench.backToTeam')}
          </Link>
        }
      >
        <Queue day={bench.day} />
      </Page>
    );
  return (
    <Page answer={mine || bench.day === null ? <Headline bench={bench} /> : <TeamHeadline day={bench.day} />}>
      <Tabs
        activeKey={items.some(({ key }) => key === tab) ? (tab ?? '') : (items[0]?.key ?? '')}
        items={items}
        destroyOnHidden
        onChange={(key) => void navigate({ to: '/workbench', search: { tab: key } })}
      />
    </Page>
  );
}

function Headline({ bench }: { bench: Bench }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { day, buckets, stakeFen } = bench;
  if (day === null) return t('workbench.answerNone');
  const values = {
    day: dayText(day, language),
    overdue: count(buckets.overdue),
    today: count(buckets.today),
    week: count(buckets.week),
    stake: shortMoney(stakeFen, language),
  };
  return buckets.overdue + buckets.today === 0 ? t('workbench.answerClear', values) : t('workbench.answer', values);
}

function Mine({ bench }: { bench: Bench }) {
  const { t } = useTranslation();
  if (bench.day === null) return <Nothing>{t(bench.rulesVersion === null ? 'workbench.noRules' : 'workbench.noDay')}</Nothing>;
  return (
    <>
      <Standards bench={bench} />
      <MyPlans />
      <MyActions />
      <TodaysAppointments />
      <Themes day={bench.day} />
      <Filters bench={bench} />
      <Queue day={bench.day} />
    </>
  );
}

/** How far one is with what is counted over all one's customers. */
function Standards({ bench }: { bench: Bench }) {
  const { t } = useTranslation();
  return (
    <dl className="standards">
      {bench.standards
        .filter(({ of }) => of > 0)
        .map(({ standard, done, of, targetPercent }) => (
          <div key={standard} className={done * 100 < of * targetPercent ? 'standard short' : 'standard'}>
            <dt>{t(`workbench.standard.${standard}`)}</dt>
            <dd>
              {t('workbench.ofTarget', {
                done: count(done),
                of: count(of),
                percent: percent(done, of),
                target: targetPercent,
              })}
            </dd>
          </div>
        ))}
      <div className="standard">
        <dt>{t('workbench.doneToday', { n: count(bench.doneToday) })}</dt>
      </div>
    </dl>
  );
}

function Filters({ bench }: { bench: Bench }) {
  const { t } = useTranslation();
  const words = useWords();
  const { bucket, rule } = useSearch({ strict: false });
  const theme = useTheme();
  const navigate = useNavigate();
  const go = (search: { bucket?: string | undefined; rule?: string | undefined; theme?: undefined }) =>
    void navigate({ to: '/workbench', search: { bucket, rule, theme, ...search } });
  const first = BUCKETS.find((one) => bench.buckets[one] > 0) ?? 'today';
  return (
    <div className="chips">
      {BUCKETS.map((one: Bucket) => (
        <button
          key={one}
          type="button"
          className={one === (bucket ?? first) ? 'chip chip-on' : 'chip'}
          aria-pressed={one === (bucket ?? first)}
          onClick={() => go({ bucket: one })}
        >
          {t(`workbench.bucket.${one}`)} <strong>{count(bench.buckets[one])}</strong>
        </button>
      ))}
      <Select
        aria-label={t('workbench.allRules')}
        className="rule-select"
        listHeight={ALL_RULES_PX}
        value={rule ?? ''}
        options={[
          { value: '', label: t('workbench.allRules') },
          ...bench.rules.map((one) => ({ value: one.rule, label: `${words(one.title)} ${count(one.customers)}` })),
        ]}
        onChange={(chosen: string) => go({ rule: chosen === '' ? undefined : chosen, theme: undefined })}
      />
    </div>
  );
}
