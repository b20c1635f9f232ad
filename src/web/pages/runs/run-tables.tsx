import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Select, Table, Tabs } from 'antd';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, shortMoney } from '../../ui/format.ts';
import { useKeyset, useLanguage, usePhone, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Person } from '../../ui/person.tsx';
import { Nothing } from '../../ui/states.tsx';
import { type Decision, KINDS, type Kind, movedOf, type Pool, type Run, type Totals } from './run-data.ts';

interface Props {
  readonly run: Run;
  readonly totals: Totals;
  readonly pools: readonly Pool[];
  readonly whole: boolean;
}

/** Customer by customer: who waits and what would help, who changes and why; and which pools lack people. */
export function RunTables({ run, totals, pools, whole }: Props) {
  const { t } = useTranslation();
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const phone = usePhone();
  const gaps = pools.filter((pool) => pool.staffNeeded > 0 && (search.band === undefined || String(pool.band) === search.band));
  const first = totals.uncovered > 0 ? 'uncovered' : movedOf(totals) > 0 ? 'moved' : 'fresh';
  const tab: Kind | 'gaps' = KINDS.find((kind) => kind === search.tab) ?? (search.tab === 'gaps' ? 'gaps' : first);
  const number = (kind: Kind) =>
    whole && search.band === undefined ? ` ${count(kind === 'moved' ? movedOf(totals) : totals[kind])}` : '';
  const go = (chosen: string) =>
    void navigate({
      to: '/runs/$id',
      params: { id: run.runId },
      search: { unit: search.unit, band: search.band, tab: chosen },
      replace: true,
      resetScroll: false,
    });
  const decisions = (kind: Kind): { key: string; label: string; children: ReactElement } => ({
    key: kind,
    label: `${t(`runs.tab.${kind}`)}${number(kind)}`,
    children: <Decisions run={run} totals={totals} kind={kind} />,
  });
  const tables = [
    ...KINDS.slice(0, 3).map(decisions),
    { key: 'gaps', label: `${t('runs.tab.gaps')} ${count(gaps.length)}`, children: <Gaps pools={gaps} /> },
    ...KINDS.slice(3).map(decisions),
  ];
  return (
    <section id="rows" className="section" aria-label={t(`runs.tab.${tab}`)}>
      {phone ? (
        // Six tabs do not fit a phone, and what hides the rest behind a button is no tab list.
        <>
          <div className="chips">
            <Select
              className="reason-select"
              aria-label={t('runs.tables')}
              value={tab}
              onChange={go}
              options={tables.map(({ key, label }) => ({ value: key, label }))}
            />
          </div>
          {tables.find(({ key }) => key === tab)?.children}
        </>
      ) : (
        <Tabs activeKey={tab} onChange={go} destroyOnHidden items={tables} />
      )}
    </section>
  );
}

/** Reasons that belong to a kind of decision, by the first word of their code. */
const REASON_STARTS: Readonly<Record<Kind, string>> = {
  uncovered: 'uncovered',
  moved: 'moved',
  fresh: 'new',
  kept: 'kept',
  released: 'released',
};

