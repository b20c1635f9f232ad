import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { count, percent } from '../../ui/format.ts';
import { useWords } from '../../ui/hooks.ts';
import type { BandSum } from './run-data.ts';

/** A strip for each band: those due, those covered, those who wait, drawn to scale against the places there are. */
export function BandStrip({ bands, applied }: { bands: readonly BandSum[]; applied: boolean }) {
  const { t } = useTranslation();
  const words = useWords();
  const { id = '' } = useParams({ strict: false });
  const { unit, band: chosen } = useSearch({ strict: false });
  const rows = (band: BandSum, tab: string) => (
    <Link to="/runs/$id" params={{ id }} search={{ unit, band: String(band.band), tab }} hash="rows">
      {count(tab === 'uncovered' ? band.uncovered : band.staffNeeded)}
    </Link>
  );
  return (
    <table className="strip">
      <thead>
        <tr>
          <th scope="col">{t('runs.band.title')}</th>
          <th scope="col" className="number">
            {t('runs.band.due')}
          </th>
          <th scope="col" className="number">
            {t(applied ? 'runs.column.covered' : 'runs.band.can')}
          </th>
          <th scope="col" className="strip-bar">
            {t('runs.band.bar')}
          </th>
          <th scope="col" className="number">
            {t('runs.band.waiting')}
          </th>
          <th scope="col" className="number">
            {t('runs.band.needed')}
          </th>
        </tr>
      </thead>
      <tbody>
        {bands.map((band) => (
          <tr key={band.band} className={String(band.band) === chosen ? 'chosen' : ''}>
            <td>
              <Link to="/runs/$id" params={{ id }} search={{ unit, band: String(band.band) }}>
                {words(band.title)}
              </Link>
            </td>
            <td className="number">{count(band.customers)}</td>
            <td className="number">
              {count(band.covered)} <span className="quiet small strip-rate">{percent(band.covered, band.customers)}</span>
            </td>
            <td className="strip-bar">
              <Places band={band} />
            </td>
            <td className="number">{band.uncovered === 0 ? '0' : rows(band, 'uncovered')}</td>
            <td className="number">{band.staffNeeded === 0 ? '0' : rows(band, 'gaps')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Covered solid, waiting hatched; the outline is the room there is, up to the limits of all people. */
function Places({ band }: { band: BandSum }) {
  const { t } = useTranslation();
  const whole = Math.max(band.customers, band.capacity ?? 0, 1);
  const share = (part: number) => (100 * part) / whole;
  const words = band.capacity === null ? t('runs.unlimited') : t('runs.capacity', { n: count(band.capacity) });
  return (
    <div className="places">
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" role="img" aria-label={words}>
        <title>{words}</title>
        {band.capacity !== null && <rect className="places-room" width={share(band.capacity)} height="12" />}
        <rect className="places-covered" width={share(band.covered)} height="12" />
        <rect className="places-waiting" x={share(band.covered)} width={share(band.uncovered)} height="12" />
      </svg>
      <span className="quiet small">{words}</span>
    </div>
  );
}
