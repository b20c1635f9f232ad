import { Link } from '@tanstack/react-router';
import { DatePicker, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone, useSession, useWords } from '../../ui/hooks.ts';
import { Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { Customer } from './answer.ts';

type Turn = Customer['history'][number];

/** Who covered the customer, newest first, and what brought it; of one day, who did then. */
export function History({ history }: { history: Customer['history'] }) {
  const { t } = useTranslation();
  const [on, setOn] = useState<string>();
  const covers = ({ from, to }: Turn) => on === undefined || (from <= on && (to === null || to > on));
  const turns = history.filter(covers);
  return (
    <Section
      title={t('customers.history')}
      extra={
        history.length > 0 && (
          <DatePicker
            size="small"
            aria-label={t('customers.historyOn')}
            placeholder={t('customers.historyOn')}
            onChange={(day) => setOn(day?.format('YYYY-MM-DD'))}
          />
        )
      }
    >
      {turns.length === 0 ? (
        <Nothing>{on === undefined ? t('customers.historyNone') : t('customers.historyNoneOn', { on })}</Nothing>
      ) : (
        <Turns turns={turns} />
      )}
    </Section>
  );
}

/** The reason, with the words of the transfer or handover; who may look at runs is led to what brought it. */
function Why({ turn: { reasonText, by } }: { turn: Turn }) {
  const words = useWords();
  const permissions = useSession().data?.permissions ?? [];
  const text = [words(reasonText), by.words ?? ''].filter(Boolean).join(' · ');
  if (by.id === null || !permissions.includes('runs.read')) return <>{text}</>;
  if (by.kind === 'transfer')
    return (
      <Link to="/transfers" search={{ id: by.id }}>
        {text}
      </Link>
    );
  if (by.kind === 'handover')
    return (
      <Link to="/handovers/$id" params={{ id: by.id }}>
        {text}
      </Link>
    );
  if (by.kind === 'run')
    return (
      <Link to="/runs/$id" params={{ id: by.id }}>
        {text}
      </Link>
    );
  return <>{text}</>;
}

const keyOf = (turn: Turn) => `${turn.seat}${turn.from}${turn.staff.staffId}`;

function Turns({ turns }: { turns: Turn[] }) {
  const { t } = useTranslation();
  const words = useWords();
  const phone = usePhone();
  const who = (turn: Turn) => (
    <Link to="/portfolios/$staffId" params={{ staffId: turn.staff.staffId }}>
      <Person person={turn.staff} />
    </Link>
  );
  if (phone)
    return (
      <ul className="plain-list">
        {turns.map((turn) => (
          <li key={keyOf(turn)}>
            {who(turn)}
            <div className="quiet">
              {t(`seat.${turn.seat}`)} · {turn.from} – {turn.to ?? t('customers.now')}
            </div>
            <div className="quiet">
              <Why turn={turn} />
            </div>
          </li>
        ))}
      </ul>
    );
  return (
    <Table<Turn>
      size="small"
      pagination={false}
      rowKey={keyOf}
      dataSource={turns}
      columns={[
        { title: t('customers.from'), dataIndex: 'from', width: 120 },
        { title: t('customers.to'), key: 'to', width: 120, render: (_, turn) => turn.to ?? t('customers.now') },
        { title: t('customers.seat'), key: 'seat', width: 110, render: (_, turn) => t(`seat.${turn.seat}`) },
        { title: t('portfolios.column.person'), key: 'staff', render: (_, turn) => who(turn) },
        { title: t('customers.column.band'), key: 'band', render: (_, turn) => words(turn.bandTitle) },
        { title: t('customers.reason'), key: 'reason', render: (_, turn) => <Why turn={turn} /> },
      ]}
    />
  );
}