function Decisions({ run, totals, kind }: { run: Run; totals: Totals; kind: Kind }) {
  const { t } = useTranslation();
  const words = useWords();
  const { unit, band, reason } = useSearch({ strict: false });
  const navigate = useNavigate();
  const reasons = totals.reasons.filter((row) => row.reason.startsWith(REASON_STARTS[kind]));
  const query = {
    kind,
    limit: 50,
    ...(unit === undefined ? {} : { unit }),
    ...(band === undefined ? {} : { band: Number(band) }),
    ...(reason === undefined ? {} : { reason }),
  };
  const list = useKeyset(['decisions', run.runId, run.state, query], async (after) =>
    unwrap(
      await api.GET('/api/runs/{id}/decisions', {
        params: { path: { id: run.runId }, query: { ...query, ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  const choose = (chosen: string | undefined) =>
    void navigate({
      to: '/runs/$id',
      params: { id: run.runId },
      search: { unit, band, tab: kind, reason: chosen },
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      {reasons.length > 1 && (
        <div className="chips">
          <Select
            className="reason-select"
            aria-label={t('runs.allReasons')}
            allowClear
            placeholder={t('runs.allReasons')}
            {...(reason === undefined ? {} : { value: reason })}
            onChange={choose}
            options={reasons.map((row) => ({ value: row.reason, label: `${words(row.text)} · ${count(row.customers)}` }))}
          />
        </div>
      )}
      <DecisionTable list={list} kind={kind} />
    </>
  );
}

function DecisionTable({ list, kind }: { list: ReturnType<typeof useKeyset<Decision>>; kind: Kind }) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const navigate = useNavigate();
  const change = (row: Decision) => (
    <>
      {kind !== 'fresh' && <Person person={row.before} short />}
      {kind === 'moved' && ' → '}
      {(kind === 'moved' || kind === 'fresh') && <Person person={row.after} short />}
    </>
  );
  return (
    <KeysetTable<Decision>
      list={list}
      rowKey={(row) => `${row.customerId} ${row.seat}`}
      empty={t(`runs.emptyTab.${kind}`)}
      onOpen={(row) => void navigate({ to: '/customers/$id', params: { id: row.customerId } })}
      card={(row) => (
        <div className="card">
          <div className="line">
            <strong>
              {row.name} <span className="quiet">{words(row.bandTitle)}</span>
            </strong>
            <span>{shortMoney(row.averageFen, language)}</span>
          </div>
          <div>{change(row)}</div>
          <div className="quiet">{words(row.reasonText)}</div>
          {row.remedy !== null && <div>{words(row.remedy)}</div>}
        </div>
      )}
      columns={[
        {
          title: t('runs.row.customer'),
          key: 'customer',
          render: (_, row) => (
            <Link to="/customers/$id" params={{ id: row.customerId }}>
              {row.name} <span className="quiet small">{row.customerId}</span>
            </Link>
          ),
        },
        { title: t('runs.row.band'), key: 'band', render: (_, row) => words(row.bandTitle) },
        { title: t('runs.row.outlet'), key: 'outlet', render: (_, row) => row.outlet?.name ?? '–' },
        {
          title: t('runs.row.average'),
          key: 'average',
          align: 'right',
          render: (_, row) => <span className="nowrap">{shortMoney(row.averageFen, language)}</span>,
        },
        { title: t('runs.row.seat'), key: 'seat', render: (_, row) => t(`seat.${row.seat}`) },
        ...(kind === 'fresh'
          ? []
          : [
              {
                title: t('runs.row.before'),
                key: 'before',
                render: (_: unknown, row: Decision) => <Person person={row.before} />,
              },
            ]),
        ...(kind === 'uncovered' || kind === 'released' || kind === 'kept'
          ? []
          : [{ title: t('runs.row.after'), key: 'after', render: (_: unknown, row: Decision) => <Person person={row.after} /> }]),
        { title: t('runs.row.reason'), key: 'reason', render: (_, row) => words(row.reasonText) },
        ...(kind === 'uncovered'
          ? [{ title: t('runs.row.remedy'), key: 'remedy', render: (_: unknown, row: Decision) => words(row.remedy) }]
          : []),
      ]}
    />
  );
}

function Gaps({ pools }: { pools: readonly Pool[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const phone = usePhone();
  if (pools.length === 0) return <Nothing>{t('runs.emptyTab.gaps')}</Nothing>;
  return (
    <Table<Pool>
      size="small"
      rowKey="poolNo"
      pagination={false}
      dataSource={[...pools].sort((a, b) => b.staffNeeded - a.staffNeeded || b.uncovered - a.uncovered)}
      columns={[
        { title: t('runs.gap.unit'), key: 'unit', render: (_, pool) => pool.unit.name },
        { title: t('runs.row.band'), key: 'band', render: (_, pool) => words(pool.bandTitle) },
        ...(phone
          ? []
          : [{ title: t('runs.row.seat'), key: 'seat', render: (_: unknown, pool: Pool) => t(`seat.${pool.seat}`) }]),
        ...(phone
          ? []
          : [
              {
                title: t('runs.gap.people'),
                key: 'people',
                align: 'right' as const,
                render: (_: unknown, pool: Pool) => count(pool.staff.length),
              },
              { title: t('runs.gap.customers'), dataIndex: 'customers', align: 'right' as const, render: count },
            ]),
        { title: t('runs.gap.uncovered'), dataIndex: 'uncovered', align: 'right', render: count },
        { title: t('runs.gap.needed'), dataIndex: 'staffNeeded', align: 'right', render: count },
      ]}
    />
  );
}
