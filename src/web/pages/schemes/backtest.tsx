import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Answer, api, unwrap } from '../../api/client.ts';
import { count } from '../../ui/format.ts';
import { Section } from '../../ui/page.tsx';
import { Loaded } from '../../ui/states.tsx';

/** What other numbers of grace months would have done on the days that are there. */
export function Backtest({ schemeId, graceMonths }: { schemeId: string; graceMonths: number }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['backtest', schemeId],
    queryFn: async () => unwrap(await api.GET('/api/schemes/{id}/backtest', { params: { path: { id: schemeId } } })),
    staleTime: 300_000,
  });
  return (
    <Section title={t('schemes.backtest')}>
      <Loaded query={query}>{(data) => <Months data={data} graceMonths={graceMonths} />}</Loaded>
    </Section>
  );
}

function Months({ data, graceMonths }: { data: Answer<'backtestScheme'>; graceMonths: number }) {
  const { t } = useTranslation();
  const all = data.months.find((month) => month.graceMonths === 0)?.demotions ?? 0;
  const own = data.months.find((month) => month.graceMonths === graceMonths);
  return (
    <>
      {own !== undefined && (
        <p className="backtest-answer">
          {t('schemes.backtestAnswer', {
            n: graceMonths,
            all: count(all),
            spared: count(own.spared),
            delayed: count(own.delayed),
            pending: count(own.pending),
          })}{' '}
          <span className="quiet small">
            {t('schemes.backtestDays', { from: data.from, to: data.to, n: count(data.customers) })}
            {data.every > 1 && t('schemes.backtestSample', { every: data.every })}
          </span>
        </p>
      )}
      <table className="backtest">
        <thead>
          <tr>
            <th scope="col">{t('schemes.months')}</th>
            <th scope="col" aria-label={t('schemes.demotions')} />
            <th scope="col" className="number">
              <span className="swatch part-spared" /> {t('schemes.spared')}
            </th>
            <th scope="col" className="number">
              <span className="swatch part-delayed" /> {t('schemes.delayed')}
            </th>
            <th scope="col" className="number">
              <span className="swatch part-pending" /> {t('schemes.pending')}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.months
            .filter((month) => month.graceMonths > 0)
            .map((month) => (
              <tr key={month.graceMonths} className={month.graceMonths === graceMonths ? 'own' : ''}>
                <td>{t('schemes.monthsOf', { n: month.graceMonths })}</td>
                <td className="backtest-bar">
                  <Parts month={month} all={all} />
                </td>
                <td className="number">{count(month.spared)}</td>
                <td className="number">{count(month.delayed)}</td>
                <td className="number">{count(month.pending)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

function Parts({ month, all }: { month: Answer<'backtestScheme'>['months'][number]; all: number }) {
  const share = (part: number) => (all === 0 ? 0 : (100 * part) / all);
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect className="part-spared" width={share(month.spared)} height="10" />
      <rect className="part-delayed" x={share(month.spared)} width={share(month.delayed)} height="10" />
      <rect className="part-pending" x={share(month.spared + month.delayed)} width={share(month.pending)} height="10" />
    </svg>
  );
}
