import { PlusOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count, dayText } from '../../ui/format.ts';
import { useLanguage, usePhone, useWords } from '../../ui/hooks.ts';
import { Page } from '../../ui/page.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import { type AllGroups, type Group, useGroups } from './answers.ts';
import { Builder } from './builder.tsx';
import './groups.css';

/** 客群: groups by rules, with who entered and left at the last close. */
export function Groups() {
  return <Loaded query={useGroups()}>{(data) => <GroupsOf all={data} />}</Loaded>;
}

function GroupsOf({ all }: { all: AllGroups }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const phone = usePhone();
  const [making, setMaking] = useState(false);
  const { day, items, may } = all;
  const sum = (key: 'entered' | 'left') => count(items.reduce((total, group) => total + group[key], 0));
  const answer =
    day === null
      ? t('groups.answerNone')
      : t('groups.answer', { day: dayText(day, language), n: count(items.length), entered: sum('entered'), left: sum('left') });
  return (
    <Page
      answer={answer}
      action={
        may.includes('make') && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
            {t('groups.make')}
          </Button>
        )
      }
    >
      {items.length === 0 && <Nothing>{t('groups.empty')}</Nothing>}
      {items.length > 0 && (phone ? <Cards items={items} /> : <GroupTable items={items} />)}
      {making && <Builder mayShare={may.includes('share')} close={() => setMaking(false)} />}
    </Page>
  );
}

function Of({ group }: { group: Group }) {
  const { t } = useTranslation();
  return <>{group.shared ? (group.unit?.name ?? t('groups.bank')) : t('groups.own')}</>;
}

function Name({ group }: { group: Group }) {
  const words = useWords();
  return (
    <Link to="/groups/$id" params={{ id: group.groupId }}>
      {words(group.title)}
    </Link>
  );
}

function Cards({ items }: { items: readonly Group[] }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <div className="cards">
      {items.map((group) => (
        <div key={group.groupId} className="card-row">
          <div className="card">
            <div className="line">
              <Name group={group} />
              <strong className="number">{count(group.customers)}</strong>
            </div>
            <span className="quiet">{words(group.inWords)}</span>
            <span className="quiet">
              {t('groups.column.entered')} {count(group.entered)} · {t('groups.column.left')} {count(group.left)} ·{' '}
              <Of group={group} />
            </span>
          </div>
        </div>
      ))}
    </div>
  );
}

function GroupTable({ items }: { items: readonly Group[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const number = (key: 'customers' | 'entered' | 'left') => ({
    title: t(`groups.column.${key}`),
    key,
    align: 'right' as const,
    className: 'num',
    width: 110,
    render: (_: unknown, group: Group) => count(group[key]),
  });
  return (
    <Table<Group>
      size="small"
      rowKey={(group) => group.groupId}
      dataSource={[...items]}
      pagination={false}
      columns={[
        { title: t('groups.column.title'), key: 'title', width: 200, render: (_, group) => <Name group={group} /> },
        { title: t('groups.column.rule'), key: 'rule', render: (_, group) => words(group.inWords) },
        { title: t('groups.column.of'), key: 'of', width: 160, render: (_, group) => <Of group={group} /> },
        number('customers'),
        number('entered'),
        number('left'),
      ]}
    />
  );
}
