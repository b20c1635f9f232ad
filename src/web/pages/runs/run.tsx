import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Progress, Select } from 'antd';
import { Trans, useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, percent } from '../../ui/format.ts';
import { useSession, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { UnitSelect, useUnits } from '../../ui/unit-select.tsx';
import { RunActions, Stale } from './actions.tsx';
import { BandStrip } from './band-strip.tsx';
import { DotPlot } from './dot-plot.tsx';
import { bandsOfRun, bandToLookAt, movedOf, type Pool, type Run, type Totals } from './run-data.ts';
import { RunTables } from './run-tables.tsx';
import './runs.css';

/** One run: what it does, to whom, how evenly, and what applying it would change. */
export function RunPage() {
  const { id = '' } = useParams({ strict: false });
  const { unit } = useSearch({ strict: false });
  const run = useQuery({
    queryKey: ['run', id, unit],
    queryFn: async () =>
      unwrap(await api.GET('/api/runs/{id}', { params: { path: { id }, query: unit === undefined ? {} : { unit } } })),
    // Another unit of the same run: what is there stays until the answer comes.
    placeholderData: (before) => (before?.runId === id ? before : undefined),
    refetchInterval: ({ state }) => (state.data?.state === 'simulating' || state.data?.state === 'applying' ? 700 : false),
  });
  const pools = useQuery({
    queryKey: ['run-pools', id, unit, run.data?.state],
    queryFn: async () =>
      unwrap(await api.GET('/api/runs/{id}/pools', { params: { path: { id }, query: unit === undefined ? {} : { unit } } }))
        .items,
    enabled: run.data !== undefined && run.data.totals !== null,
  });
  return (
    <Loaded query={run}>
      {(found) =>
        found.totals === null ? (
          <Working run={found} />
        ) : (
          <Loaded query={pools}>{(list) => <RunOf run={found} pools={list} />}</Loaded>
        )
      }
    </Loaded>
  );
}

function Working({ run }: { run: Run }) {
  const { t } = useTranslation();
  const words = useWords();
  const { progress } = run;
  return (
    <Page answer={t('runs.simulating')}>
      <Section title={words(run.schemeTitle)}>
        <Progress percent={progress === null || progress.total === 0 ? 0 : Math.floor((100 * progress.done) / progress.total)} />
        <p className="quiet">{words(progress?.step)}</p>
      </Section>
    </Page>
  );
}

function RunOf({ run, pools }: { run: Run; pools: readonly Pool[] }) {
  const { t } = useTranslation();
  const { unit, band } = useSearch({ strict: false });
  const unitName = useUnits().data?.find((candidate) => candidate.id === unit)?.name;
  const wholeBank = useSession().data?.wholeBank ?? false;
  const { totals } = run;
  if (totals === null) return null;
  // Totals are of the units that one sees or looks at; of a part the tables hold more customers, of pools above it.
  const whole = wholeBank && unit === undefined;
  const bands = bandsOfRun(totals);
  const shown = bands.find((candidate) => String(candidate.band) === band) ?? bandToLookAt(bands);
  return (
    <Page answer={<Answer run={run} sums={totals} />} action={<RunActions run={run} unit={unit} />}>
      <About run={run} />
      <Stale run={run} />
      {run.state === 'applying' && <Applying run={run} />}
      <Filters bands={bands} />
      <Section title={unitName === undefined ? t('runs.bands') : t('runs.bandsOf', { unit: unitName })}>
        <BandStrip bands={bands} applied={run.state === 'applied'} />
      </Section>
      <Section title={t('runs.spread')} extra={<span className="quiet small">{t('runs.spreadHint')}</span>}>
        <DotPlot bands={bands} shown={shown?.band} pools={pools.filter((pool) => pool.band === shown?.band)} />
      </Section>
      <RunTables run={run} totals={totals} pools={pools} whole={whole} />
    </Page>
  );
}

function Answer({ run, sums }: { run: Run; sums: Totals }) {
  const { t } = useTranslation();
  const { unit, band } = useSearch({ strict: false });
  const to = (tab: string) => <Link to="/runs/$id" params={{ id: run.runId }} search={{ unit, band, tab }} hash="rows" />;
  return (
    <>
      <Trans
        i18nKey="runs.answer"
        values={{
          due: count(sums.customers),
          done: t(run.state === 'applied' ? 'runs.has' : 'runs.can'),
          covered: count(sums.covered),
          rate: percent(sums.covered, sums.customers),
        }}
        components={{ covered: to('kept') }}
      />
      {sums.uncovered === 0 ? (
        t('runs.all')
      ) : (
        <>
          <Trans i18nKey="runs.waiting" values={{ rest: count(sums.uncovered) }} components={{ rest: to('uncovered') }} />
          {sums.staffNeeded === 0 ? (
            t('runs.enough')
          ) : (
            <Trans i18nKey="runs.needed" values={{ needed: count(sums.staffNeeded) }} components={{ needed: to('gaps') }} />
          )}
        </>
      )}
      <Trans
        i18nKey="runs.changes"
        values={{ moved: count(movedOf(sums)), fresh: count(sums.fresh), kept: count(sums.kept) }}
        components={{ moved: to('moved'), fresh: to('fresh'), kept: to('kept') }}
      />
      {sums.replaced > 0 && t('runs.replaced', { n: count(sums.replaced) })}
    </>
  );
}

function About({ run }: { run: Run }) {
  const { t } = useTranslation();
  const words = useWords();
  const parts = [
    t('runs.about', { run: run.runId, scheme: words(run.schemeTitle), date: run.businessDate }),
    run.totals !== null ? t('runs.before', { n: count(run.totals.coveredBefore) }) : '',
    run.moveBudget === null ? '' : t('runs.budget', { n: count(run.moveBudget) }),
    run.effectiveFrom === null ? '' : t('runs.effective', { date: run.effectiveFrom }),
    run.digest === null ? '' : t('runs.digest', { digest: run.digest.slice(0, 8) }),
  ];
  return (
    <p className="quiet lead" title={run.digest ?? undefined}>
      {parts.filter((part) => part !== '').join(' · ')}
    </p>
  );
}

function Applying({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { progress } = run;
  return (
    <Section title={t('runs.applying')}>
      <Progress percent={progress === null || progress.total === 0 ? 0 : Math.floor((100 * progress.done) / progress.total)} />
    </Section>
  );
}

function Filters({ bands }: { bands: ReturnType<typeof bandsOfRun> }) {
  const { t } = useTranslation();
  const words = useWords();
  const { id = '' } = useParams({ strict: false });
  const { unit, band, tab } = useSearch({ strict: false });
  const navigate = useNavigate();
  const choose = (search: { unit: string | undefined; band: string | undefined }) =>
    void navigate({ to: '/runs/$id', params: { id }, search: { ...search, tab }, replace: true });
  return (
    <div className="filters">
      <UnitSelect value={unit} onChange={(chosen) => choose({ unit: chosen, band })} placeholder={t('runs.allUnits')} />
      <Select
        className="filter"
        aria-label={t('runs.allBands')}
        allowClear
        placeholder={t('runs.allBands')}
        {...(band === undefined ? {} : { value: band })}
        onChange={(chosen: string | undefined) => choose({ unit, band: chosen })}
        options={bands.map((row) => ({ value: String(row.band), label: words(row.title) }))}
      />
    </div>
  );
}
