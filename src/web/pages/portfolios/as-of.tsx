import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useKeyset, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { Section } from '../../ui/page.tsx';
import { ExportButton } from '../exports/export-button.tsx';

type Had = RowOf<'portfolioOn'>;

async function load(staffId: string, day: string, limit: number, after?: string) {
  const query = { limit, ...(after === undefined ? {} : { after }) };
  return unwrap(await api.GET('/api/portfolios/{staffId}/on/{day}', { params: { path: { staffId, day }, query } }));
}

/** Whom the person covered on a day, of those whom the reader sees today. */
export function PortfolioOn({ staffId, day }: { staffId: string; day: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const words = useWords();
  const list = useKeyset(['portfolio-on', staffId, day], (after) => load(staffId, day, 100, after));
  const customers = useQuery({ queryKey: ['portfolio-on-count', staffId, day], queryFn: () => load(staffId, day, 1) }).data
    ?.customers;
  const columns: NonNullable<TableProps<Had>['columns']> = [
    {
      title: t('customers.column.customer'),
      key: 'customer',
      render: (_, row) => (
        <>
          {row.name} <span className="quiet">{row.customerId}</span>
        </>
      ),
    },
    { title: t('customers.seat'), key: 'seat', width: 110, render: (_, row) => t(`seat.${row.seat}`) },
    { title: t('customers.column.band'), key: 'band', width: 120, render: (_, row) => words(row.bandTitle) || '–' },
    { title: t('customers.from'), dataIndex: 'from', width: 120 },
    { title: t('customers.to'), key: 'to', width: 120, render: (_, row) => row.to ?? t('customers.now') },
    { title: t('customers.reason'), key: 'reason', render: (_, row) => words(row.reasonText) },
  ];
  return (
    <Section
      title={customers === undefined ? day : t('portfolios.onDay', { day, n: count(customers) })}
      extra={<ExportButton of={{ kind: 'portfolio-on', subject: `${staffId}@${day}` }} />}
    >
      <p className="quiet small">{t('portfolios.onDayHint')}</p>
      <KeysetTable
        list={list}
        rowKey={(row) => `${row.customerId}${row.seat}`}
        columns={columns}
        empty={t('portfolios.onDayNone')}
        card={(row) => (
          <div className="card">
            <div className="line">
              <span>
                {row.name} <span className="quiet">{row.customerId}</span>
              </span>
              <span className="quiet">{t(`seat.${row.seat}`)}</span>
            </div>
            <div className="quiet">
              {row.from} – {row.to ?? t('customers.now')} · {words(row.reasonText)}
            </div>
          </div>
        )}
        onOpen={(row) => void navigate({ to: '/customers/$id', params: { id: row.customerId } })}
      />
    </Section>
  );
}
