import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useSearch } from '@tanstack/react-router';
import { Breadcrumb } from 'antd';
import { Trans, useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { placesFor } from '../../frame/menu.ts';
import { count, percent, shortMoney } from '../../ui/format.ts';
import { useLanguage, useSession, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded, Nothing } from '../../ui/states.tsx';
import type { OverviewAnswer } from './answer.ts';
import { BandTable, Pyramid, UnitTable } from './tables.tsx';

/** The first page, for whoever sees customers; for others it is the first that they may use. */
export function Overview() {
  const session = useSession().data;
  if (session?.permissions.includes('overview.read')) return <Overlooked />;
  return <Navigate to={(session && placesFor(session)[0]?.to) ?? '/account'} replace />;
}

function Overlooked() {
  const { unit } = useSearch({ strict: false });
  const overview = useQuery({
    queryKey: ['overview', unit],
    queryFn: async () => unwrap(await api.GET('/api/overview', { params: { query: unit === undefined ? {} : { unit } } })),
  });
  return <Loaded query={overview}>{(data) => <OverviewOf data={data} />}</Loaded>;
}

function OverviewOf({ data }: { data: OverviewAnswer }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const mine = useSession().data?.sees === 'portfolio';
  return (
    <Page answer={<Headline data={data} mine={mine} />}>
      {data.path.length > 1 && (
        <Breadcrumb
          className="chips"
          items={data.path.map((unit) => ({
            title: (
              <Link to="/" search={{ unit: unit.id }}>
                {unit.name}
              </Link>
            ),
          }))}
        />
      )}
      {!mine && data.scheme !== null && (
        <p className="quiet lead">
          {t('overview.assets', {
            due: shortMoney(data.due.assetsFen, language),
            covered: shortMoney(data.covered.assetsFen, language),
            rate: percent(data.covered.assetsFen, data.due.assetsFen),
          })}
        </p>
      )}
      {!mine && <Decisions data={data} />}
      <div className="grid-2">
        <Section title={t('overview.pyramid')}>
          <Pyramid data={data} />
        </Section>
        <Section title={t('overview.bands')} extra={<SchemeName data={data} />}>
          <BandTable data={data} mine={mine} />
        </Section>
      </div>
      {data.children.length > 0 && (
        <Section title={t('overview.units')}>
          <UnitTable data={data} />
        </Section>
      )}
    </Page>
  );
}

function SchemeName({ data }: { data: OverviewAnswer }) {
  const words = useWords();
  const canRead = useSession().data?.permissions.includes('schemes.read') ?? false;
  if (data.scheme === null) return null;
  return canRead ? (
    <Link to="/schemes/$id" params={{ id: data.scheme.schemeId }}>
      {words(data.scheme.title)}
    </Link>
  ) : (
    <span className="quiet">{words(data.scheme.title)}</span>
  );
}

/** The page's answer in one sentence; every number opens its rows. */
function Headline({ data, mine }: { data: OverviewAnswer; mine: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (data.businessDate === null) return <>{t('overview.noDay')}</>;
  if (mine) {
    const values = { covered: count(data.all.customers), assets: shortMoney(data.all.assetsFen, language) };
    return <Trans i18nKey="overview.mine" values={values} components={{ covered: <Link to="/customers" />, assets: <span /> }} />;
  }
  if (data.scheme === null) return <>{t('overview.noScheme')}</>;
  const rest = data.due.customers - data.covered.customers;
  const needed = data.bands.reduce((sum, band) => sum + band.staffNeeded, 0);
  const unit = data.unit.id;
  return (
    <>
      <Trans
        i18nKey="overview.answer"
        values={{
          due: count(data.due.customers),
          covered: count(data.covered.customers),
          rate: percent(data.covered.customers, data.due.customers),
        }}
        components={{
          due: <Link to="/customers" search={{ unit }} />,
          covered: <Link to="/customers" search={{ unit, covered: 'yes' }} />,
        }}
      />
      {rest === 0 ? (
        t('overview.all')
      ) : (
        <>
          <Trans
            i18nKey="overview.waiting"
            values={{ rest: count(rest) }}
            components={{ rest: <Link to="/customers" search={{ unit, covered: 'no', due: 'yes' }} /> }}
          />
          {needed === 0 ? (
            t('overview.enough')
          ) : (
            <Trans i18nKey="overview.needed" values={{ needed: count(needed) }} components={{ needed: <Link to="/runs" /> }} />
          )}
        </>
      )}
    </>
  );
}

function Decisions({ data }: { data: OverviewAnswer }) {
  const { t } = useTranslation();
  const words = useWords();
  return (
    <Section title={t('overview.decide')}>
      {data.decisions.length === 0 ? (
        <Nothing>{t('overview.nothingToDecide')}</Nothing>
      ) : (
        <ul className="plain-list">
          {data.decisions.map((decision) => (
            <li key={decision.kind}>
              <Link to={decision.to}>{words(decision.text)}</Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
