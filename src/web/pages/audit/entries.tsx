import { Link } from '@tanstack/react-router';
import type { TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { instantText } from '../../ui/format.ts';
import { useKeyset, useWords } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { useRoleName } from '../../ui/person.tsx';
import type { Filters } from './filters.tsx';
import './audit.css';

type Entry = RowOf<'listAuditEntries'>;

/** Entries of the period, the newest first. */
export function Entries({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const list = useKeyset(['audit', 'entries', filters], async (after) =>
    unwrap(
      await api.GET('/api/audit/entries', {
        params: { query: { ...filters, limit: 50, ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  return (
    <KeysetTable
      list={list}
      rowKey={(row) => row.entryId}
      columns={useColumns()}
      empty={t('audit.empty')}
      card={(row) => <Card row={row} />}
    />
  );
}

function useColumns(): NonNullable<TableProps<Entry>['columns']> {
  const { t } = useTranslation();
  const words = useWords();
  return [
    { title: t('audit.column.at'), key: 'at', width: 150, render: (_, row) => instantText(row.at) },
    { title: t('audit.column.who'), key: 'who', render: (_, row) => <Who row={row} /> },
    { title: t('audit.column.what'), key: 'what', width: 150, render: (_, row) => words(row.what) },
    { title: t('audit.column.about'), key: 'about', render: (_, row) => <About row={row} /> },
    { title: t('audit.column.origin'), key: 'origin', width: 130, render: (_, row) => row.origin },
    { title: t('audit.column.details'), key: 'details', render: (_, row) => <Details row={row} /> },
  ];
}

function Who({ row }: { row: Entry }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const { actor, onBehalfOf } = row;
  const more = [
    roleName(row.role),
    actor.unitName,
    onBehalfOf === null ? null : t('audit.onBehalfOf', { name: onBehalfOf.name ?? onBehalfOf.staffId }),
  ];
  return (
    <>
      {actor.name ?? actor.staffId} <span className="quiet">{more.filter((part) => part !== null).join(' · ')}</span>
    </>
  );
}

function About({ row }: { row: Entry }) {
  const { customerId, subject } = row;
  if (customerId === null) return <span className="audit-text">{subject}</span>;
  return (
    <Link to="/customers/$id" params={{ id: customerId }}>
      {customerId}
    </Link>
  );
}

const DETAILS = ['count', 'rows', 'filter', 'part', 'from', 'to', 'field', 'address', 'status', 'digest'] as const;

/** Ids, counts and names as they are kept, the common ones with their names. */
function Details({ row }: { row: Entry }) {
  const { t } = useTranslation();
  const parts = Object.entries(row.details).flatMap(([key, value]) => {
    const text = Array.isArray(value) ? value.join('、') : typeof value === 'object' ? JSON.stringify(value) : String(value);
    const name = DETAILS.find((known) => known === key);
    return text === '' || value === null ? [] : [`${name === undefined ? key : t(`audit.detail.${name}`)} ${text}`];
  });
  return <span className="quiet audit-text">{[row.purpose, ...parts].filter((part) => part !== null).join(' · ')}</span>;
}

function Card({ row }: { row: Entry }) {
  const words = useWords();
  return (
    <div className="card">
      <div className="line">
        <span>{words(row.what)}</span>
        <span className="quiet">{instantText(row.at)}</span>
      </div>
      <div>
        <Who row={row} />
      </div>
      <div>
        <About row={row} /> <Details row={row} />
      </div>
    </div>
  );
}
