import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, DatePicker, Segmented, Select, Tabs } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { instantText, percent } from '../../ui/format.ts';
import { useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { UnitSelect } from '../../ui/unit-select.tsx';
import { ExportButton } from '../exports/export-button.tsx';
import { type Plan, useFigure } from './figure.ts';
import { MakePlan } from './make.tsx';
import { PlanPeople } from './people.tsx';
import { PlanCurve } from './plan-curve.tsx';
import { PlanTeams } from './teams.tsx';
import './plans.css';

type Kind = 'year' | 'quarter' | 'month';
const KINDS: readonly Kind[] = ['month', 'quarter', 'year'];
const METRICS: readonly Plan['metric']['metric'][] = [
  'sales',
  'sales-time-deposit',
  'sales-wealth',
  'sales-fund',
  'sales-insurance',
  'assets',
  'talks',
  'meetings',
];

const kindOf = (period: string): Kind => (period.includes('Q') ? 'quarter' : period.includes('-') ? 'month' : 'year');
function periodOf(kind: Kind, day: Dayjs): string {
  if (kind === 'year') return day.format('YYYY');
  return kind === 'month' ? day.format('YYYY-MM') : `${day.format('YYYY')}Q${Math.floor(day.month() / 3) + 1}`;
}
function firstDay(period: string): Dayjs {
  const quarter = /Q(\d)/.exec(period)?.[1];
  if (quarter !== undefined) return dayjs(`${period.slice(0, 4)}-${String(Number(quarter) * 3 - 2).padStart(2, '0')}-01`);
  return dayjs(`${period}${period.length === 4 ? '-01' : ''}-01`);
}

/** 计划: what a unit is to reach, and how far everybody is. */
export function Plans() {
  const overview = useQuery({
    queryKey: ['overview', undefined],
    queryFn: async () => unwrap(await api.GET('/api/overview', { params: { query: {} } })),
  });
  return <Loaded query={overview}>{({ businessDate }) => <Asked day={dayjs(businessDate ?? undefined)} />}</Loaded>;
}

function Asked({ day }: { day: Dayjs }) {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const period = search.period ?? periodOf('month', day);
  const metric = METRICS.find((one) => one === search.metric) ?? 'sales';
  const { unit, tab } = search;
  const plan = useQuery({
    queryKey: ['plans', unit, metric, period],
    queryFn: async () =>
      unwrap(await api.GET('/api/plans', { params: { query: { metric, period, ...(unit === undefined ? {} : { unit }) } } })),
  });
  const go = (wanted: Record<string, string | undefined>) =>
    void navigate({ to: '/plans', search: { unit, metric, period, tab, ...wanted } });
  return <Loaded query={plan}>{(data) => <PlanPage plan={data} go={go} tab={tab} />}</Loaded>;
}

function PlanPage({
  plan,
  go,
  tab,
}: {
  plan: Plan;
  go: (wanted: Record<string, string | undefined>) => void;
  tab: string | undefined;
}) {
  const { t } = useTranslation();
  const [making, setMaking] = useState(false);
  const subject = `${plan.metric.metric}@${plan.period}@${plan.unit.id}`;
  return (
    <Page
      answer={<Headline plan={plan} />}
      action={
        <>
          {plan.plan !== null && <ExportButton of={{ kind: 'plan', subject }} words={t('plans.print')} />}
          {plan.may.includes('make') && (
            <Button type="primary" onClick={() => setMaking(true)}>
              {t(plan.plan === null ? 'plans.make' : 'plans.remake')}
            </Button>
          )}
        </>
      }
    >
      <Choices plan={plan} go={go} />
      <Tabs
        activeKey={tab === 'teams' ? 'teams' : 'progress'}
        onChange={(key) => go({ tab: key })}
        destroyOnHidden
        items={[
          { key: 'progress', label: t('plans.tab.progress'), children: <Progress plan={plan} /> },
          { key: 'teams', label: t('plans.tab.teams'), children: <PlanTeams unit={plan.unit.id} /> },
        ]}
      />
      {making && <MakePlan plan={plan} close={() => setMaking(false)} />}
    </Page>
  );
}

function Headline({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const words = useWords();
  const figure = useFigure();
  const metric = words(plan.metric.title);
  if (plan.plan === null) return t('plans.none', { unit: plan.unit.name, period: plan.period, metric });
  const { target, done, line } = plan.plan;
  const gap = figure(plan.metric, Math.abs(done - line));
  return (
    <>
      {t('plans.answer', {
        metric,
        done: figure(plan.metric, done),
        percent: percent(done, target),
        line: percent(line, target),
      })}
      {t(done >= line ? 'plans.ahead' : 'plans.behind', { gap })}
      {t('plans.stop')}
    </>
  );
}

function Choices({ plan, go }: { plan: Plan; go: (wanted: Record<string, string | undefined>) => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const kind = kindOf(plan.period);
  return (
    <div className="chips">
      <UnitSelect value={plan.unit.id} onChange={(unit) => go({ unit })} placeholder={t('plans.unit')} />
      <Select
        aria-label={t('plans.metric')}
        className="rule-select"
        value={plan.metric.metric}
        options={METRICS.flatMap((value) => {
          const known = plan.metrics.find(({ metric }) => metric === value);
          return known === undefined ? [] : [{ value, label: words(known.title) }];
        })}
        onChange={(metric) => go({ metric })}
      />
      <Segmented
        value={kind}
        options={KINDS.map((value) => ({ value, label: t(`plans.kind.${value}`) }))}
        onChange={(chosen) => go({ period: periodOf(chosen, firstDay(plan.period)) })}
      />
      <DatePicker
        picker={kind}
        aria-label={t('plans.period')}
        allowClear={false}
        inputReadOnly
        value={firstDay(plan.period)}
        onChange={(day) => go({ period: periodOf(kind, day ?? firstDay(plan.period)) })}
      />
    </div>
  );
}

function Progress({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  if (plan.plan === null) return <Nothing>{t('plans.noneHint')}</Nothing>;
  const { madeBy, madeAt } = plan.plan;
  return (
    <>
      <p className="quiet small">
        {plan.day !== null && t('plans.asOf', { day: plan.day })} ·{' '}
        {t(kindOf(plan.period) === 'month' ? 'plans.lineHint.month' : 'plans.lineHint.other')}{' '}
        {madeBy !== null && madeBy.role !== '' && t('plans.byWhom', { name: madeBy.name, at: instantText(madeAt) })}
      </p>
      <PlanPeople plan={plan} />
      {plan.curve.length > 0 && (
        <Section title={t('plans.curve')}>
          <PlanCurve plan={plan} />
        </Section>
      )}
    </>
  );
}
