import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { count, instantText } from '../../ui/format.ts';
import { useKeyset, useSession, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Actor } from '../../ui/person.tsx';
import { movedOf } from './run-data.ts';
import './runs.css';
import { Simulate } from './simulate.tsx';
import { StateTag } from './state-tag.tsx';

type Run = RowOf<'listRuns'>;

const SHOWN = ['full', 'nightly', 'all'] as const;
type Shown = (typeof SHOWN)[number];

/** Runs, newest first: full ones, unless those of the night are asked for. */
export function Runs() {
  const { t } = useTranslation();
  const search = useSearch({ strict: false });
  const shown = SHOWN.find((kind) => kind === search.kind) ?? 'full';
  const [creating, setCreating] = useState(false);
  const permitted = useSession().data?.permissions.includes('bank.runs') ?? false;
  const query = { limit: 50, ...(shown === 'all' ? {} : { kind: shown }) };
  const list = useKeyset(['runs', query], async (after) =>
    unwrap(await api.GET('/api/runs', { params: { query: { ...query, ...(after === undefined ? {} : { after }) } } })),
  );
  const newest = useQuery({
    queryKey: ['runs', 'newest'],
    queryFn: async () => unwrap(await api.GET('/api/runs', { params: { query: { limit: 1, kind: 'full' } } })).items,
  });
  const latest = newest.data?.[0];
  return (
    <Page
      answer={latest === undefined ? t(newest.isPending ? 'state.loading' : 'runs.none') : <Latest run={latest} />}
      action={
        permitted && (
          <Button type="primary" onClick={() => setCreating(true)}>
            {t('runs.create')}
          </Button>
        )
      }
    >
      <Section title={t('runs.list')} extra={<Kinds shown={shown} />}>
        <RunTable list={list} shown={shown} />
      </Section>
      {creating && <Simulate close={() => setCreating(false)} />}
    </Page>
  );
}

function Kinds({ shown }: { shown: Shown }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Segmented<Shown>
      aria-label={t('runs.column.kind')}
      value={shown}
      onChange={(kind) => void navigate({ to: '/runs', search: kind === 'full' ? {} : { kind }, replace: true })}
      options={SHOWN.map((kind) => ({ value: kind, label: kind === 'all' ? t('runs.everyKind') : t(`runs.kind.${kind}`) }))}
    />
  );
}

function Latest({ run }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <Trans
      i18nKey="runs.latest"
      values={{
        run: run.runId,
        state: t(`runs.state.${run.state}`),
        due: count(run.totals?.customers ?? 0),
        rest: count(run.totals?.uncovered ?? 0),
      }}
      components={{ run: <Link to="/runs/$id" params={{ id: run.runId }} /> }}
    />
  );
}

const quiet = (run: Run) => (run.kind === 'nightly' ? 'quiet' : '');

function RunCard({ run }: { run: Run }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <div className="card">
      <div className="line">
        <strong className={quiet(run)}>
          {run.runId} · {t(`runs.kind.${run.kind}`)}
        </strong>
        <StateTag state={run.state} />
      </div>
      <div className="line quiet">
        <span>{words(run.schemeTitle)}</span>
        <span>
          {t('runs.column.due')} {count(run.totals?.customers ?? 0)} · {t('runs.column.waiting')}{' '}
          {count(run.totals?.uncovered ?? 0)}
        </span>
      </div>
    </div>
  );
}

function RunTable({ list, shown }: { list: ReturnType<typeof useKeyset<Run>>; shown: Shown }) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const number = (of: (totals: NonNullable<Run['totals']>) => number) => (_: unknown, run: Run) => (
    <span className={quiet(run)}>{run.totals === null ? '–' : count(of(run.totals))}</span>
  );
  return (
    <KeysetTable<Run>
      list={list}
      rowKey={(run) => run.runId}
      empty={t(shown === 'nightly' ? 'runs.emptyNightly' : 'runs.empty')}
      onOpen={(run) => void navigate({ to: '/runs/$id', params: { id: run.runId } })}
      card={(run) => <RunCard run={run} />}
      columns={[
        {
          title: t('runs.column.run'),
          key: 'run',
          render: (_, run) => (
            <Link className={run.kind === 'full' ? 'run-full' : ''} to="/runs/$id" params={{ id: run.runId }}>
              {run.runId}
            </Link>
          ),
        },
        {
          title: t('runs.column.kind'),
          key: 'kind',
          render: (_, run) => <span className={quiet(run)}>{t(`runs.kind.${run.kind}`)}</span>,
        },
        {
          title: t('runs.column.scheme'),
          key: 'scheme',
          render: (_, run) => <span className={quiet(run)}>{words(run.schemeTitle)}</span>,
        },
        { title: t('runs.column.state'), key: 'state', render: (_, run) => <StateTag state={run.state} /> },
        { title: t('runs.column.due'), key: 'due', align: 'right', render: number((totals) => totals.customers) },
        { title: t('runs.column.covered'), key: 'covered', align: 'right', render: number((totals) => totals.covered) },
        { title: t('runs.column.waiting'), key: 'waiting', align: 'right', render: number((totals) => totals.uncovered) },
        { title: t('runs.column.moved'), key: 'moved', align: 'right', render: number(movedOf) },
        { title: t('runs.column.fresh'), key: 'fresh', align: 'right', render: number((totals) => totals.fresh) },
        {
          title: t('runs.column.by'),
          key: 'by',
          render: (_, run) => (
            <span className={quiet(run)}>
              <Actor staffId={run.createdBy} />
            </span>
          ),
        },
        {
          title: t('runs.column.at'),
          key: 'at',
          render: (_, run) => <span className={quiet(run)}>{instantText(run.createdAt)}</span>,
        },
      ]}
    />
  );
}
