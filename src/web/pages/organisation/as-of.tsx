import { useQuery } from '@tanstack/react-query';
import { Table, type TableProps, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { usePhone } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { useRoleName } from '../../ui/person.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';

type AsOf = Answer<'organisationOn'>;
type UnitThen = AsOf['units'][number];
type Post = AsOf['staff'][number];

/** Units and posts as they were on a day. */
export function OrganisationOn({ day }: { day: string }) {
  const { t } = useTranslation();
  const then = useQuery({
    queryKey: ['organisation-on', day],
    queryFn: async () => unwrap(await api.GET('/api/organisation/on/{day}', { params: { path: { day } } })),
  });
  return (
    <Loaded query={then}>
      {(data) => (data.units.length === 0 ? <Nothing>{t('organisation.noneThen', { day })}</Nothing> : <Then data={data} />)}
    </Loaded>
  );
}

function Then({ data: { units, staff } }: { data: AsOf }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState<string>();
  const chosen = units.find((unit) => unit.id === wanted) ?? units[0];
  const depths = depthsOf(units);
  const columns: NonNullable<TableProps<UnitThen>['columns']> = [
    {
      title: t('organisation.column.unit'),
      key: 'name',
      ellipsis: true,
      render: (_, unit) => (
        <span style={{ paddingInlineStart: (depths.get(unit.id) ?? 0) * 16 }}>
          {unit.name} {!unit.open && <Tag>{t('organisation.closed', { day: unit.closedOn ?? '' })}</Tag>}
        </span>
      ),
    },
    {
      title: t('organisation.column.level'),
      key: 'level',
      width: 92,
      responsive: ['sm'],
      render: (_, unit) => t(`level.${unit.level}`),
    },
    {
      title: t('organisation.column.staff'),
      key: 'staff',
      width: 80,
      align: 'right',
      render: (_, unit) => count(staff.filter((post) => post.unitId === unit.id).length),
    },
  ];
  return (
    <div className="organisation">
      <Section title={t('organisation.tree')}>
        <Table<UnitThen>
          size="small"
          rowKey="id"
          pagination={false}
          columns={columns}
          dataSource={units}
          rowClassName={(unit) => (unit.id === chosen?.id ? 'row-at' : 'row-opens')}
          onRow={(unit) => ({
            tabIndex: 0,
            onClick: () => setWanted(unit.id),
            onKeyDown: (event) => {
              if (event.key === 'Enter') setWanted(unit.id);
            },
          })}
        />
      </Section>
      {chosen !== undefined && (
        <Section title={t('organisation.staffThen', { unit: chosen.name })}>
          <Posts posts={staff.filter((post) => post.unitId === chosen.id)} />
        </Section>
      )}
    </div>
  );
}

function Posts({ posts }: { posts: Post[] }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const phone = usePhone();
  if (posts.length === 0) return <Nothing>{t('organisation.nobodyThen')}</Nothing>;
  const columns: NonNullable<TableProps<Post>['columns']> = [
    ...(phone ? [] : [{ title: t('organisation.column.id'), dataIndex: 'id', key: 'id', width: 110 }]),
    { title: t('organisation.column.name'), dataIndex: 'name', key: 'name' },
    { title: t('organisation.column.role'), key: 'role', render: (_, post) => roleName(post.role) },
  ];
  return <Table<Post> size="small" rowKey="id" pagination={false} columns={columns} dataSource={posts} />;
}

/** How deep each unit stands; parents come before children. */
function depthsOf(units: readonly UnitThen[]): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  for (const { id, parentId } of units) depths.set(id, parentId === null ? 0 : (depths.get(parentId) ?? -1) + 1);
  return depths;
}
