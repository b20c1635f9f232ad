import { useTranslation } from 'react-i18next';
import { km, letter, type Visits } from './answers.ts';

type Spot = NonNullable<Visits['stops'][number]['at']>;

/** The square that is drawn: its middle and its side in metres, north above. */
interface Frame {
  readonly east: number;
  readonly north: number;
  readonly side: number;
}
const LEAST_SIDE = 1000;
const MARGIN = 1.3;

function frameOf(spots: readonly Spot[]): Frame {
  const easts = spots.map(({ east }) => east);
  const norths = spots.map(({ north }) => north);
  const [left, right, low, high] = [Math.min(...easts), Math.max(...easts), Math.min(...norths), Math.max(...norths)];
  return {
    east: (left + right) / 2,
    north: (low + high) / 2,
    side: Math.max(LEAST_SIDE, (right - left) * MARGIN, (high - low) * MARGIN),
  };
}

/** Hundredths of the drawn square from its left and from its top. */
const put = (frame: Frame, { east, north }: Spot) => ({
  x: 50 + (100 * (east - frame.east)) / frame.side,
  y: 50 - (100 * (north - frame.north)) / frame.side,
});

const START: Spot = { east: 0, north: 0 };
const LANDMARKS = 5;

/** Where one goes, drawn to scale without a street map: nothing about customers leaves the bank for one. The list beside it says the same. */
export function VisitMap({ visits: { start, stops, near, landmarks } }: { visits: Visits }) {
  const { t } = useTranslation();
  const placed = stops.flatMap(({ at }, n) => (at === null ? [] : [{ at, mark: String(n + 1), name: stops[n]?.name ?? '' }]));
  const way = [...(start === null ? [] : [START]), ...placed.map(({ at }) => at)];
  const shown = [...way, ...near.map(({ at }) => at)];
  if (shown.length === 0) return <p className="quiet">{t('visits.noPlaces')}</p>;
  const frame = frameOf(shown);
  const round = placed.length > 0 ? way : [START, ...near.map(({ at }) => at)];
  const line = [...round, ...round.slice(0, 1)].map((spot) => put(frame, spot)).map(({ x, y }) => `${x},${y}`);
  const others = landmarks.filter(({ at }) => inside(put(frame, at))).slice(0, LANDMARKS);
  return (
    <figure className="visit-map" aria-label={t('visits.map')}>
      <div className="visit-ground" aria-hidden>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="presentation">
          <polyline className={placed.length > 0 ? 'visit-way' : 'visit-way visit-maybe'} points={line.join(' ')} />
        </svg>
        {others.map(({ name, at }) => (
          <Mark key={name} at={put(frame, at)} kind="landmark" mark="" name={name} />
        ))}
        {start !== null && <Mark at={put(frame, START)} kind="start" mark={t('visits.startMark')} name={start.name} />}
        {placed.map(({ at, mark, name }) => (
          <Mark key={mark} at={put(frame, at)} kind="stop" mark={mark} name={name} />
        ))}
        {near.map(({ customerId, at }, n) => (
          <Mark key={customerId} at={put(frame, at)} kind="near" mark={letter(n)} name="" />
        ))}
        <Scale side={frame.side} />
      </div>
      <figcaption className="quiet small">{t('visits.mapHint')}</figcaption>
    </figure>
  );
}

const inside = ({ x, y }: { x: number; y: number }): boolean => x > 4 && x < 96 && y > 4 && y < 96;

function Mark({ at, kind, mark, name }: { at: { x: number; y: number }; kind: string; mark: string; name: string }) {
  return (
    <span className={at.x > 60 ? 'visit-spot visit-left' : 'visit-spot'} style={{ left: `${at.x}%`, top: `${at.y}%` }}>
      <span className={`visit-mark visit-${kind}`}>{mark}</span>
      {name !== '' && <span className="visit-name small">{name}</span>}
    </span>
  );
}

const ROUND_METRES = [100, 200, 500, 1000, 2000, 5000, 10_000];

/** A stroke of a round length, at most a third of the side. */
function Scale({ side }: { side: number }) {
  const { t } = useTranslation();
  const metres = ROUND_METRES.filter((one) => one <= side / 3).at(-1) ?? 100;
  return (
    <span className="visit-scale small" style={{ width: `${(100 * metres) / side}%` }}>
      {t('visits.km', { km: metres < 1000 ? km(metres) : String(metres / 1000) })}
    </span>
  );
}
