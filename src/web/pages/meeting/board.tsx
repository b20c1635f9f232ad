import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count, shortMoney } from '../../ui/format.ts';
import { useLanguage } from '../../ui/hooks.ts';
import { Loaded } from '../../ui/states.tsx';
import './meeting.css';

type Board = Answer<'getBoard'>;
const SLIDE_MS = 12_000;
const RENEW_MS = 60_000;
const ROWS = 8;

/** 看板: for the television in the outlet. No customer is on it; slides change by themselves, or by the arrow keys. */
export function BoardPage() {
  const { kind, unit } = useSearch({ strict: false });
  const query = { kind: kind === 'day' ? ('day' as const) : ('week' as const), ...(unit === undefined ? {} : { unit }) };
  const board = useQuery({
    queryKey: ['board', query.kind, unit],
    queryFn: async () => unwrap(await api.GET('/api/board', { params: { query } })),
    refetchInterval: RENEW_MS,
  });
  return (
    <main className="board" id="main">
      <Loaded query={board}>{(data) => <Slides board={data} />}</Loaded>
    </main>
  );
}

function Slides({ board }: { board: Board }) {
  const { t } = useTranslation();
  const pages = Math.ceil(board.people.length / ROWS);
  const slides = 1 + pages;
  const [at, setAt] = useState(0);
  useEffect(() => {
    const next = setInterval(() => setAt((now) => (now + 1) % slides), SLIDE_MS);
    const press = (event: KeyboardEvent) => {
      if (event.key === 'ArrowRight') setAt((now) => (now + 1) % slides);
      if (event.key === 'ArrowLeft') setAt((now) => (now + slides - 1) % slides);
    };
    window.addEventListener('keydown', press);
    return () => {
      clearInterval(next);
      window.removeEventListener('keydown', press);
    };
  }, [slides]);
  const page = Math.min(at, slides - 1);
  return (
    <>
      <header>
        <h1>{board.unitName}</h1>
        <span>{board.day === null ? t('meeting.noDay') : t('meeting.range', { from: board.from, day: board.day })}</span>
      </header>
      {page === 0 ? (
        <Sums board={board} />
      ) : (
        <Ranks people={board.people.slice((page - 1) * ROWS, page * ROWS)} first={(page - 1) * ROWS} />
      )}
      <footer aria-hidden="true">{t('meeting.slide', { at: page + 1, of: slides })}</footer>
    </>
  );
}

function Sums({ board }: { board: Board }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { assetsFen, assetsBeforeFen, customers, covered, opened, rose, fell, soldFen } = board;
  const rows = [
    ['assets', shortMoney(assetsFen, language)],
    ['grown', assetsBeforeFen === null ? '—' : shortMoney(assetsFen - assetsBeforeFen, language)],
    ['customers', count(customers)],
    ['covered', count(covered)],
    ['opened', count(opened)],
    ['rose', count(rose)],
    ['fell', count(fell)],
    ['sold', shortMoney(soldFen, language)],
    ['talked', count(board.people.reduce((sum, one) => sum + one.talked, 0))],
  ] as const;
  return (
    <dl className="board-sums">
      {rows.map(([key, value]) => (
        <div key={key}>
          <dt>{t(`meeting.figure.${key}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Ranks({ people, first }: { people: Board['people']; first: number }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <table className="board-ranks">
      <thead>
        <tr>
          <th scope="col">{t('meeting.column.rank')}</th>
          <th scope="col">{t('meeting.column.who')}</th>
          <th scope="col">{t('meeting.column.talked')}</th>
          <th scope="col">{t('meeting.column.met')}</th>
          <th scope="col">{t('meeting.column.sold')}</th>
        </tr>
      </thead>
      <tbody>
        {people.map(({ staff, talked, met, soldFen }, n) => (
          <tr key={staff.staffId}>
            <td>{first + n + 1}</td>
            <td>{staff.name}</td>
            <td>{count(talked)}</td>
            <td>{count(met)}</td>
            <td>{shortMoney(soldFen, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
