import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '../../api/client.ts';
import { count, dayText } from '../../ui/format.ts';
import { useLanguage, useWords } from '../../ui/hooks.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { clockText, km, letter, type Visits } from './answers.ts';
import { MakeAppointment } from './make.tsx';
import { VisitMap } from './visit-map.tsx';
import './visits.css';

type Stop = Visits['stops'][number];
type Near = Visits['near'][number];

/** 外访: a day's visits on a map of the outlet's area, in the order of the hours, and whom one could see on the way. */
export function VisitsPage({ on, action }: { on: string; action: ReactNode }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const visits = useQuery({
    queryKey: ['appointments', 'visits', on],
    queryFn: async () => unwrap(await api.GET('/api/visits', { params: { query: { on } } })),
  });
  const day = dayText(on, language);
  const { stops = [], metres = 0 } = visits.data ?? {};
  return (
    <Page
      answer={
        stops.length === 0 ? t('visits.answerNone', { day }) : t('visits.answer', { day, n: count(stops.length), km: km(metres) })
      }
      action={action}
    >
      <Loaded query={visits}>
        {(data) => (
          <div className="visits">
            <VisitMap visits={data} />
            <div>
              {data.stops.length > 0 && <Stops visits={data} />}
              <Nearby on={on} visits={data} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Stops({ visits: { stops, metres, shorter } }: { visits: Visits }) {
  const { t } = useTranslation();
  const number = (id: string) => stops.findIndex(({ appointmentId }) => appointmentId === id) + 1;
  return (
    <Section title={t('visits.stops')}>
      <ol className="plain-list">
        {stops.map((stop, n) => (
          <StopLine key={stop.appointmentId} stop={stop} n={n + 1} />
        ))}
      </ol>
      <p>
        {shorter === null
          ? t('visits.shortest')
          : t('visits.shorter', {
              order: shorter.appointmentIds.map(number).join(' → '),
              km: km(shorter.metres),
              less: km(metres - shorter.metres),
            })}
      </p>
    </Section>
  );
}

function StopLine({ stop, n }: { stop: Stop; n: number }) {
  const { t } = useTranslation();
  const { customerId, name, startsAt, endsAt, place, at, metres, shortMinutes } = stop;
  return (
    <li className="visit">
      <span className="visit-mark visit-stop">{n}</span>
      <div>
        <div>
          <strong>
            {clockText(startsAt)}–{clockText(endsAt)}
          </strong>{' '}
          <Link to="/customers/$id" params={{ id: customerId }}>
            {name}
          </Link>
          {place !== '' && ` · ${place}`}
        </div>
        <div className="quiet small">
          {at === null
            ? t('visits.unplaced')
            : metres !== null && t(n === 1 ? 'visits.fromStart' : 'visits.fromBefore', { km: km(metres) })}
        </div>
        {shortMinutes > 0 && <div className="visit-short small">{t('visits.short', { n: shortMinutes })}</div>}
      </div>
    </li>
  );
}

function Nearby({ on, visits: { near, stops, start } }: { on: string; visits: Visits }) {
  const { t } = useTranslation();
  const [making, setMaking] = useState<Near>();
  const planned = stops.length > 0;
  if (near.length === 0)
    return (
      <p className="quiet">
        {t(start === null && !planned ? 'visits.noPlaces' : planned ? 'visits.nobodyNear' : 'visits.nobodyToSee')}
      </p>
    );
  return (
    <Section title={t(planned ? 'visits.near' : 'visits.round')}>
      <ol className="plain-list">
        {near.map((one, n) => (
          <NearLine key={one.customerId} near={one} n={n} planned={planned} make={() => setMaking(one)} />
        ))}
      </ol>
      <p className="quiet small">{t('visits.how')}</p>
      {making && (
        <MakeAppointment customerId={making.customerId} name={making.name} visitOn={on} close={() => setMaking(undefined)} />
      )}
    </Section>
  );
}

function NearLine({ near, n, planned, make }: { near: Near; n: number; planned: boolean; make: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const { customerId, name, tierTitle, reason, metres } = near;
  return (
    <li className="visit">
      <span className="visit-mark visit-near">{letter(n)}</span>
      <div className="visit-who">
        <div>
          <Link to="/customers/$id" params={{ id: customerId }}>
            {name}
          </Link>{' '}
          {words(tierTitle)} · {words(reason)}
        </div>
        <div className="quiet small">{t(planned ? 'visits.fromStop' : 'visits.fromStart', { km: km(metres) })}</div>
      </div>
      <Button onClick={make} aria-label={t('visits.makeFor', { name })}>
        {t('visits.make')}
      </Button>
    </li>
  );
}
