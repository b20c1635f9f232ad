import { useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { shortMoney } from '../../ui/format.ts';
import { useKeyset, useLanguage, usePhone, useWords } from '../../ui/hooks.ts';
import { isTyping } from '../../ui/keys.ts';
import { Failed, Nothing } from '../../ui/states.tsx';
import { BUCKETS, type DeskRow } from './answers.ts';
import { DueMark } from './marks.tsx';
import { WorkPane } from './pane.tsx';
import { useTheme } from './themes.tsx';

/** The queue with the customer beside it: `j`/`k` move, `c` records a contact, and the queue goes on to the next one. */
export function Queue({ day, team = false }: { day: string; team?: boolean }) {
  const { t } = useTranslation();
  const phone = usePhone();
  const navigate = useNavigate();
  const { bucket, rule, staff } = useSearch({ strict: false });
  const theme = useTheme();
  const wanted = BUCKETS.find((one) => one === bucket);
  const list = useKeyset<DeskRow>(['follow-ups', wanted, rule, theme, staff, team], async (after) =>
    unwrap(
      await api.GET('/api/follow-ups', {
        params: {
          query: {
            ...(wanted === undefined ? {} : { bucket: wanted }),
            ...(rule === undefined ? {} : { rule }),
            ...(theme === undefined ? {} : { theme }),
            ...(staff === undefined ? {} : { staff }),
            ...(team ? { team: 'yes' as const } : {}),
            ...(after === undefined ? {} : { after }),
          },
        },
      }),
    ),
  );
  const [at, setAt] = useState(0);
  const { rows } = list;
  const here = Math.min(at, rows.length - 1);
  useMoveKeys(here, rows.length, setAt);
  if (list.error && rows.length === 0) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (list.isPending) return <Skeleton active paragraph={{ rows: 8 }} />;
  if (rows.length === 0) return <Nothing>{t(wanted === undefined ? 'workbench.empty' : 'workbench.emptyBucket')}</Nothing>;
  const chosen = rows[here];
  return (
    <div className="desk">
      <ol className="queue">
        {rows.map((row, index) => (
          <li key={row.customerId}>
            <button
              type="button"
              className={!phone && index === here ? 'queue-row queue-at' : 'queue-row'}
              aria-current={!phone && index === here}
              onClick={() => (phone ? void navigate({ to: '/customers/$id', params: { id: row.customerId } }) : setAt(index))}
            >
              <QueueRow row={row} day={day} team={team} />
            </button>
          </li>
        ))}
        {list.hasNextPage && (
          <li className="load-more">
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('state.loadMore')}
            </Button>
          </li>
        )}
      </ol>
      {!phone && chosen !== undefined && <WorkPane key={chosen.customerId} customerId={chosen.customerId} name={chosen.name} />}
    </div>
  );
}

function useMoveKeys(at: number, length: number, setAt: (at: number) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.key === 'j') setAt(Math.min(length - 1, at + 1));
      if (event.key === 'k') setAt(Math.max(0, at - 1));
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [at, length, setAt]);
}

function QueueRow({ row, day, team }: { row: DeskRow; day: string; team: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const [first, ...rest] = row.followUps;
  return (
    <>
      <span className="line">
        <span>
          <strong>{row.name}</strong> <span className="quiet">{words(row.bandTitle) || words(row.tierTitle)}</span>
        </span>
        {first && <DueMark due={first.postponedTo ?? first.dueOn} bucket={row.bucket} day={day} />}
      </span>
      {first && (
        <span className="queue-why">
          {words(first.title)} · {words(first.why)}
          {rest.length > 0 && <span className="quiet"> · {t('workbench.more', { n: rest.length })}</span>}
        </span>
      )}
      <span className="quiet small line">
        <span>
          {team
            ? (row.lead?.name ?? '')
            : row.lastTalkOn === null
              ? t('workbench.neverTalked')
              : t('workbench.lastTalk', { on: row.lastTalkOn })}
          {row.triedToday && ` · ${t('workbench.triedToday')}`}
        </span>
        <span>{t('workbench.stake', { money: shortMoney(row.stakeFen, language) })}</span>
      </span>
    </>
  );
}
