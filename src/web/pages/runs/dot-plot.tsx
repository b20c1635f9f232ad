import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { count, shortMoney } from '../../ui/format.ts';
import { useLanguage, useWords } from '../../ui/hooks.ts';
import { useRoleName } from '../../ui/person.tsx';
import { Nothing } from '../../ui/states.tsx';
import type { BandSum, Pool } from './run-data.ts';

const WIDTH = 1000;
const HEIGHT = 30;

interface Props {
  readonly bands: readonly BandSum[];
  readonly shown: number | undefined;
  readonly pools: readonly Pool[];
}

/** One row a pool, one dot a person: imbalance is seen before it is read. All rows of a band share one scale. */
export function DotPlot({ bands, shown, pools }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const { id = '' } = useParams({ strict: false });
  const { unit, tab } = useSearch({ strict: false });
  const most = Math.max(1, ...pools.flatMap((pool) => pool.staff.flatMap((person) => [person.before, person.after])));
  const limits = pools.flatMap((pool) => pool.staff.flatMap((person) => person.limitAtMost ?? person.limitInitial ?? []));
  // A limit far beyond everybody would squeeze the dots into one; it is then said in words.
  const near = limits.filter((limit) => limit <= 2.5 * most);
  const high = Math.max(most, ...near) * 1.05;
  return (
    <>
      <nav className="chips" aria-label={t('runs.spread')}>
        {bands.map((band) => (
          <Link
            key={band.band}
            to="/runs/$id"
            params={{ id }}
            search={{ unit, tab, band: String(band.band) }}
            className={band.band === shown ? 'chip chip-on' : 'chip'}
            aria-current={band.band === shown}
          >
            {words(band.title)}
          </Link>
        ))}
      </nav>
      {pools.length === 0 ? (
        <Nothing>{t('runs.spreadNone')}</Nothing>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        <section className="dots" aria-label={t('runs.spread')} tabIndex={0}>
          {pools.map((pool) => (
            <PoolRow key={pool.poolNo} pool={pool} high={high} />
          ))}
          <Scale high={high} />
        </section>
      )}
    </>
  );
}

function Scale({ high }: { high: number }) {
  const rough = 10 ** Math.floor(Math.log10(Math.max(high / 5, 1)));
  const step = [1, 2, 5, 10].map((factor) => factor * rough).find((size) => high / size <= 8) ?? 10 * rough;
  const ticks = Array.from({ length: Math.floor(high / step) + 1 }, (_, index) => index * step);
  return (
    <div className="dot-row dot-scale" aria-hidden="true">
      <span />
      <div className="dot-ticks">
        {ticks.map((tick) => (
          <span key={tick} style={{ left: `${(100 * tick) / high}%` }}>
            {count(tick)}
          </span>
        ))}
      </div>
      <span />
    </div>
  );
}

function PoolRow({ pool, high }: { pool: Pool; high: number }) {
  const { t } = useTranslation();
  const after = pool.staff.map((person) => person.after);
  const [min, max] = [Math.min(...after), Math.max(...after)];
  const { limitAtMost = null, limitInitial = null } = pool.staff[0] ?? {};
  const hard = limitAtMost ?? limitInitial;
  const roleName = useRoleName();
  const roles = [...new Set(pool.staff.map((person) => roleName(person.role)))].join('、');
  return (
    <div className="dot-row">
      <span className="dot-pool">
        {pool.unit.name} <span className="quiet small">{roles}</span>
      </span>
      {pool.staff.length === 0 ? (
        <span className="dot-none tag-risk small">{t('runs.noStaff')}</span>
      ) : (
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t('runs.poolLabel', { unit: pool.unit.name, people: pool.staff.length, min, max })}
        >
          <line className="dot-base" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
          {limitInitial !== null && limitAtMost !== null && limitInitial <= high && (
            <Limit at={limitInitial} high={high} kind="dot-initial" />
          )}
          {hard !== null && hard <= high && <Limit at={hard} high={high} kind="dot-limit" />}
          <Dots pool={pool} high={high} />
        </svg>
      )}
      <span className="number">
        {pool.staff.length > 0 &&
          (min === max ? t('runs.one', { n: count(min) }) : t('runs.range', { min: count(min), max: count(max) }))}
        <span className="quiet small">{hard !== null && hard > high ? ` ${t('runs.limitAt', { n: count(hard) })}` : ''}</span>
        {pool.uncovered > 0 && (
          <span className="tag-risk small">
            {' '}
            {t('runs.tab.uncovered')} {count(pool.uncovered)}
          </span>
        )}
      </span>
    </div>
  );
}

function Limit({ at, high, kind }: { at: number; high: number; kind: string }) {
  const { t } = useTranslation();
  const x = (WIDTH * at) / high;
  return (
    <line className={kind} x1={x} x2={x} y1="2" y2={HEIGHT - 2}>
      <title>{t('runs.limitAt', { n: count(at) })}</title>
    </line>
  );
}

/** Dots on one spot are stacked, so that ten people who are equal are ten dots; drawn as strokes, which keep round at any width. */
function Dots({ pool, high }: { pool: Pool; high: number }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const spots = new Map<string, number>();
  const lift = (kind: string, customers: number) => {
    const spot = `${kind} ${Math.round((80 * customers) / high)}`;
    const nth = spots.get(spot) ?? 0;
    spots.set(spot, nth + 1);
    return HEIGHT / 2 + (nth % 2 === 1 ? -1 : 1) * Math.min(10, Math.ceil(nth / 2) * 4);
  };
  return pool.staff.map((person) => {
    const [before, after] = [(WIDTH * person.before) / high, (WIDTH * person.after) / high];
    const [was, is] = [lift('before', person.before), lift('after', person.after)];
    return (
      <g key={person.staffId}>
        <title>
          {t('runs.dot', {
            person: person.name,
            before: count(person.before),
            after: count(person.after),
            assets: shortMoney(person.assetsAfterFen, language),
          })}
        </title>
        <path className="dot-before" d={`M${before} ${was}h.01`} />
        <path className="dot-hole" d={`M${before} ${was}h.01`} />
        <path className="dot-after" d={`M${after} ${is}h.01`} />
      </g>
    );
  });
}
