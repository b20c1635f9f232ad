import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Radio } from 'antd';
import dayjs from 'dayjs';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { count, dayText } from '../../ui/format.ts';
import { useLanguage, usePhone, useSession } from '../../ui/hooks.ts';
import { isTyping } from '../../ui/keys.ts';
import { Page } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';
import { type Appointment, today as bankToday, dayOf, loadDays } from './answers.ts';
import './calendar.css';
import { AppointmentLine } from './line.tsx';
import { VisitsPage } from './visits.tsx';

type View = 'week' | 'day' | 'visits';
const VIEWS: readonly View[] = ['week', 'day', 'visits'];
const SHORT = 'YYYY-MM-DD';

/** The days of a view, Monday first. */
function daysOf(view: View, on: string): string[] {
  if (view !== 'week') return [on];
  const monday = dayjs(on).subtract((dayjs(on).day() + 6) % 7, 'day');
  return Array.from({ length: 7 }, (_, n) => monday.add(n, 'day').format(SHORT));
}

/** 日程: the week, the day or its visits; ← → go back and forth, t comes back to today. */
export function Calendar() {
  const phone = usePhone();
  const navigate = useNavigate();
  const { view: asked, on: askedDay } = useSearch({ strict: false });
  const mayVisit = useSession().data?.permissions.includes('contacts.record') ?? false;
  const views = VIEWS.filter((one) => one !== 'visits' || mayVisit);
  const view: View = views.find((one) => one === asked) ?? (phone ? 'day' : 'week');
  const today = bankToday();
  const on = askedDay !== undefined && dayjs(askedDay, SHORT).isValid() ? askedDay : today;
  const go = (search: { view?: View; on?: string }) => void navigate({ to: '/calendar', search: { view, on, ...search } });
  const move = (by: number) =>
    go({
      on: dayjs(on)
        .add(by, view === 'week' ? 'week' : 'day')
        .format(SHORT),
    });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.key === 'ArrowLeft') move(-1);
      if (event.key === 'ArrowRight') move(1);
      if (event.key === 't') go({ on: today });
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
  const days = daysOf(view, on);
  const [from = on, to = from] = [days[0], days.at(-1)];
  const list = useQuery({
    queryKey: ['appointments', from, to],
    queryFn: () => loadDays(from, to),
    enabled: view !== 'visits',
  });
  const buttons = <Move view={view} views={views} go={go} move={move} today={today} />;
  if (view === 'visits') return <VisitsPage on={on} action={buttons} />;
  return (
    <Page answer={<Headline items={list.data ?? []} from={from} to={to} />} action={buttons}>
      <Loaded query={list}>
        {(items) => (
          <div className={view === 'week' ? 'calendar calendar-week' : 'calendar'}>
            {days.map((day) => (
              <Day key={day} day={day} today={today} items={items.filter(({ startsAt }) => dayOf(startsAt) === day)} />
            ))}
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Headline({ items, from, to }: { items: readonly Appointment[]; from: string; to: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const n = count(items.filter(({ state }) => state === 'planned').length);
  return from === to
    ? t('calendar.answerDay', { day: dayText(from, language), n })
    : t('calendar.answerWeek', { from: dayText(from, language), to: dayText(to, language), n });
}

function Move({
  view,
  views,
  go,
  move,
  today,
}: {
  view: View;
  views: readonly View[];
  go: (search: { view?: View; on?: string }) => void;
  move: (by: number) => void;
  today: string;
}) {
  const { t } = useTranslation();
  return (
    <>
      <Button icon={<LeftOutlined />} aria-label={t('calendar.before')} onClick={() => move(-1)} />
      <Button onClick={() => go({ on: today })}>{t('calendar.today')}</Button>
      <Button icon={<RightOutlined />} aria-label={t('calendar.after')} onClick={() => move(1)} />
      <Radio.Group
        optionType="button"
        value={view}
        options={views.map((value) => ({ value, label: t(`calendar.view.${value}`) }))}
        onChange={(event) => go({ view: views.find((one) => one === event.target.value) ?? 'week' })}
      />
      <Link to="/account" title={t('calendar.subscribeHint')}>
        {t('calendar.subscribe')}
      </Link>
    </>
  );
}

function Day({ day, today, items }: { day: string; today: string; items: readonly Appointment[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <section className={day === today ? 'calendar-day calendar-today' : 'calendar-day'}>
      <h2>{dayText(day, language)}</h2>
      {items.length === 0 && <p className="quiet small">{t('calendar.free')}</p>}
      <ul className="plain-list">
        {items.map((one) => (
          <AppointmentLine key={one.appointmentId} appointment={one} named />
        ))}
      </ul>
    </section>
  );
}

/** 今天的预约, above the queue; nothing when there is none. */
export function TodaysAppointments() {
  const { t } = useTranslation();
  const today = bankToday();
  const list = useQuery({ queryKey: ['appointments', today, today], queryFn: () => loadDays(today, today) });
  if (!list.data || list.data.length === 0) return null;
  return (
    <section className="section">
      <h2>{t('calendar.todays')}</h2>
      <ul className="plain-list">
        {list.data.map((one) => (
          <AppointmentLine key={one.appointmentId} appointment={one} named />
        ))}
      </ul>
    </section>
  );
}
