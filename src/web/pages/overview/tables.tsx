import { Link } from '@tanstack/react-router';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Bar } from '../../ui/bar.tsx';
import { count, limitMoney, percent, shortMoney } from '../../ui/format.ts';
import { useLanguage, usePhone, useWords } from '../../ui/hooks.ts';
import type { OverviewAnswer } from './answer.ts';

/** Tiers from rich to ordinary: many customers at the foot, most of the assets at the top. */
export function Pyramid({ data }: { data: OverviewAnswer }) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const rows = [...data.pyramid].reverse();
  return (
    <table className="pyramid">
      <thead>
        <tr>
          <th>{t('overview.tier')}</th>
          <th className="number">{t('overview.customers')}</th>
          <th className="number">{t('overview.share')}</th>
          <th className="number">{t('overview.assetsColumn')}</th>
          <th className="number">{t('overview.share')}</th>
          <th className="pyramid-bar" />
        </tr>
      </thead>
      <tbody>
        {rows.map((tier) => (
          <tr key={tier.id}>
            <td>{words(tier.title)}</td>
            <td className="number">
              <Link to="/customers" search={{ unit: data.unit.id, tier: String(tier.tier) }}>
                {count(tier.customers)}
              </Link>
            </td>
            <td className="number quiet">{percent(tier.customers, data.all.customers)}</td>
            <td className="number">{shortMoney(tier.assetsFen, language)}</td>
            <td className="number quiet">{percent(tier.assetsFen, data.all.assetsFen)}</td>
            <td className="pyramid-bar">
              <Bar part={tier.assetsFen} whole={data.all.assetsFen} label={percent(tier.assetsFen, data.all.assetsFen)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Band = OverviewAnswer['bands'][number];

/** How far a band is covered: share, who waits, who is missing. */
function useCoverageColumns() {
  const { t } = useTranslation();
  const column = (key: string, title: string, text: (band: Band) => string) => ({
    title,
    key,
    align: 'right' as const,
    render: (_: unknown, band: Band) => text(band),
  });
  return [
    column('rate', t('overview.rate'), (band) => (band.hasSeats ? percent(band.covered, band.customers) : t('noSeat'))),
    column('waiting', t('overview.waitingColumn'), (band) => count(band.hasSeats ? band.customers - band.covered : 0)),
    column('needed', t('overview.neededColumn'), (band) => count(band.staffNeeded)),
  ];
}

export function BandTable({ data, mine }: { data: OverviewAnswer; mine: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const phone = usePhone();
  const range = (band: Band) =>
    `${limitMoney(band.fromFen, language)}${band.toFen === null ? ' +' : ` – ${limitMoney(band.toFen, language)}`}`;
  const coverage = useCoverageColumns();
  return (
    <Table<Band>
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={[...data.bands].reverse()}
      columns={[
        {
          title: t('overview.tier'),
          key: 'band',
          render: (_, band) => (
            <>
              {words(band.title)}
              {!phone && <div className="quiet small">{range(band)}</div>}
            </>
          ),
        },
        {
          title: t('overview.due'),
          key: 'due',
          align: 'right',
          render: (_, band) => (
            <Link to="/customers" search={{ unit: data.unit.id, band: String(band.band) }}>
              {count(band.customers)}
            </Link>
          ),
        },
        ...(mine ? [] : coverage),
        // A phone has room for five columns; who waits matters more there than who may fall.
        ...(phone && !mine
          ? []
          : [
              {
                title: t('overview.atRisk'),
                key: 'risk',
                align: 'right' as const,
                render: (_: unknown, band: Band) => (
                  <span className={band.atRisk > 0 ? 'tag-risk' : ''}>{count(band.atRisk)}</span>
                ),
              },
            ]),
      ]}
    />
  );
}

type Unit = OverviewAnswer['children'][number];

export function UnitTable({ data }: { data: OverviewAnswer }) {
  const { t } = useTranslation();
  return (
    <Table<Unit>
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={data.children}
      columns={[
        {
          title: t('overview.unit'),
          key: 'name',
          render: (_, unit) => (
            <Link to="/" search={{ unit: unit.id }}>
              {unit.name}
            </Link>
          ),
        },
        { title: t('overview.customers'), dataIndex: 'customers', align: 'right', render: count, responsive: ['sm'] },
        { title: t('overview.due'), dataIndex: 'due', align: 'right', render: count },
        { title: t('overview.coveredColumn'), dataIndex: 'covered', align: 'right', render: count, responsive: ['sm'] },
        {
          title: t('overview.waitingColumn'),
          key: 'waiting',
          align: 'right',
          render: (_, unit) => count(unit.due - unit.covered),
        },
        { title: t('overview.rate'), key: 'rate', align: 'right', render: (_, unit) => percent(unit.covered, unit.due) },
        {
          key: 'bar',
          width: '24%',
          responsive: ['md'],
          render: (_, unit) => <Bar part={unit.covered} whole={unit.due} label={percent(unit.covered, unit.due)} />,
        },
      ]}
    />
  );
}
