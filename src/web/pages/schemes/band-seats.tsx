import { InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { count, limitMoney, shortMoney } from '../../ui/format.ts';
import { useLanguage, useWords } from '../../ui/hooks.ts';
import { Change } from './change.tsx';
import {
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
}

/** Each band with its seats: whom it holds, the limits, the people needed against those there. */
export function BandSeats({ histogram, saved, draft, setLimit }: Props) {
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
                <span className="quiet">
                  {limitMoney(band.fromFen, language)}
                  {Number.isFinite(upper) ? ` – ${limitMoney(upper, language)}` : ' +'}
                </span>
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
          <InputNumber
            key={which}
            size="small"
            min={1}
            max={1_000_000}
            step={which === 'limitAtMost' && (seat.limitAtMost ?? 0) >= 5000 ? 500 : 10}
            prefix={label}
            placeholder={t('schemes.noLimit')}
            aria-label={`${words(seat.title)} ${label}`}
            value={seat[which]}
            {...(limitsContradict(seat) ? { status: 'error' as const } : {})}
            onChange={(value) => setLimit(which, value)}
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
