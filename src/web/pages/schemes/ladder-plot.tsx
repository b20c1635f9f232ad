import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count, limitMoney } from '../../ui/format.ts';
import { useLanguage, useWords } from '../../ui/hooks.ts';
import { barsOf, crowdIn, type Histogram, type LadderBand, roundBorder, upperOf } from './ladder.ts';

const HEIGHT = 520;
const MARGIN = { top: 12, bottom: 12, left: 56, right: 96 };
const LOWEST = 100_000;

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(560);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(Math.max(280, element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

interface Props {
  readonly bins: Histogram['bins'];
  readonly bands: readonly LadderBand[];
  readonly move: (index: number, fen: number) => void;
}

/** Bands to scale: upwards the logarithm of yuan, sideways the customers, borders to be dragged. */
export function LadderPlot({ bins, bands, move }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const { box, width } = useWidth();
  const bars = useMemo(() => barsOf(bins, LOWEST), [bins]);
  const highest = Math.max(bars.at(-1)?.toFen ?? LOWEST, (bands.at(-1)?.fromFen ?? LOWEST) * 2);
  const scale = (HEIGHT - MARGIN.top - MARGIN.bottom) / Math.log(highest / LOWEST);
  const yOf = (fen: number) => HEIGHT - MARGIN.bottom - Math.log(Math.max(fen, LOWEST) / LOWEST) * scale;
  const fenAt = (y: number) => LOWEST * Math.exp((HEIGHT - MARGIN.bottom - y) / scale);
  const most = Math.max(1, ...bars.map((bar) => bar.customers));
  const room = width - MARGIN.left - MARGIN.right;
  const bandAt = (fen: number) => bands.findLastIndex((band) => band.fromFen <= fen);
  const decades = Array.from({ length: 8 }, (_, index) => 10 ** (5 + index)).filter((fen) => fen <= highest);
  return (
    <div ref={box} className="ladder">
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`}>
        <title>{t('schemes.ladder')}</title>
        {decades.map((fen) => (
          <g key={fen}>
            <line className="ladder-grid" x1={MARGIN.left} x2={width - MARGIN.right} y1={yOf(fen)} y2={yOf(fen)} />
            <text className="ladder-tick" x={MARGIN.left - 8} y={yOf(fen) + 4}>
              {limitMoney(fen, language)}
            </text>
          </g>
        ))}
        {bars.map((bar) => (
          <rect
            key={bar.fromFen}
            className={`ladder-bin band-${Math.min(5, bandAt(bar.fromFen) + 1)}`}
            x={MARGIN.left}
            y={yOf(bar.toFen)}
            width={Math.max(1, (room * bar.customers) / most)}
            height={Math.max(1, yOf(bar.fromFen) - yOf(bar.toFen) - 0.5)}
          />
        ))}
        {bands.map((band, index) => {
          const upper = Math.min(upperOf(bands, index), highest);
          const crowd = crowdIn(bins, band.fromFen, upperOf(bands, index));
          return (
            <text key={band.id} className="ladder-name" x={width - MARGIN.right - 6} y={(yOf(band.fromFen) + yOf(upper)) / 2 + 4}>
              {words(band.title)} <tspan className="ladder-count">{t('schemes.customers', { n: count(crowd.customers) })}</tspan>
            </text>
          );
        })}
        {bands.map((band, index) =>
          band.fromFen < LOWEST ? null : (
            <Border
              key={band.id}
              label={t('schemes.border', { band: words(band.title) })}
              fen={band.fromFen}
              range={[bands[index - 1]?.fromFen ?? LOWEST, Math.min(upperOf(bands, index), highest)]}
              y={yOf(band.fromFen)}
              width={width}
              fenAt={fenAt}
              move={(fen) => move(index, fen)}
            />
          ),
        )}
      </svg>
    </div>
  );
}

interface BorderProps {
  readonly label: string;
  readonly fen: number;
  readonly range: readonly [number, number];
  readonly y: number;
  readonly width: number;
  readonly fenAt: (y: number) => number;
  readonly move: (fen: number) => void;
}

/** One border: dragged by mouse or finger, stepped by arrow keys. */
function Border({ label, fen, range, y, width, fenAt, move }: BorderProps) {
  const language = useLanguage();
  const drag = (event: PointerEvent<SVGGElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const svg = event.currentTarget.ownerSVGElement;
    if (svg !== null) move(fenAt(event.clientY - svg.getBoundingClientRect().top));
  };
  const press = (event: KeyboardEvent<SVGGElement>) => {
    const up = event.key === 'ArrowUp' || event.key === 'ArrowRight';
    if (!up && event.key !== 'ArrowDown' && event.key !== 'ArrowLeft') return;
    event.preventDefault();
    move(roundBorder(fen + (up ? 1 : -1) * 10 ** (Math.floor(Math.log10(fen * (up ? 1 : 0.99))) - 1)));
  };
  return (
    <g
      className="ladder-border"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={fen / 100}
      aria-valuemin={range[0] / 100}
      aria-valuemax={range[1] / 100}
      aria-valuetext={limitMoney(fen, language)}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    >
      <rect className="ladder-grip" x={MARGIN.left} y={y - 9} width={width - MARGIN.left} height={18} />
      <line x1={MARGIN.left} x2={width - MARGIN.right} y1={y} y2={y} />
      <rect className="ladder-tag" x={width - MARGIN.right} y={y - 11} width={MARGIN.right - 4} height={22} rx={4} />
      <text className="ladder-amount" x={width - MARGIN.right / 2 - 2} y={y + 4}>
        ↕ {limitMoney(fen, language)}
      </text>
    </g>
  );
}
