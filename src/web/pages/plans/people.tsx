import { Table, type TableProps, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { percent } from '../../ui/format.ts';
import { usePhone } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { type Plan, useFigure } from './figure.ts';
import { PlanBar } from './plan-bar.tsx';

type Row = Plan['items'][number];

/** Everybody's part: target, done, line and gap; below them the teams. */
export function PlanPeople({ plan }: { plan: Plan }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const columns = useColumns(plan);
  const figure = useFigure();
  const gap = useGap(plan);
  return (
    <>
      {phone ? (
        <div className="cards plan-people">
          {plan.items.map((row) => (
            <div key={row.staff.staffId} className="card-row">
              <div className="card">
                <div className="line">
                  <strong>{row.staff.name}</strong>
                  <span>
                    {figure(plan.metric, row.done)} / {figure(plan.metric, row.target)}
                  </span>
                </div>
                <PlanBar {...row} label={row.staff.name} />
                <div className="small">{gap(row)}</div>
              </div>
            </div>
          ))}
        </div>
      ) : (
        <Table<Row>
          className="plan-people"
          size="small"
          rowKey={(row) => row.staff.staffId}
          columns={columns}
          dataSource={[...plan.items].sort((a, b) => a.done - a.line - (b.done - b.line))}
          pagination={false}
        />
      )}
      {plan.teams.length > 0 && (
        <Section title={t('plans.teams')}>
          <ul className="plain-list">
            {plan.teams.map((team) => (
              <li key={team.name}>
                <strong>{team.name}</strong> <span className="quiet">{team.leader?.name}</span> {figure(plan.metric, team.done)} /{' '}
                {figure(plan.metric, team.target)} {gap(team)}
                <PlanBar target={team.target} done={team.done} line={team.line} label={team.name} />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function useGap(plan: Plan) {
  const { t } = useTranslation();
  const figure = useFigure();
  return ({ done, line }: { done: number; line: number }) => (
    <span className={done < line ? 'plan-behind' : 'quiet'}>
      {t(done < line ? 'plans.behind' : 'plans.ahead', { gap: figure(plan.metric, Math.abs(done - line)) })}
    </span>
  );
}

function useColumns(plan: Plan): NonNullable<TableProps<Row>['columns']> {
  const { t } = useTranslation();
  const figure = useFigure();
  const gap = useGap(plan);
  const number = { align: 'right', width: 120 } as const;
  return [
    {
      ...{ title: t('plans.column.staff'), key: 'staff' },
      render: (_, row) => (
        <>
          <Person person={row.staff} /> {row.byHand && <Tag>{t('plans.byHand')}</Tag>}
        </>
      ),
    },
    { title: t('plans.column.target'), key: 'target', ...number, render: (_, row) => figure(plan.metric, row.target) },
    { title: t('plans.column.done'), key: 'done', ...number, render: (_, row) => figure(plan.metric, row.done) },
    {
      title: t('plans.column.share'),
      key: 'share',
      align: 'right',
      width: 90,
      render: (_, row) => percent(row.done, row.target),
    },
    {
      ...{ title: t('plans.column.progress'), key: 'progress', width: 220 },
      render: (_, row) => <PlanBar target={row.target} done={row.done} line={row.line} label={row.staff.name} />,
    },
    { title: t('plans.column.gap'), key: 'gap', align: 'right', width: 150, render: (_, row) => gap(row) },
  ];
}
