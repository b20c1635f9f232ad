import { useTranslation } from 'react-i18next';
import { count, limitMoney, shortMoney } from '../../ui/format.ts';
import { useLanguage, useWords } from '../../ui/hooks.ts';
import { AmountInput } from './amount-input.tsx';
import { Change } from './change.tsx';
import {
  borderRange,
  type Crowd,
  crowdIn,
  type Histogram,
  type LadderBand,
  type LadderSeat,
  limitsContradict,
  seatNeed,
  upperOf,
} from './ladder.ts';

type SetLimit = (band: number, seat: number, which: 'limitInitial' | 'limitAtMost', value: number | null) => void;
interface Props {
  readonly histogram: Histogram;
  readonly saved: readonly LadderBand[];
  readonly draft: readonly LadderBand[];
  readonly setLimit: SetLimit;
  readonly setBorder: (band: number, fen: number) => void;
}

/** Each band with its seats: whom it holds, the limits, the people needed against those there. */
export function BandSeats({ histogram, saved, draft, setLimit, setBorder }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  return (
    <div className="band-seats">
      {draft
        .map((band, index) => ({ band, index }))
        .reverse()
        .map(({ band, index }) => {
          const crowd = crowdIn(histogram.bins, band.fromFen, upperOf(draft, index));
          const before = crowdIn(histogram.bins, saved[index]?.fromFen ?? 0, upperOf(saved, index));
          const upper = upperOf(draft, index);
          return (
            <div key={band.id} className="band-block">
              <div className="band-title">
                <span className={`swatch band-${Math.min(5, index + 1)}`} />
                <strong>{words(band.title)}</strong>
                <Border bands={draft} index={index} set={setBorder} />
                <span className="quiet">{Number.isFinite(upper) ? `– ${limitMoney(upper, language)}` : '+'}</span>
                <span className="spring" />
                <span>
                  {t('schemes.customers', { n: count(crowd.customers) })} <Change by={crowd.customers - before.customers} />
                </span>
                <span className="quiet">{shortMoney(crowd.assetsFen, language)}</span>
              </div>
              {band.seats.length === 0 && <div className="quiet">{t('schemes.noSeats')}</div>}
              {band.seats.map((seat, no) => (
                <SeatRow
                  key={`${seat.seat} ${words(seat.title)} ${words(seat.when)}`}
                  seat={seat}
                  crowd={crowd}
                  staff={histogram.staff}
                  setLimit={(which, value) => setLimit(index, no, which, value)}
                />
              ))}
            </div>
          );
        })}
      {(draft[0]?.fromFen ?? 0) > 0 && (
        <div className="quiet band-block">{t('schemes.below', { amount: limitMoney(draft[0]?.fromFen ?? 0, language) })}</div>
      )}
    </div>
  );
}

/** A band's lower limit, to be typed where it can be dragged. */
function Border({ bands, index, set }: { bands: readonly LadderBand[]; index: number; set: Props['setBorder'] }) {
  const { t } = useTranslation();
  const words = useWords();
  const language = useLanguage();
  const band = bands[index];
  if (band === undefined || band.fromFen <= 0) return <span className="quiet">{limitMoney(0, language)}</span>;
  const [least, most] = borderRange(bands, index);
  return (
    <AmountInput
      label={t('schemes.border', { band: words(band.title) })}
      unit={t('schemes.yuan')}
      value={band.fromFen / 100}
      min={Math.ceil(least / 100)}
      max={Math.min(1e12, Math.floor(most / 100))}
      step={10 ** Math.max(0, Math.floor(Math.log10(band.fromFen / 100)) - 1)}
      change={(yuan) => yuan !== null && set(index, yuan * 100)}
    />
  );
}

const POOLS = ['outlet', 'sub-branch', 'branch', 'head-office'] as const;

function SeatRow({
  seat,
  crowd,
  staff,
  setLimit,
}: {
  seat: LadderSeat;
  crowd: Crowd;
  staff: Histogram['staff'];
  setLimit: (which: 'limitInitial' | 'limitAtMost', value: number | null) => void;
}) {
  const { t } = useTranslation();
  const words = useWords();
  const { customers, needed, there } = seatNeed(seat, crowd, staff);
  const pool = POOLS.find((level) => level === seat.pool) ?? 'other';
  const lacking = needed === null ? 0 : Math.max(0, needed - there);
  const limits = [
    ['limitInitial', t('schemes.initial')],
    ['limitAtMost', t('schemes.atMost')],
  ] as const;
  return (
    <div className="seat-row">
      <div>
        {words(seat.title)}
        <div className="quiet small">
          {[t(`seat.${seat.seat}`), t(`schemes.pool.${pool}`), words(seat.when), words(seat.share)].filter(Boolean).join(' · ')}
        </div>
      </div>
      <div className="seat-limits">
        {limits.map(([which, label]) => (
          <AmountInput
            key={which}
            unit={t('schemes.unit')}
            min={1}
            max={1_000_000}
            step={which === 'limitAtMost' && (seat.limitAtMost ?? 0) >= 5000 ? 500 : 10}
            prefix={label}
            placeholder={t('schemes.noLimit')}
            label={`${words(seat.title)} ${label}`}
            value={seat[which]}
            wrong={limitsContradict(seat)}
            change={(value) => setLimit(which, value)}
          />
        ))}
      </div>
      <div className="number">
        {t('schemes.customers', { n: count(customers) })}
        <div className="small">
          {needed !== null && <>{t('schemes.needed', { n: count(needed) })} · </>}
          <span className="quiet">{t('schemes.people', { there: count(there) })}</span>
          {lacking > 0 && <span className="tag-risk"> · {t('schemes.lacking', { n: count(lacking) })}</span>}
        </div>
      </div>
    </div>
  );
}
