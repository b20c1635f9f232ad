import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, DatePicker, Table, type TableProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '../../ui/format.ts';
import { usePhone } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { type Unit, useUnits } from '../../ui/unit-select.tsx';
import { OrganisationOn } from './as-of.tsx';
import { Staff } from './staff.tsx';
import { nest, type UnitNode } from './tree.ts';
import './organisation.css';

/** The units of one's scope as a tree, and the people of the one chosen. */
export function Organisation() {
  const units = useUnits();
  return <Loaded query={units}>{(items) => <OrganisationOf units={items} />}</Loaded>;
}

function OrganisationOf({ units }: { units: readonly Unit[] }) {
  const { t } = useTranslation();
  const { unit: wanted } = useSearch({ strict: false });
  const [day, setDay] = useState<string>();
  const chosen = units.find((unit) => unit.id === wanted) ?? units[0];
  const answer = t('organisation.answer', {
    units: count(units.length),
    outlets: count(units.filter((unit) => unit.level === 'outlet').length),
    staff: count(units.reduce((sum, unit) => sum + unit.staff, 0)),
  });
  if (chosen === undefined) return <Nothing>{t('organisation.empty')}</Nothing>;
  return (
    <Page
      answer={answer}
      action={
        <DatePicker
          aria-label={t('organisation.asOf')}
          placeholder={t('organisation.asOf')}
          onChange={(chosenDay) => setDay(chosenDay?.format('YYYY-MM-DD'))}
        />
      }
    >
      {day === undefined ? (
        <div className="organisation">
          <Section title={t('organisation.tree')}>
            <UnitTree units={units} chosen={chosen.id} />
          </Section>
          <Section title={t('organisation.staffOf', { unit: chosen.name })}>
            <Staff unit={chosen.id} />
          </Section>
        </div>
      ) : (
        <OrganisationOn day={day} />
      )}
      <p className="small">
        <Link to="/api-docs">{t('organisation.api')}</Link>
      </p>
    </Page>
  );
}

function UnitTree({ units, chosen }: { units: readonly Unit[]; chosen: string }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const navigate = useNavigate();
  const columns: NonNullable<TableProps<UnitNode>['columns']> = [
    { title: t('organisation.column.unit'), dataIndex: 'name', key: 'name', ellipsis: true },
    {
      title: t('organisation.column.level'),
      key: 'level',
      width: 92,
      responsive: ['sm'],
      render: (_, unit) => t(`level.${unit.level}`),
    },
    {
      title: t('organisation.column.district'),
      key: 'district',
      width: 124,
      ellipsis: true,
      responsive: ['lg'],
      render: (_, unit) => unit.district ?? '–',
    },
    { title: t('organisation.column.staff'), dataIndex: 'staff', key: 'staff', width: 80, align: 'right', render: count },
  ];
  return (
    <Table<UnitNode>
      size="small"
      rowKey="id"
      pagination={false}
      columns={columns}
      dataSource={nest(units)}
      expandable={{
        defaultExpandedRowKeys: units
          .filter((unit) => units.length <= 60 || unit.level === 'head-office' || unit.id === units[0]?.id)
          .map((unit) => unit.id),
        ...(phone && { expandIcon: Branch }),
      }}
      rowClassName={(unit) => (unit.id === chosen ? 'row-at' : 'row-opens')}
      onRow={(unit) => ({
        tabIndex: 0,
        onClick: () => void navigate({ to: '/organisation', search: { unit: unit.id }, replace: true }),
        onKeyDown: (event) => {
          if (event.key === 'Enter' && event.target === event.currentTarget)
            void navigate({ to: '/organisation', search: { unit: unit.id }, replace: true });
        },
      })}
    />
  );
}

type BranchProps = Parameters<NonNullable<NonNullable<TableProps<UnitNode>['expandable']>['expandIcon']>>[0];

/** Opens and closes a unit by thumb. */
function Branch({ expanded, record, onExpand }: BranchProps) {
  const { t } = useTranslation();
  if (record.children === undefined || record.children.length === 0) return <span className="no-branch" />;
  return (
    <Button
      type="text"
      className="branch"
      aria-expanded={expanded}
      aria-label={t('organisation.branch', { unit: record.name })}
      icon={expanded ? <DownOutlined /> : <RightOutlined />}
      onClick={(event) => {
        event.stopPropagation();
        onExpand(record, event);
      }}
    />
  );
}
