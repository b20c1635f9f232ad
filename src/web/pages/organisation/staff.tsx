import { Link } from '@tanstack/react-router';
import type { TableProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, type RowOf, unwrap } from '../../api/client.ts';
import { useKeyset } from '../../ui/hooks.ts';
import { KeysetTable } from '../../ui/keyset-table.tsx';
import { useRoleName, useSeesPortfolio } from '../../ui/person.tsx';

type Member = RowOf<'listStaff'>;

/** The people of a unit and of those below it. */
export function Staff({ unit }: { unit: string }) {
  const { t } = useTranslation();
  const columns = useColumns();
  const list = useKeyset(['staff', unit], async (after) =>
    unwrap(
      await api.GET('/api/organisation/staff', {
        params: { query: { unit, limit: 100, ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  return (
    <KeysetTable
      list={list}
      rowKey={(member) => member.id}
      columns={columns}
      empty={t('organisation.emptyStaff')}
      card={(member) => <Card member={member} />}
    />
  );
}

function Name({ member }: { member: Member }) {
  const portfolioOf = useSeesPortfolio();
  if (!portfolioOf(member)) return member.name;
  return (
    <Link to="/portfolios/$staffId" params={{ staffId: member.id }}>
      {member.name}
    </Link>
  );
}

/** At work, or gone since a date. */
function Status({ member }: { member: Member }) {
  const { t } = useTranslation();
  if (member.leftOn === null) return t('organisation.here');
  return <span className="quiet">{t('organisation.left', { date: member.leftOn })}</span>;
}

function useColumns(): NonNullable<TableProps<Member>['columns']> {
  const { t } = useTranslation();
  const roleName = useRoleName();
  return [
    { title: t('organisation.column.name'), key: 'name', width: 76, render: (_, member) => <Name member={member} /> },
    { title: t('organisation.column.id'), dataIndex: 'id', key: 'id', width: 84 },
    {
      title: t('organisation.column.role'),
      key: 'role',
      width: 144,
      ellipsis: true,
      render: (_, member) => roleName(member.role) + (member.grade === null ? '' : ` · ${member.grade}`),
    },
    { title: t('organisation.column.place'), dataIndex: 'unitName', key: 'place', ellipsis: true },
    {
      title: t('organisation.column.share'),
      key: 'share',
      width: 76,
      align: 'right',
      render: (_, member) => (member.shareBp === 10_000 ? t('organisation.full') : `${member.shareBp / 100}%`),
    },
    { title: t('organisation.column.status'), key: 'status', width: 84, render: (_, member) => <Status member={member} /> },
  ];
}

function Card({ member }: { member: Member }) {
  const roleName = useRoleName();
  return (
    <div className="card">
      <div className="line">
        <span>
          <Name member={member} /> <span className="quiet">{member.id}</span>
        </span>
        <Status member={member} />
      </div>
      <div className="line quiet">
        <span>{`${roleName(member.role)} · ${member.unitName}`}</span>
      </div>
    </div>
  );
}
