import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Breadcrumb, DatePicker } from 'antd';
import dayjs from 'dayjs';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, shortMoney } from '../../ui/format.ts';
import { useKeyset, useLanguage, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Person } from '../../ui/person.tsx';
import { Loaded } from '../../ui/states.tsx';
import { CustomerList } from '../customers/customer-list.tsx';
import { ExportButton } from '../exports/export-button.tsx';
import { PortfolioOn } from './as-of.tsx';
import { Load, type PortfolioRow } from './portfolios.tsx';
import './portfolios.css';

/** One person's portfolio: load against limits by seat, and every customer in it. */
export function PortfolioPage() {
  const { staffId = '' } = useParams({ strict: false });
  const portfolio = useQuery({
    queryKey: ['portfolio', staffId],
    queryFn: async () => unwrap(await api.GET('/api/portfolios/{staffId}', { params: { path: { staffId } } })),
  });
  return <Loaded query={portfolio}>{(data) => <PortfolioOf portfolio={data} />}</Loaded>;
}

function PortfolioOf({ portfolio }: { portfolio: PortfolioRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { staffId } = portfolio;
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const on = search.on !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(search.on) ? search.on : undefined;
  const choose = (day: string | undefined) =>
    void navigate({ to: '/portfolios/$staffId', params: { staffId }, search: day === undefined ? {} : { on: day } });
  const list = useKeyset(['customers', { staff: staffId }], async (after) =>
    unwrap(
      await api.GET('/api/customers', {
        params: { query: { staff: staffId, limit: 200, ...(after === undefined ? {} : { after }) } },
      }),
    ),
  );
  const values = {
    name: portfolio.name,
    n: count(portfolio.customers),
    assets: shortMoney(portfolio.assetsFen, language),
  };
  const answer =
    portfolio.cap === null
      ? t('portfolios.person', values)
      : t('portfolios.personLimit', { ...values, cap: count(portfolio.cap) });
  return (
    <Page answer={answer} action={<ExportButton of={{ kind: 'portfolio', subject: staffId }} />}>
      <Breadcrumb
        className="chips"
        items={[{ title: <Link to="/portfolios">{t('portfolios.back')}</Link> }, { title: <Person person={portfolio} /> }]}
      />
      <DatePicker
        className="as-of"
        aria-label={t('portfolios.asOf')}
        placeholder={t('portfolios.asOf')}
        value={on === undefined ? null : dayjs(on)}
        onChange={(day) => choose(day?.format('YYYY-MM-DD'))}
      />
      {portfolio.seats.length > 0 && (
        <Section title={t('portfolios.seats')}>
          <Seats seats={portfolio.seats} />
        </Section>
      )}
      {on === undefined ? (
        <CustomerList list={list} empty={t('portfolios.emptyPerson')} height={Math.max(360, window.innerHeight - 330)} />
      ) : (
        <PortfolioOn staffId={staffId} day={on} />
      )}
    </Page>
  );
}

function Seats({ seats }: { seats: PortfolioRow['seats'] }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <ul className="seats">
      {seats.map((seat) => (
        <li key={seat.portfolio}>
          <span>{words(seat.title)}</span>
          <span className="number">
            {seat.cap === null
              ? t('portfolios.unlimited', { n: count(seat.customers) })
              : t('portfolios.of', { n: count(seat.customers), cap: count(seat.cap) })}
          </span>
          <span className="seat-bar">{seat.cap !== null && <Load customers={seat.customers} cap={seat.cap} />}</span>
        </li>
      ))}
    </ul>
  );
}
