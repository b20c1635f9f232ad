import { useNavigate } from '@tanstack/react-router';
import type { TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RowOf } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { useRoleName } from '../../ui/person.tsx';
import type { Filters } from './filters.tsx';
import { useUnusual } from './use-unusual.ts';

type Row = RowOf<'listUnusualLooks'>;

/** Whose looks one should ask about, and why; a click leads to what they did. */
export function Unusual({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const found = useUnusual(filters);
  return (
    <>
      <p className="quiet">{t('audit.explain')}</p>
      <KeysetTable
        list={{
          ...found,
          rows: found.data?.items ?? [],
          hasNextPage: false,
          isFetchingNextPage: false,
          fetchNextPage: () => undefined,
        }}
        rowKey={(row) => row.actor.staffId}
        columns={useColumns()}
        empty={t('audit.emptyUnusual')}
        card={(row) => <Card row={row} />}
        onOpen={(row) => void navigate({ to: '/audit', search: { ...filters, tab: 'entries', staffId: row.actor.staffId } })}
      />
    </>
  );
}

function useColumns(): NonNullable<TableProps<Row>['columns']> {
  const { t } = useTranslation();
  const number = (key: 'customers' | 'outside' | 'night' | 'exported', unit: 'customers' | 'times' | 'rows') => ({
    title: t(`audit.column.${key}`),
    key,
    width: 110,
    align: 'right' as const,
    render: (_: unknown, row: Row) => t(`audit.unit.${unit}`, { n: count(row[key]) }),
  });
  return [
    { title: t('audit.column.who'), key: 'who', render: (_, row) => <Who row={row} /> },
    number('customers', 'customers'),
    number('outside', 'customers'),
    number('night', 'times'),
    number('exported', 'rows'),
    { title: t('audit.column.reasons'), key: 'reasons', render: (_, row) => <Reasons row={row} /> },
  ];
}

function Who({ row }: { row: Row }) {
  const roleName = useRoleName();
  const { actor } = row;
  return (
    <>
      {actor.name ?? actor.staffId}{' '}
      <span className="quiet">{[roleName(row.role), actor.unitName].filter((part) => part !== null).join(' · ')}</span>
    </>
  );
}

function Reasons({ row }: { row: Row }) {
  const words = useWords();
  return row.reasons.map(({ kind, text }) => <div key={kind}>{words(text)}</div>);
}

function Card({ row }: { row: Row }) {
  return (
    <div className="card">
      <div>
        <Who row={row} />
      </div>
      <Reasons row={row} />
    </div>
  );
}
