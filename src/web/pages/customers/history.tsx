import { Link } from '@tanstack/react-router';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePhone, useWords } from '../../ui/hooks.ts';
import { Person } from '../../ui/person.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { Customer } from './answer.ts';

type Turn = Customer['history'][number];

/** Who covered the customer, newest first, and why it came to be. */
export function History({ history }: { history: Customer['history'] }) {
  const { t } = useTranslation();
  const words = useWords();
  const phone = usePhone();
  if (history.length === 0) return <Nothing>{t('customers.historyNone')}</Nothing>;
  const who = (turn: Turn) => (
    <Link to="/portfolios/$staffId" params={{ staffId: turn.staff.staffId }}>
      <Person person={turn.staff} />
    </Link>
  );
  if (phone)
    return (
      <ul className="plain-list">
        {history.map((turn) => (
          <li key={`${turn.seat}${turn.from}${turn.staff.staffId}`}>
            {who(turn)}
            <div className="quiet">
              {t(`seat.${turn.seat}`)} · {turn.from} – {turn.to ?? t('customers.now')}
            </div>
            <div className="quiet">{words(turn.reasonText)}</div>
          </li>
        ))}
      </ul>
    );
  return (
    <Table<Turn>
      size="small"
      pagination={false}
      rowKey={(turn) => `${turn.seat}${turn.from}${turn.staff.staffId}`}
      dataSource={history}
      columns={[
        { title: t('customers.from'), dataIndex: 'from', width: 120 },
        { title: t('customers.to'), key: 'to', width: 120, render: (_, turn) => turn.to ?? t('customers.now') },
        { title: t('customers.seat'), key: 'seat', width: 110, render: (_, turn) => t(`seat.${turn.seat}`) },
        { title: t('portfolios.column.person'), key: 'staff', render: (_, turn) => who(turn) },
        { title: t('customers.column.band'), key: 'band', render: (_, turn) => words(turn.bandTitle) },
        { title: t('customers.reason'), key: 'reason', render: (_, turn) => words(turn.reasonText) },
      ]}
    />
  );
}
